import { test, expect } from '@jest/globals'
import { deploy, helloInputs, helloWorkspace, startRichEmulator } from '../support/faults.ts'
const ok = "exports.handler = async () => ({ statusCode: 200, body: 'fine' })\n"
const bad = "exports.handler = async () => { throw new TypeError('no database at ' + (1)) }\n"
test('x', async () => {
  const emulator = await startRichEmulator()
  const out = async (files: Record<string,string>, more: Record<string,string> = {}) => {
    const o = await deploy({ ...helloInputs(emulator, 'hello'), tags: 'stable\nv1', check: 'true', 'previous-tag': 'previous', ...more }, { emulator, workspace: helloWorkspace(files) })
    process.stdout.write('=======' + o.exitCode + '\n' + o.log.join('\n') + '\n' + o.errors.map((e) => e.title + '\n' + e.message).join('\n') + '\n' + JSON.stringify(o.outputs, null, 1) + '\n')
    return o
  }
  await out({ 'index.js': ok })
  await out({ 'index.js': ok + '// 2' })
  const n = emulator.requests.length
  await out({ 'index.js': bad })
  process.stdout.write(emulator.requests.slice(n).map((r) => r.method + ' ' + r.path + '?' + r.query).join('\n') + '\n')
  emulator.fault({ path: /:setTag$/, skip: 2, effect: { kind: 'status', status: 403 } })
  await out({ 'index.js': ok + '// 4' })
  await emulator.close()
})
