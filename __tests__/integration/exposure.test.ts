/** Public access and scaling of real steps: what is sent, what stays, and what a failure leaves and says. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import type { Transport } from '../../src/ports.ts'
import type { RetryPolicy } from '../../src/yandex/http/http.ts'
import { mutations } from '../support/cloud.ts'
import {
  deploy,
  NETWORK,
  helloInputs,
  startRichEmulator,
  type Outcome,
  type Texts,
} from '../support/faults.ts'
import { Client } from '../emulator/harness.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startRichEmulator({
    buildMs: 0,
    quotas: {
      functionsPerCloud: 1000,
      provisionedInstancesPerCloud: 2,
      operationsPerFolder: 100,
      operationsPerCloud: 100,
    },
  })
})
afterAll(() => emulator.close())

const PUBLIC = { roleId: 'functions.functionInvoker', subject: { id: 'allUsers', type: 'system' } }
const FORMER = { ...PUBLIC, roleId: 'serverless.functions.invoker' }
const SIGNED_IN = { ...PUBLIC, subject: { id: 'allAuthenticatedUsers', type: 'system' } }
const SKIP = { 'skip-unchanged': 'true' }

interface Step extends Outcome {
  readonly functionId: string
  /** The changes that it made, without the address of the function. */
  readonly sent: readonly string[]
}

/** Markdown without its character references. */
const plain = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

let functions = 0

/** Steps against a function of its own. */
function useFunction(
  given: Texts = {},
  retry: Partial<RetryPolicy> = {},
): (changes?: Texts) => Promise<Step> {
  const inputs = { ...helloInputs(emulator, `exposed-${++functions}`), ...given }
  return async (changes = {}) => {
    const before = mutations(emulator).length
    const outcome = await deploy({ ...inputs, ...changes }, { emulator, retry })
    const sent = mutations(emulator)
      .slice(before)
      .map((line) => line.replace(/^POST .*\/functions\/\w+:/, ''))
    // Without the time of each step.
    const log = outcome.log.map((line) => line.replace(/^ *[\d.]+ s {2}/, ''))
    return { ...outcome, log, sent, functionId: outcome.outputs['function-id'] ?? '' }
  }
}

const CREATED = ['POST /functions/v1/functions', 'POST /functions/v1/versions']
const VERSION = 'POST /functions/v1/versions'

describe('public: true', () => {
  test('opens a new function once it has its version', async () => {
    const { exitCode, outputs, functionId, sent, log, summary } = await useFunction({
      public: 'true',
    })()
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: [...CREATED, 'updateAccessBindings'] })
    expect(outputs.changes?.split(',')).toContain('access')
    expect(emulator.accessBindings(functionId)).toEqual([PUBLIC])
    expect(log).toContain('Public access: on, anyone may call the function')
    expect(summary).toContain('Public</th><td>yes<')
  })

  test('is not sent for a function that is public', async () => {
    const step = useFunction({ public: 'true' })
    const { functionId } = await step()
    const again = await step()
    const skipped = await step(SKIP)
    expect([again.sent, skipped.sent]).toEqual([[VERSION], []])
    expect(again.outputs.changes).toBe('')
    expect(again.log).toContain('Public access: on, anyone may call the function (unchanged)')
    emulator.setAccessBindings(functionId, [FORMER])
    expect((await step(SKIP)).sent).toEqual([])
  })

  test('opens a function whose version is unchanged', async () => {
    const step = useFunction()
    await step()
    const { sent, outputs } = await step({ ...SKIP, public: 'true' })
    expect(sent).toEqual(['updateAccessBindings'])
    expect(outputs).toMatchObject({ skipped: 'true', changed: 'true', changes: 'access' })
  })

  test('opens the function also when the build is not waited for', async () => {
    const { exitCode, functionId } = await useFunction({ public: 'true', wait: 'false' })()
    expect(exitCode).toBe(0)
    expect(emulator.accessBindings(functionId)).toEqual([PUBLIC])
  })

  test('opens nothing when the version is not to be had', async () => {
    const step = useFunction()
    const { functionId } = await step()
    emulator.failNextBuild({ code: 3, message: 'broken', details: [] })
    const failed = await step({ public: 'true' })
    expect([failed.exitCode, failed.sent]).toEqual([1, [VERSION]])
    expect(emulator.accessBindings(functionId)).toEqual([])
  })

  test('opens nothing when the check does not pass', async () => {
    const step = useFunction({ 'check-status': '418', 'check-attempts': '1' })
    const { functionId } = await step()
    const failed = await step({ public: 'true', check: 'true' })
    expect(failed.errors[0]?.title).toContain('CHECK_FAILED')
    expect(emulator.accessBindings(functionId)).toEqual([])
  })
})

test('a function that somebody opens during the build is closed all the same', async () => {
  const inputs = { ...helloInputs(emulator, 'opened-meanwhile'), public: 'false' }
  const { outputs } = await deploy(inputs, { emulator })
  const functionId = outputs['function-id'] ?? ''
  let isOpen = false
  const transport: Transport = async (request) => {
    const answer = await NETWORK(request)
    if (request.method === 'POST' && request.url.pathname.endsWith('/versions')) {
      isOpen = true
      emulator.setAccessBindings(functionId, [PUBLIC])
    }
    return answer
  }
  await deploy(inputs, { emulator, transport })
  expect([isOpen, emulator.accessBindings(functionId)]).toEqual([true, []])
})

describe('public: false', () => {
  test('takes the right of everybody away under both names, and nothing else', async () => {
    const step = useFunction()
    const { functionId } = await step()
    const { id } = emulator.addServiceAccount({ name: 'caller' })
    const own = { ...PUBLIC, subject: { id, type: 'serviceAccount' } }
    const others = [own, SIGNED_IN, { ...PUBLIC, roleId: 'functions.viewer' }]
    emulator.setAccessBindings(functionId, [PUBLIC, ...others, FORMER])
    const closed = await step({ public: 'false', ...SKIP })

    expect([closed.exitCode, closed.sent]).toEqual([0, ['updateAccessBindings']])
    expect(emulator.accessBindings(functionId)).toEqual(others)
    expect(closed.log).toContain('Public access: off')
    expect(closed.summary).toContain('Public</th><td>no<')
  })

  test('says which other rights everybody has', async () => {
    const step = useFunction()
    const { functionId } = await step()
    emulator.setAccessBindings(functionId, [SIGNED_IN])
    const { notices, sent } = await step({ public: 'false', ...SKIP })
    expect(sent).toEqual([])
    expect(notices.map(({ message }) => message)).toContain(
      '"public: false" left other rights as they are: functions.functionInvoker for allAuthenticatedUsers.',
    )
  })

  test('sends nothing for a new function, which is not public', async () => {
    const { sent, outputs } = await useFunction({ public: 'false' })()
    expect(sent).toEqual(CREATED)
    expect(outputs.changes?.split(',')).not.toContain('access')
  })
})

test('a step without these inputs neither reads nor changes access and scaling', async () => {
  const step = useFunction()
  const { functionId } = await step()
  emulator.setAccessBindings(functionId, [PUBLIC])
  const before = emulator.requests.length
  await step()
  const paths = emulator.requests.slice(before).map(({ path }) => path)
  expect(paths.filter((path) => /AccessBindings|calingPolic/.test(path))).toEqual([])
  expect(emulator.accessBindings(functionId)).toEqual([PUBLIC])
})

describe('scaling', () => {
  const numbersOf = (functionId: string): Texts =>
    Object.fromEntries(
      emulator
        .scalingPolicies(functionId)
        .map(({ tag, provisionedInstancesCount, zoneInstancesLimit, zoneRequestsLimit }) => [
          tag,
          [provisionedInstancesCount, zoneInstancesLimit, zoneRequestsLimit].join(' '),
        ]),
    )

  test('is set for $latest of a new function, once it has its version', async () => {
    const { exitCode, sent, functionId, log, summary, outputs } = await useFunction({
      'zone-instances-limit': '5',
    })()
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: [...CREATED, 'setScalingPolicy'] })
    expect(numbersOf(functionId)).toEqual({ $latest: '0 5 0' })
    expect(outputs.changes?.split(',')).toContain('scaling')
    const line = '$latest: zone-instances-limit 5'
    expect(log).toContain(`Scaling of ${line} (in effect within five minutes)`)
    expect(plain(summary)).toContain(`Scaling</th><td>${line}<`)
  })

  test('is set for each of the tags, and no other', async () => {
    const step = useFunction({ tags: 'stable\nnext' })
    const { functionId, sent } = await step({ 'zone-requests-limit': '7' })
    expect(sent).toEqual([...CREATED, 'setScalingPolicy', 'setScalingPolicy'])
    expect(numbersOf(functionId)).toEqual({ stable: '0 0 7', next: '0 0 7' })
  })

  test('keeps what was set elsewhere, and is not sent when it is right', async () => {
    const step = useFunction({ tags: 'stable' })
    const { functionId } = await step()
    const policy = { tag: 'stable', provisionedInstancesCount: '1', zoneInstancesLimit: '4' }
    const other = { tag: '$latest', zoneRequestsLimit: '9' }
    const client = new Client(emulator)
    for (const body of [policy, other]) {
      await client.post(`/functions/v1/functions/${functionId}:setScalingPolicy`, body)
    }
    const changed = await step({ ...SKIP, 'zone-instances-limit': '5' })
    expect(changed.sent).toEqual(['setScalingPolicy'])
    expect(numbersOf(functionId)).toEqual({ stable: '1 5 0', $latest: '0 0 9' })
    const again = await step({ ...SKIP, 'zone-instances-limit': '5', 'provisioned-instances': '1' })
    expect(again.sent).toEqual([])

    const rest = await step({ ...SKIP, 'provisioned-instances': '0' })
    expect(rest.sent).toEqual(['setScalingPolicy'])
    const none = await step({ ...SKIP, 'zone-instances-limit': '0' })
    expect(none.sent).toEqual(['removeScalingPolicy'])
    expect(numbersOf(functionId)).toEqual({ $latest: '0 0 9' })
    expect(none.log).toContain(
      'Scaling of stable: no limits, nothing provisioned (in effect within five minutes)',
    )
  })

  test('is read again before it is written, since a build takes a while', async () => {
    const step = useFunction({ tags: 'stable' })
    const { functionId } = await step()
    // The first answer is from before the policy that another job has set meanwhile.
    emulator.fault({
      path: /scalingPolicies$/,
      effect: { kind: 'raw', body: '{}', contentType: 'application/json' },
    })
    await new Client(emulator).post(`/functions/v1/functions/${functionId}:setScalingPolicy`, {
      tag: 'stable',
      zoneRequestsLimit: '9',
    })
    await step({ ...SKIP, 'zone-instances-limit': '5' })
    expect(numbersOf(functionId)).toEqual({ stable: '0 5 9' })
  })

  test('is not set under the tag of a check', async () => {
    const check = { check: 'true', 'check-raw': 'true' }
    const step = useFunction({ tags: 'stable', ...check, 'zone-instances-limit': '3' })
    const { outputs, functionId } = await step()
    expect(outputs.checked).toBe('true')
    expect(numbersOf(functionId)).toEqual({ stable: '0 3 0' })
  })
})

describe('a failure of the last steps', () => {
  const BOTH = { public: 'true', 'zone-instances-limit': '3' }

  /** The one error, after checking that the version is live and its outputs are set. */
  function failureOf({ exitCode, errors, outputs, functionId }: Step): string {
    expect([exitCode, errors.length]).toEqual([1, 1])
    const versionId = outputs['version-id'] ?? ''
    const version = emulator.versions(functionId).find(({ id }) => id === versionId)
    expect(version?.tags).toContain('$latest')
    expect(errors[0]?.message).toContain(`The version ${versionId} is live`)
    return `${errors[0]?.title ?? ''}\n${errors[0]?.message ?? ''}`
  }

  const asEditor = (): Texts => {
    const { id } = emulator.addServiceAccount({ name: 'editor', roles: ['functions.editor'] })
    return { 'yc-sa-json-credentials': emulator.keyJsonOf(id) }
  }

  test('names functions.admin when the deployer may not decide who calls', async () => {
    const failed = await useFunction({ ...BOTH, ...asEditor() })()
    expect(failed.sent).toEqual([...CREATED, 'updateAccessBindings'])
    const told = failureOf(failed)
    expect(told).toMatch(/^API_REJECTED: /)
    expect(told).toContain('not set: "public" (false -> true). Scaling was not tried.')
    expect(told).toMatch(
      /the role functions\.admin: "yc serverless function add-access-binding --name \S+ --folder-id \S+ --role functions\.admin --subject serviceAccount:\w+"/,
    )
    expect(told).toContain('#not-exposed')
    expect(plain(failed.summary)).toContain('is live; not set')
  })

  test('lets the same step go on where it ended, once the role is there', async () => {
    const step = useFunction(BOTH)
    const editor = asEditor()
    await step(editor)
    const { exitCode, sent } = await step(SKIP)
    expect({ exitCode, sent }).toEqual({
      exitCode: 0,
      sent: ['updateAccessBindings', 'setScalingPolicy'],
    })
  })

  test.each([
    [7, 403, 'Organization policy forbids access for allUsers'],
    [9, 400, 'Политика доступа запрещает публичный вызов'],
  ])('names the policy that forbids public functions: code %d', async (code, status, message) => {
    emulator.fault({
      path: /:updateAccessBindings$/,
      effect: { kind: 'status', status, body: { code, message } },
    })
    const told = failureOf(await useFunction({ public: 'true' })())
    expect(told).toContain(message)
    expect(told).toContain('An access policy of the organization forbids')
  })

  test('names the quota of provisioned instances, and what is done before it', async () => {
    const failed = await useFunction({ tags: 'a\nb', 'provisioned-instances': '2' })()
    const told = failureOf(failed)
    expect(told).toContain('not set: provisioned-instances.b (0 -> 2). Done before it: a.')
    expect(told).toContain('as many provisioned instances as its quota allows')
    expect(failed.log).toContain(
      'Scaling of a: provisioned-instances 2 (in effect within five minutes)',
    )
    expect(failed.sent.filter((line) => line === 'setScalingPolicy')).toHaveLength(2)
  })

  test('that cannot be told from a success says so', async () => {
    emulator.fault({ path: /:setScalingPolicy$/, times: Infinity, effect: { kind: 'drop' } })
    const failed = await useFunction({ 'zone-instances-limit': '3' }, { totalMs: 100 })()
    emulator.clearFaults()
    expect(failureOf(failed)).toContain('may not be set: zone-instances-limit.$latest (0 -> 3).')
  })

  test('comes before anything is changed when access cannot be read', async () => {
    const step = useFunction()
    await step()
    emulator.fault({
      path: /:listAccessBindings$/,
      effect: { kind: 'status', status: 403, body: { code: 7, message: 'Permission denied' } },
    })
    const { exitCode, sent, errors } = await step({ public: 'true' })
    expect([exitCode, sent]).toEqual([1, []])
    expect(errors[0]?.message).toContain('Could not list the access bindings')
  })

  test('of a function id that is wrong is told by the id, not by its bindings', async () => {
    const { errors } = await useFunction({
      'function-id': 'd4e00000000000000000',
      'function-name': '',
      ...BOTH,
    })()
    expect(errors[0]?.message).toContain('function-id: ')
  })
})
