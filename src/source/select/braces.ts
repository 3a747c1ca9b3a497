/** Expands `{a,b}` in a pattern, nested ones too, into a limited number of patterns. */

/** More alternatives than this in one line are a mistake or an attack. */
export const MAX_EXPANSIONS = 1000

/**
 * Expands every `{a,b}`, outermost first; braces without a comma and escaped braces are literal. Undefined if there would
 * be more than {@link MAX_EXPANSIONS}.
 */
export function expandBraces(pattern: string): readonly string[] | undefined {
  const expanded: string[] = []
  const open = [pattern]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const alternatives = expandFirst(next)
    if (alternatives === undefined) expanded.push(next)
    else open.push(...alternatives.reverse())
    if (expanded.length + open.length > MAX_EXPANSIONS) return undefined
  }
  return expanded.filter((text) => text !== '')
}

/** The alternatives of the first pair of braces with a comma; undefined if there is none. */
function expandFirst(text: string): string[] | undefined {
  /** The positions of each open brace and of its own commas. */
  const open: number[][] = []
  let first: readonly number[] | undefined
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === '{') open.push([at])
    else if (char === ',') open.at(-1)?.push(at)
    else if (char === '}') {
      const group = open.pop()
      if (group === undefined || group.length < 2) continue
      if (first === undefined || (group[0] ?? 0) < (first[0] ?? 0)) first = [...group, at]
    }
  }
  if (first === undefined) return undefined
  const [head, tail] = [text.slice(0, first[0]), text.slice((first.at(-1) ?? 0) + 1)]
  const ends = first.slice(1)
  return ends.map((end, index) => head + text.slice((first[index] ?? 0) + 1, end) + tail)
}
