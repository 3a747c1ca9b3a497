/** Inputs of a step as tests write them: only what matters, the rest as a valid step has it. */

import { DeployError } from '../../src/errors.ts'
import { parseInputs, type Inputs } from '../../src/inputs/inputs.ts'
import { CONTEXT, thrown } from './fakes.ts'

/** A step with the required inputs alone. */
export const REQUIRED: Readonly<Record<string, string>> = {
  'yc-iam-token': 't1.token',
  'function-id': 'd4e00000000000000001',
  runtime: 'nodejs22',
  entrypoint: 'index.handler',
}

/** The inputs of a step with the required ones and these; an empty text takes one away. */
export function inputsOf(given: Readonly<Record<string, string>> = {}): Inputs {
  return parseInputs({ ...REQUIRED, ...given }, CONTEXT)
}

/** What is said about a step that is wrong, one problem a line. */
export function problemsOf(given: Readonly<Record<string, string>>): readonly string[] {
  const error = thrown(() => inputsOf(given))
  if (!(error instanceof DeployError) || error.code !== 'INPUT_INVALID') throw error
  const lines = error.message.split('\n')
  return lines.length === 1 ? lines : lines.slice(1).map((line) => line.replace(/^- /, ''))
}

/** A step that reaches as many fields of a version as one step can. */
export const EVERY_INPUT: Readonly<Record<string, string>> = {
  memory: '2GB',
  'execution-timeout': '90s',
  description: 'mine',
  environment: 'LEVEL=info\nGREETING<<END\nHello,\n  world\nEND',
  secrets: 'PASSWORD=database/latest/password',
  'service-account': 'aje1',
  'named-service-accounts': 'reports=aje2',
  'network-name': 'default',
  tags: 'stable\nv1',
  concurrency: '4',
  'tmpfs-size': '512Mb',
  mounts: 'data:bbb/p/q:ro\nout:ccc',
  'ephemeral-disk': 'tmp:10GB:4KB',
  'logs-disabled': 'true',
  'logs-group-id': 'e23',
  'log-level': 'warn',
  async: 'true',
  'async-sa-id': 'aje3',
  'async-retries-count': '7',
  'async-success-ymq-arn': 'yrn:s',
  'async-success-sa-id': 'aje4',
  'async-failure-ymq-arn': 'yrn:f',
  'async-failure-sa-name': 'writer',
  'metadata-gce': 'true',
  'metadata-aws-v1': 'false',
}
