/** Error lines of compilers in a build log, and where in the repository they point. Pure. */

import type { Annotation } from '../ports.ts'

/** A place in a file of the repository that a failure points to. */
type SourceLine = Required<Omit<Annotation, 'title'>>

/** `file:12:3: message` (Go, gcc, Kotlin), `file(12,3): message` (C#, TypeScript), `[ERROR] file:[12,3] message` (Maven). */
const WITH_MESSAGE =
  /^(?:\[ERROR\]\s+|e:\s+(?:file:\/\/)?)?(\S+?)(?::\[?|\()(\d+)(?:[:,](\d+))?[\])]?:?\s+(.+)$/

/** `File "main.py", line 12`, whose message is the last line of the traceback; PHP's `message in file.php on line 12`. */
const PYTHON = /^\s*File "([^"]+)", line (\d+)/
const PHP = /^(?:PHP )?((?:Parse|Fatal) error:.+?) in (\S+) on line (\d+)$/

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
  const python = PYTHON.exec(text)
  if (python?.[1] !== undefined) {
    return { file: python[1], line: Number(python[2]), message: next.trim() || 'error' }
  }
  const php = PHP.exec(text)
  if (php?.[2] !== undefined) return { file: php[2], line: Number(php[3]), message: php[1] ?? '' }
  const other = WITH_MESSAGE.exec(text)
  if (other?.[1] === undefined) return undefined
  return { file: other[1], line: Number(other[2]), message: other[4] ?? '' }
}
