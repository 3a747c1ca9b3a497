/** Inputs that become environment variables of the function: plain ones and Lockbox secrets. */

import { parseSecretReference, quote, type Pair, type SecretReference } from '../values.ts'
import type { InputReader } from './reader.ts'

export interface Environment {
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: readonly SecretReference[]
}

/** Length of a value: function_service.proto; total: https://yandex.cloud/en/docs/functions/concepts/limits */
const LIMITS = { valueCharacters: 4096, totalBytes: 4096 }

/** https://yandex.cloud/en/docs/functions/concepts/runtime/environment-variables */
const RESERVED = [
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
  'PATH',
  'LD_LIBRARY_PATH',
]

export function readEnvironment(reader: InputReader): Environment {
  const pairs = reader.pairs('environment')
  const secrets = reader.list('secrets', parseSecretReference)
  for (const pair of pairs) checkPair(reader, pair)
  const taken = new Set(pairs.map(({ key }) => key))
  for (const { environmentVariable } of secrets) {
    checkName(reader, { input: 'secrets', name: environmentVariable })
    if (taken.has(environmentVariable)) {
      reader.problem('secrets', `sets ${quote(environmentVariable)}, which is set already`)
    }
    taken.add(environmentVariable)
  }
  checkTotal(reader, { pairs, secrets })
  return {
    variables: Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
    secrets,
  }
}

function checkPair(reader: InputReader, { key, value, line }: Pair): void {
  checkName(reader, { input: 'environment', name: key, line })
  if (value.length > LIMITS.valueCharacters) {
    reader.problem(
      'environment',
      `line ${line}: the value of ${quote(key)} has ${value.length} characters; at most ${LIMITS.valueCharacters} are allowed`,
    )
  }
}

function checkName(
  reader: InputReader,
  { input, name, line }: { input: string; name: string; line?: number },
): void {
  const where = line === undefined ? '' : `line ${line}: `
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) {
    // A secret of several lines looks like this from its second line on.
    const what = /^[\w.-]{1,40}$/.test(name) ? quote(name) : 'what stands before the ='
    reader.problem(
      input,
      `${where}${what} is not the name of a variable: letters, digits and _, a letter first`,
    )
  }
  if (RESERVED.includes(name)) {
    reader.problem(input, `${where}${quote(name)} is set by the runtime and cannot be overridden`)
  }
}

function checkTotal(
  reader: InputReader,
  { pairs, secrets }: { pairs: readonly Pair[]; secrets: readonly SecretReference[] },
): void {
  const texts = [
    ...pairs.flatMap(({ key, value }) => [key, value]),
    ...secrets.map(({ environmentVariable }) => environmentVariable),
  ]
  const totalBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (totalBytes > LIMITS.totalBytes) {
    reader.problem(
      'environment',
      `takes ${totalBytes} bytes with its names and those of \`secrets\`; the limit is ${LIMITS.totalBytes}, and the values of the secrets count too`,
    )
  }
}
