/** An emulator that holds everything the steps of `inputs.ts` and `setting-cases.ts` name. */

import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/index.ts'
import { EVERY_INPUT } from './inputs.ts'

type Texts = Readonly<Record<string, string>>

export interface NamedCloud {
  readonly emulator: Emulator
  /** The inputs with ids of the emulator in place of those that only tests have. */
  readonly translate: (inputs: Texts) => Texts
  /** {@link EVERY_INPUT}, translated. */
  readonly everyInput: Texts
}

/** The value of the secret that steps refer to. */
export const SECRET_PAYLOADS = ['former-payload-of-the-secret', 'payload-of-the-secret'] as const

const UNLIMITED = 1_000_000

export async function startNamedCloud(options: EmulatorOptions = {}): Promise<NamedCloud> {
  const emulator = await startEmulator({
    buildMs: 0,
    quotas: {
      functionsPerCloud: UNLIMITED,
      tagsPerFunction: UNLIMITED,
      operationsPerFunction: UNLIMITED,
      operationsPerFolder: UNLIMITED,
      operationsPerCloud: UNLIMITED,
    },
    ...options,
  })
  for (const number of [1, 2, 3, 4, 8, 9]) {
    const id = `aje${number}`
    emulator.addServiceAccount({ id, name: `account-${number}`, roles: ['lockbox.viewer'] })
  }
  for (const name of ['runner', 'caller', 'queue', 'writer', 'other']) {
    emulator.addServiceAccount({ name })
  }
  const [first, second] = ['enp1', 'enp2'].map((name) => emulator.addNetwork({ name }).id)
  for (const name of ['default', 'other']) emulator.addNetwork({ name })
  const { versionIds } = emulator.addSecret({
    name: 'database',
    versions: SECRET_PAYLOADS.map((password) => ({ password })),
  })
  emulator.addBucket({ name: 'packages' })
  const ids: readonly (readonly [RegExp, string | undefined])[] = [
    [/\benp1\b/g, first],
    [/\benp2\b/g, second],
    [/(?<=database\/)v2\b/g, versionIds[0]],
  ]
  const translate = (inputs: Texts): Texts =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, text]) => [
        name,
        ids.reduce((rest, [id, real = '']) => rest.replace(id, real), text),
      ]),
    )
  return { emulator, translate, everyInput: translate(EVERY_INPUT) }
}
