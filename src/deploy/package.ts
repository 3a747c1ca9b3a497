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

type Source = Exclude<CodeSource, { kind: 'version' }>

/** Throws DeployError for anything that makes the package unfit, before the cloud is changed. */
export async function packCode(
  code: { source: Source; delivery: Delivery; settings: VersionSettings },
  deps: { workspace: string },
): Promise<PackedCode> {
  const { archive, selection } = await pack(code.source, deps)
  const names = new Set(archive.entries.map(({ name }) => name))
  checkEntrypoint(code.settings, { names, ...selection })
  checkLimits(archive, code.delivery.kind)
  const { files = [], excluded = [], warnings = [] } = selection ?? {}
  return { archive, selection: { files, excluded, warnings: [...warnings, ...archive.warnings] } }
}

async function pack(
  source: Source,
  deps: { workspace: string },
): Promise<{ archive: CheckedArchive; selection?: FileSelection }> {
  if (source.kind === 'package') return { archive: await readPackage(source.path, deps) }
  const selection = await selectFiles(source, deps)
  return { selection, archive: await packFiles(selection.files, selection) }
}
