/** A run of the bundle as a reader would see it: log, requests, outputs, summary, without what is different each time. */

import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { RecordedRequest } from '../../emulator/http/request.ts'
import type { Emulator } from '../../emulator/index.ts'
import {
  runStep,
  shownLog,
  type ActionFolder,
  type StepOptions,
  type StepResult,
} from '../../scripts/step.ts'
import type { PastStep, Run } from '../e2e/transcripts/runs.ts'
import { helloInputs, helloWorkspace, startRichEmulator, type Texts } from './faults.ts'

/** Where documentation links lead, in place of the folder of this checkout. */
const ACTION = {
  GITHUB_ACTION_REPOSITORY: 'octo-org/deploy-yandex-cloud-function',
  GITHUB_ACTION_REF: 'v1',
}

/** So short that it is stored as it is: compression may differ from machine to machine. */
const FILES = { 'index.js': 'exports.handler = () => 1\n' }

/** A longer text of a request is shown by its length. */
const MAX_SHOWN_CHARACTERS = 100

/** Where a colour of the log begins or ends. */
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[[\d;]*m/g

/** Carries out a run against an emulator of its own, and writes it down. */
export async function transcribe(run: Run): Promise<string> {
  const cloud = await startRichEmulator({ buildMs: run.buildMs ?? 300 })
  const workspace = helloWorkspace(FILES)
  try {
    const step = ({ action = '.', inputs }: Partial<PastStep>, options?: Partial<StepOptions>) =>
      runStep(
        { ...requiredInputs(cloud, action), ...inputs },
        { workspace, env: ACTION, action, ...options },
      )
    const { past = [], before } = run
    for (const earlier of [...past, ...(before ? [{ inputs: before }] : [])]) await step(earlier)
    if (run.code !== undefined) writeFileSync(path.join(workspace, 'index.js'), run.code)
    run.arrange?.(cloud)
    const earlier = cloud.requests.length
    const known = idsOf(cloud)
    const result = await step(run, cancelling(run, cloud))
    return render(run, {
      step: result,
      requests: cloud.requests.slice(earlier),
      show: createNamer(cloud, known),
    })
  } finally {
    await cloud.close()
    rmSync(workspace, { recursive: true })
  }
}

/** Actions beside the one that deploys know neither a runtime nor an entrypoint. */
function requiredInputs(cloud: Emulator, action: ActionFolder): Texts {
  const inputs = helloInputs(cloud, 'hello')
  if (action === '.') return inputs
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name !== 'runtime' && name !== 'entrypoint'),
  )
}

function cancelling({ cancelWhen }: Run, cloud: Emulator): Partial<StepOptions> {
  if (!cancelWhen) return {}
  let log = ''
  return {
    onOutput: (text) => (log += text),
    onStart: (child) => {
      const watch = setInterval(() => {
        if (!cancelWhen({ log, requests: cloud.requests })) return
        clearInterval(watch)
        child.kill('SIGINT')
      }, 20)
      child.once('exit', () => {
        clearInterval(watch)
      })
    },
  }
}

function render(
  { about, inputs = {} }: Run,
  {
    step,
    requests,
    show,
  }: {
    step: StepResult
    requests: readonly RecordedRequest[]
    show: (text: string) => string
  },
): string {
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => `${name}: ${value}`)
  const log = show([shownLog(step.stdout).trim(), step.stderr.trim()].join('\n').trim())
  const sent = (areWrites: boolean) =>
    requests.filter((request) => isWrite(request) === areWrites).map((r) => show(showRequest(r)))
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Inputs, beside the required ones', pairs(inputs)],
    ['Log', [log]],
    // Reads run side by side, and are repeated as long as a build takes.
    ['Reads, sorted, each once', [...new Set(sent(false))].sort()],
    ['Writes, in order', sent(true)],
    ['Outputs', pairs(step.outputs)],
    ['Summary', [step.summary.trim()]],
    ['Exit code', [String(step.exitCode)]],
  ]
  const filled = sections.map(
    ([title, content]) => `===== ${title} =====\n\n${show(content.join('\n')) || '(none)'}`,
  )
  return `${[about, ...filled].join('\n\n')}\n`
}

function isWrite({ method, path }: RecordedRequest): boolean {
  return !['GET', 'HEAD'].includes(method) || path.endsWith(':cancel')
}

function showRequest({ service, method, path, query, body }: RecordedRequest): string {
  const search = [...query].map(([name, value]) => `${name}=${value}`).join('&')
  const line = `${service}: ${method} ${path}${search && `?${search}`}`
  if (body === undefined || body === 0) return line
  if (typeof body === 'number') return `${line}\n  (${body} bytes)`
  const json = JSON.stringify(body, shorten, 2)
  return `${line}\n${json.replace(/^/gm, '  ')}`
}

function shorten(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > MAX_SHOWN_CHARACTERS ? '(long text)' : value
}

/** Shows ids, addresses, digests and times by what they are; operations are counted in the order in which they are shown. */
function createNamer(
  cloud: Emulator,
  earlier: ReadonlyMap<string, string>,
): (text: string) => string {
  const names = new Map([
    [cloud.endpoint, 'https://api.test'],
    [cloud.storageEndpoint, 'https://storage.test'],
    [cloud.folderId, '<folder>'],
    [cloud.serviceAccountId, '<deployer>'],
  ])
  // What was deleted is still spoken of.
  for (const [id, name] of [...earlier, ...idsOf(cloud)]) names.set(id, name)
  let operations = 0
  const nameOperation = (id: string): string => {
    if (!names.has(id)) names.set(id, `<operation ${++operations}>`)
    return names.get(id) ?? id
  }
  return (text) =>
    [...names]
      .reduce((changed, [value, name]) => changed.replaceAll(value, name), text)
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://functions.test')
      .replace(/\b[0-9a-f]{64}\b/g, '<sha256>')
      .replace(/\b[0-9a-f]{32}\b/g, '<trace>')
      .replace(/\b[0-9a-f]{8}(?:(?:-|&#45;)[0-9a-f]{4}){3}(?:-|&#45;)[0-9a-f]{12}\b/g, '<uuid>')
      .replace(/\b\d{4}(-|&#45;)\d\d\1\d\dT\d\d(:|&#58;)\d\d\2\d\d(?:\.|&#46;)\d+Z/g, '<time>')
      // Colours, and the time before each step.
      .replaceAll(COLOUR, '')
      .replace(/^(▼?) *\d+\.\d s {2}(?=\S)/gm, '$1  <time>  ')
      .replace(/http&#58;\/\/127&#46;0&#46;0&#46;1&#58;\d+/g, 'https&#58;//storage&#46;test')
      .replace(/\b\d{4}(-|&#45;)\d\d\1\d\d \d\d(:|&#58;)\d\d UTC/g, '<time>')
      .replace(/\b(in) \d+\.\d s\b/g, '$1 <time>')
      .replace(/(<th align="left">Time<\/th><td>)[^<]*/g, '$1<time>')
      .replace(/\bd4e[0-9a-v]{17}\b/g, nameOperation)
}

/** Functions and versions by what they are. */
function idsOf(cloud: Emulator): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { id } of cloud.functions()) {
    names.set(id, '<function>')
    for (const [index, version] of cloud.versions(id).entries()) {
      names.set(version.id, `<version ${index + 1}>`)
    }
  }
  return names
}
