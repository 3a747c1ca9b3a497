/** Deploys examples/hello to the emulator as a workflow would, calls it, and rolls a slip back: `npm run demo`. */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmulator, type Emulator } from '../emulator/index.ts'
import { runStep, shownLog, type ActionFolder, type StepResult } from './step.ts'

const HELLO = fileURLToPath(new URL('../examples/hello', import.meta.url))

const workspace = mkdtempSync(path.join(tmpdir(), 'demo-'))
const emulator = await startEmulator({ publicFunctions: true })
try {
  cpSync(HELLO, workspace, { recursive: true })
  process.exitCode = await demonstrate(emulator)
} finally {
  await emulator.close()
  rmSync(workspace, { recursive: true, force: true })
}

async function demonstrate(emulator: Emulator): Promise<0 | 1> {
  const first = await deploy(emulator, 'Good morning')
  if (first === undefined) return 1
  const second = await deploy(emulator, 'Good nigth')
  if (second === undefined) return 1
  console.log('\nA slip, and it is live.')
  return rollBack(emulator, { to: first })
}

/** Gives the id of the version, once it has answered; undefined after a failure. */
async function deploy(emulator: Emulator, greeting: string): Promise<string | undefined> {
  const step = await show(emulator, {
    action: '.',
    inputs: {
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      environment: `GREETING=${greeting}`,
      tags: 'demo',
    },
  })
  const { 'version-id': versionId } = step.outputs
  if (versionId === undefined || !(await answers(step, versionId))) return undefined
  const seconds = (step.durationMs / 1000).toFixed(2)
  console.log(`\nThe version ${versionId} answers. Deployed in ${seconds} s.`)
  return versionId
}

async function rollBack(emulator: Emulator, { to }: { to: string }): Promise<0 | 1> {
  const step = await show(emulator, { action: 'rollback', inputs: { tags: 'demo' } })
  if (!(await answers(step, to))) return 1
  console.log(
    `\nThe version ${to} answers again. Rolled back in ${(step.durationMs / 1000).toFixed(2)} s.`,
  )
  return 0
}

/** Runs a step as a workflow would, and shows all that its reader sees. */
async function show(
  emulator: Emulator,
  { action, inputs }: { action: ActionFolder; inputs: Readonly<Record<string, string>> },
): Promise<StepResult> {
  const all = {
    'api-endpoint': emulator.endpoint,
    'folder-id': emulator.folderId,
    'function-name': 'hello',
    ...inputs,
  }
  heading('A step of a workflow')
  const folder = action === '.' ? '' : `/${action}`
  console.log(`- uses: OWNER/deploy-yandex-cloud-function${folder}@v1\n  with:`)
  console.log('    yc-sa-json-credentials: ${{ secrets.YC_SA_JSON_CREDENTIALS }}')
  for (const [name, value] of Object.entries(all)) console.log(`    ${name}: ${value}`)
  const step = await runStep(
    { ...all, 'yc-sa-json-credentials': emulator.keyJson },
    { workspace, action },
  )
  heading('Its log')
  console.log(shownLog(step.stdout).trim())
  if (step.stderr !== '') console.log(step.stderr.trim())
  heading('Its outputs')
  for (const [name, value] of Object.entries(step.outputs)) console.log(`${name}=${value}`)
  heading('Its summary')
  console.log(step.summary.trim())
  return step
}

/** Whether the step has ended well, and callers with its tag get this version. */
async function answers(step: StepResult, versionId: string): Promise<boolean> {
  if (step.exitCode !== 0) return fail(`a step ended with exit code ${String(step.exitCode)}`)
  const { 'function-url': url } = step.outputs
  if (url === undefined) return fail('an output is missing')
  const address = `${url}?tag=demo&name=Ada`
  heading(`GET ${address}`)
  const response = await fetch(address)
  const answer = await response.text()
  console.log(`${response.status} ${answer}`)
  const { functionVersion } = JSON.parse(answer) as { functionVersion?: unknown }
  return functionVersion === versionId || fail(`the answer is not from the version ${versionId}`)
}

function heading(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`)
}

function fail(reason: string): false {
  console.error(`\nThe demo failed: ${reason}.`)
  return false
}
