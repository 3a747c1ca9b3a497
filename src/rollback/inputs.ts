/** Parses and checks all inputs of a rollback, and reports every problem at once. */

import { readCredentials, type CredentialInputs } from '../inputs/credentials.ts'
import { readTarget, type ExistingTarget } from '../inputs/function.ts'
import { readEndpoint, readWaitSeconds } from '../inputs/inputs.ts'
import { InputReader, type RawInputs } from '../inputs/reader.ts'
import { parseId, ValueError } from '../inputs/values.ts'
import { parseTag } from '../inputs/version.ts'
import { LATEST } from '../yandex/functions/versions.ts'
import { INPUT_NAMES, type InputName } from './names.ts'

/** The inputs of a rollback, typed and checked. */
export interface RollbackInputs {
  readonly credentials: CredentialInputs
  readonly target: ExistingTarget
  /** None for callers without a tag. */
  readonly tags: readonly string[]
  /** Where to go; undefined for the version before. */
  readonly versionId: string | undefined
  /** Whether the run ends with what it would do. */
  readonly isDryRun: boolean
  readonly waitSeconds: number
  /** Root of the API. */
  readonly endpoint: URL
  /** Inputs that have no effect, one sentence each. */
  readonly warnings: readonly string[]
}

/** Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseRollback(raw: RawInputs): RollbackInputs {
  const reader = new InputReader<InputName>(raw)
  const credentials = readCredentials(reader, { isOptional: false })
  const { target } = readTarget(reader)
  const rest = {
    tags: [...new Set(reader.list('tags', parseMovableTag))],
    versionId: reader.parse('version-id', parseId),
    isDryRun: reader.boolean('dry-run') ?? false,
    waitSeconds: readWaitSeconds(reader),
    endpoint: readEndpoint(reader),
  }
  const needed = credentials && { credentials, target }
  const { value, warnings } = reader.finish(needed, {
    known: INPUT_NAMES,
    vital: ['tags', 'version-id', 'dry-run'],
  })
  return { ...value, ...rest, warnings }
}

function parseMovableTag(text: string): string {
  if (text !== LATEST) return parseTag(text)
  throw new ValueError(
    `is "${LATEST}", which follows the newest version by itself: leave \`tags\` out to roll back callers without a tag`,
  )
}
