/** The code of a version as a checked package, or no package where an existing version's code is taken. */

import type { CodeInputs, CodeSource } from './inputs/code.ts'
import type { VersionSettings } from './inputs/settings.ts'
import { packFiles } from './source/archive.ts'
import { checkEntrypoint } from './source/entrypoint.ts'
import { selectFiles } from './source/files.ts'
import { checkLimits } from './source/limits.ts'
import { readPackage } from './source/package.ts'
import type { Archive, Selection } from './source/source.ts'

/** The archive, and the choice of files for it; a ready-made one chose nothing. */
export interface PackedCode {
  readonly archive: Archive
  readonly selection: Selection
}

const NO_CHOICE: Selection = { files: [], leftOut: [], warnings: [] }

/** Throws DeployError for anything that makes the package unfit, before the cloud is changed. */
export async function packCode(
  { code, settings }: { code: CodeInputs; settings: VersionSettings },
  { workspace }: { workspace: string },
): Promise<PackedCode | undefined> {
  const packed = await pack(code.source, { workspace })
  if (!packed) return undefined
  checkEntrypoint(settings, new Set(packed.archive.entries.map(({ name }) => name)))
  checkLimits(packed.archive, code.delivery.kind)
  return packed
}

async function pack(
  source: CodeSource,
  deps: { workspace: string },
): Promise<PackedCode | undefined> {
  switch (source.kind) {
    case 'files': {
      const selection = await selectFiles(source, deps)
      return { selection, archive: await packFiles(selection.files) }
    }
    case 'package':
      return { selection: NO_CHOICE, archive: await readPackage(source.path, deps) }
    case 'version':
      return undefined
  }
}
