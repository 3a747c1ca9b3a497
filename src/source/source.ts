/** The data of a package: the selected files, and the archive made of them. */

/** A selected file. */
export interface SourceFile {
  /** Name in the archive: relative to the source root, `/` separators, no `.` or `..` segments. */
  readonly name: string
  /** Absolute path of the file. */
  readonly path: string
  readonly sizeBytes: number
  /** Whether any executable bit is set. */
  readonly executable: boolean
}

/** How much a rule excluded. */
export interface Excluded {
  /** Where the rule is, and its line, such as `built-in .git`. */
  readonly rule: string
  /** Files excluded one by one. */
  readonly count: number
  /** Folders excluded as a whole, without a look inside. */
  readonly folders: number
}

/** The files that the patterns select. */
export interface Selection {
  /** Sorted by name in code-unit order, each name once. */
  readonly files: readonly SourceFile[]
  readonly excluded: readonly Excluded[]
  /** What is allowed but probably a mistake, one sentence each. */
  readonly warnings: readonly string[]
}

/** One file inside an archive. */
export interface ArchiveEntry {
  readonly name: string
  readonly sizeBytes: number
  /** Size inside the archive, without headers. */
  readonly packedBytes: number
  /** CRC-32 of what it holds. */
  readonly crc32: number
}

/** What tells one content of a file in a package from another. */
export type FileSum = Pick<ArchiveEntry, 'name' | 'sizeBytes' | 'crc32'>

/** A zip in memory, as the pieces it was made of, so that nothing is copied. */
export interface Archive {
  readonly chunks: readonly Uint8Array[]
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
  readonly entries: readonly ArchiveEntry[]
  /** Sum of the entries' sizes. */
  readonly unpackedBytes: number
}

/** An archive that may be deployed. */
export interface CheckedArchive extends Archive {
  readonly warnings: readonly string[]
}
