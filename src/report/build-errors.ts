/** Error lines of compilers in a build log, and where in the repository they point. Pure. */

import type { Annotation } from '../ports.ts'

/** A place in a file of the repository that a failure points to. */
type SourceLine = Required<Omit<Annotation, 'title'>>

/**
 * `File "main.py", line 12`, whose message is the last line of the traceback; PHP's `message in file.php on line 12`;
 * `file:12:3: message` (Go, gcc, Kotlin), `file(12,3): message` (C#, TypeScript), `[ERROR] file:[12,3] message` (Maven).
 */
const PATTERNS = [
  /^\s*File "(?<file>[^"]+)", line (?<line>\d+)/,
  /^(?:PHP )?(?<message>(?:Parse|Fatal) error:.+?) in (?<file>\S+) on line (?<line>\d+)$/,
  /^(?:\[ERROR\]\s+|e:\s+(?:file:\/\/)?)?(?<file>\S+?)(?::\[?|\()(?<line>\d+)(?:[:,]\d+)?[\])]?:?\s+(?<message>.+)$/,
]

/** Where the builder unpacks a package. */
const BUILD_FOLDERS =
  /^(?:file:\/\/)?(?:\.\/|\/(?:function\/code|tmp\/[^/]+|build|app|src|workspace)\/)*/

/** GitHub shows ten annotations of a kind for a step. */
const MAX_LINES = 9

/** A longer line is no message of a compiler, but may keep a pattern busy for long. */
const MAX_CHARACTERS = 2_000

/** Points only to files that `repositoryFile` knows by their name in the package. */
export function findErrorLines(
  log: readonly string[],
  repositoryFile: (name: string) => string | undefined,
): readonly SourceLine[] {
  const found = new Map<string, SourceLine>()
  for (const [index, text] of log.entries()) {
    const error = parseLine(text, log[index + 1] ?? '')
    if (!error) continue
    const file = repositoryFile(error.file.replace(BUILD_FOLDERS, '')) ?? repositoryFile(error.file)
    if (found.size === MAX_LINES) break
    if (file !== undefined) found.set(`${file}:${error.line}`, { ...error, file })
  }
  return [...found.values()]
}

function parseLine(text: string, next: string): SourceLine | undefined {
  if (text.length > MAX_CHARACTERS) return undefined
  for (const pattern of PATTERNS) {
    const { file, line, message = next.trim() || 'error' } = pattern.exec(text)?.groups ?? {}
    if (file !== undefined) return { file, line: Number(line), message }
  }
  return undefined
}
