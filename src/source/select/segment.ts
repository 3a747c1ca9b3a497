/** One segment of a glob, which matches a name between two slashes. */

/** `**`: any number of folders. */
export const GLOBSTAR = Symbol('**')

/** Anything at any depth, or alternatives: a literal name or a regular expression. */
export type Segment = typeof GLOBSTAR | readonly (string | RegExp)[]

const WINDOWS = process.platform === 'win32'

/** `*`, `?`, a character class, an escaped character, or any other character. */
const TOKEN =
  /(\*+)|(\?)|\[(?:([!^])|(?![!^]))(\](?:\\[^]|[^\]\\])*|(?:\\[^]|[^\]\\])+)\]|\\([^])|([^])/g

/**
 * Compiles a segment; matching takes time proportional at most to the product of its length and the name's.
 *
 * A `[` is both literal and the start of a character class: `[id].js` matches the file of that name, and also `i.js` and
 * `d.js` as in `@actions/glob`.
 */
export function compileSegment(text: string): Segment {
  if (text === '**') return GLOBSTAR
  const form = compile(text)
  // `[[]` is a literal `[`, which cannot become part of another token.
  return text.includes('[') ? [form, compile(text.replaceAll('[', '[[]'))] : [form]
}

/** Whether a name matches one of the alternatives. */
export function fits(segment: readonly (string | RegExp)[], name: string): boolean {
  for (const one of segment) {
    if (typeof one === 'string' ? one === name : one.test(name)) return true
  }
  return false
}

function compile(text: string): string | RegExp {
  let literal: string | undefined = ''
  /** Sources of regular expressions for the parts between the stars. */
  const parts = ['']
  for (const [, star, any, negated, members, escaped, other = ''] of text.matchAll(TOKEN)) {
    if (star === undefined && any === undefined && members === undefined) {
      const char = escaped ?? other
      if (literal !== undefined) literal += char
      parts.push((parts.pop() ?? '') + escape(char))
      continue
    }
    literal = undefined
    if (star !== undefined) parts.push('')
    else parts.push((parts.pop() ?? '') + (any === undefined ? charClass(members, negated) : '[^]'))
  }
  if (literal !== undefined && !WINDOWS) return literal
  const [first = '', ...others] = parts
  const last = others.pop()
  // The first position where a part matches is always good enough: a lookahead with a backreference
  // never backtracks, while a plain `.*` would do so again and again.
  const middle = others.map((part, index) => `(?=(.*?${part}))\\${index + 1}`).join('')
  const end = last === undefined ? '' : `.*${last}`
  return new RegExp(`^${first}${middle}${end}$`, WINDOWS ? 'si' : 's')
}

function charClass(members = '', negated?: string): string {
  const ranges = members.replaceAll(
    /\\?([^])(?:-\\?([^]))?/g,
    (_, from: string, to: string | undefined) => {
      if (to === undefined || to === from) return escape(from)
      return to > from ? `${escape(from)}-${escape(to)}` : ''
    },
  )
  if (ranges === '') return '(?!)'
  return `[${negated === undefined ? '' : '^'}${ranges}]`
}

function escape(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
}
