/** Words what a look-up did not find, with the name of the input that asked for it. */

import { DeployError } from '../errors.ts'
import type { NameReference } from '../inputs/references.ts'
import type { SecretReference } from '../inputs/environment.ts'
import { nearest } from '../suggest.ts'
import { quote } from '../text.ts'
import type { SecretResult } from '../yandex/lockbox.ts'

/** What was looked for, and what a folder has instead. */
interface Lookup {
  readonly input: string
  readonly what: string
  readonly name: string
  readonly folderId: string
  /** Of the resources that this credential can see. */
  readonly names: readonly string[]
}

/** The error for a service account or a network that is not there. */
export function nameNotFound(
  { input, resource, name }: NameReference,
  folder: { folderId: string; names: readonly string[] },
): DeployError {
  return notFound({ input, what: resource, name, ...folder })
}

/** The error for a secret, or for a version or key of it, that cannot be used. */
export function secretNotFound(
  { environmentVariable, secret, version, key }: SecretReference,
  { result, folderId }: { result: Exclude<SecretResult, { kind: 'found' }>; folderId: string },
): DeployError {
  const input = 'secrets'
  if (result.kind === 'missing') {
    return notFound({ input, what: 'secret', name: secret, folderId, names: result.names })
  }
  const label = `the secret ${quote(result.label)}`
  const { problem, hint } =
    result.kind === 'no such version'
      ? {
          problem: `${label} has no ${version === 'latest' ? 'current version' : `version ${quote(version)}`}`,
          hint: 'Use `latest` for the current version, or an id from `yc lockbox secret list-versions`.',
        }
      : result.kind === 'inactive'
        ? {
            problem: `the version ${result.version.id} of ${label} is ${result.version.status}`,
            hint: 'Refer to an active version.',
          }
        : {
            problem: `the version ${result.version.id} of ${label} has no key ${quote(key)}; it has ${keysNear(key, result.version.payloadEntryKeys)}`,
            hint: 'Correct the key at the end of the reference.',
          }
  return new DeployError('INPUT_INVALID', `\`${input}\`: ${environmentVariable}: ${problem}.`, {
    inputs: [input],
    topic: 'secret-not-found',
    hint,
  })
}

function keysNear(key: string, keys: readonly string[]): string {
  const near = nearest(key, keys)
  const shown = near.length > 0 ? near : keys.slice(0, 10)
  return shown.map(quote).join(', ') || 'no keys'
}

function notFound({ input, what, name, folderId, names }: Lookup): DeployError {
  const count = names.length === 0 ? 'none' : String(names.length)
  const suggestion = didYouMean(name, names) || ` This credential sees ${count} in the folder.`
  return new DeployError(
    'INPUT_INVALID',
    `\`${input}\`: there is no ${what} ${quote(name)} in the folder ${folderId}.${suggestion}`,
    {
      inputs: [input],
      topic: 'name-not-found',
      hint: 'Correct the name, or give the account that deploys the right to see it.',
    },
  )
}

/** ` Did you mean "a" or "b"?` for the candidates that are near a mistyped word; empty when none is. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates)
  return near.length > 0 ? ` Did you mean ${near.map(quote).join(' or ')}?` : ''
}
