/** The call of a function that is ready to be copied into a shell. */

import { describe, expect, test } from '@jest/globals'
import type { KnownFacts } from '../../../../src/deploy/progress.ts'
import { callSection } from '../../../../src/report/summary/links.ts'
import { FACTS, FUNCTION } from '../../../support/facts.ts'
import { CONTEXT } from '../../../support/fakes.ts'
import { HOSTILE } from '../../../support/hostile.ts'
import { inputsOf } from '../../../support/inputs.ts'

const call = (known: KnownFacts): readonly string[] =>
  callSection({ known: { ...FACTS, ...known }, context: CONTEXT, times: {}, durationMs: 0 })

const at = (httpInvokeUrl: string): KnownFacts => ({
  function: { function: { ...FUNCTION, httpInvokeUrl }, origin: 'found' },
})

describe('the call', () => {
  test('needs no token for a function that this run has made public', () => {
    expect(call({ access: { isPublic: true, changed: false, leftOpen: [] } })).toEqual([
      '```sh',
      "curl 'https://functions.example/d4e1'",
      '```',
    ])
  })

  test.each([
    ['is not known to be public', {}],
    ['is not public any more', { access: { isPublic: false, changed: true, leftOpen: [] } }],
  ])('has a token, and the first tag, where the function %s', (_, access) => {
    const { version, function: target } = FACTS
    const inputs = inputsOf({ tags: 'stable\nv1' })
    const known = { version, function: target, inputs, ...access }
    expect(callSection({ known, context: CONTEXT, times: {}, durationMs: 0 })).toEqual([
      '```sh',
      'curl -H "Authorization: Bearer $(yc iam create-token)" \\',
      "  'https://functions.example/d4e1?tag=stable'",
      '```',
    ])
  })

  test('is left out as long as the version is not ready', () => {
    expect(call({ version: { id: 'd4e2', isReady: false } })).toEqual([])
  })

  test.each([
    ...HOSTILE.filter((text) => text !== 'https://evil.example/x'),
    '',
    "https://x.example/'; rm -rf ~; '",
    'https://x.example/$(id)',
    'https://user:pass@x.example/a',
    'https://x.example/a?b=c',
    'file:///etc/passwd',
    'https://x.example/```',
  ])('is left out for an address that is more than an address: %j', (address) => {
    expect(call(at(address))).toEqual([])
  })
})
