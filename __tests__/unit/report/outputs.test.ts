/** The outputs that a fact sets, where the transcripts of e2e/transcripts do not show it. */

import { expect, test } from '@jest/globals'
import type { Fact } from '../../../src/deploy/progress.ts'
import { outputsOf, type Outputs } from '../../../src/report/outputs.ts'
import { FACTS, FUNCTION, PACKED } from '../../support/facts.ts'

test.each<[string, Fact, Outputs]>([
  ['the inputs', { name: 'inputs', value: FACTS.inputs }, {}],
  ['warnings', { name: 'warnings', value: ['odd'] }, {}],
  ['public access', { name: 'access', value: FACTS.access }, {}],
  ['scaling', { name: 'scaling', value: FACTS.scaling }, {}],
  [
    'a function without an address',
    {
      name: 'function',
      value: { function: { ...FUNCTION, httpInvokeUrl: '' }, origin: 'found' },
    },
    { 'function-id': 'd4e1' },
  ],
  ['code inside the request', { name: 'code', value: { kind: 'inline', packed: PACKED } }, {}],
  [
    'code of another version',
    { name: 'code', value: { kind: 'version', versionId: 'd4e0', sha256: undefined } },
    {},
  ],
  ['a version that is skipped', { name: 'skipped', value: true }, { skipped: 'true' }],
  [
    'what was live before',
    { name: 'previous', value: FACTS.previous },
    { 'previous-version-id': 'd4e0' },
  ],
  [
    'a version whose build is not waited for',
    { name: 'version', value: { id: 'v1', isReady: false } },
    { 'version-id': 'v1' },
  ],
])('the outputs of %s are these alone', (_, fact, outputs) => {
  expect(outputsOf(fact)).toEqual(outputs)
})
