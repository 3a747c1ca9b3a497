/** Packs selected files into a zip whose bytes depend only on their names, contents and executable bits. */

import { DeployError } from '../../errors.ts'
import { yieldToEventLoop } from '../event-loop.ts'
import { excludeLines, judgeKeys, patternOf, type FoundKey } from '../found-keys.ts'
import { checkCount, checkUnpacked } from '../limits.ts'
import { describeFsError, showName } from '../file-names.ts'
import { listProblems } from '../../text.ts'
import { packLarger, packSmall, SMALL_BYTES, type PackedFile } from './compress.ts'
import type { ArchiveEntry, CheckedArchive, SourceFile } from '../source.ts'
import { ZipWriter } from './writer.ts'

/** A file on its way into the zip. */
interface Slot {
  readonly file: SourceFile
  outcome?: PackedFile | { readonly problem: string } | undefined
  /** Resolves when the outcome is set; never rejects. */
  ready?: Promise<void>
}

/** How many bytes of files may be packed ahead of a file that takes longer. */
const AHEAD_BYTES = 16 * 1024 * 1024

/**
 * Packs the files in the given order, that of a {@link Selection}: sorted, each name once. Small files are packed in
 * this thread, which yields to the event loop regularly; large ones in the thread pool at the same time.
 *
 * Private keys are rejected unless `exclude` includes them by name, or they belong to an installed package.
 *
 * Throws DeployError `SOURCE_UNSAFE`, with all files that are private keys or that cannot be read; `SOURCE_TOO_LARGE`
 * when the files exceed a limit however well they compress.
 */
export async function packFiles(
  files: readonly SourceFile[],
  { reincluded }: { reincluded?: ReadonlySet<string> } = {},
): Promise<CheckedArchive> {
  checkCount(files.length)
  checkUnpacked(files)
  const zip = new ZipWriter()
  const entries: ArchiveEntry[] = []
  const problems: string[] = []
  const keys: FoundKey[] = []
  const waiting: Slot[] = []
  let first = 0
  let aheadBytes = 0

  const storeFirst = (): void => {
    const slot = waiting[first]
    if (slot?.outcome === undefined) return
    first++
    aheadBytes -= slot.file.sizeBytes
    const { file, outcome } = slot
    slot.outcome = undefined
    if ('problem' in outcome) {
      problems.push(`${showName(file.name)} ${outcome.problem}`)
      return
    }
    if (outcome.key !== undefined) keys.push({ name: file.name, kind: outcome.key })
    const { sizeBytes, packedBytes, crc32 } = outcome
    zip.add(file, outcome)
    entries.push({ name: file.name, sizeBytes, packedBytes, crc32 })
  }

  for (const file of files) {
    waiting.push(startFile(file))
    aheadBytes += file.sizeBytes
    while (waiting[first]?.outcome !== undefined) storeFirst()
    while (aheadBytes > AHEAD_BYTES && first < waiting.length) {
      await waiting[first]?.ready
      storeFirst()
    }
    await yieldToEventLoop()
  }
  while (first < waiting.length) {
    await waiting[first]?.ready
    storeFirst()
  }
  const { rejected, warnings } = judgeKeys(keys, { reincluded, how: 'Lines for `exclude`:' })
  if (problems.length + rejected.length > 0) throw unsafeFiles(problems, rejected)
  const unpackedBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { ...zip.finish(), entries, unpackedBytes, warnings }
}

function startFile(file: SourceFile): Slot {
  const slot: Slot = { file }
  try {
    if (file.sizeBytes <= SMALL_BYTES) slot.outcome = packSmall(file)
  } catch (error) {
    slot.outcome = { problem: describeFsError(error) }
  }
  if (slot.outcome === undefined) {
    slot.ready = packLarger(file)
      .catch((error: unknown) => ({ problem: describeFsError(error) }))
      .then((outcome) => {
        slot.outcome = outcome
      })
  }
  return slot
}

function unsafeFiles(problems: readonly string[], keys: readonly FoundKey[]): DeployError {
  const all = [...problems, ...keys.map(({ name, kind }) => `${showName(name)} is ${kind}`)]
  const example = showName(`!${patternOf(keys[0]?.name ?? '')}`)
  return new DeployError('SOURCE_UNSAFE', listProblems(all, 'files of the package'), {
    topic: keys.length === 0 ? undefined : 'private-key',
    hint:
      keys.length === 0
        ? 'Exclude them with `exclude` or a `.ycignore` file, or make them readable.'
        : `Lines for \`exclude\`:\n${excludeLines(keys)}\n` +
          `Keep secrets in Lockbox: the input \`secrets\` passes them to the function. ` +
          `A line such as ${example} deploys a key anyway.`,
  })
}
