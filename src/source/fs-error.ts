/** Describes errors of the file system in a few words. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  ELOOP: 'a link that leads to itself',
  EISDIR: 'it is a folder',
}

/** The `code` of a file system error, such as `ENOENT`; undefined for anything else. */
export function fsCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The end of a sentence about a file, such as `cannot be read: permission denied (EACCES)`. */
export function describeFsError(error: unknown): string {
  const code = fsCode(error)
  if (code === undefined) return `cannot be read: ${String(error)}`
  const reason = REASONS[code]
  return reason === undefined ? `cannot be read (${code})` : `cannot be read: ${reason} (${code})`
}

/** The end of a sentence about a file. */
export const NOT_UTF8 = 'has a name that is not valid UTF-8'

/** As {@link describeFsError}; a name that is not UTF-8 arrives with replacement characters, so the file is not found. */
export function describeNamedFsError(name: string, error: unknown): string {
  return name.includes('\uFFFD') && fsCode(error) === 'ENOENT' ? NOT_UTF8 : describeFsError(error)
}
