/** Each call of a rollback and of a clean-up disturbed by each fault: tags end where it says, and nothing is done twice. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator, FaultEffect, FaultSpec } from '../../../emulator/index.ts'
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
  cleanUp,
  rollBack,
  startRichEmulator,
  type Outcome,
} from '../../support/faults.ts'
import { PastFunction } from '../../support/history.ts'

/** What is done to a function whose tags `stable` and `next` are on its newest version, and were on the one before. */
const STEPS = {
  'rollback of tags': { run: rollBack, inputs: { tags: 'stable\nnext' } },
  'rollback without tags': { run: rollBack, inputs: {} },
  'removal of tags': { run: cleanUp, inputs: { 'remove-tags': 'stable\nnext' } },
  'deletion of the function': { run: cleanUp, inputs: { 'delete-function': 'true' } },
} as const

interface CallRow {
  readonly step: keyof typeof STEPS
  readonly call: string
  readonly method: string
  readonly path: RegExp
  /** Error code when the call is never answered, or never in the right shape; that of the fault when left out. */
  readonly neverAs?: 'OPERATION_TIMEOUT'
  /** Error code of a refusal; API_REJECTED when left out. */
  readonly refusedAs?: 'PROMOTION_FAILED'
  /** Statuses that are no refusal of this call. */
  readonly taken?: readonly number[]
  /** Requests of this call that a step makes, when none of them fails. */
  readonly times: number
}

const LOOK_UP = {
  call: 'look-up of the function',
  method: 'GET',
  path: /^\/functions\/v1\/functions$/,
  times: 1,
} as const
const BY_TAG = {
  call: 'look at who holds a tag',
  method: 'GET',
  path: /^\/functions\/v1\/versions:byTag$/,
} as const
// The service of operations may know an operation a little later.
const POLL = {
  method: 'GET',
  path: /^\/operations\//,
  neverAs: 'OPERATION_TIMEOUT',
  taken: [404],
  times: Infinity,
} as const

const CALLS: readonly CallRow[] = [
  { step: 'rollback of tags', ...LOOK_UP },
  // Nobody holds a tag that is not found.
  { step: 'rollback of tags', ...BY_TAG, taken: [404], times: 4 },
  {
    step: 'rollback of tags',
    call: 'history of a tag',
    method: 'GET',
    path: /:tagHistory$/,
    times: 2,
  },
  // A version that is not found is gone.
  {
    step: 'rollback of tags',
    call: 'look at a version',
    method: 'GET',
    path: /^\/functions\/v1\/versions\/\w+$/,
    taken: [404],
    times: 1,
  },
  {
    step: 'rollback of tags',
    call: 'move of a tag',
    method: 'POST',
    path: /:setTag$/,
    refusedAs: 'PROMOTION_FAILED',
    times: 2,
  },
  { step: 'rollback of tags', call: 'poll of the move', ...POLL, refusedAs: 'PROMOTION_FAILED' },
  { step: 'rollback without tags', ...LOOK_UP },
  { step: 'rollback without tags', ...BY_TAG, taken: [404], times: 1 },
  {
    step: 'rollback without tags',
    call: 'list of the versions',
    method: 'GET',
    path: /^\/functions\/v1\/versions$/,
    times: 1,
  },
  {
    step: 'rollback without tags',
    call: 'creation of the copy',
    method: 'POST',
    path: /^\/functions\/v1\/versions$/,
    times: 1,
  },
  { step: 'rollback without tags', call: 'poll of the build', ...POLL },
  { step: 'removal of tags', ...LOOK_UP },
  { step: 'removal of tags', ...BY_TAG, taken: [404], times: 2 },
  { step: 'removal of tags', call: 'removal', method: 'POST', path: /:removeTag$/, times: 2 },
  { step: 'removal of tags', call: 'poll of the removal', ...POLL },
  { step: 'deletion of the function', ...LOOK_UP },
  {
    step: 'deletion of the function',
    call: 'deletion',
    method: 'DELETE',
    path: /^\/functions\/v1\/functions\/\w+$/,
    times: 1,
  },
  // A function that is gone is deleted, whatever is said of its operation.
  { step: 'deletion of the function', call: 'poll of the deletion', ...POLL, taken: [400, 404] },
]

const LANES = 8
let lanes: readonly Emulator[] = []
let names = 0
const tally = { tried: 0, survived: 0, doubled: 0, unnamed: 0 }

beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => startRichEmulator()))
})

afterAll(async () => {
  for (const emulator of lanes) {
    for (const { id } of emulator.functions()) {
      if (emulator.versions(id).length > 3) tally.doubled += 1
    }
  }
  await Promise.all(lanes.map((emulator) => emulator.close()))
  process.stdout.write(
    `rollbacks and clean-ups: faults tried ${tally.tried}, survived ${tally.survived}, copies made twice ${tally.doubled}, tags left elsewhere without being named ${tally.unnamed}\n`,
  )
  expect([tally.doubled, tally.unnamed]).toEqual([0, 0])
})

describe.each(CALLS)('$step: the $call', (row) => {
  const faults = [...FAULTS, ...GRPC_FAULTS]

  test('survives every fault that passes', async () => {
    const failures = await inLanes(lanes, {
      items: faults,
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

  test('is not repeated when it is refused, and what was moved goes back', async () => {
    const failures = await inLanes(lanes, {
      items: REFUSALS.filter((code) => row.taken?.includes(code) !== true),
      work: async (emulator, code) => {
        const run = await disturbed(emulator, { row, effect: status(code), times: Infinity })
        const problem = refusalComplaint(run)
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
        const problem = permanentComplaint(run, effect)
        return problem && `${fault}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })
})

test('the calls are all that the steps make', async () => {
  const [emulator] = lanes
  if (!emulator) throw new TypeError('no emulator')
  for (const step of Object.keys(STEPS) as CallRow['step'][]) {
    const { requests } = await carryOut(emulator, { step })
    const rows = CALLS.filter((row) => row.step === step)
    const others = requests.filter(
      ({ method, path }) =>
        !/^\/(endpoints|iam\/)/.test(path) &&
        !rows.some((row) => row.method === method && row.path.test(path)),
    )
    expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual([])
    for (const { call, method, path, times } of rows) {
      const made = requests.filter((one) => one.method === method && path.test(one.path)).length
      expect([call, times === Infinity ? made > 0 : made]).toEqual([
        call,
        times === Infinity ? true : times,
      ])
    }
  }
})

interface Run {
  readonly row: CallRow
  readonly emulator: Emulator
  readonly outcome: Outcome
  readonly hello: PastFunction
  /** The versions before: the one to go back to, and the one of now. */
  readonly versions: readonly [before: string, now: string]
  readonly durationMs: number
  readonly requests: Emulator['requests']
}

async function disturbed(
  emulator: Emulator,
  { row, effect, times }: { row: CallRow; effect: FaultEffect; times: number },
): Promise<Run> {
  const { step, method, path } = row
  const run = await carryOut(emulator, { step, fault: { method, path, times, effect } })
  emulator.clearFaults()
  return { row, emulator, ...run }
}

async function carryOut(
  emulator: Emulator,
  { step, fault }: { step: CallRow['step']; fault?: FaultSpec },
): Promise<Omit<Run, 'row' | 'emulator'>> {
  const hello = await PastFunction.create(emulator, `past-${names++}`)
  const tag = ['stable', 'next']
  const versions = [await hello.version({ tag }), await hello.version({ tag })] as const
  const before = emulator.requests.length
  const startedAt = performance.now()
  if (fault) emulator.fault(fault)
  const lasting = fault?.times === Infinity ? fault : undefined
  const { run, inputs } = STEPS[step]
  const outcome = await run(
    { ...hello.inputs, ...inputs, ...(lasting && { 'wait-timeout': '1s' }) },
    {
      emulator,
      ...(lasting && { retry: briefRetry(lasting.effect) }),
    },
  )
  const requests = emulator.requests.slice(before)
  return { outcome, hello, versions, durationMs: performance.now() - startedAt, requests }
}

/** What is wrong with a step that should have come through. */
function complaint({ row, emulator, outcome, hello, versions, requests }: Run): string | undefined {
  if (outcome.exitCode !== 0) return told(outcome)
  if (outcome.errors.length > 0) return 'an error annotation'
  const holders = [hello.holderOf('stable'), hello.holderOf('next')]
  const [before, now] = versions
  const all = emulator.versions(hello.id)
  switch (row.step) {
    case 'rollback of tags':
      if (outcome.outputs['version-id'] !== before) return 'another version-id'
      return holders.every((id) => id === before) ? undefined : `on ${holders.join(', ')}`
    case 'rollback without tags': {
      if (all.length !== 3) return `${all.length} versions`
      if (all[2]?.id !== outcome.outputs['version-id']) return 'another version-id'
      const keys = requests
        .filter(({ method, path }) => method === 'POST' && path === '/functions/v1/versions')
        .map(({ headers }) => headers['idempotency-key'])
      if (new Set(keys).size !== 1) return 'not one idempotency key'
      return holders.every((id) => id === now) ? undefined : `tags on ${holders.join(', ')}`
    }
    case 'removal of tags':
      return holders.every((id) => id === undefined) ? undefined : `on ${holders.join(', ')}`
    case 'deletion of the function':
      return emulator.functions().some(({ id }) => id === hello.id) ? 'still there' : undefined
  }
}

/** What is wrong with a step that should have ended at the first answer, with everything as it was. */
function refusalComplaint(run: Run): string | undefined {
  const { row, outcome, requests } = run
  if (!isOneError(outcome, row.refusedAs ?? 'API_REJECTED')) return told(outcome)
  const attempts = requests.filter((r) => r.method === row.method && row.path.test(r.path)).length
  const looks = row.method === 'GET' ? row.times : 1
  if (attempts > looks && row.neverAs === undefined) return `${attempts} attempts`
  return row.neverAs ? unnamed(run) : changed(run)
}

function permanentComplaint(run: Run, effect: FaultEffect): string | undefined {
  const { row, outcome, durationMs } = run
  if (durationMs > 15_000) return `${Math.round(durationMs)} ms`
  const isAnswered = effect.kind === 'status' && effect.status === 429
  const ofFault =
    effect.kind === 'raw' ? 'API_UNEXPECTED' : isAnswered ? 'API_REJECTED' : 'API_UNREACHABLE'
  const codes = [
    row.neverAs ?? ofFault,
    ...(row.step === 'rollback of tags' ? ['PROMOTION_FAILED'] : []),
  ]
  if (!codes.some((code) => isOneError(outcome, code))) return told(outcome)
  return unnamed(run)
}

/** A tag that is not where it was, and is not named either. */
function unnamed(run: Run): string | undefined {
  if (run.row.step !== 'rollback of tags') return undefined
  const { hello, versions, outcome } = run
  const left = ['stable', 'next'].filter((tag) => hello.holderOf(tag) !== versions[1])
  const silent = left.filter((tag) => !outcome.errors[0]?.message.includes(tag))
  if (silent.length === 0) return undefined
  tally.unnamed += 1
  return `${silent.join(', ')} moved and not named:\n${told(outcome)}`
}

/** What is not as it was. */
function changed({ emulator, hello, versions: [, now] }: Run): string | undefined {
  const holders = ['stable', 'next'].map((tag) => hello.holderOf(tag))
  if (!emulator.functions().some(({ id }) => id === hello.id)) return 'the function is gone'
  if (emulator.versions(hello.id).length !== 2) return 'another version'
  return holders.every((id) => id === now) ? undefined : `tags on ${holders.join(', ')}`
}
