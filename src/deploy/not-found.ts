/** Words what a look-up did not find, with the name of the input that asked for it. */

import { DeployError } from '../errors.ts'
import type { SecretReference } from '../inputs/environment.ts'
import { nearest } from '../suggest.ts'
import { quote } from '../text.ts'
import type { SecretResult } from '../yandex/lockbox.ts'

/** The error for a resource that is not there; `names` are those of the folder that this credential can see. */
export function nameNotFound(
  { input, resource, name }: { input: string; resource: string; name: string },
  { folderId, names }: { folderId: string; names: readonly string[] },
): DeployError {
  const count = names.length === 0 ? 'none' : String(names.length)
  const suggestion = didYouMean(name, names) || ` This credential sees ${count} in the folder.`
  return new DeployError(
    'INPUT_INVALID',
    `\`${input}\`: there is no ${resource} ${quote(name)} in the folder ${folderId}.${suggestion}`,
    {
      inputs: [input],
      topic: 'name-not-found',
      hint: 'Correct the name, or give the account that deploys the right to see it.',
    },
  )
}

/** The error for a secret, or for a version or key of it, that cannot be used. */
export function secretNotFound(
  { environmentVariable, secret, version, key }: SecretReference,
  { result, folderId }: { result: Exclude<SecretResult, { kind: 'found' }>; folderId: string },
): DeployError {
  const input = 'secrets'
  if (result.kind === 'missing') {
    const { names } = result
    return nameNotFound({ input, resource: 'secret', name: secret }, { folderId, names })
  }
  const wrong = (problem: string, hint: string): DeployError =>
    new DeployError('INPUT_INVALID', `\`${input}\`: ${environmentVariable}: ${problem}.`, {
      inputs: [input],
      topic: 'secret-not-found',
      hint,
    })
  const label = `the secret ${quote(result.label)}`
  switch (result.kind) {
    case 'no such version':
      return wrong(
        `${label} has no ${version === 'latest' ? 'current version' : `version ${quote(version)}`}`,
        'Use `latest` for the current version, or an id from `yc lockbox secret list-versions`.',
      )
    case 'inactive':
      return wrong(
        `the version ${result.version.id} of ${label} is ${result.version.status}`,
        'Refer to an active version.',
      )
    case 'no such key':
      return wrong(
        `the version ${result.version.id} of ${label} has no key ${quote(key)}; it has ${keysNear(key, result.version.payloadEntryKeys)}`,
        'Correct the key at the end of the reference.',
      )
  }
}

function keysNear(key: string, keys: readonly string[]): string {
  const near = nearest(key, keys)
  const shown = near.length > 0 ? near : keys.slice(0, 10)
  return shown.map(quote).join(', ') || 'no keys'
}

/** ` Did you mean "a" or "b"?` for the candidates that are near a mistyped word; empty when none is. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates)
  return near.length > 0 ? ` Did you mean ${near.map(quote).join(' or ')}?` : ''
}
