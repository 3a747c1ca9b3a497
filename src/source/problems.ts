/** Says many problems in one message. */

/** More lines than this help nobody: whole folders are wrong then. */
const MAX_LINES = 50

/** One problem as it is; several as a list, one on each line, cut off when it gets very long. */
export function listProblems(problems: readonly string[]): string {
  const [first = '', ...others] = problems
  if (others.length === 0) return first
  const shown = problems.slice(0, MAX_LINES)
  const rest = problems.length - shown.length
  return [
    `${problems.length} problems with the files of the package:`,
    ...shown,
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n')
}
