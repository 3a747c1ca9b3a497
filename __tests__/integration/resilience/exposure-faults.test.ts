/** Each call of public access and scaling disturbed by each fault: set once and as asked for, or said not to be. */

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
  startRichEmulator,
  type Outcome,
  type Texts,
} from '../../support/faults.ts'

/** One call, and the step that makes it. */
interface CallRow {
  readonly call: string
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  /** Requests of the same kind that come before it. */
  readonly skip?: number
  /** Inputs of the step that deployed the function. */
  readonly before?: Texts
  readonly inputs: Texts
  /** Whether the plan needs it: then nothing is changed when it fails. */
  readonly isPlan?: true
  /** Error code when an operation is never seen to end. */
  readonly neverAs?: 'OPERATION_TIMEOUT'
  /** Statuses that are no refusal of this call. */
  readonly taken?: readonly number[]
}

const LISTS_BINDINGS = { method: 'GET', path: /:listAccessBindings$/ } as const
const CHANGES_BINDINGS = { method: 'POST', path: /:updateAccessBindings$/ } as const
const LISTS_POLICIES = { method: 'GET', path: /\/scalingPolicies$/ } as const
// The service of operations may know an operation a little later.
const POLLS = {
  method: 'GET',
  path: /^\/operations\//,
  neverAs: 'OPERATION_TIMEOUT',
  taken: [404],
} as const
const OPEN = { public: 'true' }
const CLOSED = { public: 'false' }
const LIMITED = { 'zone-instances-limit': '3' }
const UNLIMITED = { 'zone-instances-limit': '0' }

const CALLS: readonly CallRow[] = [
  { call: 'list of access bindings', ...LISTS_BINDINGS, inputs: OPEN, isPlan: true },
  { call: 'binding that is added', ...CHANGES_BINDINGS, inputs: OPEN },
  { call: 'binding that is removed', ...CHANGES_BINDINGS, before: OPEN, inputs: CLOSED },
  // A binding that "already exists" is looked for, and is there.
  { call: 'poll of the change of bindings', ...POLLS, inputs: OPEN, taken: [404, 409] },
  {
    call: 'list of scaling policies for the plan',
    ...LISTS_POLICIES,
    inputs: LIMITED,
    isPlan: true,
  },
  { call: 'list of scaling policies before a change', ...LISTS_POLICIES, skip: 1, inputs: LIMITED },
  { call: 'policy that is set', method: 'POST', path: /:setScalingPolicy$/, inputs: LIMITED },
  {
    call: 'policy that is removed',
    method: 'POST',
    path: /:removeScalingPolicy$/,
    before: LIMITED,
    inputs: UNLIMITED,
  },
  { call: 'poll of the change of a policy', ...POLLS, inputs: LIMITED },
]

/** Steps side by side: most of the time they wait. */
const LANES = 8
let lanes: readonly Emulator[] = []
let names = 0
const tally = { tried: 0, survived: 0, doubled: 0 }

beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, () => startRichEmulator()))
})

afterAll(async () => {
  await Promise.all(lanes.map((emulator) => emulator.close()))
  process.stdout.write(
    `faults tried ${tally.tried}, survived ${tally.survived}, steps that made more than one version ${tally.doubled}\n`,
  )
  expect(tally.doubled).toBe(0)
})

describe.each(CALLS)('the $call', (row) => {
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

  test('that is refused leaves the version live, and says what is not set', async () => {
    const failures = await inLanes(lanes, {
      items: REFUSALS.filter((code) => row.taken?.includes(code) !== true),
      work: async (emulator, code) => {
        const run = await disturbed(emulator, { row, effect: status(code), times: Infinity })
        const problem = failureComplaint(run, 'API_REJECTED')
        return problem && `${code}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })

  test('that is never answered well ends in a telling error', async () => {
    const failures = await inLanes(lanes, {
      items: faults,
      work: async (emulator, [fault, effect]) => {
        const run = await disturbed(emulator, { row, effect, times: Infinity })
        const problem = failureComplaint(run, row.neverAs ?? codeOf(effect))
        return problem && `${fault}: ${problem}`
      },
    })
    expect(failures).toEqual([])
  })
})

/** A step with a fault in its way, and what it should bring about. */
interface Run {
  readonly row: CallRow
  readonly emulator: Emulator
  readonly outcome: Outcome
  readonly functionId: string
  readonly versionId: string
  readonly durationMs: number
}

/** The function is deployed already, so that all that is left to do is what can be disturbed. */
async function disturbed(
  emulator: Emulator,
  { row, effect, times }: { row: CallRow; effect: FaultEffect; times: number },
): Promise<Run> {
  const hello = helloInputs(emulator, `exposed-${names++}`)
  const { errors, outputs } = await deploy({ ...hello, ...row.before }, { emulator })
  expect(errors).toEqual([])
  const { method, path, skip = 0 } = row
  emulator.fault({ method, path, skip, times, effect })
  const isForEver = times === Infinity
  const startedAt = performance.now()
  const outcome = await deploy(
    {
      ...hello,
      ...row.inputs,
      'skip-unchanged': 'true',
      ...(isForEver && { 'wait-timeout': '3s' }),
    },
    {
      emulator,
      ...(isForEver && { retry: briefRetry(effect) }),
    },
  )
  emulator.clearFaults()
  const functionId = outputs['function-id'] ?? ''
  if (emulator.versions(functionId).length > 1) tally.doubled += 1
  return {
    row,
    emulator,
    outcome,
    functionId,
    versionId: outputs['version-id'] ?? '',
    durationMs: performance.now() - startedAt,
  }
}

/** What is wrong with a step that should have come through. */
function complaint({ row, emulator, outcome, functionId, versionId }: Run): string | undefined {
  if (outcome.exitCode !== 0 || outcome.errors.length > 0) return told(outcome)
  if (outcome.outputs['version-id'] !== versionId) return 'another version-id'
  const isOpen = row.inputs.public === 'true'
  const bindings = emulator.accessBindings(functionId).length
  if (bindings !== (isOpen ? 1 : 0)) return `${bindings} bindings`
  const limits = emulator.scalingPolicies(functionId).map((policy) => policy.zoneInstancesLimit)
  const limit = row.inputs['zone-instances-limit']
  const expected = limit === undefined || limit === '0' ? '' : limit
  return limits.join() === expected ? undefined : `limits ${limits.join()}`
}

/** What is wrong with a step that should have failed, with the version as it was. */
function failureComplaint(run: Run, code: string): string | undefined {
  const { row, outcome, versionId, durationMs } = run
  if (durationMs > 10_000) return `${Math.round(durationMs)} ms`
  if (!isOneError(outcome, code)) return told(outcome)
  if (row.isPlan) return outcome.outputs['version-id'] === undefined ? undefined : 'a version-id'
  if (outcome.outputs['version-id'] !== versionId) return 'no version-id'
  const isTold = outcome.errors[0]?.message.includes(`The version ${versionId} is live; `)
  return isTold ? undefined : told(outcome)
}

function codeOf(effect: FaultEffect): string {
  if (effect.kind === 'raw') return 'API_UNEXPECTED'
  return effect.kind === 'status' && effect.status === 429 ? 'API_REJECTED' : 'API_UNREACHABLE'
}
