/** Parses and checks all inputs of a clean-up, and reports every problem at once. */

import { ARRIVES_EMPTY, type InputReader, type RawInputs } from '../inputs/reader.ts'
import { parseTag } from '../inputs/version.ts'
import { parseWith, type CommonInputs } from '../sub-action/inputs.ts'
import { INPUT_NAMES, type InputName } from './names.ts'

/** The inputs of a clean-up, typed and checked. */
export interface CleanupInputs extends CommonInputs {
  readonly work: Work
}

/** What to clean up. */
export type Work =
  { readonly kind: 'tags'; readonly tags: readonly string[] } | { readonly kind: 'function' }

/** Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseCleanup(raw: RawInputs): CleanupInputs {
  return parseWith(raw, { names: INPUT_NAMES, vital: [], read: readWork })
}

function readWork(reader: InputReader<InputName>): { readonly work: Work } | undefined {
  const earlier = reader.problems.length
  const tags = [...new Set(reader.list('remove-tags', parseTag))]
  const isWhole = reader.boolean('delete-function') ?? false
  const hasTags = reader.text('remove-tags') !== undefined
  if (isWhole && hasTags) {
    reader.problemOf(
      ['remove-tags', 'delete-function'],
      '`remove-tags` and `delete-function` cannot be combined: a function is deleted with its tags',
    )
  }
  if (isWhole) return { work: { kind: 'function' } }
  if (tags.length > 0) return { work: { kind: 'tags', tags } }
  if (reader.problems.length === earlier) {
    reader.problemOf(
      ['remove-tags', 'delete-function'],
      `nothing to clean up: set \`remove-tags\`, or \`delete-function\` to true ${ARRIVES_EMPTY}`,
    )
  }
  return undefined
}
