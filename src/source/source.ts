/** The data of a package: files selected in the workspace, and the archive made of them. */

/** A file that goes into the package. */
export interface SourceFile {
  /** Name in the archive: relative to the source root, `/` separators, no `.` or `..` segments. */
  readonly name: string
  /** Absolute path to read it from. */
  readonly path: string
  readonly sizeBytes: number
  /** Whether any executable bit is set. */
  readonly executable: boolean
}

/** How much a rule kept out of the package. */
export interface LeftOut {
  /**
   * The rule as the user would look for it: a glob, with where it stands, such as `built-in .git`.
   */
  readonly rule: string
  /** Files left out one by one. */
  readonly count: number
  /** Folders left out whole, without a look at what is in them. */
  readonly folders: number
}

/** What a selection of patterns found. */
export interface Selection {
  /** Sorted by name in code-unit order, each name once. */
  readonly files: readonly SourceFile[]
  readonly leftOut: readonly LeftOut[]
  /** Things that are legal but likely not meant, one sentence each. */
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

/** A zip in memory, in the pieces it was made of, so that nothing is held twice. */
export interface Archive {
  readonly chunks: readonly Uint8Array[]
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
  readonly entries: readonly ArchiveEntry[]
  /** Sum of the entries' sizes. */
  readonly unpackedBytes: number
}

/** An archive that may go in, with things that are legal but likely not meant, one sentence each. */
export interface CheckedArchive extends Archive {
  readonly warnings: readonly string[]
}
