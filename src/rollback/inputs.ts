/** Parses and checks all inputs of a rollback, and reports every problem at once. */

import type { RawInputs } from '../inputs/reader.ts'
import { parseId, ValueError } from '../inputs/values.ts'
import { parseTag } from '../inputs/version.ts'
import { parseWith, type CommonInputs } from '../sub-action/inputs.ts'
import { LATEST } from '../yandex/functions/versions.ts'
import { INPUT_NAMES } from './names.ts'

/** The inputs of a rollback, typed and checked. */
export interface RollbackInputs extends CommonInputs {
  /** None for callers without a tag. */
  readonly tags: readonly string[]
  /** Where to go; undefined for the version before. */
  readonly versionId: string | undefined
}

/** Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseRollback(raw: RawInputs): RollbackInputs {
  return parseWith(raw, {
    names: INPUT_NAMES,
    vital: ['tags', 'version-id'],
    read: (reader) => ({
      tags: [...new Set(reader.list('tags', parseMovableTag))],
      versionId: reader.parse('version-id', parseId),
    }),
  })
}

function parseMovableTag(text: string): string {
  if (text !== LATEST) return parseTag(text)
  throw new ValueError(
    `is "${LATEST}", which follows the newest version by itself: leave \`tags\` out to roll back callers without a tag`,
  )
}
