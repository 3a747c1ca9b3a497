/** Puts everything that a step names into an emulator, so that any step can be tried there. */

import type { Emulator } from '../../emulator/index.ts'
import type { Inputs } from './with-file.ts'

const CREDENTIALS = ['yc-sa-json-credentials', 'yc-iam-token', 'yc-sa-id', 'yc-instance-metadata']

/** The inputs with the addresses and the key of the emulator in place of the cloud's. */
export function furnish(inputs: Inputs, emulator: Emulator): Inputs {
  addWhatIsNamed(inputs, emulator)
  const kept = Object.entries(inputs).filter(([name]) => !CREDENTIALS.includes(name))
  const { 'function-id': functionId, ...rest } = Object.fromEntries(kept)
  return {
    ...rest,
    // A function that exists nowhere but in the cloud becomes a new one.
    ...(functionId && { 'function-name': `was-${functionId}`.toLowerCase() }),
    'yc-sa-json-credentials': emulator.keyJson,
    'api-endpoint': emulator.endpoint,
    'token-exchange-url': emulator.tokenExchangeUrl,
    'folder-id': emulator.folderId,
  }
}

function addWhatIsNamed(inputs: Inputs, emulator: Emulator): void {
  const values = (suffix: RegExp): readonly string[] => [
    ...new Set(
      Object.entries(inputs).flatMap(([name, value]) =>
        suffix.test(name) && value !== '' ? [value] : [],
      ),
    ),
  ]
  const mounted = linesOf(inputs.mounts).map((line) => line.split(':')[1]?.split('/')[0] ?? '')
  for (const name of new Set([...values(/^bucket$/), ...mounted])) {
    if (name !== '') emulator.addBucket({ name })
  }
  for (const name of values(/^(service-account|async.*-sa)-name$/)) {
    emulator.addServiceAccount({ name })
  }
  for (const id of values(/^(service-account|async.*-sa-id)$/)) {
    emulator.addServiceAccount({ name: `account-${id}`, id })
  }
  for (const name of values(/^network-name$/)) emulator.addNetwork({ name })
  for (const [secret, keys] of secretsOf(inputs.secrets)) {
    emulator.addSecret({
      name: secret,
      versions: [Object.fromEntries(keys.map((key) => [key, 'a value']))],
    })
  }
}

/** The keys of each secret that the lines name. */
function secretsOf(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  const secrets = new Map<string, string[]>()
  for (const line of linesOf(text)) {
    const [, secret, key] = /^[^=]+=([^/]+)\/[^/]+\/([^/]+)$/.exec(line) ?? []
    if (secret === undefined || key === undefined) continue
    secrets.set(secret, [...(secrets.get(secret) ?? []), key])
  }
  return secrets
}

function linesOf(text = ''): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
