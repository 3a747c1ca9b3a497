/** Plans, deploys and calls examples/hello on the emulator as a workflow would, and plans it again: `npm run demo`. */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmulator, type Emulator } from '../emulator/index.ts'
import { runStep, shownLog, type StepResult } from './step.ts'

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
  const inputs = {
    'api-endpoint': emulator.endpoint,
    'folder-id': emulator.folderId,
    'function-name': 'hello',
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
    environment: 'GREETING=Good morning',
    tags: 'demo',
  }
  heading('A step of a workflow')
  console.log(`- uses: OWNER/deploy-yandex-cloud-function@v1\n  with:`)
  console.log('    yc-sa-json-credentials: ${{ secrets.YC_SA_JSON_CREDENTIALS }}')
  for (const [name, value] of Object.entries(inputs)) console.log(`    ${name}: ${value}`)

  const planned = await run(
    { ...inputs, 'dry-run': 'true' },
    'The log of a plan, with `dry-run: true`',
  )
  if (planned.exitCode !== 0 || planned.outputs.changed !== 'true') return fail('the plan is wrong')

  const step = await run(inputs, 'The log of the deployment')
  heading('Its outputs')
  for (const [name, value] of Object.entries(step.outputs)) console.log(`${name}=${value}`)
  heading('Its summary')
  console.log(step.summary.trim())
  if (step.exitCode !== 0) return fail(`the step ended with exit code ${String(step.exitCode)}`)

  const { 'function-url': url, 'version-id': versionId } = step.outputs
  if (url === undefined || versionId === undefined) return fail('an output is missing')
  heading(`GET ${url}?name=Ada`)
  const response = await fetch(`${url}?name=Ada`)
  const answer = await response.text()
  console.log(`${response.status} ${answer}`)
  const { functionVersion } = JSON.parse(answer) as { functionVersion?: unknown }
  if (functionVersion !== versionId) return fail('the answer is not from the version just deployed')

  const again = await run({ ...inputs, 'dry-run': 'true' }, 'The log of a plan of the same step')
  if (again.outputs.changed !== 'false') return fail('the second plan has changes')
  console.log(
    `\nThe version ${versionId} answers. Deployed in ${(step.durationMs / 1000).toFixed(2)} s.`,
  )
  return 0
}

/** Runs a step, and shows its log. */
async function run(inputs: Readonly<Record<string, string>>, title: string): Promise<StepResult> {
  const step = await runStep(
    { ...inputs, 'yc-sa-json-credentials': emulator.keyJson },
    { workspace },
  )
  heading(title)
  console.log(shownLog(step.stdout).trim())
  if (step.stderr !== '') console.log(step.stderr.trim())
  return step
}

function heading(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`)
}

function fail(reason: string): 1 {
  console.error(`\nThe demo failed: ${reason}.`)
  return 1
}
