/** Inputs about asynchronous calls of the function. */

import { parseInteger } from '../values.ts'
import type { InputReader } from './reader.ts'
import { readReference, type Reference } from './references.ts'

/** A Message Queue queue that gets the outcome of a call, and who writes to it. */
export interface QueueTarget {
  readonly queueArn: string
  readonly serviceAccount: Reference
}

export interface AsyncInvocation {
  readonly retries: number
  readonly success: QueueTarget | undefined
  readonly failure: QueueTarget | undefined
  readonly serviceAccount: Reference | undefined
}

const DEFAULT_RETRIES = 3

/** 0 to 100: https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function.proto) */
const RETRIES = { min: 0, max: 100 }

/** Undefined unless `async` is true. */
export function readAsync(reader: InputReader): AsyncInvocation | undefined {
  const enabled = reader.boolean('async') ?? false
  const retries =
    reader.parse('async-retries-count', (text) => parseInteger(text, RETRIES)) ?? DEFAULT_RETRIES
  const serviceAccount = readReference(reader, {
    id: 'async-sa-id',
    name: 'async-sa-name',
    resource: 'service account',
  })
  const success = readTarget(reader, 'async-success')
  const failure = readTarget(reader, 'async-failure')
  if (enabled) return { retries, success, failure, serviceAccount }
  if (serviceAccount !== undefined || success !== undefined || failure !== undefined) {
    reader.warnings.push('the `async-…` inputs have no effect while `async` is not true')
  }
  return undefined
}

function readTarget(
  reader: InputReader,
  prefix: 'async-success' | 'async-failure',
): QueueTarget | undefined {
  const arn = `${prefix}-ymq-arn`
  const id = `${prefix}-sa-id`
  const name = `${prefix}-sa-name`
  const queueArn = reader.text(arn)
  const serviceAccount = readReference(reader, { id, name, resource: 'service account' })
  const hasAccount = reader.text(id) !== undefined || reader.text(name) !== undefined
  if (queueArn !== undefined && !hasAccount) {
    reader.problem(arn, `needs the account that writes to the queue: \`${id}\` or \`${name}\``)
  }
  if (queueArn === undefined && hasAccount) {
    reader.problem(arn, `is missing, though \`${id}\` or \`${name}\` is given`)
  }
  return queueArn === undefined || serviceAccount === undefined
    ? undefined
    : { queueArn, serviceAccount }
}
