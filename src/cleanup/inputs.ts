/** Parses and checks all inputs of a clean-up, and reports every problem at once. */

import { readCredentials, type CredentialInputs } from '../inputs/credentials.ts'
import { readTarget, type ExistingTarget } from '../inputs/function.ts'
import { readEndpoint, readWaitSeconds } from '../inputs/inputs.ts'
import { ARRIVES_EMPTY, InputReader, type RawInputs } from '../inputs/reader.ts'
import { ValueError } from '../inputs/values.ts'
import { parseTag } from '../inputs/version.ts'
import { LATEST } from '../yandex/functions/versions.ts'
import { INPUT_NAMES, type InputName } from './names.ts'

/** The inputs of a clean-up, typed and checked. */
export interface CleanupInputs {
  readonly credentials: CredentialInputs
  readonly target: ExistingTarget
  readonly work: Work
  /** Whether the run ends with what it would do. */
  readonly isDryRun: boolean
  readonly waitSeconds: number
  /** Root of the API. */
  readonly endpoint: URL
  /** Inputs that have no effect, one sentence each. */
  readonly warnings: readonly string[]
}

/** What to clean up. */
export type Work =
  { readonly kind: 'tags'; readonly tags: readonly string[] } | { readonly kind: 'function' }

/** Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseCleanup(raw: RawInputs): CleanupInputs {
  const reader = new InputReader<InputName>(raw)
  const credentials = readCredentials(reader, { isOptional: false })
  const { target } = readTarget(reader)
  const work = readWork(reader)
  const rest = {
    isDryRun: reader.boolean('dry-run') ?? false,
    waitSeconds: readWaitSeconds(reader),
    endpoint: readEndpoint(reader),
  }
  const needed = credentials && work && { credentials, target, work }
  const { value, warnings } = reader.finish(needed, { known: INPUT_NAMES, vital: ['dry-run'] })
  return { ...value, ...rest, warnings }
}

function readWork(reader: InputReader<InputName>): Work | undefined {
  const earlier = reader.problems.length
  const tags = [...new Set(reader.list('remove-tags', parseRemovableTag))]
  const isWhole = reader.boolean('delete-function') ?? false
  const hasTags = reader.text('remove-tags') !== undefined
  if (isWhole && hasTags) {
    reader.problemOf(
      ['remove-tags', 'delete-function'],
      '`remove-tags` and `delete-function` cannot be combined: a function is deleted with its tags',
    )
  }
  if (isWhole) return { kind: 'function' }
  if (tags.length > 0) return { kind: 'tags', tags }
  if (reader.problems.length === earlier) {
    reader.problemOf(
      ['remove-tags', 'delete-function'],
      `nothing to clean up: set \`remove-tags\`, or \`delete-function\` to true ${ARRIVES_EMPTY}`,
    )
  }
  return undefined
}

function parseRemovableTag(text: string): string {
  if (text !== LATEST) return parseTag(text)
  throw new ValueError(`is "${LATEST}", which Yandex Cloud sets itself: it cannot be removed`)
}
