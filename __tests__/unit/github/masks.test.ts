/** Secrets in what is shown: whole, escaped, cut, beginning alike. */

import { describe, expect, test } from '@jest/globals'
import { Masks } from '../../../src/github/masks.ts'
import { markdownText } from '../../../src/text.ts'

const TOKEN = `t1.9euelZq${'Ab1_-x'.repeat(30)}.end`

function masksOf(...secrets: string[]): Masks {
  const masks = new Masks()
  for (const secret of secrets) masks.add(secret)
  return masks
}

describe('a secret', () => {
  test.each<[string, string, string]>([
    ['as it is', `a ${TOKEN} b ${TOKEN}`, 'a *** b ***'],
    ['at both ends', TOKEN + TOKEN, '******'],
    ['in Markdown', markdownText(TOKEN), '***'],
    ['of which a limit cut the end', `Bearer ${TOKEN.slice(0, 182)}...`, 'Bearer ***...'],
    ['of which the beginning is left', TOKEN.slice(0, 12), '***'],
    ['of which too little is left', TOKEN.slice(0, 11), TOKEN.slice(0, 11)],
    ['that is not there', 'nothing here', 'nothing here'],
  ])('is hidden %s', (_, text, shown) => {
    expect(masksOf(TOKEN).hide(text)).toBe(shown)
  })

  test('with an ampersand is hidden however that is escaped', () => {
    const query = 'X-Amz-Date=1&X-Amz-Signature=0badc0ffee&x=+'
    const masks = new Masks()
    const spellings = masks.add(query)
    const escaped = ['&', '&amp;', '&#38;', '\\u0026'].map((and) => query.replaceAll('&', and))
    expect(spellings).toEqual(escaped)
    for (const text of [...escaped, markdownText(query)]) {
      expect(masks.hide(`<${text}>`)).toBe('<***>')
    }
  })

  test('without one has one spelling', () => {
    expect(new Masks().add('hunter+2')).toEqual(['hunter+2'])
  })

  test('that is empty hides nothing', () => {
    const masks = new Masks()
    expect(masks.add('')).toEqual([])
    expect(masks.hide('abc')).toBe('abc')
  })

  test('that begins with signs does not hide other Markdown', () => {
    expect(masksOf('----BEGIN').hide(markdownText('---- a'))).toBe(markdownText('---- a'))
  })
})

describe('secrets that begin alike', () => {
  const head = 'eyJhbGciOiJQUzI1NiJ9.'
  const [short, one, two] = [head, `${head}first-signature`, `${head}second-signature`]

  test.each([[[short, one, two]], [[two, one, short]], [[one, two]]])(
    'leave nothing of one another: %j',
    (secrets) => {
      const shown = masksOf(...secrets).hide(`${one} ${two} ${one.slice(0, 30)}`)
      expect(shown).toBe('*** *** ***')
    },
  )
})
