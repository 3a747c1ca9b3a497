/** The bundles of the actions beside the one that deploys, as a runner starts them. */

import { describe, expect, test } from '@jest/globals'
import { runStep, type ActionFolder } from '../../scripts/step.ts'
import { mutations, useEmulator } from '../support/cloud.ts'
import { PastFunction } from '../support/history.ts'
import { makeWorkspace } from '../support/workspace.ts'

const cloud = useEmulator()
const ACTIONS: readonly ActionFolder[] = ['rollback', 'cleanup']

let names = 0
const past = () => PastFunction.create(cloud(), `action-${++names}`)

const step = (
  action: ActionFolder,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) => runStep(inputs, { action, workspace: makeWorkspace({}), env })

describe('a rollback', () => {
  test('moves the tags and leaves an empty workspace alone', async () => {
    const hello = await past()
    const [v1 = '', v2 = ''] = await hello.versions(2, 'stable')
    const result = await step('rollback', { ...hello.inputs, tags: 'stable' })
    expect([result.exitCode, result.stderr, result.annotations]).toEqual([0, '', []])
    expect(result.outputs).toMatchObject({ 'version-id': v1, 'previous-version-id': v2 })
    expect(hello.holderOf('stable')).toBe(v1)
  })

  test('signs in with the OIDC token of the job', async () => {
    const hello = await past()
    await hello.versions(2, 'stable')
    const { url, requestToken } = cloud().githubOidc
    const inputs = { ...hello.inputs, 'yc-sa-json-credentials': '' }
    const result = await step(
      'rollback',
      {
        ...inputs,
        'yc-sa-id': cloud().serviceAccountId,
        'token-exchange-url': cloud().tokenExchangeUrl,
        tags: 'stable',
      },
      { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken },
    )
    expect(result.exitCode).toBe(0)
  })
})

describe('a clean-up', () => {
  test('deletes a function, and a second time finds none', async () => {
    const hello = await past()
    await hello.version({ tag: ['stable'] })
    const inputs = { ...hello.inputs, 'delete-function': 'true' }
    const [first, second] = [await step('cleanup', inputs), await step('cleanup', inputs)]
    expect([first.exitCode, first.outputs.deleted]).toEqual([0, 'true'])
    expect([second.exitCode, second.outputs.deleted]).toEqual([0, 'false'])
  })
})

describe.each(ACTIONS)('%s', (action) => {
  test('fails with one annotation that links to its inputs, and sends nothing', async () => {
    const before = cloud().requests.length
    const result = await step(
      action,
      {
        'yc-iam-token': 't1.token',
        'api-endpoint': cloud().endpoint,
        'function-id': 'd4e1',
        'wait-timeout': 'long',
        'remove-tags': 'a',
      },
      { GITHUB_ACTION_REPOSITORY: 'octo-org/action', GITHUB_ACTION_REF: 'v1' },
    )
    expect(result.exitCode).toBe(1)
    expect(result.annotations).toHaveLength(1)
    expect(result.annotations[0]?.properties.title).toBe('INPUT_INVALID: wait-timeout')
    expect(result.annotations[0]?.message).toContain(
      `https://github.com/octo-org/action/blob/v1/README.md#${action}-wait-timeout`,
    )
    expect(cloud().requests).toHaveLength(before)
  })

  test('links to the checkout that it runs from where it is a local one', async () => {
    const result = await step(action, {
      'yc-iam-token': 't1.token',
      'function-id': 'd4e1',
      'wait-timeout': 'x',
      'remove-tags': 'a',
    })
    expect(result.annotations[0]?.message).toMatch(/^(?!.*\/dist\/README).*\/README\.md#/m)
  })

  test('never shows a credential', async () => {
    const hello = await past()
    const token = cloud().mintToken()
    const inputs = { ...hello.inputs, 'yc-sa-json-credentials': '' }
    cloud().fault({
      path: /\/functions$/,
      effect: { kind: 'status', status: 400, body: { code: 3, message: `no: ${token}` } },
    })
    const own = action === 'cleanup' ? { 'remove-tags': 'a' } : {}
    const result = await step(action, { ...inputs, 'yc-iam-token': token, ...own })
    expect(result.exitCode).toBe(1)
    const shown = result.stdout.replace(/^::add-mask::.*$/gm, '') + result.stderr + result.summary
    expect(shown).toContain('no: ***')
    expect(shown).not.toContain(token)
  })

  test('changes nothing in a dry run', async () => {
    const hello = await past()
    const [, v2 = ''] = await hello.versions(2, 'stable')
    const before = mutations(cloud()).length
    const tags = action === 'rollback' ? { tags: 'stable' } : { 'remove-tags': 'stable' }
    const result = await step(action, { ...hello.inputs, ...tags, 'dry-run': 'true' })
    expect(result.exitCode).toBe(0)
    expect(result.stdout).toMatch(/Planned.*nothing/)
    expect(mutations(cloud()).slice(before)).toEqual([])
    expect(hello.holderOf('stable')).toBe(v2)
  })

  test('that is cancelled while it waits says so at once', async () => {
    const hello = await past()
    await hello.versions(2, 'stable')
    const path = /:(setTag|removeTag)$/
    cloud().fault({ path, times: Infinity, effect: { kind: 'delay', ms: 60_000 } })
    const tags = action === 'rollback' ? { tags: 'stable' } : { 'remove-tags': 'stable' }
    let sentAt = 0
    const before = cloud().requests.length
    const result = await runStep(
      { ...hello.inputs, ...tags },
      {
        action,
        workspace: makeWorkspace({}),
        onStart: (child) => {
          const watch = setInterval(() => {
            if (
              !cloud()
                .requests.slice(before)
                .some((request) => path.test(request.path))
            ) {
              return
            }
            clearInterval(watch)
            sentAt = performance.now()
            child.kill('SIGINT')
          }, 20)
          child.once('exit', () => {
            clearInterval(watch)
          })
        },
      },
    )
    expect(performance.now() - sentAt).toBeLessThan(7_500)
    expect(result.exitCode).toBe(1)
    expect(result.annotations.map(({ properties }) => properties.title)).toEqual([
      'CANCELLED: The run was cancelled',
    ])
    expect(result.summary).toContain('CANCELLED')
  })
})
