import { describe, expect, test } from '@jest/globals'

import { expandBraces, MAX_EXPANSIONS } from '../../../../src/source/select/braces.ts'

describe('braces', () => {
  test.each<[string, readonly string[]]>([
    ['a.js', ['a.js']],
    ['*.{js,json}', ['*.js', '*.json']],
    ['{a,b}/{c,d}', ['a/c', 'a/d', 'b/c', 'b/d']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['{a,b{c,d}e}f', ['af', 'bcef', 'bdef']],
    ['a{,.min}.js', ['a.js', 'a.min.js']],
    ['{,a}', ['a']],
    ['{a}', ['{a}']],
    ['{}', ['{}']],
    ['{{name}}', ['{{name}}']],
    ['{a,b', ['{a,b']],
    ['{a,{b,c}', ['{a,b', '{a,c']],
    ['a,b}', ['a,b}']],
    ['}{a,b}{', ['}a{', '}b{']],
    ['\\{a,b}', ['\\{a,b}']],
    ['{a\\,b,c}', ['a\\,b', 'c']],
  ])('%s stands for %j', (pattern, expected) => {
    expect(expandBraces(pattern)).toEqual(expected)
  })

  test(`may stand for ${MAX_EXPANSIONS} patterns and no more`, () => {
    const ten = '{0,1,2,3,4,5,6,7,8,9}'
    expect(expandBraces(ten.repeat(3))).toHaveLength(MAX_EXPANSIONS)
    expect(expandBraces(`${ten.repeat(3)}{a,b}`)).toBeUndefined()
  })

  test.each([
    ['many pairs', '{a,b}'.repeat(800)],
    ['many that do not end', '{a,b}'.repeat(9) + '{'.repeat(4000)],
    ['deep ones', '{a,'.repeat(1000) + '}'.repeat(1000)],
  ])('take no time: %s', (_, pattern) => {
    const start = performance.now()
    expandBraces(pattern)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
