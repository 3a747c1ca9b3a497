/** The examples that call a function after its deployment, run as a job runs them. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { runStep } from '../../scripts/step.ts'
import { requiredInputs, useEmulator } from '../support/cloud.ts'
import { yamlBlocks } from '../support/examples.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const cloud = useEmulator({ buildMs: 0 })
const execute = promisify(execFile)

const scripts = yamlBlocks()
  .filter(({ heading }) => heading === 'Call the function after the deployment')
  .flatMap(({ text }) => [...JSON.stringify(parse(text)).matchAll(/"run":("(?:[^"\\]|\\.)*")/g)])
  .map(([, script = '']) => JSON.parse(script) as string)
const [withToken = '', withoutToken = ''] = scripts

// The commands are for bash, which a job on Windows has too, but not under this name.
const onUnix = process.platform === 'win32' ? test.skip : test

async function deployed() {
  const emulator = cloud()
  const step = await runStep(
    { ...requiredInputs(emulator), tags: 'stable' },
    { workspace: makeWorkspace(HELLO) },
  )
  const { 'function-url': url = '', 'function-id': id = '', 'version-id': version } = step.outputs
  const call = async (script: string) =>
    execute(
      'bash',
      [
        '--norc',
        '--noprofile',
        '-eo',
        'pipefail',
        '-c',
        script.replace(EXCHANGE, emulator.tokenExchangeUrl),
      ],
      {
        env: {
          PATH: process.env.PATH,
          URL: url,
          SA_ID: emulator.serviceAccountId,
          ACTIONS_ID_TOKEN_REQUEST_URL: emulator.githubOidc.url,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: emulator.githubOidc.requestToken,
        },
      },
    )
  return { emulator, id, version, call }
}

const EXCHANGE = 'https://auth.yandex.cloud/oauth/token'

test('there are two: with a token and without', () => {
  expect(scripts).toHaveLength(2)
  expect(withToken).toContain(EXCHANGE)
})

onUnix('a private function answers to the token of the deployer, which is masked', async () => {
  const { emulator, version, call } = await deployed()
  const { stdout } = await call(withToken)
  const [mask = '', ...answer] = stdout.split('\n')
  expect(mask).toBe(`::add-mask::${emulator.issuedTokens.at(-1) ?? ''}`)
  expect(JSON.parse(answer.join('\n'))).toMatchObject({ version })
})

onUnix('a public function answers to everyone, and a private one does not', async () => {
  const { emulator, id, version, call } = await deployed()
  const once = withoutToken.replace('--retry 5 --retry-all-errors', '')
  await expect(call(once)).rejects.toMatchObject({ stderr: expect.stringContaining('403') })
  emulator.setAccessBindings(id, [
    { roleId: 'functions.functionInvoker', subject: { id: 'allUsers', type: 'system' } },
  ])
  const { stdout } = await call(withoutToken)
  expect(JSON.parse(stdout)).toMatchObject({ version })
})
