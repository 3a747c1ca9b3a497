/** Looks at rendered Markdown: which tags there are, and what a reader sees. */

const TAG = /<\/?[a-zA-Z!][^>]*>/g

/** Every tag in its order, with its attributes. */
export function elementsOf(html: string): readonly string[] {
  return html.match(TAG) ?? []
}

/** What a reader sees: without tags but those to keep, entities decoded. */
export function textOf(html: string, { keep = [] }: { keep?: readonly string[] } = {}): string {
  return decode(html.replace(TAG, (tag) => (keep.includes(tag.replace(/[<>/]/g, '')) ? tag : '')))
}

function decode(text: string): string {
  const named: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    amp: '&',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
  }
  return text.replace(/&(?:#(\d+)|(\w+));/g, (entity, code: string | undefined, name: string) =>
    code === undefined ? (named[name] ?? entity) : String.fromCodePoint(Number(code)),
  )
}
