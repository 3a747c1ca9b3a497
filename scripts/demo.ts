/** Plans, deploys and calls examples/hello on the emulator as workflows would; catches a bad version, and rolls back a wrong text: `npm run demo`. */

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '../emulator/index.ts'
import { runStep, shownLog, shownSummary, type ActionFolder, type StepResult } from './step.ts'

const HELLO = fileURLToPath(new URL('../examples/hello', import.meta.url))
const BROKEN = "exports.handler = async () => { throw new Error('no database') }\n"

const GREETING = 'Good morning'
const SETTINGS = {
  runtime: 'nodejs22',
  entrypoint: 'index.handler',
  environment: `GREETING=${GREETING}`,
  tags: 'demo',
}

class DemoError extends Error {}

const workspace = mkdtempSync(path.join(tmpdir(), 'demo-'))
const emulator = await startEmulator({ publicFunctions: true })
try {
  await demonstrate()
} catch (error) {
  if (!(error instanceof DemoError)) throw error
  console.error(`\nThe demo failed: ${error.message}.`)
  process.exitCode = 1
} finally {
  await emulator.close()
  rmSync(workspace, { recursive: true, force: true })
}

async function demonstrate(): Promise<void> {
  cpSync(HELLO, workspace, { recursive: true })
  await plan('A plan: everything is new', { changed: 'true' })
  const { url, versionId: first } = await deploy('A deployment', SETTINGS)
  const tagged = `${url}?tag=demo&name=Ada`
  await expectAnswer(tagged, first)
  await plan('A plan of the same step: no changes', { changed: 'false' })

  writeFileSync(path.join(workspace, 'index.js'), BROKEN)
  const caught = await show('A version that throws: the check fails', {
    inputs: { ...SETTINGS, check: 'true' },
  })
  expect(caught.exitCode === 1, 'the check has passed a version that throws')
  await expectAnswer(tagged, first)
  // The copy of the first version that has taken the place of the bad one.
  await expectAnswer(`${url}?name=Ada`)

  cpSync(HELLO, workspace, { recursive: true })
  const { versionId: wrong } = await deploy('A deployment with a wrong greeting', {
    ...SETTINGS,
    environment: 'GREETING=Good nigth',
    check: 'true',
  })
  await expectAnswer(tagged, wrong)

  const back = await show('The rollback of the wrong greeting', {
    action: 'rollback',
    inputs: { tags: 'demo' },
  })
  expect(back.exitCode === 0, 'the rollback has failed')
  await expectAnswer(tagged, first)
  console.log(`\nThe version ${first} answers again. Rolled back in ${seconds(back)} s.`)
}

async function plan(title: string, { changed }: { changed: 'true' | 'false' }): Promise<void> {
  const step = await show(title, { inputs: { ...SETTINGS, 'dry-run': 'true' } })
  expect(step.exitCode === 0 && step.outputs.changed === changed, 'the plan is wrong')
}

/** Gives the id of the version, and the address of its function. */
async function deploy(
  title: string,
  inputs: Readonly<Record<string, string>>,
): Promise<{ versionId: string; url: string }> {
  const step = await show(title, { inputs })
  const { 'version-id': versionId, 'function-url': url } = step.outputs
  expect(step.exitCode === 0 && versionId && url, 'the deployment has failed')
  console.log(`\nDeployed in ${seconds(step)} s.`)
  return { versionId, url }
}

/** Runs a step as a workflow would, and shows all that its reader sees. */
async function show(
  title: string,
  { action = '.', inputs }: { action?: ActionFolder; inputs: Readonly<Record<string, string>> },
): Promise<StepResult> {
  const all = {
    'api-endpoint': emulator.endpoint,
    'folder-id': emulator.folderId,
    'function-name': 'hello',
    ...inputs,
  }
  heading(title)
  const folder = action === '.' ? '' : `/${action}`
  console.log(`- uses: OWNER/deploy-yandex-cloud-function${folder}@v1\n  with:`)
  console.log('    yc-sa-json-credentials: ${{ secrets.YC_SA_JSON_CREDENTIALS }}')
  for (const [name, value] of Object.entries(all)) console.log(`    ${name}: ${value}`)
  const step = await runStep(
    { ...all, 'yc-sa-json-credentials': emulator.keyJson },
    { workspace, action },
  )
  heading('Its log')
  console.log(shownLog(step.stdout).trimEnd())
  if (step.stderr !== '') console.log(step.stderr.trim())
  heading('Its outputs')
  for (const [name, value] of Object.entries(step.outputs)) console.log(`${name}=${value}`)
  heading('Its summary')
  console.log(shownSummary(step.summary))
  return step
}

/** Calls the function, and looks at its greeting and, where an id is given, at the version that answers. */
async function expectAnswer(address: string, versionId?: string): Promise<void> {
  heading(`GET ${address}`)
  const response = await fetch(address)
  const answer = await response.text()
  console.log(`${response.status} ${answer}`)
  expect(response.status === 200, 'the function does not answer')
  const { message, functionVersion } = JSON.parse(answer) as Readonly<Record<string, unknown>>
  expect(message === `${GREETING}, Ada!` || versionId !== undefined, 'the greeting is wrong')
  expect(functionVersion === (versionId ?? functionVersion), 'another version answers')
}

function expect(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new DemoError(otherwise)
}

function seconds({ durationMs }: StepResult): string {
  return (durationMs / 1000).toFixed(2)
}

function heading(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`)
}
