/** Inputs that become environment variables of the function: plain ones and Lockbox secrets. */

import { quote } from '../text.ts'
import type { SecretQuery } from '../yandex/lockbox.ts'
import type { InputReader } from './reader.ts'
import { ValueError, type Pair } from './values.ts'

/** One key of a Lockbox secret, for an environment variable. */
export interface SecretReference extends SecretQuery {
  readonly environmentVariable: string
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

/** The variables by their names, and the secrets for others. */
export function readEnvironment(reader: InputReader) {
  const variables = reader.pairs('environment', checkKey, checkLength)
  const secrets = reader.list('secrets', parseSecretReference)
  const names = Object.keys(variables)
  for (const { environmentVariable } of secrets) {
    if (names.includes(environmentVariable)) {
      reader.problem('secrets', `sets ${quote(environmentVariable)}, which is set already`)
    }
    names.push(environmentVariable)
  }
  const texts = [...names, ...Object.values(variables)]
  const totalBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (totalBytes > LIMITS.totalBytes) {
    reader.problem(
      'environment',
      `is ${totalBytes} bytes, including its names and those of \`secrets\`; the limit is ${LIMITS.totalBytes}, and the values of the secrets count too`,
    )
  }
  return { variables, secrets }
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
  checkName(environmentVariable)
  return { environmentVariable, secret, version, key }
}

function checkKey({ key }: Pair): void {
  checkName(key)
}

function checkLength({ value: { length } }: Pair): void {
  if (length <= LIMITS.valueCharacters) return
  throw new ValueError(
    `has a value of ${length} characters; at most ${LIMITS.valueCharacters} are allowed`,
  )
}

/** Never quotes an invalid name: it may be part of a secret, such as a line of a key that ends with `=`. */
function checkName(name: string): void {
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) {
    throw new ValueError(
      'does not start with a valid variable name: letters, digits and _, starting with a letter',
    )
  }
  if (!RESERVED.includes(name)) return
  throw new ValueError(`sets ${name}, which the runtime sets itself and which cannot be overridden`)
}
