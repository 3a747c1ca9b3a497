/** The code in a plan: its row, and which files of two packages differ; pure. */

import type { FileSum } from '../../source/source.ts'
import type { Listing } from '../../source/zip/listing.ts'
import type { Version } from '../../yandex/functions/versions.ts'
import type { PreparedCode } from '../code.ts'
import { readFingerprint } from './fingerprint.ts'
import type { Row } from './row.ts'

/** The code that the version shall run: a package, or that of another version. */
export type WantedCode =
  | ({ readonly kind: 'package'; readonly sha256: string } & Listing)
  | Extract<PreparedCode, { kind: 'version' }>

/** The package beside its row. */
export interface PackagePlan {
  /** Undefined when the code of another version is taken. */
  readonly sha256: string | undefined
  readonly sizeBytes: number | undefined
  readonly liveSizeBytes: number | undefined
  /** Only when the packages differ and both can be looked into. */
  readonly files: FileDiff | undefined
}

/** Names, sorted. */
export interface FileDiff {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Of another size or CRC-32. */
  readonly changed: readonly string[]
  readonly unchangedCount: number
}

/** The row of the code; it has no values. */
export function planCode(code: WantedCode, live: Version | undefined): Row {
  const row = { area: 'code', name: 'package', visibility: 'anyone' } as const
  const verdict = live ? verdictOf(code, live) : 'added'
  return { ...row, verdict, live: undefined, after: undefined }
}

function verdictOf(code: WantedCode, live: Version): Row['verdict'] {
  const { sha256, fromVersionId } = readFingerprint(live.description) ?? {}
  if (code.kind === 'version' && [live.id, fromVersionId].includes(code.versionId)) {
    return 'unchanged'
  }
  if (sha256 === undefined || code.sha256 === undefined) return 'unknown'
  return sha256 === code.sha256 ? 'unchanged' : 'changed'
}

/** What is sent, and how it differs from the live package, if that is known and another one. */
export function planPackage(code: WantedCode, live: Listing | undefined): PackagePlan {
  const sent = code.kind === 'package' ? code : undefined
  return {
    sha256: sent?.sha256,
    sizeBytes: sent?.sizeBytes,
    liveSizeBytes: live?.sizeBytes,
    files: sent && live && diffFiles(live.files, sent.files),
  }
}

/** By name, size and CRC-32. */
export function diffFiles(live: readonly FileSum[], after: readonly FileSum[]): FileDiff {
  const before = new Map(live.map((file) => [file.name, file]))
  const added: string[] = []
  const changed: string[] = []
  for (const { name, sizeBytes, crc32 } of after) {
    const known = before.get(name)
    before.delete(name)
    if (!known) added.push(name)
    else if (known.sizeBytes !== sizeBytes || known.crc32 !== crc32) changed.push(name)
  }
  return {
    added: added.sort(),
    removed: [...before.keys()].sort(),
    changed: changed.sort(),
    unchangedCount: after.length - added.length - changed.length,
  }
}
