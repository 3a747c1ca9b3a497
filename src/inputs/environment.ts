/** Inputs that become environment variables of the function: plain ones and Lockbox secrets. */

import { quote } from '../text.ts'
import type { SecretQuery } from '../yandex/lockbox.ts'
import type { InputReader } from './reader.ts'
import { ValueError, type Pair } from './values.ts'

/** One key of a Lockbox secret, for an environment variable. */
export interface SecretReference extends SecretQuery {
  readonly environmentVariable: string
}

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

/** `ENV_VAR=<secret id or name>/<version id or latest>/<key>`. Throws ValueError. */
export function parseSecretReference(line: string): SecretReference {
  const match = /^([^=]+)=([^/]+)\/([^/]+)\/([^/]+)$/.exec(line) ?? []
  const [environmentVariable, secret, version, key] = match.slice(1).map((part) => part.trim())
  if (!environmentVariable || !secret || !version || !key) {
    // Never quote the line: it may be the secret itself, pasted here by mistake.
    throw new ValueError(
      'is not a reference to a Lockbox secret: write ENV_VAR=<secret id or name>/<version id or latest>/<key>',
    )
  }
  const problem = problemOfName(environmentVariable)
  if (problem !== undefined) throw new ValueError(problem)
  return { environmentVariable, secret, version, key }
}

function checkPair(reader: InputReader, { key, value, line }: Pair): void {
  const problem = problemOfName(key)
  if (problem !== undefined) reader.problem('environment', `line ${line} ${problem}`)
  if (value.length > LIMITS.valueCharacters) {
    reader.problem(
      'environment',
      `line ${line} has a value of ${value.length} characters; at most ${LIMITS.valueCharacters} are allowed`,
    )
  }
}

/** Never quotes an invalid name: it may be part of a secret, such as a line of a key that ends with `=`. */
function problemOfName(name: string): string | undefined {
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) {
    return 'does not start with a valid variable name: letters, digits and _, starting with a letter'
  }
  return RESERVED.includes(name)
    ? `sets ${name}, which the runtime sets itself and which cannot be overridden`
    : undefined
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
      `is ${totalBytes} bytes, including its names and those of \`secrets\`; the limit is ${LIMITS.totalBytes}, and the values of the secrets count too`,
    )
  }
}
