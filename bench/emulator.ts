/**
 * A local Yandex Cloud in a process of its own, so that its work and memory are not counted as
 * ours.
 */

import { createHash } from 'node:crypto'

import { startEmulator } from '../emulator/index.ts'

const BUCKET = 'packages'

const emulator = await startEmulator({
  buildMs: 0,
  latencyMs: 0,
  checkPackages: false,
  quotas: { functionsPerCloud: 1000 },
})
emulator.addBucket({ name: BUCKET })

process.on('message', (key: string) => {
  const object = emulator.objects(BUCKET).get(key)
  process.send?.(object ? createHash('sha256').update(object).digest('hex') : '')
})
process.on('disconnect', () => {
  void emulator.close()
})
process.send?.({
  'api-endpoint': emulator.endpoint,
  'folder-id': emulator.folderId,
  'yc-sa-json-credentials': emulator.keyJson,
  bucket: BUCKET,
})
