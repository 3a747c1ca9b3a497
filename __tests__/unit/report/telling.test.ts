/** What a fact gives to tell, where the transcripts of e2e/transcripts do not show it. */

import { describe, expect, test } from '@jest/globals'
import type { Fact } from '../../../src/deploy/progress.ts'
import type { Outputs } from '../../../src/report/outputs.ts'
import { tellingOf } from '../../../src/report/telling.ts'
import { FACTS, FUNCTION, PACKED } from '../../support/facts.ts'
import { HOSTILE } from '../../support/hostile.ts'

describe('the line of the log', () => {
  test.each<[string, Fact, string]>([
    [
      'a function that another job created',
      {
        name: 'function',
        value: { function: FUNCTION, origin: 'created meanwhile by another job' },
      },
      'Function hello (d4e1): created meanwhile by another job',
    ],
    [
      'a package that the bucket had already',
      {
        name: 'code',
        value: { kind: 'bucket', bucket: 'b', key: 'k.zip', sha256: 'ab', outcome: 'present' },
      },
      'Object k.zip in the bucket b: already uploaded',
    ],
    [
      'code that is taken from a version',
      { name: 'code', value: { kind: 'version', versionId: 'd4e0', sha256: undefined } },
      'Code: that of the version d4e0; nothing is uploaded',
    ],
    [
      'a version that is what the step asks for',
      { name: 'skipped', value: true },
      'Unchanged: the live version is what the step asks for, so none is created',
    ],
    [
      'a version whose build is not waited for',
      { name: 'version', value: { id: 'v1', isReady: false } },
      'Version v1: accepted (not waiting for the build)',
    ],
    [
      'a function that is no longer public',
      { name: 'access', value: { isPublic: false, changed: true, leftOpen: [] } },
      'Public access: off',
    ],
    [
      'a function that was public before',
      { name: 'access', value: { isPublic: true, changed: false, leftOpen: [] } },
      'Public access: on, anyone may call the function (unchanged)',
    ],
    [
      'a tag that was scaled before',
      { name: 'scaling', value: FACTS.scaling.map((one) => ({ ...one, outcome: 'unchanged' })) },
      'Scaling of $latest: provisioned-instances 1, zone-requests-limit 20 (unchanged)',
    ],
  ])('says so about %s', (_, fact, line) => {
    expect(tellingOf(fact).lines).toEqual([line])
  })

  test.each<Fact>([
    { name: 'inputs', value: FACTS.inputs },
    { name: 'warnings', value: ['odd'] },
    { name: 'code', value: { kind: 'inline', packed: PACKED } },
    { name: 'skipped', value: false },
    { name: 'previous', value: FACTS.previous },
  ])('is absent for a fact that changes nothing in the cloud: $name, $value.kind', (fact) => {
    const { lines, group } = tellingOf(fact)
    expect([lines, group]).toEqual([undefined, undefined])
  })

  test.each(HOSTILE)('stays one line, whatever the function is called: %j', (name) => {
    const { lines = [] } = tellingOf({
      name: 'function',
      value: { function: { ...FUNCTION, name }, origin: 'found' },
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^Function [^\r\n\u2028\u2029\u0085]*$/)
  })
})

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
  expect(tellingOf(fact).outputs ?? {}).toEqual(outputs)
})
