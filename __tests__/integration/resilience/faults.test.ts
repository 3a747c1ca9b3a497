/** Each call of a deployment disturbed by each fault: one function, one version, whatever happens on the way. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator, FaultEffect } from '../../../emulator/index.ts'
import {
  FAULTS,
  GRPC_FAULTS,
  inLanes,
  isOneError,
  REFUSALS,
  status,
  told,
} from '../../support/fault-table.ts'
import {
  briefRetry,
  deploy,
  helloInputs,
  RICH_INPUTS,
  startRichEmulator,
  type Outcome,
  type Texts,
} from '../../support/faults.ts'
import { Client } from '../../emulator/harness.ts'

/** One call of a deployment, and the deployment that makes it. */
interface CallRow {
  readonly call: string
  readonly method: string
  readonly path: RegExp
  readonly credentials?: 'federation' | 'metadata'
  /** Whether the function is there before; the first operation that is polled is then the build. */
  readonly exists?: true
  readonly inputs?: Texts
  /** Error code of a refusal; API_REJECTED when left out. */
  readonly refusedAs?: 'AUTH_FAILED'
  /** How often a refusal is asked for; once when left out. */
  readonly refusedTimes?: number
  /** Error codes when the call is never answered, or never in the right shape. */
  readonly neverAs?: 'AUTH_FAILED' | 'OPERATION_TIMEOUT'
  /** Statuses that are no refusal of this call. */
  readonly taken?: readonly number[]
  /** Statuses that pass for this call alone. */
  readonly passing?: readonly number[]
  /** Answers have no body, or none that is read, so that it cannot be wrong. */
  readonly bodiless?: true
  /** Works without an IAM token. */
  readonly open?: true
}

const CALLS: readonly CallRow[] = [
  { call: 'endpoint discovery', method: 'GET', path: /^\/endpoints$/, open: true },
  {
    call: 'IAM token',
    method: 'POST',
    path: /^\/iam\/v1\/tokens$/,
    refusedAs: 'AUTH_FAILED',
    // The key signs once more, for the audience of this root.
    refusedTimes: 2,
  },
  {
    call: 'OIDC token of GitHub',
    method: 'GET',
    path: /^\/github\/oidc\/token$/,
    credentials: 'federation',
    refusedAs: 'AUTH_FAILED',
    neverAs: 'AUTH_FAILED',
  },
  {
    call: 'exchange of the OIDC token',
    method: 'POST',
    path: /^\/oauth\/token$/,
    credentials: 'federation',
    refusedAs: 'AUTH_FAILED',
  },
  {
    call: 'token of the metadata service',
    method: 'GET',
    path: /^\/computeMetadata\//,
    credentials: 'metadata',
    refusedAs: 'AUTH_FAILED',
    neverAs: 'AUTH_FAILED',
  },
  { call: 'look-up of the function', method: 'GET', path: /^\/functions\/v1\/functions$/ },
  { call: 'creation of the function', method: 'POST', path: /^\/functions\/v1\/functions$/ },
  {
    call: 'poll of the creation',
    method: 'GET',
    path: /^\/operations\//,
    neverAs: 'OPERATION_TIMEOUT',
    // A function that "already exists" is looked up, and an operation may be known a little later.
    taken: [404, 409],
  },
  {
    call: 'update of the function',
    method: 'PATCH',
    path: /^\/functions\/v1\/functions\//,
    exists: true,
    inputs: { 'function-description': 'brought up to date' },
  },
  { call: 'look-up of the account', method: 'GET', path: /^\/iam\/v1\/serviceAccounts$/ },
  { call: 'look-up of the network', method: 'GET', path: /^\/vpc\/v1\/networks$/ },
  { call: 'look-up of the secret', method: 'GET', path: /^\/lockbox\/v1\/secrets$/ },
  {
    call: 'look for the object',
    method: 'HEAD',
    path: /^\/packages\//,
    exists: true,
    taken: [400, 403, 404],
    bodiless: true,
  },
  {
    call: 'upload of the object',
    method: 'PUT',
    path: /^\/packages\//,
    bodiless: true,
    // Another job uploads the same object, or the condition is not known.
    passing: [409, 501],
  },
  { call: 'creation of the version', method: 'POST', path: /^\/functions\/v1\/versions$/ },
  {
    call: 'poll of the build',
    method: 'GET',
    path: /^\/operations\//,
    exists: true,
    neverAs: 'OPERATION_TIMEOUT',
    // The service of operations may know an operation a little later.
    taken: [404],
  },
]

/** Deployments side by side: most of the time they wait. */
const LANES = 8
let lanes: readonly Emulator[] = []
let names = 0
const tally = { tried: 0, survived: 0, doubled: 0 }

beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => startRichEmulator()))
})

afterAll(async () => {
  // What a delayed request did after its deployment had ended counts, too.
  for (const emulator of lanes) {
    for (const { id } of emulator.functions()) {
      if (emulator.versions(id).length > 1) tally.doubled += 1
    }
  }
  await Promise.all(lanes.map((emulator) => emulator.close()))
  process.stdout.write(
    `faults tried ${tally.tried}, survived ${tally.survived}, deploys that made more than one version ${tally.doubled}\n`,
  )
  expect(tally.doubled).toBe(0)
})

describe.each(CALLS)('the $call', (row) => {
  const faults = row.method === 'HEAD' ? FAULTS : [...FAULTS, ...GRPC_FAULTS]
  const passing = (row.passing ?? []).map((code) => [String(code), status(code)] as const)

  test('survives every fault that passes', async () => {
    const failures = await inLanes(lanes, {
      items: [...faults, ...passing],
      work: async (emulator, [fault, effect]) => {
        const run = await disturbed(emulator, { row, effect, times: 1 })
        tally.tried += 1
        const problem = complaint(run)
        if (problem === undefined) tally.survived += 1
        return problem && `${fault}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })

  test('is not repeated when it is refused, and nothing is changed after that', async () => {
    const statuses = REFUSALS.filter(
      (code) => row.taken?.includes(code) !== true && row.passing?.includes(code) !== true,
    )
    const failures = await inLanes(lanes, {
      items: statuses,
      work: async (emulator, code) => {
        const run = await disturbed(emulator, { row, effect: status(code), times: Infinity })
        const problem = refusalComplaint(run, row.refusedAs ?? 'API_REJECTED')
        return problem && `${code}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })

  test('ends in a telling error when it is never answered well', async () => {
    const failures = await inLanes(lanes, {
      items: faults,
      work: async (emulator, [fault, effect]) => {
        const run = await disturbed(emulator, { row, effect, times: Infinity })
        const problem = permanentComplaint(run, codesOf(row, effect))
        return problem && `${fault}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })
})

describe.each(CALLS.filter(({ open, refusedAs }) => !open && !refusedAs))('the $call', (row) => {
  test.each([
    ['once is followed by one more token', 1, 2],
    ['for ever ends after one more token', Infinity, 2],
  ])('refused for its token %s', async (_, times, tokens) => {
    const [emulator] = lanes
    if (!emulator) throw new TypeError('no emulator')
    const run = await disturbed(emulator, { row, effect: status(401), times })
    expect(run.requests.filter(({ path }) => TOKENS.test(path))).toHaveLength(tokens)
    expect(times === 1 ? complaint(run) : isOneError(run.outcome, 'AUTH_FAILED')).toBe(
      times === 1 ? undefined : true,
    )
  })
})

/** A deployment with a fault in its way, and what the emulator has to say about it. */
interface Run {
  readonly row: CallRow
  readonly emulator: Emulator
  readonly outcome: Outcome
  readonly functionName: string
  readonly durationMs: number
  /** Requests of this deployment alone. */
  readonly requests: Emulator['requests']
}

async function disturbed(
  emulator: Emulator,
  { row, effect, times }: { row: CallRow; effect: FaultEffect; times: number },
): Promise<Run> {
  const functionName = `hello-${names++}`
  if (row.exists) await new Client(emulator).createFunction(functionName)
  const { 'yc-sa-json-credentials': key = '', ...common } = helloInputs(emulator, functionName)
  const credentials = {
    key: { 'yc-sa-json-credentials': key },
    federation: { 'yc-sa-id': emulator.serviceAccountId },
    metadata: { 'yc-instance-metadata': 'true' },
  }[row.credentials ?? 'key']
  const before = emulator.requests.length
  const startedAt = performance.now()
  emulator.fault({ method: row.method, path: row.path, times, effect })
  const isForEver = times === Infinity
  const outcome = await deploy(
    {
      ...common,
      ...credentials,
      ...RICH_INPUTS,
      ...row.inputs,
      ...(isForEver && { 'wait-timeout': '1s' }),
    },
    {
      emulator,
      ...(isForEver && { retry: briefRetry(effect) }),
    },
  )
  emulator.clearFaults()
  return {
    row,
    emulator,
    outcome,
    functionName,
    durationMs: performance.now() - startedAt,
    requests: emulator.requests.slice(before),
  }
}

/** What is wrong with a deployment that should have come through. */
function complaint({ emulator, outcome, functionName, requests }: Run): string | undefined {
  if (outcome.exitCode !== 0) return told(outcome)
  const functions = emulator.functions().filter(({ name }) => name === functionName)
  const [made] = functions
  if (functions.length !== 1 || !made) return `${functions.length} functions`
  const versions = emulator.versions(made.id)
  const [version] = versions
  if (versions.length !== 1 || version?.status !== 'ACTIVE') return `${versions.length} versions`
  const { outputs } = outcome
  if (outputs['version-id'] !== version.id) return `version-id is ${outputs['version-id'] ?? ''}`
  if (outputs['function-id'] !== made.id) return `function-id is ${outputs['function-id'] ?? ''}`
  if (outcome.errors.length > 0) return 'an error annotation'
  const keys = requests
    .filter(({ method, path }) => method === 'POST' && path === '/functions/v1/versions')
    .map(({ headers }) => headers['idempotency-key'])
  if (new Set(keys).size !== 1) return 'not one idempotency key'
  return undefined
}

const MUTATIONS = ['POST', 'PATCH', 'PUT']
const TOKENS = /^\/(iam\/v1\/tokens|oauth\/token)$/

/** What is wrong with a deployment that should have ended at the first answer. */
function refusalComplaint({ row, outcome, requests }: Run, code: string): string | undefined {
  if (!isOneError(outcome, code)) return told(outcome)
  const matches = (r: { method: string; path: string }) =>
    r.method === row.method && row.path.test(r.path)
  const attempts = requests.filter(matches).length
  if (attempts !== (row.refusedTimes ?? 1)) return `${attempts} attempts`
  const after = requests
    .slice(requests.findIndex(matches) + 1)
    .filter(({ method, path }) => MUTATIONS.includes(method) && !TOKENS.test(path))
  return after.length > 0 ? `then ${after.map((r) => r.path).join(', ')}` : undefined
}

/** The codes that tell of a call that never came to anything. */
function codesOf(row: CallRow, effect: FaultEffect): readonly string[] {
  const answered =
    effect.kind === 'status' && effect.status === 429 ? 'API_REJECTED' : 'API_UNREACHABLE'
  const code = effect.kind === 'raw' ? 'API_UNEXPECTED' : answered
  return [row.neverAs ?? code, ...(row.credentials === 'metadata' ? [code] : [])]
}

function permanentComplaint(run: Run, codes: readonly string[]): string | undefined {
  const { outcome, durationMs } = run
  if (durationMs > 10_000) return `${Math.round(durationMs)} ms`
  if (outcome.exitCode === 0 && run.row.bodiless) return complaint(run)
  return codes.some((code) => isOneError(outcome, code)) ? undefined : told(outcome)
}
