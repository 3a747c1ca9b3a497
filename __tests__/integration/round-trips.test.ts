/** How long a plan and a check make a step wait: calls that are sent side by side count once. */

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import type { Transport } from '../../src/ports.ts'
import {
  deploy,
  helloInputs,
  helloWorkspace,
  NETWORK,
  startRichEmulator,
  type Texts,
} from '../support/faults.ts'
import { startNamedCloud, type NamedCloud } from '../support/rich-cloud.ts'

/** Longer than anything but a call takes, even on a busy machine. */
const QUIET_MS = 300

let cloud: NamedCloud
const workspace = helloWorkspace()
const otherFiles = helloWorkspace({ 'new.js': '' })
beforeAll(async () => {
  cloud = await startNamedCloud()
})
afterAll(async () => {
  await cloud.emulator.close()
  for (const folder of [workspace, otherFiles]) rmSync(folder, { recursive: true })
})

/** Holds every call back until no other one comes, so that what waits for nothing else is sent together. */
function inRounds(): { transport: Transport; rounds: string[][] } {
  const rounds: string[][] = []
  let waiting: { line: string; release: () => void }[] = []
  let timer: NodeJS.Timeout | undefined
  const send = (): void => {
    const round = waiting
    waiting = []
    rounds.push(round.map(({ line }) => line).sort())
    for (const { release } of round) release()
  }
  const transport: Transport = async (request) => {
    const { method, url } = request
    await new Promise<void>((release) => {
      waiting.push({
        line: `${method} ${url.pathname.replace(/[\da-f]{64}|[\da-v]{20}/g, '*')}`,
        release,
      })
      clearTimeout(timer)
      timer = setTimeout(send, QUIET_MS)
    })
    return NETWORK(request)
  }
  return { transport, rounds }
}

let functions = 0

async function roundsOf(
  name: string,
  {
    inputs = {},
    folder = workspace,
    emulator = cloud.emulator,
  }: { inputs?: Texts; folder?: string; emulator?: Emulator } = {},
): Promise<readonly (readonly string[])[]> {
  const { transport, rounds } = inRounds()
  const all = { ...helloInputs(emulator, name), ...inputs }
  const retry = { attemptMs: 10_000 }
  const outcome = await deploy(all, { emulator, workspace: folder, transport, retry })
  expect(outcome.errors).toEqual([])
  return rounds
}

async function live(inputs: Texts = {}): Promise<{ name: string; byId: Texts }> {
  const { emulator } = cloud
  const name = `rounds-${++functions}`
  const { outputs } = await deploy(
    { ...helloInputs(emulator, name), ...inputs },
    { emulator, workspace },
  )
  const id = outputs['function-id'] ?? ''
  return { name, byId: { 'function-id': id, 'function-name': '', 'folder-id': '' } }
}

const SIGN_IN = [['GET /endpoints'], ['POST /iam/v1/tokens']]
const FIND = ['GET /functions/v1/functions', 'GET /functions/v1/runtimes']
const GET_FUNCTION = ['GET /functions/v1/functions/*', 'GET /functions/v1/runtimes']
const LIVE = 'GET /functions/v1/versions:byTag'
const CREATE = ['POST /functions/v1/versions']
const BUCKET = { bucket: 'packages' }
const [LOOK, READ, UPLOAD] = ['HEAD', 'GET', 'PUT'].map(
  (method) => `${method} /packages/*/*.zip`,
) as [string, string, string]

interface Way {
  readonly way: string
  readonly live?: Texts
  readonly inputs?: Texts
  /** Whether the step names the function by its id. */
  readonly isById?: true
  readonly folder?: string
  readonly rounds: readonly (readonly string[])[]
}

const WAYS: readonly Way[] = [
  {
    way: 'one round for what is live, after the function is found by its name',
    rounds: [...SIGN_IN, FIND, [LIVE], CREATE],
  },
  {
    way: 'none where the function is given by its id',
    isById: true,
    rounds: [...SIGN_IN, [...GET_FUNCTION, LIVE], CREATE],
  },
  {
    way: 'that alone where the step has many tags',
    inputs: { tags: 'stable\nnext' },
    rounds: [...SIGN_IN, FIND, [LIVE, LIVE, LIVE], CREATE],
  },
  {
    way: 'one round for the files of the live package, in which the bucket is looked at too',
    live: BUCKET,
    inputs: BUCKET,
    folder: otherFiles,
    rounds: [...SIGN_IN, FIND, [LIVE, LOOK], [READ], [UPLOAD], CREATE],
  },
  {
    way: 'the rounds of a plan in a dry run, and then no more',
    live: BUCKET,
    inputs: { ...BUCKET, 'dry-run': 'true' },
    rounds: [...SIGN_IN, FIND, [LIVE, LOOK], [READ]],
  },
  {
    way: 'the same where nothing is changed and that is skipped',
    inputs: { 'skip-unchanged': 'true' },
    rounds: [...SIGN_IN, FIND, [LIVE]],
  },
]

test.each(WAYS)('a plan takes $way', async ({ live: before, inputs, isById, folder, rounds }) => {
  const { name, byId } = await live(before)
  const given = { ...inputs, ...(isById && byId) }
  expect(await roundsOf(name, { inputs: given, ...(folder !== undefined && { folder }) })).toEqual(
    rounds.map((round) => [...round].sort()),
  )
})

const POLL = ['GET /operations/*'] as const
const MOVE = ['POST /functions/v1/versions/*:setTag']
/** A private function refuses the call without a token. */
const CHECK = [[LIVE, 'GET /functions/v1/functions/*:listAccessBindings'], ['GET /*'], ['GET /*']]

/** The most that a check may add to a step that has none. */
const MOST_ROUNDS = 8

describe('a check that passes', () => {
  let slow: Emulator
  const checked = helloWorkspace({
    'index.js': 'exports.handler = async () => ({ statusCode: 200 })\n',
  })
  beforeAll(async () => {
    slow = await startRichEmulator()
  })
  afterAll(async () => {
    await slow.close()
    rmSync(checked, { recursive: true })
  })

  test.each<[string, Texts, readonly (readonly string[])[]]>([
    ['alone', {}, CHECK],
    ['before a tag is moved', { tags: 'stable' }, [...CHECK, [LIVE, LIVE], MOVE, POLL]],
    [
      'before the version before gets a tag, and this one another',
      { tags: 'stable', 'previous-tag': 'previous' },
      [...CHECK, [LIVE, LIVE, LIVE], MOVE, POLL, [LIVE], MOVE, POLL],
    ],
  ])('%s waits after the build for these', async (what, inputs, after) => {
    const name = `checked-${++functions}`
    const first = { ...helloInputs(slow, name), tags: inputs.tags ?? '' }
    await deploy(first, { emulator: slow, workspace: checked })
    const step = { emulator: slow, folder: checked }
    const without = await roundsOf(name, { ...step, inputs })
    const rounds = await roundsOf(name, { ...step, inputs: { ...inputs, check: 'true' } })
    const built = rounds.findIndex((round) => round.includes(POLL[0])) + 1
    expect(rounds.slice(built)).toEqual(after.map((round) => [...round].sort()))
    const added = rounds.length - without.length
    expect(added).toBeLessThanOrEqual(MOST_ROUNDS)
    process.stdout.write(`a check ${what}: ${added} round trips more than without it\n`)
  })
})

test('files of the live package are read while the new one is packed', async () => {
  const many = helloWorkspace(
    Object.fromEntries(
      Array.from({ length: 1_500 }, (_, at) => [`lib/${at}.js`, `${at}`.repeat(999)]),
    ),
  )
  try {
    const { emulator } = cloud
    const { name } = await live(BUCKET)
    const before = emulator.requests.length
    const inputs = { ...helloInputs(emulator, name), ...BUCKET }
    await deploy(inputs, { emulator, workspace: many })
    const methods = emulator.requests
      .slice(before)
      .filter(({ service }) => service === 'storage')
      .map(({ method }) => method)
    expect(methods).toEqual(['GET', 'HEAD', 'PUT'])
  } finally {
    rmSync(many, { recursive: true })
  }
})
