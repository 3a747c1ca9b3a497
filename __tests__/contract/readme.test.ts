/** README.md and action.yml agree. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ACTIONS, withTables } from '../../scripts/readme.ts'
import { ROOT } from '../support/examples.ts'

const SKELETON = [
  '<!-- BEGIN inputs: generated from action.yml by `npm run docs` -->',
  'old',
  '<!-- END inputs -->',
  '<!-- BEGIN outputs: generated from action.yml by `npm run docs` -->',
  '<!-- END outputs -->',
  'rest',
].join('\n')

const ACTION = `
inputs:
  # First
  one:
    description: |-
      Begins here
      and | ends *here*.

          one: |
            **/*.ts

      Next paragraph.

      Last.
    required: true
  # Second
  two:
    description: Two
    default: '2'
outputs:
  one:
    description: Out
`

describe('the tables of README.md', () => {
  test('are what action.yml says', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    for (const source of ACTIONS) {
      const manifest = readFileSync(join(ROOT, source.folder, 'action.yml'), 'utf8')
      expect(withTables(readme, manifest, source)).toBe(readme)
    }
  })

  test('have one group for each comment in action.yml', () => {
    const tables = withTables(SKELETON, ACTION)
    expect([...tables.matchAll(/^### (.*)$/gm)].map(([, title]) => title)).toEqual([
      'First',
      'Second',
    ])
  })

  test('hold a description in one cell: paragraphs, and examples that nothing formats', () => {
    expect(withTables(SKELETON, ACTION)).toContain(
      '| <a name="one"></a>`one` | Begins here and \\| ends *here*.' +
        '<pre>one: &#124;<br>  &#42;&#42;/&#42;.ts</pre>Next paragraph.<br><br>Last. | **required** |',
    )
  })

  test('show defaults, and name outputs apart from inputs', () => {
    const tables = withTables(SKELETON, ACTION)
    expect(tables).toContain('| <a name="two"></a>`two` | Two | `2` |')
    expect(tables).toContain('| <a name="output-one"></a>`one` | Out |')
  })

  test('replace only what stands between the markers, and stay the same when made again', () => {
    const tables = withTables(SKELETON, ACTION)
    expect(tables).not.toContain('old')
    expect(tables.endsWith('rest')).toBe(true)
    expect(withTables(tables, ACTION)).toBe(tables)
  })

  test.each([
    ['a README without a marker', 'text', ACTION],
    ['an action.yml without inputs', SKELETON, 'outputs: {}'],
    ['an input without a body', SKELETON, 'inputs: {one: }\noutputs: {}'],
  ])('cannot be made from %s', (_, readme, action) => {
    expect(() => withTables(readme, action)).toThrow(TypeError)
  })
})
