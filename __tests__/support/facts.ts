/** The facts of a run that deploys one small function, for tests that need only some of them to be special. */

import type { PackedCode } from '../../src/deploy/code.ts'
import type { Facts } from '../../src/deploy/progress.ts'
import { readFunction } from '../../src/yandex/functions/functions.ts'
import { readOperation } from '../../src/yandex/functions/operation.ts'
import { inputsOf } from './inputs.ts'
import { planOf } from './plans.ts'

/** A package of two files. */
export const PACKED: PackedCode = {
  archive: {
    chunks: [Buffer.from('PK')],
    sizeBytes: 2048,
    unpackedBytes: 4096,
    sha256: 'ab'.repeat(32),
    entries: [
      { name: 'index.js', sizeBytes: 4000, packedBytes: 2000, crc32: 0 },
      { name: 'lib/a.js', sizeBytes: 96, packedBytes: 48, crc32: 0 },
    ],
  },
  selection: { files: [], excluded: [], warnings: [] },
}

export const FUNCTION = readFunction({
  id: 'd4e1',
  folderId: 'b1g1',
  name: 'hello',
  httpInvokeUrl: 'https://functions.example/d4e1',
})

/** Every fact of a run that ends well. */
export const FACTS: Facts = {
  subject: { target: inputsOf().function.target, isDryRun: false, commentToken: undefined },
  inputs: inputsOf(),
  warnings: [],
  package: PACKED,
  plan: planOf({ live: {} }),
  previous: { id: 'd4e0' },
  function: { function: FUNCTION, origin: 'found' },
  skipped: false,
  code: { kind: 'inline', packed: PACKED },
  build: {
    operation: readOperation({ id: 'op1', metadata: { functionVersionId: 'd4e2' } }),
    deadlineMs: 0,
  },
  version: { id: 'd4e2', isReady: true },
  checked: { kind: 'passed', tag: 'candidate', status: 200, calls: 1, isProven: true },
  promotion: { versionId: 'd4e2', moves: [{ tag: 'stable', fromId: 'd4e0', toId: 'd4e2' }] },
  restored: { versionId: 'd4e3', fromId: 'd4e0' },
  access: { isPublic: true, changed: true, leftOpen: [] },
  scaling: [
    {
      tag: '$latest',
      provisionedInstancesCount: '1',
      zoneInstancesLimit: '0',
      zoneRequestsLimit: '20',
      outcome: 'set',
    },
  ],
  notice: { title: 'Notice', message: 'said' },
}
