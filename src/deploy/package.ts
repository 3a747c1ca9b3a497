/** The code of a version as a checked package. */

import type { CodeSource, Delivery } from '../inputs/code.ts'
import type { VersionSettings } from '../inputs/version.ts'
import { packFiles } from '../source/zip/archive.ts'
import { checkEntrypoint } from '../source/entrypoint.ts'
import { selectFiles, type FileSelection } from '../source/select/files.ts'
import { checkLimits } from '../source/limits.ts'
import { readPackage } from '../source/zip/ready-zip.ts'
import type { Archive, CheckedArchive, Selection } from '../source/source.ts'

/** The archive, and the selection of files for it; empty for a ready zip. */
export interface PackedCode {
  readonly archive: Archive
  readonly selection: Selection
}

const NO_SELECTION: Selection = { files: [], excluded: [], warnings: [] }

/** What a package is made of, and what it must be fit for. */
export interface PackageSpec {
  readonly source: Exclude<CodeSource, { kind: 'version' }>
  readonly delivery: Delivery
  readonly settings: VersionSettings
}

/** Throws DeployError for anything that makes the package unfit, before the cloud is changed. */
export async function packCode(
  { source, delivery, settings }: PackageSpec,
  { workspace }: { workspace: string },
): Promise<PackedCode> {
  const { archive, selection, whyMissing } = await pack(source, { workspace })
  const names = new Set(archive.entries.map(({ name }) => name))
  checkEntrypoint(settings, { names, ...(whyMissing && { whyMissing }) })
  checkLimits(archive, delivery.kind)
  const warnings = [...selection.warnings, ...archive.warnings]
  return { archive, selection: { ...selection, warnings } }
}

async function pack(
  source: PackageSpec['source'],
  deps: { workspace: string },
): Promise<{
  archive: CheckedArchive
  selection: Selection
  whyMissing?: FileSelection['whyMissing']
}> {
  switch (source.kind) {
    case 'files': {
      const selection = await selectFiles(source, deps)
      const { files, whyMissing } = selection
      return { selection, whyMissing, archive: await packFiles(files, selection) }
    }
    case 'package':
      return { selection: NO_SELECTION, archive: await readPackage(source.path, deps) }
  }
}
