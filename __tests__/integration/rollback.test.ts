/** Rollbacks against an emulator: where tags and callers without a tag end up, and what is said. */

import { describe, expect, test } from '@jest/globals'
import { mutations, useEmulator } from '../support/cloud.ts'
import {
  deploy,
  helloInputs,
  helloWorkspace,
  NETWORK,
  rollBack,
  type Outcome,
} from '../support/faults.ts'
import { PastFunction } from '../support/history.ts'

const cloud = useEmulator({ buildMs: 20 })

let names = 0
const past = () => PastFunction.create(cloud(), `rollback-${++names}`)

/** A step of the action; with an empty `tags` for callers without a tag. */
function step(of: PastFunction, inputs: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return rollBack({ ...of.inputs, ...inputs }, { emulator: cloud() })
}

const codeOf = ({ errors }: Outcome) => errors.map(({ title }) => title.split(':')[0])
const told = ({ errors, log }: Outcome) =>
  [...errors.map(({ message }) => message), ...log].join('\n')

describe('a tag', () => {
  test('goes back to its holder before, a second time one further, and a third time nowhere', async () => {
    const hello = await past()
    const [v1 = '', v2 = '', v3 = ''] = await hello.versions(3, 'stable')

    const first = await step(hello, { tags: 'stable' })
    expect(first.outputs).toEqual({
      'function-id': hello.id,
      'function-url': expect.stringContaining(hello.id),
      'version-id': v2,
      'previous-version-id': v3,
    })
    expect([first.exitCode, hello.holderOf('stable')]).toEqual([0, v2])

    const second = await step(hello, { tags: 'stable' })
    expect([second.exitCode, hello.holderOf('stable')]).toEqual([0, v1])

    const third = await step(hello, { tags: 'stable' })
    expect([third.exitCode, codeOf(third)]).toEqual([1, ['NO_PREVIOUS_VERSION']])
    expect(hello.holderOf('stable')).toBe(v1)
    for (const id of [v1, v2, v3]) expect(third.errors[0]?.message).toContain(`- ${id}, `)
    expect(third.outputs['version-id']).toBeUndefined()
  })

  test('that two versions held in turn goes to the other one, and then nowhere', async () => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(2, 'stable')
    await hello.setTag(v1, 'stable')
    await hello.setTag(v2, 'stable')
    expect((await step(hello, { tags: 'stable' })).outputs['version-id']).toBe(v1)
    expect(codeOf(await step(hello, { tags: 'stable' }))).toEqual(['NO_PREVIOUS_VERSION'])
  })

  test('goes after a rollback and a new version to what was live before that', async () => {
    const hello = await past()
    const [, v2 = ''] = await hello.versions(3, 'stable')
    await step(hello, { tags: 'stable' })
    await hello.versions(1, 'stable')
    expect((await step(hello, { tags: 'stable' })).outputs['version-id']).toBe(v2)
  })

  test('passes over versions that are gone, and says so', async () => {
    const hello = await past()
    const [v1 = '', v2 = '', v3 = '', v4 = ''] = await hello.versions(4, 'stable')
    hello.forget(v3, v2)
    const outcome = await step(hello, { tags: 'stable' })
    expect(outcome.outputs).toMatchObject({ 'version-id': v1, 'previous-version-id': v4 })
    for (const id of [v2, v3]) {
      expect(told(outcome)).toContain(`Passed over: the version ${id} is gone`)
      expect(outcome.summary).toContain(id)
    }
  })

  test('passes over a version that is being deleted', async () => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(3, 'stable')
    cloud().fault({
      path: new RegExp(`/versions/${v2}$`),
      effect: {
        kind: 'raw',
        body: JSON.stringify({
          id: v2,
          functionId: hello.id,
          status: 'DELETING',
          runtime: 'nodejs22',
        }),
        contentType: 'application/json',
      },
    })
    const outcome = await step(hello, { tags: 'stable' })
    expect(outcome.outputs['version-id']).toBe(v1)
    expect(told(outcome)).toContain(`the version ${v2} is being deleted`)
  })

  test('has nowhere to go when all of its holders are gone', async () => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(2, 'stable')
    hello.forget(v1)
    const outcome = await step(hello, { tags: 'stable' })
    expect(codeOf(outcome)).toEqual(['NO_PREVIOUS_VERSION'])
    expect(outcome.errors[0]?.message).toContain(
      `The tag stable is on the version ${v2}, and there is no earlier one to go back to. The version ${v1} is gone.`,
    )
  })

  test('makes an obsolete version active again', async () => {
    const hello = await past()
    const [v1 = ''] = await hello.versions(2, 'stable')
    cloud().retireVersions({ functionId: hello.id, versionIds: [v1] })
    const outcome = await step(hello, { tags: 'stable' })
    expect(outcome.exitCode).toBe(0)
    expect(told(outcome)).toContain('obsolete, which the tag makes active again')
    expect(
      cloud()
        .versions(hello.id)
        .find(({ id }) => id === v1),
    ).toMatchObject({
      status: 'ACTIVE',
      tags: ['stable'],
    })
  })

  test('that was taken away goes back to who held it last', async () => {
    const hello = await past()
    const [, v2 = ''] = await hello.versions(2, 'stable')
    await hello.removeTag(v2, 'stable')
    const { outputs } = await step(hello, { tags: 'stable' })
    expect(outputs['version-id']).toBe(v2)
    expect(outputs['previous-version-id']).toBeUndefined()
  })

  test('that there never was is not found, with the tag that is like it', async () => {
    const hello = await past()
    await hello.versions(2, 'stable')
    const outcome = await step(hello, { tags: 'stabel' })
    expect(codeOf(outcome)).toEqual(['NO_PREVIOUS_VERSION'])
    expect(outcome.errors[0]?.message).toContain('Did you mean "stable"?')
  })

  test('leaves the other tags and callers without a tag where they are', async () => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(2, 'stable')
    await hello.setTag(v2, 'next')
    await hello.setTag(v1, 'old')
    await step(hello, { tags: 'stable' })
    expect(['stable', 'next', 'old', '$latest'].map((tag) => hello.holderOf(tag))).toEqual([
      v1,
      v2,
      v1,
      v2,
    ])
  })

  test('is found in a history of many pages, in whatever order they come', async () => {
    const hello = await past()
    const [v1 = '', v2 = '', v3 = ''] = await hello.versions(3, 'stable')
    const record = (functionVersionId: string, minute: number) => ({
      functionVersionId,
      effectiveFrom: `2026-01-01T00:0${minute}:00Z`,
    })
    const pages = [[record(v3, 3)], [record(v1, 1)], [record(v2, 2)]]
    for (const [at, records] of pages.entries()) {
      cloud().fault({
        path: /:tagHistory$/,
        effect: {
          kind: 'raw',
          contentType: 'application/json',
          body: JSON.stringify({
            functionTagHistoryRecord: records,
            ...(at < 2 && { nextPageToken: `page-${at}` }),
          }),
        },
      })
    }
    expect((await step(hello, { tags: 'stable' })).outputs['version-id']).toBe(v2)
  })
})

describe('several tags', () => {
  test('go each to the version that it was on before', async () => {
    const hello = await past()
    const [v1 = '', v2 = '', v3 = ''] = await hello.versions(3, 'stable')
    await hello.setTag(v1, 'next')
    await hello.setTag(v3, 'next')
    const { outputs } = await step(hello, { tags: 'stable\nnext' })
    expect(outputs).toMatchObject({ 'version-id': v2, 'previous-version-id': v3 })
    expect([hello.holderOf('stable'), hello.holderOf('next')]).toEqual([v2, v1])
  })

  test('stay all where they are when one has nowhere to go', async () => {
    const hello = await past()
    const [, v2 = ''] = await hello.versions(2, 'stable')
    await hello.setTag(v2, 'next')
    const before = mutations(cloud()).length
    const outcome = await step(hello, { tags: 'stable\nnext' })
    expect(codeOf(outcome)).toEqual(['NO_PREVIOUS_VERSION'])
    expect(outcome.errors[0]?.message).toContain('The tag next is on the version')
    expect(mutations(cloud()).slice(before)).toEqual([])
  })

  test('go back to where they were when one of them cannot be moved', async () => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(2, 'stable')
    await hello.setTag(v1, 'next')
    await hello.setTag(v2, 'next')
    cloud().fault({
      method: 'POST',
      path: /:setTag$/,
      skip: 1,
      effect: { kind: 'status', status: 400 },
    })
    const outcome = await step(hello, { tags: 'stable\nnext' })
    expect(codeOf(outcome)).toEqual(['PROMOTION_FAILED'])
    expect(outcome.errors[0]?.message).toContain('Put back: "stable".\nNot moved: "next".\n')
    expect(outcome.errors[0]?.message).toMatch(
      new RegExp(
        `What points where now:\nstable +${v2}  where tags were\nnext +${v2}  where tags were\n\\$latest +${v2}`,
      ),
    )
    expect([hello.holderOf('stable'), hello.holderOf('next')]).toEqual([v2, v2])
    expect(outcome.outputs['version-id']).toBeUndefined()
  })

  test('that somebody else moves meanwhile are left to them', async () => {
    const hello = await past()
    const [v1 = '', v2 = '', v3 = ''] = await hello.versions(3, 'stable')
    await hello.setTag(v1, 'next')
    await hello.setTag(v3, 'next')
    const outcome = await rollBack(
      { ...hello.inputs, tags: 'stable\nnext' },
      {
        emulator: cloud(),
        runner: {
          info: (line) => {
            // The first tag is moved: now the second one is taken, and the first one, too.
            if (!line.includes('Tag stable: moved from')) return
            taking = Promise.all([hello.setTag(v2, 'next'), hello.setTag(v1, 'stable')])
          },
        },
        transport: async (request) => {
          await taking
          return NETWORK(request)
        },
      },
    )
    expect(codeOf(outcome)).toEqual(['PROMOTION_FAILED'])
    expect(outcome.errors[0]?.message).toContain(
      `The tag next is on the version ${v2} now: another run or a person has moved it.`,
    )
    expect(outcome.errors[0]?.message).toContain(
      'Moved by somebody else meanwhile, and left there: "stable".',
    )
    expect([hello.holderOf('stable'), hello.holderOf('next')]).toEqual([v1, v2])
  })

  let taking: Promise<unknown> = Promise.resolve()
})

describe('callers without a tag', () => {
  /** Deployments by the action itself, each of other code or settings. */
  const deployed = async (name: string, inputs: Readonly<Record<string, string>>, body: string) => {
    const workspace = helloWorkspace({
      'index.js': `exports.handler = () => ({ body: '${body}' })`,
    })
    const outcome = await deploy(
      { ...helloInputs(cloud(), name), ...inputs },
      { emulator: cloud(), workspace },
    )
    if (outcome.exitCode !== 0) throw new TypeError(told(outcome))
    return outcome.outputs['version-id'] ?? ''
  }
  const version = (of: PastFunction, id: string | undefined) =>
    cloud()
      .versions(of.id)
      .find((one) => one.id === id)

  test('get the version before as a new one, a second time one further, and a third time nothing', async () => {
    const hello = await past()
    const v1 = await deployed(hello.name, { memory: '256MB', environment: 'A=1' }, 'one')
    const v2 = await deployed(hello.name, {}, 'two')
    const v3 = await deployed(hello.name, {}, 'three')

    const first = await step(hello)
    expect(first.exitCode).toBe(0)
    expect(first.outputs['previous-version-id']).toBe(v3)
    const v4 = hello.holderOf('$latest') ?? ''
    expect(first.outputs['version-id']).toBe(v4)
    expect(version(hello, v4)?.zip).toEqual(version(hello, v2)?.zip)

    const second = await step(hello)
    const v5 = hello.holderOf('$latest') ?? ''
    expect(second.outputs).toMatchObject({ 'version-id': v5, 'previous-version-id': v4 })
    const [source, copy] = [version(hello, v1), version(hello, v5)]
    expect(copy?.zip).toEqual(source?.zip)
    const same = ({ environment, resources, runtime }: Record<string, unknown> = {}) => ({
      environment,
      resources,
      runtime,
    })
    expect(same({ ...copy })).toEqual(same({ ...source }))
    expect(same({ ...copy })).toMatchObject({
      environment: { A: '1' },
      resources: { memory: '268435456' },
    })
    expect(copy?.description).toMatch(new RegExp(`\\[sha256:[0-9a-f]{64} run:42 from:${v1}\\]$`))

    const third = await step(hello)
    expect(codeOf(third)).toEqual(['NO_PREVIOUS_VERSION'])
    expect(hello.holderOf('$latest')).toBe(v5)
  })

  test('go to the version before, and not one further, when the newest only has its code', async () => {
    const hello = await past()
    await deployed(hello.name, {}, 'one')
    const v2 = await deployed(hello.name, {}, 'two')
    await deployed(hello.name, { 'reuse-code': 'true', memory: '512MB' }, 'two')
    await step(hello)
    expect(version(hello, hello.holderOf('$latest'))?.description).toContain(`from:${v2}]`)
  })

  test('go to the version before when the newest has code of another function', async () => {
    const [hello, staging] = [await past(), await past()]
    const tried = await deployed(staging.name, {}, 'tried')
    const v1 = await deployed(hello.name, {}, 'one')
    await deployed(hello.name, { 'source-version-id': tried }, '')
    await step(hello)
    expect(version(hello, hello.holderOf('$latest'))?.description).toContain(`from:${v1}]`)
  })

  test('never get what was gone back from, though its better is gone', async () => {
    const hello = await past()
    const v1 = await deployed(hello.name, {}, 'one')
    const v2 = await deployed(hello.name, {}, 'two')
    await deployed(hello.name, {}, 'three, which is bad')
    await step(hello)
    hello.forget(v2)
    const outcome = await step(hello)
    expect(outcome.exitCode).toBe(0)
    expect(version(hello, hello.holderOf('$latest'))?.description).toContain(`from:${v1}]`)
  })

  test.each([
    ['what was gone back from', async (hello: PastFunction) => step(hello)],
    [
      'what did not pass its check',
      async (hello: PastFunction) => {
        const bad = "exports.handler = async () => { throw new Error('bad') }\n"
        return deploy(
          { ...helloInputs(cloud(), hello.name), check: 'true', 'check-attempts': '1' },
          { emulator: cloud(), workspace: helloWorkspace({ 'index.js': bad }) },
        )
      },
    ],
  ])('get no version where it cannot be known that it is not %s', async (_, goBack) => {
    const hello = await past()
    const v1 = await deployed(hello.name, {}, 'one')
    await deployed(hello.name, {}, 'two')
    await deployed(hello.name, {}, 'three')
    await goBack(hello)
    const copy = hello.holderOf('$latest')
    const source = / from:(\w+)/.exec(String(version(hello, copy)?.description))?.[1] ?? ''
    hello.forget(source)
    const fault = { path: /:tagHistory$/, effect: { kind: 'status', status: 400 } } as const
    cloud().fault(fault)
    const outcome = await step(hello)
    expect(codeOf(outcome)).toEqual(['NO_PREVIOUS_VERSION'])
    expect(outcome.errors[0]?.message).toContain('a version that was copied is gone')
    expect(hello.holderOf('$latest')).toBe(copy)
    const named = await step(hello, { 'version-id': v1 })
    expect(named.exitCode).toBe(0)
  })

  test.each([
    ['not asked for a source that they may not read', 403, []],
    ['not moved on a guess where the source cannot be read', 500, ['API_UNREACHABLE']],
  ])('are %s', async (_, status, codes) => {
    const [hello, staging] = [await past(), await past()]
    const tried = await deployed(staging.name, {}, 'tried')
    const v1 = await deployed(hello.name, {}, 'one')
    const v2 = await deployed(hello.name, { 'source-version-id': tried }, '')
    const path = new RegExp(`/versions/${tried}$`)
    cloud().fault({ path, times: Infinity, effect: { kind: 'status', status } })
    const outcome = await rollBack(hello.inputs, {
      emulator: cloud(),
      retry: { attemptMs: 10_000, totalMs: 100 },
    })
    cloud().clearFaults()
    expect(codeOf(outcome)).toEqual(codes)
    const now = hello.holderOf('$latest')
    const isCopied = version(hello, now)?.description?.toString().includes(`from:${v1}]`)
    expect([now === v2, isCopied]).toEqual(codes.length > 0 ? [true, false] : [false, true])
  })

  test('have nowhere to go in a function without a version', async () => {
    const outcome = await step(await past())
    expect(codeOf(outcome)).toEqual(['NO_PREVIOUS_VERSION'])
    expect(outcome.errors[0]?.message).toContain('has no version')
  })

  test('are told where things stand when the copy cannot be built', async () => {
    const hello = await past()
    await hello.version()
    const v2 = await hello.version()
    cloud().failNextBuild({ code: 3, message: 'no more', details: [] })
    const outcome = await step(hello)
    expect(codeOf(outcome)).toEqual(['OPERATION_FAILED'])
    expect(hello.holderOf('$latest')).toBe(v2)
    expect(outcome.outputs['version-id']).toBeUndefined()
  })
})

describe('a version that is named', () => {
  test('gets the tags, whoever held them', async () => {
    const hello = await past()
    const [v1 = '', , v3 = ''] = await hello.versions(3, 'stable')
    const outcome = await step(hello, { tags: 'stable\nnew', 'version-id': v1 })
    expect(outcome.outputs).toMatchObject({ 'version-id': v1, 'previous-version-id': v3 })
    expect([hello.holderOf('stable'), hello.holderOf('new')]).toEqual([v1, v1])
  })

  test('that has them already is left alone, and no error', async () => {
    const hello = await past()
    const [, v2 = ''] = await hello.versions(2, 'stable')
    const before = mutations(cloud()).length
    const outcome = await step(hello, { tags: 'stable', 'version-id': v2 })
    expect(outcome.exitCode).toBe(0)
    expect(outcome.outputs['version-id']).toBe(v2)
    expect(outcome.outputs['previous-version-id']).toBeUndefined()
    expect(mutations(cloud()).slice(before)).toEqual([])
  })

  test('is copied for callers without a tag, once', async () => {
    const hello = await past()
    const v1 = await hello.version()
    await hello.version()
    await hello.version({ resources: { memory: '268435456' } })
    const outcome = await step(hello, { 'version-id': v1 })
    const copy = hello.holderOf('$latest')
    expect(outcome.outputs['version-id']).toBe(copy)
    const again = await step(hello, { 'version-id': v1 })
    expect([again.exitCode, again.outputs['version-id']]).toEqual([0, copy])
    expect(cloud().versions(hello.id)).toHaveLength(4)
  })

  test.each([
    ['of another function', (_: PastFunction, other: string) => other, 'not of "rollback-'],
    ['that does not exist', () => 'd4e0000000000000none', 'there is no version'],
  ])('%s is refused before anything is changed', async (_, pick, words) => {
    const [hello, other] = [await past(), await past()]
    await hello.versions(2, 'stable')
    const versionId = pick(hello, await other.version())
    const before = mutations(cloud()).length
    for (const tags of ['stable', '']) {
      const outcome = await step(hello, { tags, 'version-id': versionId })
      expect(codeOf(outcome)).toEqual(['INPUT_INVALID'])
      expect(outcome.errors[0]?.message).toContain(words)
    }
    expect(mutations(cloud()).slice(before)).toEqual([])
  })
})

describe('a dry run', () => {
  test.each([
    ['of tags', 'stable', '~ tag stable: '],
    ['for callers without a tag', '', '~ callers without a tag: '],
  ])('%s says what would be done, and changes nothing', async (_, tags, line) => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(2, 'stable')
    const before = mutations(cloud()).length
    const outcome = await step(hello, { tags, 'dry-run': 'true' })
    expect(outcome.exitCode).toBe(0)
    expect(told(outcome)).toContain(line)
    expect(outcome.summary).toContain(`Plan of a rollback of ${hello.name.replace('-', '&#45;')}`)
    for (const id of [v1, v2]) expect(outcome.summary).toContain(id)
    expect(Object.keys(outcome.outputs).sort()).toEqual(['function-id', 'function-url'])
    expect(mutations(cloud()).slice(before)).toEqual([])
  })
})

describe('a function that is not there', () => {
  test('by its name is an error, with the name that is like it', async () => {
    const hello = await past()
    const outcome = await step(hello, { 'function-name': `${hello.name}x` })
    expect(codeOf(outcome)).toEqual(['INPUT_INVALID'])
    expect(outcome.errors[0]?.message).toContain(`"${hello.name}"`)
    expect(outcome.errors[0]?.message).not.toContain('create-function')
  })

  test('by its id is an error', async () => {
    const hello = await past()
    const byId = { 'function-id': 'd4e0000000000000none', 'function-name': '', 'folder-id': '' }
    expect(codeOf(await step(hello, byId))).toEqual(['INPUT_INVALID'])
  })
})

test('a tag that no version has ever had is not made by a rollback to a version', async () => {
  const hello = await past()
  const [v1 = ''] = await hello.versions(2, 'stable')
  const outcome = await step(hello, { tags: 'stabel', 'version-id': v1 })
  const [error] = outcome.errors
  expect(error?.title).toContain('NO_PREVIOUS_VERSION')
  expect(error?.message).toContain('Did you mean "stable"?')
  expect(hello.holderOf('stabel')).toBeUndefined()
})

describe('a history whose last record ends far ahead', () => {
  const other = useEmulator({ buildMs: 0, openEffectiveTo: 'far-future', showsDefaults: false })

  test('leads back as well, by tag and without one', async () => {
    const hello = await PastFunction.create(other(), 'hello')
    const [v1, v2] = await hello.versions(2, 'stable')
    const options = { emulator: other() }
    const tagged = await rollBack({ ...hello.inputs, tags: 'stable' }, options)
    expect(tagged.outputs).toMatchObject({ 'version-id': v1, 'previous-version-id': v2 })
    const untagged = await rollBack(hello.inputs, options)
    expect([untagged.exitCode, untagged.outputs['previous-version-id']]).toEqual([0, v2])
    const again = await rollBack(hello.inputs, options)
    expect(again.errors.map(({ title }) => title)).toEqual([
      'NO_PREVIOUS_VERSION: There is no version to go back to',
    ])
  })
})
