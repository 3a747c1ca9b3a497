/** Each call of a release disturbed by each fault: tags move after a passed check alone, and what is left is named. */

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator, FaultEffect, FaultSpec } from '../../../emulator/index.ts'
import type { Transport } from '../../../src/ports.ts'
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
  deploy,
  helloInputs,
  helloWorkspace,
  NETWORK,
  QUICK_RETRY,
  startRichEmulator,
  type Outcome,
  type Texts,
} from '../../support/faults.ts'
import { PastFunction } from '../../support/history.ts'

const FINE = "exports.handler = async () => ({ statusCode: 200, body: 'all is fine' })\n"
const OUT_OF_ORDER = "exports.handler = async () => ({ statusCode: 500, body: 'out of order' })\n"
const CHECK = { check: 'true', 'check-contains': 'fine', 'check-attempts': '2' }

/** How a step ends when nothing is in its way, or nothing that lasts. */
type End = 'released' | 'not passed' | 'put back'

interface Step {
  readonly inputs: Texts
  readonly code: string
  readonly end: End
  /** Whether the version is live before. */
  readonly isLive?: true
  /** Is in the way in any case. */
  readonly fault?: FaultSpec
}

/** What is done to a function whose tag `stable` is on its newest version, `previous` and `next` on the one before. */
const STEPS = {
  'a release': {
    inputs: { ...CHECK, tags: 'stable\nfresh', 'previous-tag': 'previous' },
    code: FINE,
    end: 'released',
  },
  'a release whose check fails': {
    inputs: { ...CHECK, tags: 'stable\nfresh', 'previous-tag': 'previous' },
    code: OUT_OF_ORDER,
    end: 'not passed',
  },
  'a release whose last tag is refused': {
    inputs: { ...CHECK, tags: 'stable\nfresh\nnext', 'previous-tag': 'previous' },
    code: FINE,
    end: 'put back',
    fault: { path: /:setTag$/, skip: 3, effect: status(403) },
  },
  'a release of what is live': {
    inputs: { ...CHECK, tags: 'stable\nfresh', 'skip-unchanged': 'true' },
    code: FINE,
    end: 'released',
    isLive: true,
  },
} as const satisfies Record<string, Step>

interface CallRow {
  readonly step: keyof typeof STEPS
  readonly call: string
  readonly method: string
  readonly path: RegExp
  /** In the query of the call. */
  readonly tag?: string
  /** Other tags that are looked at beside it. */
  readonly beside?: readonly string[]
  /** How many calls of the same kind come before it; none when left out. */
  readonly skip?: number
  /** Most requests of this call that a step makes; one when left out. */
  readonly times?: number
  /** It comes after the answers to so many of these, and cannot be told from others by their number. */
  readonly after?: { readonly path: RegExp; readonly method: string; readonly times: number }
  /** Whether the step ends as ever though the call is never answered well. */
  readonly isHarmless?: true
  /** Error code of a refusal; API_REJECTED when left out. */
  readonly refusedAs?: 'CHECK_FAILED' | 'PROMOTION_FAILED'
  /** Error code when the call is never answered, or never in the right shape; that of the fault when left out. */
  readonly neverAs?: 'CHECK_FAILED' | 'PROMOTION_FAILED' | 'OPERATION_TIMEOUT'
  /** Statuses that are no refusal of this call. */
  readonly taken?: readonly number[]
}

const BY_TAG = { method: 'GET', path: /^\/functions\/v1\/versions:byTag$/ } as const
const SETS = { method: 'POST', path: /:setTag$/ } as const
const REMOVES = { method: 'POST', path: /:removeTag$/ } as const
const CREATES = { method: 'POST', path: /^\/functions\/v1\/versions$/ } as const
const CALLS_IT = { method: 'GET', path: /^\/d4e\w{17}$/ } as const
// The service of operations may know an operation a little later.
const POLLS = { method: 'GET', path: /^\/operations\//, taken: [404] }
const OF_CHECK = { refusedAs: 'CHECK_FAILED', neverAs: 'CHECK_FAILED' } as const
const OF_MOVE = { refusedAs: 'PROMOTION_FAILED', neverAs: 'PROMOTION_FAILED' } as const

const CALLS: readonly CallRow[] = [
  ...inStep('a release', [
    {
      call: 'list of the runtimes',
      method: 'GET',
      path: /^\/functions\/v1\/runtimes$/,
      isHarmless: true,
    },
    // Nobody holds a tag that is not found.
    {
      call: 'look at who holds a tag, for the plan',
      ...BY_TAG,
      tag: 'stable',
      beside: ['fresh', 'next', 'candidate', 'previous', '$latest'],
      taken: [404],
    },
    { call: 'creation of the version', ...CREATES },
    { call: 'poll of the build', ...POLLS, neverAs: 'OPERATION_TIMEOUT' },
    {
      call: 'look at the tag of the check before the call',
      ...BY_TAG,
      tag: 'candidate',
      skip: 1,
      ...OF_CHECK,
      // Once it may be behind what it has accepted.
      taken: [404],
    },
    {
      call: 'list of access bindings',
      method: 'GET',
      path: /:listAccessBindings$/,
      isHarmless: true,
    },
    { call: 'call of the function', ...CALLS_IT, neverAs: 'CHECK_FAILED', taken: REFUSALS },
    {
      call: 'look at the tag of the check after the call',
      ...BY_TAG,
      tag: 'candidate',
      skip: 2,
      ...OF_CHECK,
      taken: [404],
    },
    {
      call: 'look at who holds the first tag',
      ...BY_TAG,
      tag: 'stable',
      beside: ['previous'],
      skip: 1,
      ...OF_MOVE,
      taken: [404],
    },
    {
      call: 'look at the tag of the check before the first move',
      ...BY_TAG,
      tag: 'candidate',
      skip: 3,
      ...OF_MOVE,
      taken: [404],
    },
    { call: 'move of the previous tag', ...SETS, ...OF_MOVE },
    {
      call: 'poll of the move of the previous tag',
      ...POLLS,
      after: { ...SETS, times: 1 },
      ...OF_MOVE,
    },
    {
      call: 'look at who holds the first tag, before its move',
      ...BY_TAG,
      tag: 'stable',
      skip: 2,
      ...OF_MOVE,
      taken: [404],
    },
    { call: 'move of the first tag', ...SETS, skip: 1, ...OF_MOVE },
    {
      call: 'poll of the move of the first tag',
      ...POLLS,
      after: { ...SETS, times: 2 },
      ...OF_MOVE,
    },
    {
      call: 'look at who holds the second tag',
      ...BY_TAG,
      tag: 'fresh',
      beside: ['next'],
      skip: 1,
      ...OF_MOVE,
      taken: [404],
    },
    {
      call: 'look at the tag of the check before the second move',
      ...BY_TAG,
      tag: 'candidate',
      skip: 4,
      times: 2,
      ...OF_MOVE,
      taken: [404],
    },
    { call: 'move of the second tag', ...SETS, skip: 2, times: 2, ...OF_MOVE },
    {
      call: 'poll of the move of the second tag',
      ...POLLS,
      after: { ...SETS, times: 3 },
      ...OF_MOVE,
    },
  ]),
  ...inStep('a release whose check fails', [
    {
      call: 'call of the function',
      ...CALLS_IT,
      times: 2,
      isHarmless: true,
    },
    {
      call: 'look at `$latest`',
      ...BY_TAG,
      tag: '$latest',
      skip: 1,
      ...OF_CHECK,
      taken: [404],
    },
    {
      call: 'list of the versions',
      method: 'GET',
      path: /^\/functions\/v1\/versions$/,
      isHarmless: true,
    },
    { call: 'creation of the copy', ...CREATES, skip: 1, ...OF_CHECK },
    { call: 'poll of the copy', ...POLLS, after: { ...CREATES, times: 2 }, ...OF_CHECK },
    {
      call: 'look at what points where',
      ...BY_TAG,
      tag: 'stable',
      skip: 1,
      beside: ['fresh', 'previous'],
      isHarmless: true,
    },
    {
      call: 'look at where the tag of the check points',
      ...BY_TAG,
      tag: 'candidate',
      skip: 2,
      isHarmless: true,
    },
    {
      call: 'look at where `$latest` points',
      ...BY_TAG,
      tag: '$latest',
      skip: 2,
      isHarmless: true,
    },
  ]),
  ...inStep('a release whose last tag is refused', [
    {
      call: 'look at the first tag, which goes back',
      ...BY_TAG,
      tag: 'stable',
      skip: 3,
      ...OF_MOVE,
    },
    {
      call: 'look at another tag that goes back',
      ...BY_TAG,
      tag: 'fresh',
      beside: ['previous', 'next'],
      skip: 2,
      ...OF_MOVE,
    },
    {
      call: 'way back of a tag',
      ...SETS,
      skip: 4,
      times: 2,
      after: { ...SETS, times: 4 },
      ...OF_MOVE,
    },
    { call: 'removal of a tag that was nowhere', ...REMOVES, ...OF_MOVE },
    { call: 'poll of the way back', ...POLLS, after: { ...SETS, times: 4 }, ...OF_MOVE },
    {
      call: 'look at where the first tag points',
      ...BY_TAG,
      tag: 'stable',
      skip: 4,
      isHarmless: true,
    },
    {
      call: 'look at where another tag points',
      ...BY_TAG,
      tag: 'fresh',
      beside: ['previous', 'next'],
      skip: 3,
      isHarmless: true,
    },
    {
      call: 'look at where the tag of the check points',
      ...BY_TAG,
      tag: 'candidate',
      skip: 6,
      isHarmless: true,
    },
    {
      call: 'look at where `$latest` points',
      ...BY_TAG,
      tag: '$latest',
      skip: 1,
      isHarmless: true,
    },
  ]),
  ...inStep('a release of what is live', [
    {
      call: 'look at who holds the tag of the check',
      ...BY_TAG,
      tag: 'candidate',
      skip: 1,
      taken: [404],
    },
    { call: 'move of the tag of the check', ...SETS },
    {
      call: 'poll of the move of the tag of the check',
      ...POLLS,
      after: { ...SETS, times: 1 },
      neverAs: 'OPERATION_TIMEOUT',
    },
  ]),
]

function inStep(step: CallRow['step'], rows: readonly Omit<CallRow, 'step'>[]): readonly CallRow[] {
  return rows.map((row) => ({ step, ...row }))
}

/** Trouble of the call of a function that is not the function's word, beside the faults of every call. */
const CALL_FAULTS: typeof FAULTS = [
  ['404 for the tag', status(404)],
  ['403 right after the creation', status(403)],
  ['400 of the function', status(400)],
  ['409 of the function', status(409)],
  ['an answer of the version before', { kind: 'stale' }],
]

const REFUSALS_FOR_EVER = REFUSALS.map((code) => [`${code} for ever`, status(code)] as const)

/** One of each kind: the table of deployments has all of them for ever. */
const LASTING = [
  '429',
  '503',
  'connection dropped before',
  'answer lost after its effect',
  'HTML with 200',
  'truncated JSON',
  'gRPC UNAVAILABLE under another status',
  'an answer of the version before',
]

/** An answer that does not say which version it is from is taken: its tag is on the version. */
const UNPROVEN: (typeof FAULTS)[number] = [
  'an answer of no named version',
  { kind: 'without-headers', names: ['x-function-version-id'] },
]

/** Steps side by side: most of the time they wait. */
const LANES = 16
let lanes: readonly Emulator[] = []
let names = 0
const workspaces = new Map(
  [FINE, OUT_OF_ORDER].map((code) => [code, helloWorkspace({ 'index.js': code })]),
)
const tally = { tried: 0, survived: 0, doubled: 0, unnamed: 0 }
const runs: Run[] = []

beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => startRichEmulator()))
})

afterAll(async () => {
  // What a delayed request did after its step had ended counts, too.
  tally.doubled = runs.filter(isDoubled).length
  tally.unnamed = runs.filter((run) => !isMisled(run) && unnamed(run).length > 0).length
  await Promise.all(lanes.map((emulator) => emulator.close()))
  process.stdout.write(
    `releases: faults tried ${tally.tried}, survived ${tally.survived}, versions made twice ${tally.doubled}, tags left elsewhere without being named ${tally.unnamed}\n`,
  )
  expect([tally.doubled, tally.unnamed]).toEqual([0, 0])
})

describe.each(CALLS)('$step: the $call', (row) => {
  const isCall = row.path === CALLS_IT.path
  const faults = [...FAULTS, ...GRPC_FAULTS, ...(isCall ? CALL_FAULTS : [])]

  test('survives every fault that passes', async () => {
    const failures = await inLanes(lanes, {
      items: [...faults, ...(isCall ? [UNPROVEN] : [])],
      work: async (emulator, [fault, effect]) => {
        const run = await disturbed(emulator, { row, effect, times: 1 })
        tally.tried += 1
        const problem = complaint(run, STEPS[row.step].end) ?? danger(run)
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
        const run = await disturbed(emulator, { row, effect: status(code), times: 1 })
        const problem = refusalComplaint(run) ?? danger(run)
        return problem && `${code}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })

  test('ends as promised when it is never answered well', async () => {
    const failures = await inLanes(lanes, {
      items: [...REFUSALS_FOR_EVER, ...faults.filter(([fault]) => LASTING.includes(fault))],
      work: async (emulator, [fault, effect]) => {
        const run = await disturbed(emulator, { row, effect, times: Infinity })
        const problem = permanentComplaint(run, effect) ?? danger(run)
        return problem && `${fault}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })
})

/** Those that every deployment makes, which the table of deployments disturbs. */
const OTHERS = /^\/(endpoints|iam\/.*|functions\/v1\/functions)$/

test.each(Object.keys(STEPS) as CallRow['step'][])('the calls are all of %s', async (step) => {
  const [emulator] = lanes
  if (!emulator) throw new TypeError('no emulator')
  const { requests } = await carryOut(emulator, { step, isForEver: false })
  // What the other steps do before they go another way is what a release does.
  const rows = CALLS.filter((row) => row.step === 'a release' || row.step === step)
  const counts = new Map<string, number>()
  const calls = requests
    .filter(({ path }) => !OTHERS.test(path))
    .map(({ method, path, query }) => {
      const tag = query.get('tag') ?? ''
      const kind = `${method} ${path.replace(/d4e\w{17}/, '*')} ${tag}`
      const nth = counts.get(kind) ?? 0
      counts.set(kind, nth + 1)
      const isOf = (row: CallRow): boolean =>
        row.method === method &&
        row.path.test(path) &&
        (row.tag === undefined || [row.tag, ...(row.beside ?? [])].includes(tag)) &&
        (row.path === POLLS.path || isWithin(nth, row))
      return { call: `${kind} (${nth})`, rows: rows.filter(isOf) }
    })
  expect(calls.filter(({ rows }) => rows.length === 0).map(({ call }) => call)).toEqual([])
  const made = new Set(calls.flatMap(({ rows }) => rows))
  const missing = rows.filter((row) => row.step === step && !made.has(row))
  expect(missing.map(({ call }) => call)).toEqual([])
})

function isWithin(nth: number, { skip = 0, times = 1 }: CallRow): boolean {
  return nth >= skip && nth < skip + times
}

test.each([
  [
    'has failed is not said to come',
    (emulator: Emulator) => {
      emulator.failNextBuild(FAILURE)
    },
    undefined,
  ],
  [
    'may be building is said to',
    (emulator: Emulator) => {
      emulator.fault(LOST)
    },
    'yc serverless function list-operations',
  ],
])('a copy whose build %s', async (_, disturb, command) => {
  const [emulator] = lanes
  if (!emulator) throw new TypeError('no emulator')
  const { past, given, workspace } = await aFunction(emulator, STEPS['a release whose check fails'])
  const { errors } = await deploy(
    { ...given, ...CHECK },
    {
      emulator,
      workspace,
      transport: after({ ...CALLS_IT, times: 2 }, () => {
        disturb(emulator)
      }),
      retry: { ...QUICK_RETRY, totalMs: 100 },
    },
  )
  emulator.clearFaults()
  const message = errors[0]?.message ?? ''
  expect(message).toContain('could not be restored: ')
  expect(message.includes('Its copy may still come')).toBe(command !== undefined)
  if (command !== undefined) expect(message).toContain(`${command} ${past.id}`)
})

const FAILURE = { code: 13, message: 'out of order', details: [] }
const LOST: FaultSpec = { ...CREATES, times: Infinity, effect: { kind: 'lose-answer' } }

interface Run {
  readonly step: CallRow['step']
  readonly row: CallRow | undefined
  readonly effect: FaultEffect | undefined
  readonly emulator: Emulator
  readonly outcome: Outcome
  readonly hello: PastFunction
  /** Where each tag was. */
  readonly before: Readonly<Record<string, string>>
  /** Versions that were there. */
  readonly versions: readonly string[]
  readonly durationMs: number
  readonly requests: Emulator['requests']
}

async function disturbed(
  emulator: Emulator,
  { row, effect, times }: { row: CallRow; effect: FaultEffect; times: number },
): Promise<Run> {
  const { step, method, path, tag, skip, after } = row
  const isForEver = times === Infinity
  const fault: FaultSpec = {
    method,
    path,
    ...(tag !== undefined && { query: { tag } }),
    ...(after === undefined && skip !== undefined && { skip }),
    times,
    effect,
  }
  const run = await carryOut(emulator, { step, isForEver, row, fault })
  runs.push(run)
  return run
}

interface Disturbance {
  readonly step: CallRow['step']
  readonly isForEver: boolean
  readonly row?: CallRow
  readonly fault?: FaultSpec
}

async function carryOut(
  emulator: Emulator,
  { step, isForEver, row, fault }: Disturbance,
): Promise<Run> {
  const { inputs, code, fault: standing }: Step = STEPS[step]
  const { past: hello, given, workspace } = await aFunction(emulator, STEPS[step])
  const versions = emulator.versions(hello.id).map(({ id }) => id)
  const before = holdersOf(emulator, hello)
  const earlier = emulator.requests.length
  // A busy machine must not make other calls look like the disturbed one: each has ten seconds, or two attempts.
  const isDelay = fault?.effect.kind === 'delay'
  const patience = isDelay
    ? { attemptMs: 800, totalMs: 1_000 }
    : { attemptMs: 10_000, totalMs: 100 }
  const startedAt = performance.now()
  if (standing) emulator.fault(standing)
  if (fault && !row?.after) emulator.fault(fault)
  // The function is called in earnest where that call is what is disturbed: it takes a process each time.
  if (row?.path !== CALLS_IT.path) emulator.fault(standIn(code))
  const outcome = await deploy(
    { ...given, ...inputs, ...(isForEver && waitsOf(row)) },
    {
      emulator,
      workspace,
      ...(fault &&
        row?.after && {
          transport: after(row.after, () => {
            emulator.fault(fault)
          }),
        }),
      retry: { ...QUICK_RETRY, ...patience, ...(!isForEver && { totalMs: 60_000 }) },
    },
  )
  const durationMs = performance.now() - startedAt
  emulator.clearFaults()
  // What was given up may have its effect yet.
  if (fault?.effect.kind === 'delay' && fault.method !== 'GET') await sleep(fault.effect.ms)
  if (isForEver && row?.isHarmless !== true) await sleep(SETTLE_MS)
  const requests = emulator.requests.slice(earlier)
  const effect = fault?.effect
  return { step, row, effect, emulator, outcome, hello, before, versions, durationMs, requests }
}

/** As short as they may be where they have to pass. */
function waitsOf(row: CallRow | undefined): Texts {
  if (row?.path === POLLS.path) return { 'wait-timeout': '2s' }
  const isOfCheck = row?.path === CALLS_IT.path || row?.tag === 'candidate'
  return isOfCheck ? { 'check-timeout': '1s' } : {}
}

/** Longer than an operation of the emulator takes. */
const SETTLE_MS = 100

/** In place of the function, with what it answers. */
function standIn(code: string): FaultSpec {
  const effect = code === FINE ? status(200, { body: 'all is fine' }) : status(500)
  return { service: 'invocation', times: Infinity, effect }
}

async function aFunction(
  emulator: Emulator,
  { code, isLive }: Step,
): Promise<{ past: PastFunction; given: Texts; workspace: string }> {
  const name = `release-${names++}`
  const past = await PastFunction.create(emulator, name)
  const given = helloInputs(emulator, name)
  const workspace = workspaces.get(code) ?? ''
  await past.version({ tag: ['previous', 'next'] })
  if (isLive) {
    const { errors } = await deploy({ ...given, tags: 'stable' }, { emulator, workspace })
    expect(errors).toEqual([])
  } else {
    await past.version({ tag: ['stable'] })
  }
  return { past, given, workspace }
}

/** The network, where something happens when so many requests have had their answers. */
function after({ method, path, times }: NonNullable<CallRow['after']>, act: () => void): Transport {
  let answers = 0
  return async (request) => {
    const answer = await NETWORK(request)
    if (request.method === method && path.test(request.url.pathname)) {
      answers += 1
      if (answers === times) act()
    }
    return answer
  }
}

type Holders = Readonly<Record<string, string>>

/** Who holds which tag. */
function holdersOf(emulator: Emulator, { id }: PastFunction): Holders {
  return Object.fromEntries(
    emulator.versions(id).flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const)),
  )
}

const CODES = {
  released: undefined,
  'not passed': 'CHECK_FAILED',
  'put back': 'PROMOTION_FAILED',
} as const

/** What is wrong with a step that should have ended this way. */
function complaint(run: Run, end: End): string | undefined {
  const { step, outcome, requests } = run
  const { isLive }: Step = STEPS[step]
  const code = CODES[end]
  const isSo = code === undefined ? outcome.exitCode === 0 : isOneError(outcome, code)
  if (!isSo) return told(outcome)
  if (outcome.outputs.checked !== String(end !== 'not passed')) return 'another word on the check'
  const made = madeIn(run).length
  const wanted = (isLive ? 0 : 1) + (end === 'not passed' ? 1 : 0)
  if (made !== wanted) return `${made} versions made`
  const keys = requests
    .filter(({ method, path }) => method === 'POST' && CREATES.path.test(path))
    .map(({ headers }) => headers['idempotency-key'])
  if (new Set(keys).size !== wanted) return `not ${wanted} idempotency keys`
  return misplaced(run, end) ?? unsaid(run, end)
}

/** Tags that are not where they should be at this end. */
function misplaced(run: Run, end: End): string | undefined {
  const { step, emulator, outcome, hello, before } = run
  const { isLive }: Step = STEPS[step]
  const [made, copy] = madeIn(run)
  const id = outcome.outputs['version-id'] ?? ''
  if (!isLive && made?.id !== id) return 'another version-id'
  const previous = (isLive ? before.previous : before.stable) ?? ''
  const moved = {
    released: { stable: id, fresh: id, previous, $latest: id },
    'not passed': { $latest: copy?.id ?? '' },
    'put back': { $latest: id },
  }[end]
  return difference(holdersOf(emulator, hello), { ...before, candidate: id, ...moved })
}

/** What the message should say at this end, and does not. */
function unsaid(run: Run, end: End): string | undefined {
  const message = run.outcome.errors[0]?.message ?? ''
  const [, copy] = madeIn(run)
  const words = {
    released: '',
    'not passed': `what they had before: the version ${copy?.id ?? ''} is a copy of ${run.before.stable ?? ''}.`,
    'put back': 'Put back: "previous"; "stable"; "fresh".',
  }[end]
  return message.includes(words) ? undefined : message
}

function difference(are: Holders, should: Holders): string | undefined {
  const tags = [...new Set([...Object.keys(are), ...Object.keys(should)])]
  const wrong = tags.filter((tag) => are[tag] !== should[tag])
  return wrong.length === 0 ? undefined : `${wrong.join(', ')} not where it should be`
}

type Version = ReturnType<Emulator['versions']>[number]

/** The versions that a run made, oldest first. */
function madeIn({ emulator, hello, versions }: Run): readonly Version[] {
  return emulator.versions(hello.id).filter(({ id }) => !versions.includes(id))
}

/** What is wrong with a step that should have ended at the first answer. */
function refusalComplaint(run: Run): string | undefined {
  const { step, row, outcome, before } = run
  const { end } = STEPS[step]
  if (row?.isHarmless) return complaint(run, end)
  const code = row?.refusedAs ?? 'API_REJECTED'
  if (!isOneError(outcome, code)) return told(outcome)
  if (code === 'CHECK_FAILED') return end === 'released' ? complaint(run, 'not passed') : lost(run)
  // What was accepted, or cannot go back, is named.
  if (end === 'put back' || row?.path === POLLS.path) return undefined
  const now = holdersOf(run.emulator, run.hello)
  return difference(withoutOwn(now), withoutOwn(before))
}

/** What is wrong with a step that could neither pass its check nor restore `$latest`. */
function lost({ outcome, before }: Run): string | undefined {
  const message = outcome.errors[0]?.message ?? ''
  const isTold =
    message.includes(`${before.stable} could not be restored: `) &&
    message.includes(`"version-id: ${before.stable}"`)
  return isTold ? undefined : message
}

/** Tags that callers use, without what becomes of every new version. */
function withoutOwn({ stable, fresh, previous, next }: Holders): Holders {
  const tags = { stable, fresh, previous, next }
  return Object.fromEntries(Object.entries(tags).filter(([, id]) => id !== undefined)) as Holders
}

function permanentComplaint(run: Run, effect: FaultEffect): string | undefined {
  const { step, row, outcome, durationMs } = run
  const { end } = STEPS[step]
  if (!row || durationMs > 15_000) return `${Math.round(durationMs)} ms`
  if (row.isHarmless) return complaint(run, end)
  if (row.path === CALLS_IT.path) {
    return complaint(run, effect.kind === 'delay' ? 'released' : 'not passed')
  }
  const { neverAs = codeOf(effect), refusedAs = 'API_REJECTED' } = row
  const refusal = refusalIn(effect)
  const isTaken = refusal !== undefined && row.taken?.includes(refusal) === true
  if (isTaken && outcome.exitCode === 0) return undefined
  const ofTaken = isTaken ? (['CHECK_FAILED', 'PROMOTION_FAILED'] as const) : []
  const codes = [refusal !== undefined && !isTaken ? refusedAs : neverAs, ...ofTaken]
  if (!codes.some((code) => isOneError(outcome, code))) return told(outcome)
  if (isTaken || neverAs !== 'CHECK_FAILED') return undefined
  return end === 'released' ? complaint(run, 'not passed') : lost(run)
}

/** The status of a refusal; some faults have one, and a body that says otherwise. */
function refusalIn(effect: FaultEffect | undefined): number | undefined {
  if (effect?.kind !== 'status' || effect.body !== undefined) return undefined
  return REFUSALS.find((code) => code === effect.status)
}

function codeOf(effect: FaultEffect): string {
  if (effect.kind === 'raw') return 'API_UNEXPECTED'
  const isAnswer = effect.kind === 'status' && effect.status === 429
  return isAnswer || refusalIn(effect) !== undefined ? 'API_REJECTED' : 'API_UNREACHABLE'
}

/** What no step may do, however it ends. */
function danger(run: Run): string | undefined {
  const { outcome, emulator, hello, before, requests } = run
  const { exitCode, errors, outputs } = outcome
  if (errors.length !== exitCode) return `${errors.length} errors with exit code ${exitCode}`
  if (isDoubled(run)) return `${madeIn(run).length} versions made`
  const now = holdersOf(emulator, hello)
  if (outputs.checked !== 'true') {
    const moves = requests
      .filter(({ path }) => path.endsWith(':setTag'))
      .map(({ body }) => (body as { tag: string }).tag)
      .filter((tag) => tag !== 'candidate')
    if (moves.length > 0) return `moves of ${moves.join(', ')} without a passed check`
    const moved = difference(withoutOwn(now), withoutOwn(before))
    if (moved !== undefined) return moved
  }
  const problems = isMisled(run) ? [] : [...unnamed(run), ...untruths(run)]
  return problems.length === 0 ? undefined : `${problems.join('; ')}:\n${told(outcome)}`
}

/** Whether a version says that it is a copy. */
function isCopy({ description }: Version): boolean {
  return typeof description === 'string' && description.includes(' from:')
}

/** Nothing can be known of tags from a service that does not find what is there. */
function isMisled({ row, effect }: Run): boolean {
  return row?.path === BY_TAG.path && refusalIn(effect) === 404
}

/** Of a new version there is one, and one copy of the former after a failed check. */
function isDoubled(run: Run): boolean {
  const { isLive }: Step = STEPS[run.step]
  const copies = madeIn(run).filter(isCopy)
  const isFailed = run.outcome.errors[0]?.title.startsWith('CHECK_FAILED') === true
  const others = madeIn(run).length - copies.length
  return others > (isLive ? 0 : 1) || copies.length > (isFailed ? 1 : 0)
}

/** Tags of a step that has failed which are not where they were, and of which it is not said that they are left. */
function unnamed({ emulator, hello, before, outcome }: Run): readonly string[] {
  if (outcome.exitCode === 0) return []
  const now = withoutOwn(holdersOf(emulator, hello))
  const message = outcome.errors[0]?.message ?? ''
  const lines = message
    .split('\n')
    .filter((line) => /^(Not put back|Moved by .*|Not moved): /.test(line))
  return Object.keys({ ...now, ...withoutOwn(before) })
    .filter((tag) => now[tag] !== before[tag])
    .filter((tag) => !lines.some((line) => isLeft(tag, line)))
    .map((tag) => `${tag} moved and not named`)
}

function isLeft(tag: string, line: string): boolean {
  if (!line.includes(`"${tag}"`)) return false
  return !line.startsWith('Not moved: ') || line.includes(`"${tag}" (its change was under way`)
}

/** What a message says of where things are, and is not so. */
function untruths({ emulator, hello, outcome }: Run): readonly string[] {
  const now = holdersOf(emulator, hello)
  const message = outcome.errors[0]?.message ?? ''
  const [, table = ''] = message.split('What points where now:\n')
  const rows = (table.split('\n\n')[0] ?? '')
    .split('\n')
    .flatMap(
      (row) => [...(/^(\S+) +(d4e\w+|no version)/.exec(row)?.slice(1, 3) ?? [])].join(' ') || [],
    )
  const words = [
    ...(/^Callers without a tag get.* the version (d4e\w+)/m.exec(message)?.slice(1) ?? []),
  ]
  return [...rows, ...words.map((id) => `$latest ${id}`)].flatMap((row) => {
    const [tag = '', ...said] = row.split(' ')
    const isSo = (now[tag] ?? 'no version') === said.join(' ')
    return isSo || mayStillChange(tag, message) ? [] : [`${row} is not so`]
  })
}

/** Whether it is said that a change of the tag may be under way. */
function mayStillChange(tag: string, message: string): boolean {
  return message
    .split('\n')
    .some(
      (line) =>
        (line.includes('may still') || line.startsWith('Not put back: ')) &&
        (tag === '$latest' ? line.startsWith('Callers without a tag') : line.includes(`"${tag}"`)),
    )
}
