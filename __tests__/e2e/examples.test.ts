/** Every documented step, run once from its `with:` block to a version. */

import { expect, test } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { runStep, type ActionFolder } from '../../scripts/step.ts'
import { useEmulator } from '../support/cloud.ts'
import { actionSteps } from '../support/examples.ts'
import { PastFunction } from '../support/history.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const cloud = useEmulator({ buildMs: 0 })

/** A repository that has what the examples speak of. */
const REPOSITORY = {
  ...HELLO,
  'package.json': '{ "name": "hello" }\n',
  'package-lock.json': '{ "name": "hello", "lockfileVersion": 3, "packages": {} }\n',
  'lib/greet.js': '',
  'lib/greet.test.js': '',
  'dist/index.js': HELLO['index.js'],
  'dist/index.js.map': '{}',
  'dist/package.json': '{ "name": "hello" }\n',
  'main.py': 'def handler(event, context):\n    return {"statusCode": 200}\n',
  'greeting/__init__.py': '',
  'greeting/__pycache__/__init__.cpython-312.pyc': '',
  'requirements.txt': '',
  'index.go': 'package main\n\nfunc Handler() {}\n',
  'index_test.go': 'package main\n',
  'go.mod': 'module example.com/hello\n\ngo 1.23\n',
  'go.sum': '',
  'index.php': '<?php function handler($event, $context) { return ["statusCode" => 200]; }\n',
  'composer.json': '{}\n',
  'composer.lock': '{}\n',
  'src/main.js': HELLO['index.js'],
  'src/main.ts': '',
  'functions/orders/index.js': HELLO['index.js'],
  'functions/thumbnails/main.py': 'def handler(event, context):\n    return {"statusCode": 200}\n',
}

const steps = actionSteps().map((step, index) => ({
  ...step,
  title: `${step.file}: ${step.heading} (step ${index + 1})`,
}))

test.each(steps)('$title', async ({ action, with: inputs }) => {
  const emulator = cloud()
  const values = expressionValues(emulator)
  const evaluated = Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [name, evaluate(text, values)]),
  )
  if (action !== '.') await beforehand({ action, inputs: evaluated })
  const step = await runStep(
    {
      'api-endpoint': emulator.endpoint,
      'token-exchange-url': emulator.tokenExchangeUrl,
      ...evaluated,
    },
    {
      action,
      workspace: makeWorkspace(REPOSITORY),
      env: {
        YC_METADATA_ADDR: emulator.metadataAddress,
        ACTIONS_ID_TOKEN_REQUEST_URL: emulator.githubOidc.url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: emulator.githubOidc.requestToken,
      },
    },
  )

  expect(step.annotations).toEqual([])
  expect(step.exitCode).toBe(0)
  if (action === 'cleanup') {
    const { 'removed-tags': removed, deleted } = step.outputs
    expect([removed, deleted]).toEqual(
      evaluated['delete-function'] === 'true' ? ['', 'true'] : [evaluated['remove-tags'], 'false'],
    )
    return
  }
  if (action === 'rollback') {
    expect(step.outputs['version-id']).toMatch(/^d4e/)
    return
  }
  if (evaluated['dry-run'] === 'true') {
    expect(step.outputs.changed).toMatch(/^(true|false)$/)
    return
  }
  const version = emulator
    .versions(step.outputs['function-id'] ?? '')
    .find(({ id }) => id === step.outputs['version-id'])
  expect(version).toMatchObject({ status: 'ACTIVE', runtime: evaluated.runtime })
})

/** What a rollback and a clean-up take for granted: a function with a past, and with the tags that are removed. */
async function beforehand({
  action,
  inputs: { 'function-name': name = '', tags = 'stable', 'remove-tags': removed = 'stable' },
}: {
  readonly action: ActionFolder
  readonly inputs: Readonly<Record<string, string>>
}): Promise<void> {
  const emulator = cloud()
  const found = emulator.functions().find((one) => one.name === name)
  const past = await (found
    ? PastFunction.find(emulator, found)
    : PastFunction.create(emulator, name))
  await past.versions(2, action === 'rollback' ? tags : removed)
}

/** Makes in the cloud what the examples take for granted, once, and gives it the names they use. */
function expressionValues(emulator: Emulator): Readonly<Record<string, string>> {
  known ??= prepare(emulator)
  return { ...known, 'secrets.YC_IAM_TOKEN': emulator.mintToken() }
}

let known: Readonly<Record<string, string>> | undefined

function prepare(emulator: Emulator): Readonly<Record<string, string>> {
  const runtime = emulator.addServiceAccount({ name: 'reports-runtime' })
  emulator.addNetwork({ name: 'default' })
  emulator.addBucket({ name: 'my-bucket' })
  const secret = emulator.addSecret({ name: 'database', versions: [{ password: 'secret' }] })
  emulator.addSecret({ name: 'partner-api', versions: [{ key: 'secret' }] })
  return {
    'secrets.YC_SA_JSON_CREDENTIALS': emulator.keyJson,
    'secrets.BUCKET': 'my-bucket',
    'vars.YC_FOLDER_ID': emulator.folderId,
    'vars.YC_SA_ID': emulator.serviceAccountId,
    'vars.YC_PLAN_SA_ID': emulator.serviceAccountId,
    'vars.YC_BUCKET': 'my-bucket',
    'vars.YC_RUNTIME_SA_ID': runtime.id,
    'vars.YC_SECRET_ID': secret.id,
    'github.ref_name': 'v1.2.3',
    'github.event.number': '12',
    'inputs.memory': '512Mb',
    'inputs.dry-run': 'false',
  }
}

function evaluate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(\S+)\s*\}\}/g, (_, name: string) => {
    const value = name === 'inputs.version-id' ? newestVersion() : values[name]
    if (value === undefined) throw new TypeError(`no value for the expression ${name}`)
    return value
  })
}

/** A version of `hello`, which the examples before have deployed. */
function newestVersion(): string {
  const emulator = cloud()
  const hello = emulator.functions().find(({ name }) => name === 'hello')
  return emulator.versions(hello?.id ?? '').at(-1)?.id ?? ''
}
