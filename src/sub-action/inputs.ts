/** The inputs that all actions beside the one that deploys have in common. */

import { readCredentials, type CredentialInputs } from '../inputs/credentials.ts'
import { readTarget, type ExistingTarget } from '../inputs/function.ts'
import { readEndpoint, readWaitSeconds } from '../inputs/inputs.ts'
import type { InputName } from '../inputs/names.ts'
import { InputReader, type RawInputs } from '../inputs/reader.ts'

/** Typed and checked. */
export interface CommonInputs {
  readonly credentials: CredentialInputs
  readonly target: ExistingTarget
  /** Whether the run ends with what it would do. */
  readonly isDryRun: boolean
  readonly waitSeconds: number
  /** Root of the API. */
  readonly endpoint: URL
  /** Inputs that have no effect, one sentence each. */
  readonly warnings: readonly string[]
}

/** Reads the common inputs, and those that `read` adds. Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseWith<Name extends string, Own extends object>(
  raw: RawInputs,
  {
    names,
    vital,
    read,
  }: {
    /** Of all inputs in the manifest. */
    names: readonly Name[]
    /** As in {@link InputReader.finish}. */
    vital: readonly Name[]
    /** Undefined only after a problem. */
    read: (reader: InputReader<Name>) => Own | undefined
  },
): CommonInputs & Own {
  const reader = new InputReader<InputName | Name>(raw)
  const credentials = readCredentials(reader, { isOptional: false })
  const { target } = readTarget(reader)
  const own = read(reader)
  const isDryRun = reader.boolean('dry-run') ?? false
  const waitSeconds = readWaitSeconds(reader)
  const endpoint = readEndpoint(reader)
  const { value, warnings } = reader.finish(credentials && own && { ...own, credentials }, {
    known: names,
    vital: ['dry-run', ...vital],
  })
  return { ...value, target, isDryRun, waitSeconds, endpoint, warnings }
}
