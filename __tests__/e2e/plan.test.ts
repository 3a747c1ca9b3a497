/** Plans before and after deployments, with the bundle as a child process against the emulator. */

import { beforeAll, describe, expect, test } from '@jest/globals'
import { runStep, type StepResult } from '../../scripts/step.ts'
import { mutations, requiredInputs, useEmulator } from '../support/cloud.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const cloud = useEmulator()

beforeAll(() => {
  cloud().addBucket({ name: 'deployments' })
})

type Changes = Readonly<Record<string, string>>

/** A function of its own, and steps against it that tell what they changed in the cloud. */
function useFunction(given: Changes = {}, files: Record<string, string> = HELLO) {
  const inputs = { ...requiredInputs(cloud()), ...given }
  return async (
    changes: Changes = {},
    options: { files?: Record<string, string>; env?: Changes } = {},
  ): Promise<StepResult & { sent: readonly string[] }> => {
    const before = mutations(cloud()).length
    const step = await runStep(
      { ...inputs, ...changes },
      {
        workspace: makeWorkspace(options.files ?? files),
        ...(options.env && { env: options.env }),
      },
    )
    return { ...step, sent: mutations(cloud()).slice(before) }
  }
}

/** The names of the rows that differ, as the output `plan` has them. */
function differences({ outputs }: StepResult): readonly string[] {
  const plan = JSON.parse(outputs.plan ?? '{}') as {
    rows: { items: readonly { name: string; verdict: string }[] }
  }
  return plan.rows.items.filter(({ verdict }) => verdict !== 'unchanged').map(({ name }) => name)
}

const SECRET_VALUE = 'a-value-that-nobody-may-see'

describe('a dry run', () => {
  test('of a function that does not exist plans everything as new and changes nothing', async () => {
    const step = useFunction()
    const { exitCode, outputs, sent, stdout, summary } = await step({ 'dry-run': 'true' })

    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: [] })
    expect(outputs).toMatchObject({ changed: 'true', changes: 'function,code,settings' })
    expect(outputs['version-id'] ?? '').toBe('')
    expect(outputs['previous-version-id'] ?? '').toBe('')
    expect(stdout).toContain('Nothing is live yet: everything is new.')
    expect(summary).toMatch(/^### Plan for \S+: function, code and 4 settings change\n/)
  })

  test('plans exactly the change of one variable, without its value', async () => {
    const step = useFunction({ environment: `LEVEL=info\nKEY=${SECRET_VALUE}` })
    await step()
    const planned = await step({
      'dry-run': 'true',
      environment: `LEVEL=info\nKEY=${SECRET_VALUE}-2`,
    })

    expect(planned.sent).toEqual([])
    expect(planned.outputs).toMatchObject({ changed: 'true', changes: 'settings' })
    expect(differences(planned)).toEqual(['environment.KEY'])
    expect(JSON.stringify(planned)).not.toContain(SECRET_VALUE)
  })

  test('without any credential packs, checks and compares with nothing', async () => {
    const step = useFunction({ 'dry-run': 'true', 'yc-sa-json-credentials': '' })
    const before = cloud().requests.length
    const planned = await step()

    expect(planned).toMatchObject({ exitCode: 0, annotations: [] })
    expect(planned.outputs.changed).toBe('')
    expect(planned.outputs['package-sha256']).toMatch(/^[\da-f]{64}$/)
    expect(planned.stdout).toContain('Compared with nothing')
    expect(cloud().requests.length).toBe(before)
  })

  test('on the pull request of a fork, which gets no variables either, compares with nothing', async () => {
    const step = useFunction({ 'dry-run': 'true', 'yc-sa-json-credentials': '', 'folder-id': '' })
    for (const nameless of [{}, { 'function-name': '' }]) {
      const planned = await step(nameless)
      expect(planned.exitCode).toBe(0)
      expect(planned.stdout).toContain('Compared with nothing')
      expect(planned.annotations).toHaveLength(1)
      expect(planned.annotations[0]?.message).toContain('a variable that is not set arrives empty')
    }
  })

  test('in a job that gets no OIDC token compares with nothing', async () => {
    const step = useFunction({ 'yc-sa-json-credentials': '', 'yc-sa-id': 'aje0000000000example' })
    const planned = await step({ 'dry-run': 'true' })

    expect(planned).toMatchObject({ exitCode: 0, sent: [] })
    expect(planned.stdout).toContain('Compared with nothing')
    expect(await step()).toMatchObject({ exitCode: 1 })
  })

  test('without credentials still refuses a package that lacks the entrypoint', async () => {
    const step = useFunction({ 'dry-run': 'true', 'yc-sa-json-credentials': '' })
    const planned = await step({ entrypoint: 'other.handler' })

    expect(planned.exitCode).toBe(1)
    expect(planned.stdout).toContain('other')
  })

  test('of an account that sees no environment says so, and does not call it unchanged', async () => {
    const step = useFunction({ environment: `KEY=${SECRET_VALUE}` })
    await step()
    const viewer = cloud().addServiceAccount({ name: 'viewer', roles: ['functions.viewer'] })
    const planned = await step({
      'dry-run': 'true',
      'yc-sa-json-credentials': cloud().keyJsonOf(viewer.id),
    })

    expect(planned).toMatchObject({ exitCode: 0, sent: [] })
    expect(planned.outputs).toMatchObject({ changed: '', changes: '' })
    expect(planned.stdout).toContain('not visible to this account')
    expect(JSON.stringify(planned)).not.toContain(SECRET_VALUE)
  })
})

// Every input and every combination of what is missing: __tests__/integration/plan.test.ts.
describe('a dry run changes nothing', () => {
  const WITH: Changes = {
    bucket: 'deployments',
    tags: 'stable\nnext',
    'function-description': 'new',
    'function-labels': 'team=new',
    'skip-unchanged': 'true',
    'reuse-code': 'true',
    memory: '1GB',
    environment: 'A=b',
    async: 'true',
  }

  test.each([
    ['no function', [], 'true'],
    ['a version under another tag', [{ tags: 'older' }], 'true'],
    ['the same version', [WITH], 'false'],
  ])('with %s in the cloud', async (_, before, changed) => {
    const step = useFunction()
    for (const changes of before) await step(changes)
    const planned = await step({ ...WITH, 'dry-run': 'true' })

    expect({ exitCode: planned.exitCode, sent: planned.sent }).toEqual({ exitCode: 0, sent: [] })
    expect(planned.outputs.changed).toBe(changed)
  })
})

describe('a deployment', () => {
  test('marks its version with the package, the run, and what was live before', async () => {
    const step = useFunction()
    const first = await step()
    const second = await step()
    const [version] = cloud().versions(first.outputs['function-id'] ?? '')

    expect(version?.description).toBe(
      `octo-org/hello@5f3c9d0, run 42 [sha256:${first.outputs['package-sha256'] ?? ''} run:42]`,
    )
    expect(first.outputs).toMatchObject({ changed: 'true', skipped: 'false' })
    expect(second.outputs).toMatchObject({
      changed: 'false',
      changes: '',
      skipped: 'false',
      'previous-version-id': first.outputs['version-id'],
    })
    expect(second.outputs['version-id']).not.toBe(first.outputs['version-id'])
    expect(first.summary).toContain('What changed: everything is new')
  })

  test('plans what a dry run of the same step plans', async () => {
    const step = useFunction({ memory: '256MB', environment: 'A=1' })
    await step()
    const changes = { memory: '512MB', environment: 'B=1', tags: 'stable' }
    const planned = await step({ ...changes, 'dry-run': 'true' })
    const deployed = await step(changes)

    const { changed, changes: areas, plan } = planned.outputs
    expect(deployed.outputs).toMatchObject({ changed, changes: areas, plan })
    expect(differences(await step({ ...changes, 'dry-run': 'true' }))).toEqual([])
  })

  test('shows no value of the environment', async () => {
    const step = useFunction()
    await step({ environment: `KEY=${SECRET_VALUE}` })
    const deployed = await step({ environment: `KEY=${SECRET_VALUE}-2` })

    expect(deployed.exitCode).toBe(0)
    expect(JSON.stringify(deployed)).not.toContain(SECRET_VALUE)
  })

  test('keeps an own description that leaves no room for the fingerprint, and says so', async () => {
    const step = useFunction({ description: 'x'.repeat(600) })
    const deployed = await step()
    const [version] = cloud().versions(deployed.outputs['function-id'] ?? '')

    expect(version?.description).toBe('x'.repeat(600))
    expect(deployed.stdout).toContain('leaves no room for the fingerprint')
  })

  test('goes on without the fingerprint where the description is refused with it', async () => {
    const step = useFunction()
    cloud().fault({
      method: 'POST',
      path: /^\/functions\/v1\/versions$/,
      effect: {
        kind: 'status',
        status: 400,
        body: { code: 3, message: 'description: longer than 50 characters' },
      },
    })
    const deployed = await step()
    const [version] = cloud().versions(deployed.outputs['function-id'] ?? '')

    expect(deployed.exitCode).toBe(0)
    expect(version?.description).toBe('octo-org/hello@5f3c9d0, run 42')
  })
})

const isUpload = (line: string): boolean => line.startsWith('PUT ')
const CREATES_VERSION = 'POST /functions/v1/versions'

describe('skip-unchanged', () => {
  const SKIP = { 'skip-unchanged': 'true' }

  test('creates nothing for the step that is live, and gives the outputs of the live version', async () => {
    const step = useFunction({ tags: 'stable', environment: `KEY=${SECRET_VALUE}` })
    const first = await step()
    const second = await step(SKIP)

    expect(second).toMatchObject({ exitCode: 0, sent: [], annotations: [] })
    expect(second.outputs).toMatchObject({
      skipped: 'true',
      changed: 'false',
      'version-id': first.outputs['version-id'],
      'function-id': first.outputs['function-id'],
      'function-url': first.outputs['function-url'],
      'package-sha256': first.outputs['package-sha256'],
    })
    expect(second.stdout).toContain('Unchanged: ')
    expect(second.summary).toMatch(/^### Unchanged: /)
    expect(JSON.stringify(second)).not.toContain(SECRET_VALUE)
  })

  test('moves the tags that another version holds, and brings the function up to date', async () => {
    const step = useFunction()
    await step({ tags: 'next' })
    const live = await step({ tags: 'stable' })
    const id = live.outputs['version-id'] ?? ''
    const skipped = await step({
      ...SKIP,
      tags: 'stable\nnext\nnew',
      'function-description': 'described',
    })

    const functionId = live.outputs['function-id'] ?? ''
    expect(skipped.outputs).toMatchObject({ skipped: 'true', changes: 'function,tags' })
    expect(skipped.sent).toEqual([
      `PATCH /functions/v1/functions/${functionId}`,
      `POST /functions/v1/versions/${id}:setTag`,
      `POST /functions/v1/versions/${id}:setTag`,
    ])
    const holder = cloud()
      .versions(functionId)
      .find((version) => version.id === id)
    expect(holder?.tags).toEqual(expect.arrayContaining(['stable', 'next', 'new']))
  })

  const OTHER: Readonly<Record<string, readonly [live: Changes, after: Changes]>> = {
    'a version that does not say what it runs': [{ description: 'x'.repeat(600) }, {}],
    'another variable': [{ environment: 'A=1' }, { environment: 'A=2' }],
    'a variable that is no longer set': [{ environment: 'A=1' }, {}],
    'another runtime': [{}, { runtime: 'nodejs18' }],
    'a first tag that no version has': [{}, { tags: 'stable' }],
  }

  test.each(Object.keys(OTHER))('creates a version after %s', async (name) => {
    const [live = {}, after = {}] = OTHER[name] ?? []
    const step = useFunction()
    await step(live)
    const { outputs, sent } = await step({ ...after, ...SKIP })

    expect(outputs.skipped).toBe('false')
    expect(sent).toEqual([CREATES_VERSION])
  })

  test('creates a version of other files', async () => {
    const step = useFunction()
    await step()
    const { outputs, sent } = await step(SKIP, { files: { ...HELLO, 'new.js': '' } })

    expect([outputs.skipped, sent]).toEqual(['false', [CREATES_VERSION]])
  })

  test('creates a version after a build that failed', async () => {
    const step = useFunction()
    await step()
    cloud().failNextBuild({ code: 3, message: 'broken', details: [] })
    await step({ environment: 'A=1' })
    const { outputs, sent } = await step({ ...SKIP, environment: 'A=1' })

    expect([outputs.skipped, sent]).toEqual(['false', [CREATES_VERSION]])
  })

  test('creates a version when `latest` of a secret is another one by now', async () => {
    const { id, versionIds } = cloud().addSecret({
      name: 'rotated',
      versions: [{ password: 'old' }, { password: 'new' }],
    })
    const account = cloud().addServiceAccount({ name: 'reader', roles: ['admin'] })
    const step = useFunction({ 'service-account': account.id })
    await step({ secrets: `PASSWORD=${id}/${versionIds[0] ?? ''}/password` })
    const latest = { ...SKIP, secrets: `PASSWORD=${id}/latest/password` }

    expect((await step(latest)).outputs).toMatchObject({ skipped: 'false', changes: 'settings' })
    expect((await step(latest)).outputs).toMatchObject({ skipped: 'true' })
  })

  test('creates a version when the live one is obsolete', async () => {
    const step = useFunction()
    const first = await step()
    const [version] = cloud().versions(first.outputs['function-id'] ?? '')
    cloud().fault({
      path: /versions:byTag$/,
      effect: {
        kind: 'raw',
        contentType: 'application/json',
        body: JSON.stringify({ ...version, zip: undefined, status: 'OBSOLETE' }),
      },
    })
    const { outputs, sent, stdout } = await step(SKIP)

    expect([outputs.skipped, sent]).toEqual(['false', [CREATES_VERSION]])
    expect(stdout).toContain('A version is created, since the live version is OBSOLETE')
  })
})

describe('reuse-code', () => {
  const REUSE = { 'reuse-code': 'true', bucket: 'deployments' }

  test('takes the code of the live version when only settings change', async () => {
    const step = useFunction(REUSE)
    const first = await step()
    const second = await step({ environment: 'A=1' })
    const third = await step({ environment: 'A=2' })

    expect([second.exitCode, second.sent]).toEqual([0, [CREATES_VERSION]])
    expect(second.stdout).toContain('nothing is uploaded')
    const versions = cloud().versions(first.outputs['function-id'] ?? '')
    const [, second_, third_] = versions
    const sha256 = first.outputs['package-sha256'] ?? ''
    const from = first.outputs['version-id'] ?? ''
    expect(second_?.description).toBe(
      `octo-org/hello@5f3c9d0, run 42 [sha256:${sha256} run:42 from:${from}]`,
    )
    expect(second_?.zip).toEqual(versions[0]?.zip)
    // What was reused is known well enough to be reused again.
    expect(third_?.description).toContain(`from:${second.outputs['version-id'] ?? ''}]`)
    expect(third.sent).toEqual([CREATES_VERSION])
  })

  test('sends the package when files change, or the runtime does', async () => {
    const step = useFunction({ 'reuse-code': 'true' })
    const first = await step()
    await step({ runtime: 'nodejs18' })
    await step({}, { files: { ...HELLO, 'new.js': '' } })

    const versions = cloud().versions(first.outputs['function-id'] ?? '')
    expect(versions.map(({ description }) => String(description).includes(' from:'))).toEqual([
      false,
      false,
      false,
    ])
  })

  test.each([
    ['gone', 5],
    ['not to be had', 9],
  ])('sends the package once when the source is %s, and says so', async (_, code) => {
    const step = useFunction(REUSE)
    await step()
    cloud().fault({
      method: 'POST',
      path: /^\/functions\/v1\/versions$/,
      effect: {
        kind: 'status',
        status: code === 5 ? 404 : 400,
        body: { code, message: 'source version is deleted' },
      },
    })
    const { exitCode, sent, stdout } = await step({ environment: 'A=1' })

    expect([exitCode, sent]).toEqual([0, [CREATES_VERSION, CREATES_VERSION]])
    expect(stdout).toContain('could not be taken again, so the package was sent')
  })

  test('uploads nothing for an unchanged package, and everything for another', async () => {
    const step = useFunction(REUSE)
    expect((await step()).sent.filter(isUpload)).toHaveLength(1)
    expect((await step({ memory: '256MB' })).sent.filter(isUpload)).toEqual([])
    const changed = await step({}, { files: { ...HELLO, 'new.js': 'x' } })
    expect(changed.sent.filter(isUpload)).toHaveLength(1)
    expect(changed.stdout).toContain('Files added: 1')
    expect(changed.stdout).toContain('+ new.js')
  })
})

describe('source-version-id', () => {
  test('inherits the fingerprint of the version', async () => {
    const step = useFunction()
    const first = await step()
    const from = first.outputs['version-id'] ?? ''
    const second = await step({ 'source-version-id': from, memory: '256MB' })
    const [, version] = cloud().versions(first.outputs['function-id'] ?? '')

    expect(second.outputs).toMatchObject({ changes: 'settings' })
    expect(version?.description).toBe(
      `octo-org/hello@5f3c9d0, run 42 [sha256:${first.outputs['package-sha256'] ?? ''} run:42 from:${from}]`,
    )
  })

  test('is an invalid input when there is no such version', async () => {
    const { exitCode, sent, annotations } = await useFunction()({
      'source-version-id': 'd4e00000000000000000',
    })

    expect({ exitCode, sent }).toEqual({ exitCode: 1, sent: [] })
    expect(annotations[0]?.message).toContain('source-version-id: Could not read the version')
  })
})

test('quotes nothing of a version that was cut on its way', async () => {
  const step = useFunction({ environment: `KEY=${SECRET_VALUE}` })
  await step()
  cloud().fault({
    path: /versions:byTag$/,
    times: Infinity,
    effect: { kind: 'raw', body: `{"id":"d4e1","environment":{"KEY":"${SECRET_VALUE}` },
  })
  const broken = await step({ 'skip-unchanged': 'true' })

  expect([broken.exitCode, broken.sent]).toEqual([1, []])
  expect(JSON.stringify(broken)).not.toContain(SECRET_VALUE)
}, 40_000)
