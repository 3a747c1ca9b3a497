/** Releases against the emulator: tags move only after a passed check, and a failure leaves things as it says. */

import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { DeployError } from '../../src/errors.ts'
import type { HttpRequest, HttpResponse, Transport } from '../../src/ports.ts'
import {
  deploy,
  helloInputs,
  helloWorkspace,
  NETWORK,
  type DeployOptions,
  type Outcome,
  type Texts,
} from '../support/faults.ts'
import { PastFunction } from '../support/history.ts'
import { startNamedCloud, type NamedCloud } from '../support/rich-cloud.ts'

const GOOD = "exports.handler = async () => ({ statusCode: 200, body: 'all is fine' })\n"
const BAD = "exports.handler = async () => { throw new TypeError('no database') }\n"
const CHECK = { check: 'true' }
const INVOCATION = 'invocation'

let cloud: NamedCloud
beforeAll(async () => {
  cloud = await startNamedCloud()
})
afterEach(() => {
  cloud.emulator.clearFaults()
})
afterAll(async () => {
  await cloud.emulator.close()
  for (const workspace of workspaces.values()) rmSync(workspace, { recursive: true })
})

const workspaces = new Map<string, string>()
let functions = 0

function workspaceWith(code: string): string {
  const known = workspaces.get(code) ?? helloWorkspace({ 'index.js': code })
  workspaces.set(code, known)
  return known
}

/** A function, and steps that deploy to it. */
interface Subject {
  readonly past: PastFunction
  /** Deploys code with the inputs. */
  readonly step: (
    code: string,
    inputs?: Texts,
    options?: Partial<DeployOptions>,
  ) => Promise<Outcome>
  /** Requests of the last step, `service: METHOD path?tag`. */
  readonly sent: () => readonly string[]
}

async function aFunction(given: Texts = CHECK): Promise<Subject> {
  const { emulator } = cloud
  const name = `release-${++functions}`
  const past = await PastFunction.create(emulator, name)
  let earlier = 0
  const step: Subject['step'] = (code, inputs = {}, options = {}) => {
    earlier = emulator.requests.length
    const all = { ...helloInputs(emulator, name), ...given, ...inputs }
    return deploy(all, { emulator, workspace: workspaceWith(code), ...options })
  }
  const sent: Subject['sent'] = () => emulator.requests.slice(earlier).map(lineOf)
  return { past, step, sent }
}

/** A call of a function that is refused, since it has no token, is a `try`. */
function lineOf(request: Emulator['requests'][number]): string {
  const { service, method, path, query, headers, body } = request
  const { tag } = (typeof body === 'object' ? body : {}) as { tag?: string | readonly string[] }
  const tags = [query.get('tag') ?? tag ?? []].flat().join(' ')
  const last = path.replace(/^.*[/:]/, '')
  const call = headers.authorization === undefined ? 'try' : 'call'
  return `${service}: ${method} ${service === INVOCATION ? call : last} ${tags}`.trim()
}

const isCall: Matches = ({ url }) => url.searchParams.has('tag') && !url.pathname.includes(':')

/** The function is private: it answers a call with a token. */
const isAnswered: Matches = (request) => isCall(request) && 'authorization' in request.headers

/** Who holds which tag. */
function pointers({ past }: Subject): Record<string, string> {
  return Object.fromEntries(
    cloud.emulator.versions(past.id).flatMap(({ id, tags }) => tags.map((tag) => [tag, id])),
  )
}

const versionsOf = ({ past }: Subject) => cloud.emulator.versions(past.id)

function onlyError({ exitCode, errors }: Outcome, code: string): string {
  expect(exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  expect(errors[0]?.title).toMatch(new RegExp(`^${code}: `))
  return errors[0]?.message ?? ''
}

/** Lines of the table at the end of a message, with one space between the cells. */
function tableIn(message: string): readonly string[] {
  const [, table = ''] = message.split('What points where now:\n')
  const [rows = ''] = table.split('\n\n')
  return rows.split('\n').map((row) => row.replace(/ +/g, ' '))
}

describe('a release with a check', () => {
  test('creates the version under the tag of the check, calls it, then moves the tags', async () => {
    const subject = await aFunction()
    const former = await subject.past.version({ tag: ['stable', 'next'] })
    const outcome = await subject.step(GOOD, { tags: 'stable\nnext\nfresh' })
    expect(outcome.errors).toEqual([])
    const id = outcome.outputs['version-id'] ?? ''
    expect(outcome.outputs).toMatchObject({ checked: 'true', 'previous-version-id': former })
    expect(pointers(subject)).toEqual({
      $latest: id,
      candidate: id,
      stable: id,
      next: id,
      fresh: id,
    })
    const effects = subject.sent().filter((line) => /POST|call/.test(line))
    expect(effects.filter((line) => !line.includes('iam'))).toEqual([
      'serverless-functions: POST versions candidate',
      'invocation: GET call candidate',
      'serverless-functions: POST setTag stable',
      'serverless-functions: POST setTag next',
      'serverless-functions: POST setTag fresh',
    ])
    expect(outcome.log.join('\n')).toContain(
      'Check: passed after 1 call, HTTP 200 under the tag candidate',
    )
  })

  test('puts the previous tag on the version that loses the first tag, before it does', async () => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
    const [first, second] = [
      await subject.past.version({ tag: ['previous', 'next'] }),
      await subject.past.version({ tag: ['stable'] }),
    ]
    const { outputs } = await subject.step(GOOD, { tags: 'stable\nnext' })
    expect(pointers(subject)).toMatchObject({
      previous: second,
      stable: outputs['version-id'],
      next: outputs['version-id'],
    })
    expect(first).not.toBe(second)
    expect(subject.sent().filter((line) => line.includes('setTag'))).toEqual([
      'serverless-functions: POST setTag previous',
      'serverless-functions: POST setTag stable',
      'serverless-functions: POST setTag next',
    ])
  })

  test('of a new function has no previous version to tag', async () => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
    const { exitCode } = await subject.step(GOOD, { tags: 'stable' })
    expect(exitCode).toBe(0)
    expect(pointers(subject)).not.toHaveProperty('previous')
  })

  test('without tags only checks', async () => {
    const subject = await aFunction()
    const { outputs, exitCode } = await subject.step(GOOD)
    expect(exitCode).toBe(0)
    expect(outputs.checked).toBe('true')
    expect(subject.sent().filter((line) => line.includes('setTag'))).toEqual([])
  })

  test.each<[string, Texts, string]>([
    ['a body', { 'check-body': '{"a":1}' }, 'POST'],
    ['a raw call', { 'check-raw': 'true', 'check-body': '{"a":1}' }, 'POST'],
    ['a query', { 'check-query': 'a=1' }, 'GET'],
  ])('calls with %s', async (_, inputs, method) => {
    const echo =
      'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })\n'
    const subject = await aFunction()
    const { errors } = await subject.step(echo, { ...inputs, 'check-contains': 'a' })
    expect(errors).toEqual([])
    expect(subject.sent().filter((line) => line.includes('call'))).toEqual([
      `invocation: ${method} call candidate`,
    ])
  })
})

describe('a release without a check', () => {
  test('and with a previous tag moves the tags when the version is built', async () => {
    const subject = await aFunction({ 'previous-tag': 'previous' })
    const former = await subject.past.version({ tag: ['stable'] })
    const { outputs, exitCode } = await subject.step(GOOD, { tags: 'stable\nnext' })
    expect(exitCode).toBe(0)
    expect(outputs).not.toHaveProperty('checked')
    expect(pointers(subject)).toEqual({
      $latest: outputs['version-id'],
      previous: former,
      stable: outputs['version-id'],
      next: outputs['version-id'],
    })
    expect(subject.sent().filter((line) => line.includes('call'))).toEqual([])
  })

  test('whose build fails keeps the previous tag where it was', async () => {
    const subject = await aFunction({ 'previous-tag': 'previous' })
    const first = await subject.past.version({ tag: ['previous'] })
    const second = await subject.past.version({ tag: ['stable'] })
    cloud.emulator.failNextBuild({ code: 3, message: 'no', details: [] })
    onlyError(await subject.step(GOOD, { tags: 'stable' }), 'OPERATION_FAILED')
    expect(pointers(subject)).toEqual({ $latest: second, previous: first, stable: second })
  })

  test('creates the version with its tags, as ever', async () => {
    const subject = await aFunction({})
    await subject.step(GOOD, { tags: 'stable' })
    expect(subject.sent().filter((line) => line.includes('POST') && !line.includes('iam'))).toEqual(
      ['serverless-functions: POST versions stable'],
    )
  })
})

describe('a failed check', () => {
  test('leaves the tags, restores `$latest`, and tells who gets what, and why', async () => {
    const subject = await aFunction()
    const former = await subject.past.version({ tag: ['stable'] })
    const outcome = await subject.step(BAD, { tags: 'stable' })
    const message = onlyError(outcome, 'CHECK_FAILED')
    const [, failed, restored] = versionsOf(subject)
    expect(versionsOf(subject)).toHaveLength(3)
    expect(outcome.outputs).toMatchObject({ 'version-id': failed?.id, checked: 'false' })
    expect(pointers(subject)).toEqual({
      $latest: restored?.id,
      candidate: failed?.id,
      stable: former,
    })
    expect(tableIn(message)).toEqual([
      `stable ${former} live before`,
      `candidate ${failed?.id ?? ''} the new version`,
      `$latest ${restored?.id ?? ''} copy of ${former}`,
    ])
    expect(message).toContain('TypeError: no database\n')
    expect(message).toMatch(/^ {4}at exports\.handler/m)
    expect(message).toContain('Callers of "stable" are not affected')
    expect(message).toContain('Callers without a tag get what they had before')
    expect(message).toContain(
      `yc serverless function logs ${subject.past.id} --tag candidate --since 15m`,
    )
    expect(message).toContain(
      `https://console.yandex.cloud/folders/${cloud.emulator.folderId}/functions/functions/${subject.past.id}`,
    )
    expect(outcome.summary).toContain('CHECK_FAILED')
    expect(outcome.summary).toContain(restored?.id ?? '-')
  })

  test('restores the code and every setting of the version before', async () => {
    const subject = await aFunction({ ...cloud.everyInput, tags: '' })
    const good = await subject.step("exports.handler = async () => 'former'\n")
    expect(good.errors).toEqual([])
    const [former] = versionsOf(subject)
    const other = {
      ...Object.fromEntries(Object.keys(cloud.everyInput).map((name) => [name, ''])),
      'service-account': 'aje8',
      environment: 'OTHER=1',
    }
    onlyError(await subject.step(BAD, { ...other, ...CHECK }), 'CHECK_FAILED')
    const restored = versionsOf(subject)[2]
    const own = { id: '', createdAt: '', description: '', tags: [], zip: Buffer.alloc(0) }
    expect({ ...restored, ...own }).toEqual({ ...former, ...own })
    expect(Object.keys(former ?? {}).length).toBeGreaterThan(20)
    expect(restored?.zip.equals(former?.zip ?? Buffer.alloc(0))).toBe(true)
    expect(restored?.description).toMatch(
      new RegExp(`^mine \\[sha256:[0-9a-f]{64} run:42 from:${former?.id ?? ''}\\]$`),
    )
  })

  test('with `restore-latest: false` leaves `$latest`, and says so', async () => {
    const subject = await aFunction()
    await subject.past.version({ tag: ['stable'] })
    const outcome = await subject.step(BAD, { tags: 'stable', 'restore-latest': 'false' })
    const message = onlyError(outcome, 'CHECK_FAILED')
    const [, failed] = versionsOf(subject)
    expect(versionsOf(subject)).toHaveLength(2)
    expect(message).toContain(
      `Callers without a tag get the version ${failed?.id ?? ''}: restore-latest is false.`,
    )
    expect(pointers(subject).$latest).toBe(failed?.id)
  })

  test('of the first version has nothing to restore, and says so', async () => {
    const subject = await aFunction()
    const message = onlyError(await subject.step(BAD, { tags: 'stable' }), 'CHECK_FAILED')
    expect(message).toContain('it is the first one, so there is none to restore')
    expect(tableIn(message)[0]).toBe('stable no version')
  })

  test('leaves `$latest` to another run that has created a version since', async () => {
    const subject = await aFunction()
    await subject.past.version({ tag: ['stable'] })
    let other = ''
    const outcome = await subject.step(
      BAD,
      { tags: 'stable' },
      {
        transport: after(
          isCall,
          once(async () => {
            other = await subject.past.version()
          }),
        ),
      },
    )
    const message = onlyError(outcome, 'CHECK_FAILED')
    expect(message).toContain(`get the version ${other}, which another run has created since`)
    expect(pointers(subject).$latest).toBe(other)
    expect(versionsOf(subject)).toHaveLength(3)
  })

  test('restores what another run has made before this one, and after it began to read', async () => {
    const subject = await aFunction()
    await subject.past.version()
    let other = ''
    const isCreation = ({ method, url }: HttpRequest) =>
      method === 'POST' && url.pathname.endsWith('/versions')
    await subject.step(
      BAD,
      {},
      {
        transport: before(
          isCreation,
          once(async () => {
            other = await subject.past.version({ description: 'of another run' })
          }),
        ),
      },
    )
    const restored = versionsOf(subject).at(-1)
    expect(restored?.description).toBe(`of another run [run:42 from:${other}]`)
    expect(pointers(subject).$latest).toBe(restored?.id)
  })

  test('says that `$latest` could not be restored, and how to do it', async () => {
    const subject = await aFunction()
    const former = await subject.past.version({ tag: ['stable'] })
    const outcome = await subject.step(
      BAD,
      { tags: 'stable' },
      {
        transport: after(
          isCall,
          once(() => {
            cloud.emulator.failNextBuild({ code: 13, message: 'out of order', details: [] })
            return Promise.resolve()
          }),
        ),
      },
    )
    const message = onlyError(outcome, 'CHECK_FAILED')
    const [, failed] = versionsOf(subject)
    expect(pointers(subject).$latest).toBe(failed?.id)
    expect(message).toContain(`since ${former} could not be restored: `)
    expect(message).toContain('out of order')
    expect(message).toContain(`"version-id: ${former}"`)
    expect(outcome.outputs['version-id']).toBe(failed?.id)
  })

  test.each([
    ['another status', { 'check-status': '204' }, 'it answered HTTP 200; check-status is 204'],
    ['another text', { 'check-contains': 'FINE' }, 'without the text of check-contains'],
  ])('by %s quotes nothing of the answer', async (_, inputs, reason) => {
    const subject = await aFunction()
    const outcome = await subject.step(GOOD, inputs)
    expect(onlyError(outcome, 'CHECK_FAILED')).toContain(reason)
    expect(JSON.stringify(outcome)).not.toContain('all is fine')
    expect(subject.sent().filter((line) => line.includes('call'))).toHaveLength(3)
  })

  test('by an answer in a wrong form shows no payload', async () => {
    const subject = await aFunction()
    const outcome = await subject.step("exports.handler = async () => ({ password: 'hunter2' })\n")
    expect(onlyError(outcome, 'CHECK_FAILED')).toContain('ProxyIntegrationError: ')
    expect(JSON.stringify(outcome)).not.toContain('hunter2')
  })

  test('by a redirect does not follow it', async () => {
    const subject = await aFunction()
    const elsewhere = `${cloud.emulator.endpoint}/elsewhere`
    const outcome = await subject.step(
      `exports.handler = async () => ({ statusCode: 302, headers: { Location: '${elsewhere}' } })\n`,
      { 'check-attempts': '1' },
    )
    expect(onlyError(outcome, 'CHECK_FAILED')).toContain('it answered HTTP 302')
    expect(subject.sent().filter((line) => line.includes('elsewhere'))).toEqual([])
    const wanted = await subject.step(
      `exports.handler = async () => ({ statusCode: 302, headers: { Location: '${elsewhere}' } })\n`,
      { 'check-status': '302' },
    )
    expect(wanted.exitCode).toBe(0)
  })
})

describe('trouble that passes', () => {
  const FAULTS = [
    ['no connection', { kind: 'drop' }],
    ['404 for the tag', { kind: 'status', status: 404 }],
    ['403 right after the creation', { kind: 'status', status: 403 }],
    ['429', { kind: 'status', status: 429 }],
    ['503', { kind: 'status', status: 503 }],
    ['a damaged answer', { kind: 'truncate' }],
    ['the version before', { kind: 'stale' }],
  ] as const

  test.each(FAULTS)('does not fail a check: %s', async (_, effect) => {
    const subject = await aFunction({ ...CHECK, 'check-attempts': '1' })
    await subject.past.version({ tag: ['stable', 'candidate'] })
    cloud.emulator.fault({ service: INVOCATION, times: 4, effect })
    const outcome = await subject.step(GOOD, { tags: 'stable' })
    expect(outcome.errors).toEqual([])
    expect(pointers(subject).stable).toBe(outcome.outputs['version-id'])
    const calls = subject.sent().filter((line) => line.startsWith(INVOCATION))
    expect(calls.length).toBeGreaterThan(4)
  })

  test.each(FAULTS)('fails a check when it does not pass: %s', async (_, effect) => {
    const subject = await aFunction({ ...CHECK, 'check-timeout': '5s' })
    const former = await subject.past.version({ tag: ['stable', 'candidate'] })
    cloud.emulator.fault({ service: INVOCATION, times: Infinity, effect })
    const outcome = await subject.step(GOOD, { tags: 'stable' })
    expect(onlyError(outcome, 'CHECK_FAILED')).toContain(', for 5 s')
    expect(pointers(subject).stable).toBe(former)
    expect(outcome.outputs).toHaveProperty('version-id')
  })

  test.each([
    ['crashes', { kind: 'status', status: 502 }],
    ['takes a while', { kind: 'delay', ms: 1500 }],
  ] as const)('is a first call that %s, as of a cold start', async (_, effect) => {
    const subject = await aFunction()
    cloud.emulator.fault({ service: INVOCATION, effect })
    expect((await subject.step(GOOD, { tags: 'stable' })).errors).toEqual([])
  })

  test('is a cloud that is slow to know a new tag and a new function', async () => {
    const subject = await aFunction()
    cloud.emulator.delayPropagation(700)
    const outcome = await subject.step(GOOD, { tags: 'stable', 'check-timeout': '5m' })
    cloud.emulator.delayPropagation(0)
    expect(outcome.errors).toEqual([])
    expect(outcome.log.join('\n')).toMatch(/Check: the service answered HTTP 40[34]; calling again/)
  })

  test('is not the error of the function beyond `check-attempts`', async () => {
    const subject = await aFunction({ ...CHECK, 'check-attempts': '2' })
    cloud.emulator.fault({ service: INVOCATION, times: 2, effect: { kind: 'status', status: 502 } })
    onlyError(await subject.step(GOOD), 'CHECK_FAILED')
    expect(subject.sent().filter((line) => line.startsWith(INVOCATION))).toHaveLength(2)
  })

  test('is no answer that does not say which version it is from', async () => {
    const subject = await aFunction()
    cloud.emulator.fault({
      service: INVOCATION,
      times: 2,
      effect: { kind: 'without-headers', names: ['x-function-version-id'] },
    })
    const { errors, log } = await subject.step(GOOD)
    expect(errors).toEqual([])
    expect(log.join('\n')).toContain('The answer did not say which version it is from')
  })

  test('of a 403 names the role that may be missing', async () => {
    const subject = await aFunction({ ...CHECK, 'check-timeout': '1s' })
    cloud.emulator.fault({ service: INVOCATION, times: Infinity, effect: FAULTS[2][1] })
    expect(onlyError(await subject.step(GOOD), 'CHECK_FAILED')).toContain(
      `--role functions.functionInvoker --subject serviceAccount:${cloud.emulator.serviceAccountId}`,
    )
  })
})

describe('the token of the account that deploys', () => {
  const tokensIn = (emulator: Emulator, from: number) =>
    emulator.requests
      .slice(from)
      .filter(({ service }) => service === INVOCATION)
      .map(({ headers }) => headers.authorization)

  test('goes to a private function, once it has refused a call without one', async () => {
    const { emulator } = cloud
    const subject = await aFunction()
    const from = emulator.requests.length
    await subject.step(GOOD)
    const [first, sent, ...more] = tokensIn(emulator, from)
    expect(first).toBeUndefined()
    expect(emulator.issuedTokens.map((token) => `Bearer ${token}`)).toContain(sent)
    expect(more).toEqual([])
  })

  test('does not go to one that is public by a right on its folder', async () => {
    const { emulator } = cloud
    const subject = await aFunction()
    const rights = emulator.accessBindings(emulator.folderId)
    const everybody = { id: 'allUsers', type: 'system' }
    const open = { roleId: 'functions.functionInvoker', subject: everybody }
    emulator.setAccessBindings(emulator.folderId, [...rights, open])
    try {
      const from = emulator.requests.length
      expect((await subject.step(GOOD)).errors).toEqual([])
      expect(tokensIn(emulator, from)).toEqual([undefined])
    } finally {
      emulator.setAccessBindings(emulator.folderId, rights)
    }
  })

  test('does not go to a public one', async () => {
    const { emulator } = cloud
    const subject = await aFunction()
    const subjectOf = { id: 'allUsers', type: 'system' }
    for (const roleId of ['functions.functionInvoker', 'serverless.functions.invoker']) {
      emulator.setAccessBindings(subject.past.id, [{ roleId, subject: subjectOf }])
      const from = emulator.requests.length
      expect((await subject.step(GOOD)).errors).toEqual([])
      expect(tokensIn(emulator, from)).toEqual([undefined])
    }
  })
})

describe('a tag of the check that another run takes', () => {
  const takenBy = (subject: Subject) => async () => {
    await subject.past.version({ tag: ['candidate'] })
  }

  test.each<[string, Matches, string, string]>([
    ['during the call', isCall, 'CHECK_FAILED', 'its tag candidate is on the version'],
    ['after the call', isAnswered, 'PROMOTION_FAILED', 'The tag candidate is on the version'],
  ])('%s stops the release before any tag moves', async (_, when, code, said) => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
    const former = await subject.past.version({ tag: ['stable'] })
    const outcome = await subject.step(
      GOOD,
      { tags: 'stable' },
      {
        transport: after(when, once(takenBy(subject))),
      },
    )
    const message = onlyError(outcome, code)
    const other = versionsOf(subject)[2]?.id ?? ''
    expect(message).toContain(said)
    expect(message).toContain(`on the version ${other}`)
    expect(pointers(subject)).toEqual({ $latest: other, candidate: other, stable: former })
  })

  test('is not asked of the first tag, whose holder of then is the version before', async () => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
    await subject.past.version({ tag: ['stable'] })
    let since = ''
    const moveStable = once(async () => {
      since = await subject.past.version({ tag: ['stable'] })
    })
    const transport = after(isAnswered, moveStable)
    const { errors, outputs } = await subject.step(GOOD, { tags: 'stable' }, { transport })
    expect(errors).toEqual([])
    expect(outputs['previous-version-id']).toBe(since)
    expect(pointers(subject)).toMatchObject({ previous: since, stable: outputs['version-id'] })
  })

  test('between two tags stops the release, and puts back what has moved', async () => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
    const former = await subject.past.version({ tag: ['stable', 'next'] })
    const outcome = await subject.step(
      GOOD,
      { tags: 'stable\nnext' },
      {
        transport: after(isMoveOf('stable'), once(takenBy(subject))),
      },
    )
    const message = onlyError(outcome, 'PROMOTION_FAILED')
    const other = versionsOf(subject)[2]?.id ?? ''
    expect(message).toContain(`The tag candidate is on the version ${other} now`)
    expect(message).toContain('Put back: "previous"; "stable".')
    expect(pointers(subject)).toEqual({
      $latest: other,
      candidate: other,
      stable: former,
      next: former,
    })
  })
})

describe('a promotion that fails', () => {
  const TAGS = ['a', 'b', 'c']

  test.each([1, 2, 3, 4])('at its %ith change puts all others back', async (k) => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
    const former = await subject.past.version({ tag: ['previous'] })
    const live = await subject.past.version({ tag: ['a', 'b'] })
    cloud.emulator.fault({
      path: /:setTag$/,
      skip: k - 1,
      effect: { kind: 'status', status: 400, body: { code: 9, message: 'not now' } },
    })
    const outcome = await subject.step(GOOD, { tags: TAGS.join('\n') })
    const message = onlyError(outcome, 'PROMOTION_FAILED')
    const id = outcome.outputs['version-id'] ?? ''
    expect(pointers(subject)).toEqual({
      $latest: id,
      candidate: id,
      previous: former,
      a: live,
      b: live,
    })
    expect(outcome.outputs.checked).toBe('true')
    expect(message).toContain('not now')
    expect(message).toContain(`Not moved: "${['previous', ...TAGS][k - 1] ?? ''}".`)
    expect(tableIn(message)).toEqual([
      `a ${live} live before`,
      `b ${live} live before`,
      'c no version',
      `candidate ${id} the new version`,
      `previous ${former}`,
      `$latest ${id} the new version`,
    ])
  })

  test('leaves a tag where somebody else has moved it meanwhile, and names it', async () => {
    const subject = await aFunction()
    const live = await subject.past.version({ tag: ['a', 'b'] })
    const other = await subject.past.version()
    cloud.emulator.fault({
      path: /:setTag$/,
      skip: 2,
      effect: { kind: 'status', status: 403 },
    })
    const outcome = await subject.step(
      GOOD,
      { tags: 'a\nb' },
      {
        transport: after(
          isMoveOf('a'),
          once(() => subject.past.setTag(other, 'a')),
        ),
      },
    )
    const message = onlyError(outcome, 'PROMOTION_FAILED')
    expect(message).toContain('Moved by somebody else meanwhile, and left there: "a".')
    expect(pointers(subject)).toMatchObject({ a: other, b: live })
  })

  test('names what cannot be put back, with the commands that do it', async () => {
    const subject = await aFunction()
    const live = await subject.past.version({ tag: ['a'] })
    cloud.emulator.fault({
      path: /:setTag$/,
      skip: 2,
      times: Infinity,
      effect: { kind: 'status', status: 403 },
    })
    cloud.emulator.fault({
      path: /:removeTag$/,
      times: Infinity,
      effect: { kind: 'status', status: 403 },
    })
    const outcome = await subject.step(GOOD, { tags: 'a\nb\nc' })
    const message = onlyError(outcome, 'PROMOTION_FAILED')
    const id = outcome.outputs['version-id'] ?? ''
    expect(pointers(subject)).toEqual({ $latest: id, candidate: id, a: id, b: id })
    expect(message).toMatch(/Not put back: "a" \(.*\); "b" \(.*\)\./)
    expect(message).toContain(`"yc serverless function version set-tag --id ${live} --tag a"`)
    expect(message).toContain(`"yc serverless function version remove-tag --id ${id} --tag b"`)
    expect(tableIn(message)).toContain(`b ${id} the new version`)
  })
})

describe('a live version that is what the step asks for', () => {
  const SKIP = { ...CHECK, 'skip-unchanged': 'true' }

  test('is checked before its missing tags move', async () => {
    const subject = await aFunction(SKIP)
    const { outputs } = await subject.step(GOOD, { tags: 'stable' })
    const id = outputs['version-id']
    const again = await subject.step(GOOD, { tags: 'stable\nnext' })
    expect(again.outputs).toMatchObject({ 'version-id': id, skipped: 'true', checked: 'true' })
    expect(pointers(subject)).toEqual({ $latest: id, candidate: id, stable: id, next: id })
    expect(versionsOf(subject)).toHaveLength(1)
  })

  test('gets the tag of the check when an other version has it', async () => {
    const subject = await aFunction({ 'skip-unchanged': 'true' })
    const { outputs } = await subject.step(GOOD, { tags: 'stable' })
    const other = await subject.past.version({ tag: ['candidate'] })
    const { errors } = await subject.step(GOOD, { ...CHECK, tags: 'stable\nnext' })
    expect(errors).toEqual([])
    const id = outputs['version-id']
    expect(pointers(subject)).toEqual({ $latest: other, candidate: id, stable: id, next: id })
  })

  test('is neither called nor changed when its tags are right', async () => {
    const subject = await aFunction(SKIP)
    await subject.step(GOOD, { tags: 'stable' })
    const again = await subject.step(GOOD, { tags: 'stable' })
    expect(again.outputs).toMatchObject({ skipped: 'true', changed: 'false' })
    expect(again.outputs).not.toHaveProperty('checked')
    expect(
      subject.sent().filter((line) => /call|POST/.test(line) && !line.includes('iam')),
    ).toEqual([])
  })

  test('that does not pass stays, and nothing is restored', async () => {
    const subject = await aFunction({ 'skip-unchanged': 'true' })
    await subject.step(BAD, { tags: 'stable' })
    const outcome = await subject.step(BAD, { ...CHECK, tags: 'stable\nnext' })
    const message = onlyError(outcome, 'CHECK_FAILED')
    expect(message).toContain('Callers without a tag are not affected: no version was created.')
    expect(versionsOf(subject)).toHaveLength(1)
    expect(pointers(subject)).not.toHaveProperty('next')
  })
})

describe('a plan', () => {
  test.each<[string, Texts, readonly string[]]>([
    ['a check', CHECK, ['check-tag.candidate added', 'tags.stable unchanged']],
    [
      'a previous tag',
      { 'previous-tag': 'previous' },
      ['previous-tag.previous added', 'tags.stable unchanged'],
    ],
  ])('shows the tags of %s, and calls nothing', async (_, inputs, rows) => {
    const subject = await aFunction({})
    await subject.step(GOOD, { tags: 'stable' })
    const { outputs, exitCode } = await subject.step(BAD, {
      ...inputs,
      tags: 'stable',
      'dry-run': 'true',
    })
    expect(exitCode).toBe(0)
    const plan = JSON.parse(outputs.plan ?? '') as {
      rows: { items: { area: string; name: string; verdict: string }[] }
    }
    const shown = plan.rows.items
      .filter(({ area }) => area === 'tags')
      .map(({ name, verdict }) => `${name} ${verdict}`)
    expect(shown.sort()).toEqual(rows)
    expect(subject.sent().filter((line) => /call|setTag|POST versions/.test(line))).toEqual([])
  })

  test('of what is deployed already has no changes', async () => {
    const given = { ...CHECK, 'previous-tag': 'previous', tags: 'stable' }
    const subject = await aFunction(given)
    await subject.step(GOOD)
    const { outputs } = await subject.step(GOOD, { 'dry-run': 'true' })
    expect(outputs).toMatchObject({ changed: 'false', changes: '' })
  })
})

describe('a version that has not passed a check', () => {
  const SKIP = { ...CHECK, 'skip-unchanged': 'true' }

  test('is called again by the same step, which stays red, though nothing has changed', async () => {
    const subject = await aFunction({ ...SKIP, 'restore-latest': 'false' })
    onlyError(await subject.step(BAD), 'CHECK_FAILED')
    const again = await subject.step(BAD)
    onlyError(again, 'CHECK_FAILED')
    expect(again.outputs).toMatchObject({ skipped: 'true', checked: 'false' })
    expect(versionsOf(subject)).toHaveLength(1)
  })

  test('is named when a later step finds the tagged version unchanged', async () => {
    const subject = await aFunction({ ...SKIP, 'restore-latest': 'false', tags: 'stable' })
    await subject.step(GOOD)
    const failed = await subject.step(BAD)
    const { exitCode, notices } = await subject.step(GOOD)
    expect(exitCode).toBe(0)
    expect(notices.map(({ message }) => message).join()).toContain(
      `callers without a tag get the version ${failed.outputs['version-id'] ?? ''}`,
    )
  })

  test('is not what callers had before, for another check that fails', async () => {
    const subject = await aFunction()
    const live = await subject.past.version()
    const isCreation = ({ method, url }: HttpRequest) =>
      method === 'POST' && url.pathname.endsWith('/versions')
    const outcome = await subject.step(
      BAD,
      {},
      {
        transport: before(
          isCreation,
          // Another run, whose version is under a check.
          once(async () => {
            await subject.past.version({ tag: ['candidate'] })
          }),
        ),
      },
    )
    const message = onlyError(outcome, 'CHECK_FAILED')
    expect(message).toContain(`is a copy of ${live}`)
  })
})

describe('an answer about tags that is out of date', () => {
  const isLook = ({ url }: HttpRequest, tag: string): boolean =>
    url.pathname.endsWith('versions:byTag') && url.searchParams.get('tag') === tag

  test('does not leave a tag moved that has to go back', async () => {
    const subject = await aFunction()
    const live = await subject.past.version({ tag: ['a', 'b'] })
    cloud.emulator.fault({ path: /:setTag$/, skip: 1, effect: { kind: 'status', status: 403 } })
    const outcome = await subject.step(
      GOOD,
      { tags: 'a\nb' },
      { transport: outdated((request) => isLook(request, 'a'), { skip: 2 }) },
    )
    const message = onlyError(outcome, 'PROMOTION_FAILED')
    expect(message).toContain('Put back: "a".')
    expect(pointers(subject)).toMatchObject({ a: live, b: live })
  })

  test('does not keep `$latest` from being restored', async () => {
    const subject = await aFunction()
    const live = await subject.past.version()
    const outcome = await subject.step(
      BAD,
      {},
      { transport: outdated((request) => isLook(request, '$latest'), { skip: 1 }) },
    )
    expect(onlyError(outcome, 'CHECK_FAILED')).toContain(`is a copy of ${live}`)
  })

  test('is no reason to stop a promotion', async () => {
    const subject = await aFunction()
    await subject.past.version({ tag: ['candidate', 'a'] })
    const { exitCode } = await subject.step(
      GOOD,
      { tags: 'a' },
      { transport: outdated((request) => isLook(request, 'candidate'), { skip: 3 }) },
    )
    expect(exitCode).toBe(0)
  })
})

test('a tag that somebody moves during the change of the previous tag stops the promotion', async () => {
  const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous' })
  await subject.past.version({ tag: ['stable'] })
  const other = await subject.past.version()
  const outcome = await subject.step(
    GOOD,
    { tags: 'stable' },
    {
      transport: after(
        isMoveOf('previous'),
        once(() => subject.past.setTag(other, 'stable')),
      ),
    },
  )
  expect(onlyError(outcome, 'PROMOTION_FAILED')).toContain(`is on the version ${other} now`)
  expect(pointers(subject).stable).toBe(other)
  expect(pointers(subject)).not.toHaveProperty('previous')
})

test('a step without a check deploys though it may not look at what is live', async () => {
  const subject = await aFunction({})
  await subject.past.version({ tag: ['stable'] })
  cloud.emulator.fault({
    path: /versions:byTag$/,
    times: Infinity,
    effect: { kind: 'status', status: 403 },
  })
  const { exitCode, outputs, log } = await subject.step(GOOD, { tags: 'stable' })
  expect(exitCode).toBe(0)
  expect(pointers(subject).stable).toBe(outputs['version-id'])
  expect(log.join('\n')).toContain('nothing was compared, what is live could not be read')
  const planned = await subject.step(GOOD, { tags: 'stable', 'dry-run': 'true' })
  onlyError(planned, 'API_REJECTED')
})

type Matches = (request: HttpRequest) => boolean

/** The network, where one read is answered as the first one of its kind was. */
function outdated(matches: Matches, { skip }: { skip: number }): Transport {
  let first: HttpResponse | undefined
  let reads = 0
  return async (request): Promise<HttpResponse> => {
    const answer = await NETWORK(request)
    if (!matches(request)) return answer
    first ??= answer
    return reads++ === skip ? first : answer
  }
}

const isMoveOf =
  (tag: string): Matches =>
  ({ url, body = [] }) =>
    url.pathname.endsWith(':setTag') && Buffer.concat(body).toString().includes(`"${tag}"`)

/** Does something the first time only. */
function once(act: () => Promise<void>): () => Promise<void> {
  let isDone = false
  return async () => {
    if (isDone) return
    isDone = true
    await act()
  }
}

/** The network, where something happens after a request has had its answer. */
function after(matches: Matches, act: () => Promise<void>): Transport {
  return async (request): Promise<HttpResponse> => {
    const answer = await NETWORK(request)
    if (matches(request)) await act()
    return answer
  }
}

/** The network, where something happens before a request is sent. */
function before(matches: Matches, act: () => Promise<void>): Transport {
  return async (request): Promise<HttpResponse> => {
    if (matches(request)) await act()
    return NETWORK(request)
  }
}

describe('a release that is cancelled', () => {
  const isCopy: Matches = ({ method, url, body = [] }) =>
    method === 'POST' &&
    url.pathname.endsWith('/versions') &&
    Buffer.concat(body).toString().includes('"versionId"')
  const PHASES: readonly (readonly [string, string, Matches])[] = [
    ['during the call of its check', GOOD, isCall],
    ['during the change of the previous tag', GOOD, isMoveOf('previous')],
    ['during the move of the first tag', GOOD, isMoveOf('a')],
    ['during the move of the last tag', GOOD, isMoveOf('b')],
    ['during the restoration after its check', BAD, isCopy],
  ]

  const SLOW = PHASES.filter(([what]) => what.includes('move')).map(
    ([what, ...rest]) => [`${what}, which takes two seconds`, ...rest, 2_000] as const,
  )
  const CASES: readonly (readonly [string, string, Matches, number])[] = [
    ...PHASES.map((phase) => [...phase, 0] as const),
    ...SLOW,
  ]

  test.each(CASES)('%s leaves each tag where it was, and says so', async (_, code, matches, ms) => {
    const subject = await aFunction({ ...CHECK, 'previous-tag': 'previous', 'check-attempts': '1' })
    await subject.past.version({ tag: ['previous'] })
    await subject.past.version({ tag: ['a', 'b'] })
    const held = { ...pointers(subject) }
    delete held.$latest
    const cancellation = new AbortController()
    const cancel = once(() => {
      if (ms > 0) {
        const effect = { kind: 'delay', ms } as const
        cloud.emulator.fault({ path: /:setTag$/, times: 1, effect })
      }
      cancellation.abort(new DeployError('CANCELLED', 'The run was cancelled.'))
      return Promise.resolve()
    })
    const outcome = await subject.step(
      code,
      { tags: 'a\nb' },
      {
        // A copy may be built at once, so its request is what is cancelled.
        transport: matches === isCopy || ms > 0 ? before(matches, cancel) : after(matches, cancel),
        signal: cancellation.signal,
        ...(ms > 0 && { retry: { attemptMs: 10_000 } }),
      },
    )
    const message = onlyError(outcome, 'CANCELLED')
    expect(cancellation.signal.aborted).toBe(true)
    expect(outcome.exitCode).toBe(1)
    const id = outcome.outputs['version-id'] ?? ''
    expect(id).not.toBe('')
    expect(message).toContain('What points where now:')
    expect(ms > 0 && message.includes('may still come')).toBe(false)
    expect(pointers(subject)).toMatchObject({ ...held, candidate: id })
  })
})
