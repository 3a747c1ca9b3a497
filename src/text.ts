/** Escapes untrusted text for logs and Markdown, and formats values, lists and sizes for messages. Pure. */

// Control characters but tab and line feed: they move the cursor, colour the log or end a line early.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

// What terminals take for a colour or a move, with its parameters.
// eslint-disable-next-line no-control-regex
const SEQUENCES = /\u001b\[[\d;?]{0,30}[A-Za-z]/g

/** Without control characters, on lines of its own. */
export function plain(text: string): string {
  return text.replace(SEQUENCES, '').replaceAll('\r\n', '\n').replace(CONTROL, ' ')
}

/** As {@link plain}, on one line. */
export function oneLine(text: string): string {
  return plain(text).replace(/[\n\t]+/g, ' ')
}

/** Parameters of a pre-signed link, also where the rest of the link is missing. */
const SIGNATURES = /\b(X-Amz-[A-Za-z-]{1,40}|Signature|AWSAccessKeyId)=[^\s"'<>&]+/gi

/**
 * Links without what may give access: the user and password of a link, its query and its fragment, also where the
 * `?` is written in another way. What belongs to a link goes on until the next space, whatever characters it has.
 */
export function hideLinks(text: string): string {
  return text.replace(SIGNATURES, '$1=***').replace(/:\\?\/\\?\/\S+/g, (link) => {
    const end = link.search(/[?#]|%3f|%23|\\u003f|&quest;/i)
    const address = end < 0 ? link : link.slice(0, end)
    const query = address.length + 1 < link.length ? '?***' : '?'
    return address.replace(/(\/\\?\/)[^/\\@]*@/g, '$1***@') + (end < 0 ? '' : query)
  })
}

/** A shorter value may be any word of the text around it, in characters. */
const MIN_VALUE_CHARACTERS = 6

/**
 * The text with stars in place of every value that is too long to be an ordinary word, also where it is escaped as in
 * JSON, once or twice, and in place of each line of a longer one.
 */
export function withoutValues(text: string, values: readonly string[] = []): string {
  const forms = values.flatMap((value) =>
    [value, ...value.split(/\r?\n/).map((line) => line.trim())].flatMap((part) => {
      const once = JSON.stringify(part).slice(1, -1)
      return [part, once, JSON.stringify(once).slice(1, -1)]
    }),
  )
  return [...new Set(forms)]
    .filter((form) => form.length >= MIN_VALUE_CHARACTERS)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, '***'), text)
}

/** The beginning of a text that has more characters than that. */
export function clip(text: string, maxCharacters: number): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}… (cut)` : text
}

/** One part of the path of a URL, which no character can end early, and no half of one can break. */
export function urlPart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Lines for the log of a runner, which takes a line that starts with `::` or holds `##[` for a command. */
export function logText(text: string): string {
  return plain(text)
    .replace(/^([^\S\n]*):(?=:)/gm, '$1:\u200b')
    .replaceAll('##[', '##\u200b[')
}

/** Without backticks, where nothing makes code of them: a word is quoted, what is no word stands for itself. */
export function withoutBackticks(text: string): string {
  return text.replace(/`([^`\n]+)`/g, (_, quoted: string) =>
    /^[a-zA-Z]+$|\s/.test(quoted) ? `"${quoted}"` : quoted,
  )
}

/** Text inside Markdown or HTML that shows exactly these characters, on one line: no markup, link or mention. */
export function markdownText(text: string): string {
  return oneLine(hideLinks(text)).replace(
    /[^\p{L}\p{M}\p{N} /]/gu,
    (character) => `&#${character.codePointAt(0) ?? 0};`,
  )
}

/** Several lines inside Markdown, as a block of code. */
export function markdownBlock(text: string): string {
  const escaped = plain(hideLinks(text)).replace(
    /[&<>]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  )
  // A blank line would end the HTML block and let Markdown begin again.
  return `<pre>${escaped.replace(/\n(?=[^\S\n]*\n)/g, '\n&#8203;')}</pre>`
}

/** A text of ours that may quote foreign values, as Markdown: `code` stays code, lines and indentation stay. */
export function markdownProse(text: string): string {
  return hideLinks(text)
    .split('\n')
    .map((line) => {
      const indent = /^ */.exec(line)?.[0].length ?? 0
      const parts = line.split('`').map((part, index) => {
        const escaped = markdownText(part)
        return index % 2 === 1 ? `<code>${escaped}</code>` : escaped
      })
      return '&nbsp;'.repeat(indent) + parts.join('').trimStart()
    })
    .join('<br>\n')
}

/** The value in quotes, on one line, cut to a length that keeps a message readable. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text
  return JSON.stringify(short)
}

/** One, two and three. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}

/** `a`, `b` and `c`. */
export function listNames(names: readonly string[]): string {
  return listed(names.map((name) => `\`${name}\``))
}

/** A longer list does not help: something is wrong with a whole folder. */
export const MAX_LISTED_PROBLEMS = 50

/** One problem as it is; several as a list under `<n> problems with the <what>:`, one on each line. */
export function listProblems(problems: readonly string[], what: string): string {
  if (problems.length < 2) return problems.join('')
  const rest = problems.length - MAX_LISTED_PROBLEMS
  return [
    `${problems.length} problems with the ${what}:`,
    ...problems.slice(0, MAX_LISTED_PROBLEMS),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n')
}

/** A size for people, in powers of 1024: `412 B`, `3.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  // 1023.95 would be shown as 1024.0.
  while (unit < units.length - 1 && value >= (unit === 0 ? 1024 : 1023.95)) {
    value /= 1024
    unit++
  }
  return `${Number(value.toFixed(1))} ${units[unit] ?? ''}`
}

/** A duration in the shortest form that inputs take: `90s`, `15m`, `1h`. */
export function formatSeconds(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}

/** Whether a text certainly is not an id: ids of the cloud are lower-case letters and digits, 20 of them today. */
export function looksLikeName(text: string): boolean {
  return !/^([a-z0-9]{20}|[a-z0-9]*\d[a-z0-9]*)$/.test(text)
}

/**
 * Whether a text can be the id of a cloud resource: at most 50 characters that are safe in a path, a filter and a command
 * line, and the first is not a dot or a hyphen.
 */
export function isId(text: string): boolean {
  return /^\w[\w.-]{0,49}$/.test(text)
}

/** `1 file`, `2 files`, `15,000 files`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
