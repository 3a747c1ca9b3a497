/** Inputs about asynchronous calls of the function. */

import type { InputReader } from './reader.ts'
import { readReference, type Reference } from './references.ts'
import { parseInteger } from './values.ts'

/** A Message Queue queue that receives the result of a call, and the account that writes to it. */
export interface QueueTarget {
  readonly queueArn: string
  readonly serviceAccount: Reference
}

/** How the function is called asynchronously. */
export type AsyncInvocation = Readonly<NonNullable<ReturnType<typeof readAsync>>>

const DEFAULT_RETRIES = 3

/** 0 to 100: https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function.proto) */
const RETRIES = { min: 0, max: 100 }

/** Inputs that need `async: true`; `async-retries-count` is not one of them, because its default is always set. */
const DEPENDENT = [
  'async-sa-id',
  'async-sa-name',
  'async-success-ymq-arn',
  'async-success-sa-id',
  'async-success-sa-name',
  'async-failure-ymq-arn',
  'async-failure-sa-id',
  'async-failure-sa-name',
] as const

/** Undefined unless `async` is true; the other inputs are not checked then. */
export function readAsync(reader: InputReader) {
  if (!reader.isOn('async', DEPENDENT)) return undefined
  return {
    retries:
      reader.parse('async-retries-count', (text) => parseInteger(text, RETRIES)) ?? DEFAULT_RETRIES,
    serviceAccount: readReference(reader, {
      id: 'async-sa-id',
      name: 'async-sa-name',
      resource: 'service account',
    }),
    success: readTarget(reader, 'async-success'),
    failure: readTarget(reader, 'async-failure'),
  }
}

function readTarget(
  reader: InputReader,
  prefix: 'async-success' | 'async-failure',
): QueueTarget | undefined {
  const arn = `${prefix}-ymq-arn` as const
  const id = `${prefix}-sa-id` as const
  const name = `${prefix}-sa-name` as const
  const queueArn = reader.text(arn)
  const serviceAccount = readReference(reader, { id, name, resource: 'service account' })
  const hasAccount = reader.text(id) !== undefined || reader.text(name) !== undefined
  if (queueArn !== undefined && !hasAccount) {
    reader.absence(
      [arn],
      `\`${arn}\` needs the account that writes to the queue: \`${id}\` or \`${name}\``,
    )
  }
  if (queueArn === undefined && hasAccount) {
    reader.absence([arn], `\`${arn}\` is required with \`${id}\` or \`${name}\``)
  }
  return queueArn === undefined || serviceAccount === undefined
    ? undefined
    : { queueArn, serviceAccount }
}
