/** A version is never skipped by mistake: half a promotion, a version made by hand, an environment that is not shown. */

import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { VersionRecord } from '../../emulator/index.ts'
import { Client } from '../emulator/harness.ts'
import { mutations } from '../support/cloud.ts'
import { deploy, helloInputs, helloWorkspace, type Outcome, type Texts } from '../support/faults.ts'
import { startNamedCloud, type NamedCloud } from '../support/rich-cloud.ts'

const CREATES = 'POST /functions/v1/versions'
const SKIP = { 'skip-unchanged': 'true' }

let cloud: NamedCloud
beforeAll(async () => {
  cloud = await startNamedCloud()
})
afterEach(() => {
  cloud.emulator.clearFaults()
})
afterAll(async () => {
  await cloud.emulator.close()
  for (const workspace of workspaces) rmSync(workspace, { recursive: true })
})

let functions = 0
const workspaces: string[] = []

/** Steps against one function, with what they changed in the cloud. */
function useFunction(given: Texts = {}) {
  const { emulator } = cloud
  const name = `skip-${++functions}`
  const step = async (
    changes: Texts = {},
    files: Texts = {},
  ): Promise<Outcome & { sent: readonly string[] }> => {
    const before = mutations(emulator).length
    const workspace = helloWorkspace(files)
    workspaces.push(workspace)
    const inputs = { ...helloInputs(emulator, name), ...given, ...changes }
    const outcome = await deploy(inputs, { emulator, workspace })
    expect(outcome.errors).toEqual([])
    return { ...outcome, sent: mutations(emulator).slice(before) }
  }
  const versions = (): readonly VersionRecord[] => {
    const id = emulator.functions().find((one) => one.name === name)?.id
    return id === undefined ? [] : emulator.versions(id)
  }
  /** The first version once more, with another description. */
  const makeByHand = async (change: (description: string) => string): Promise<void> => {
    const [version] = versions()
    if (!version) throw new TypeError('there is no version yet')
    const client = new Client(emulator)
    const { json } = await client.createVersion(version.functionId, {
      content: version.zip.toString('base64'),
      description: change(String(version.description)),
    })
    await client.done(json)
  }
  return { step, versions, makeByHand }
}

describe('after a promotion that was broken off between two tags', () => {
  const NEW = { 'new.js': 'exports.x = 1\n' }

  /** `stable` is on the new version, `next` still on the former one. */
  async function brokenOff() {
    const one = useFunction()
    await one.step({ tags: 'stable\nnext' })
    await one.step({ tags: 'stable' }, NEW)
    return one
  }

  test('the step creates nothing and moves the tag that was left behind', async () => {
    const { step, versions } = await brokenOff()
    const again = await step({ ...SKIP, tags: 'stable\nnext' }, NEW)
    const id = versions()[1]?.id ?? ''

    expect(again.outputs).toMatchObject({
      skipped: 'true',
      changes: 'tags',
      'version-id': id,
      'previous-version-id': id,
    })
    expect(again.sent).toEqual([`POST /functions/v1/versions/${id}:setTag`])
    expect(versions()[1]?.tags).toEqual(expect.arrayContaining(['stable', 'next']))
  })

  test('a step whose first tag was left behind creates a version, though the newest has the same code', async () => {
    const { step } = await brokenOff()
    const again = await step({ ...SKIP, tags: 'next\nstable' }, NEW)

    expect([again.outputs.skipped, again.sent]).toEqual(['false', [CREATES]])
  })
})

describe('a version is created', () => {
  test.each([
    ['that says nothing', () => ''],
    ['that was edited', (mark: string) => `${mark} hotfix`],
    ['with a fingerprint in capitals', (mark: string) => mark.replace('sha256', 'SHA256')],
    ['with half a fingerprint', (mark: string) => mark.replace(/[0-9a-f]{32} run/, ' run')],
    [
      'with the fingerprint of other code',
      (mark: string) => mark.replace(/:[0-9a-f]{64}/, `:${'0'.repeat(64)}`),
    ],
  ])('over one made by hand, of the same code, with a description %s', async (_, change) => {
    const { step, makeByHand } = useFunction()
    await step()
    await makeByHand(change)
    const again = await step(SKIP)

    expect([again.outputs.skipped, again.sent]).toEqual(['false', [CREATES]])
  })

  test('in none of these cases for any other reason', async () => {
    const { step, makeByHand } = useFunction()
    await step()
    await makeByHand((description) => description)

    expect((await step(SKIP)).sent).toEqual([])
  })

  test('over one whose environment is not shown, even where it is the same', async () => {
    const { step, versions } = useFunction({ environment: 'KEY=value' })
    await step()
    expect((await step(SKIP)).outputs.skipped).toBe('true')
    cloud.emulator.fault({
      path: /versions:byTag$/,
      effect: {
        kind: 'raw',
        contentType: 'application/json',
        body: JSON.stringify({ ...versions()[0], zip: undefined, environment: undefined }),
      },
    })
    const again = await step(SKIP)

    expect([again.outputs.skipped, again.outputs.changed, again.sent]).toEqual([
      'false',
      '',
      [CREATES],
    ])
    expect(again.log.join('\n')).toContain('not visible to this account')
  })
})
