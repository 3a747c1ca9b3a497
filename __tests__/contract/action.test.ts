/** action.yml declares the public contract, no more and no less. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT } from '../support/examples.ts'

/** Every input with its default; names are public and do not change within a major version. */
const INPUTS: Record<string, string | undefined> = {
  'yc-sa-json-credentials': undefined,
  'yc-iam-token': undefined,
  'yc-sa-id': undefined,
  'oidc-audience': undefined,
  'yc-instance-metadata': 'false',

  'function-id': undefined,
  'folder-id': undefined,
  'function-name': undefined,
  'create-function': 'true',
  'function-description': undefined,
  'function-labels': undefined,

  'source-root': '.',
  include: '.',
  exclude: undefined,
  package: undefined,
  'source-version-id': undefined,
  bucket: undefined,
  'bucket-prefix': undefined,

  runtime: undefined,
  entrypoint: undefined,
  memory: '128Mb',
  'execution-timeout': '5',
  description: undefined,
  environment: undefined,
  secrets: undefined,
  'service-account': undefined,
  'service-account-name': undefined,
  'named-service-accounts': undefined,
  'network-id': undefined,
  'network-name': undefined,
  tags: undefined,
  concurrency: undefined,
  'tmpfs-size': undefined,
  mounts: undefined,
  'ephemeral-disk': undefined,
  'logs-disabled': 'false',
  'logs-group-id': undefined,
  'logs-folder-id': undefined,
  'log-level': undefined,
  async: 'false',
  'async-sa-id': undefined,
  'async-sa-name': undefined,
  'async-retries-count': '3',
  'async-success-ymq-arn': undefined,
  'async-success-sa-id': undefined,
  'async-success-sa-name': undefined,
  'async-failure-ymq-arn': undefined,
  'async-failure-sa-id': undefined,
  'async-failure-sa-name': undefined,
  'metadata-gce': undefined,
  'metadata-aws-v1': undefined,

  'dry-run': 'false',
  'skip-unchanged': 'false',
  'reuse-code': 'false',

  wait: 'true',
  'wait-timeout': '15m',

  'api-endpoint': 'api.cloud.yandex.net:443',
  'token-exchange-url': 'https://auth.yandex.cloud/oauth/token',
}

const REQUIRED = ['runtime', 'entrypoint']

const OUTPUTS = [
  'version-id',
  'function-id',
  'function-url',
  'operation-id',
  'package-sha256',
  'package-size',
  'object-name',
  'changed',
  'changes',
  'plan',
  'skipped',
  'previous-version-id',
]

interface Field {
  readonly description?: string
  readonly default?: string
  readonly required?: boolean
}

interface Action {
  readonly name: string
  readonly description: string
  readonly branding: Record<string, string>
  readonly inputs: Record<string, Field>
  readonly outputs: Record<string, Field>
  readonly runs: Record<string, string>
}

const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action
const fields = [...Object.entries(action.inputs), ...Object.entries(action.outputs)]

describe('action.yml', () => {
  test('declares every input of the contract, with its default, and no other', () => {
    const declared = Object.entries(action.inputs).map(([name, field]) => [name, field.default])
    expect(declared).toEqual(Object.entries(INPUTS))
  })

  test('requires only what every deployment needs', () => {
    const required = Object.entries(action.inputs).filter(([, { required }]) => required === true)
    expect(required.map(([name]) => name)).toEqual(REQUIRED)
  })

  test('declares every output of the contract and no other', () => {
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS)
  })

  test.each(fields)('describes %s', (_, { description }) => {
    expect(description).toMatch(/^[A-Z`].*\w/)
  })

  test('runs the committed bundle on the Node.js of the runner', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
  })

  test('has what the Marketplace asks for', () => {
    expect(action.name).toBe('Deploy Yandex Cloud Function')
    // The Marketplace takes no longer description.
    expect(action.description.length).toBeLessThanOrEqual(125)
    expect(Object.keys(action.branding)).toEqual(['icon', 'color'])
  })
})
