/** The call of a function, ready to be copied. */

import type { KnownFacts } from '../../deploy/progress.ts'
import type { Section } from './end.ts'
import { copyable } from './markup.ts'

/** Nothing in it means anything to a shell between single quotes, to Markdown in a block of code, or to HTML. */
const HARMLESS = /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.:-]{0,250}(?:\/[A-Za-z0-9._-]{0,100}){0,3}$/

/** Where the version that is meant answers: that of the first tag, if there are tags. Undefined for an odd address. */
export function addressOf({ function: target, inputs }: KnownFacts): string | undefined {
  const url = target?.function.httpInvokeUrl ?? ''
  const tag = inputs?.settings.tags[0]
  if (!HARMLESS.test(url)) return undefined
  return tag === undefined ? url : `${url}?tag=${tag}`
}

/** With a token, which a public function takes as well, unless this run knows that the function is public. */
export const callSection: Section = ({ known }) => {
  const address = known.version?.isReady === true ? addressOf(known) : undefined
  if (address === undefined) return []
  if (known.access?.isPublic) return copyable('sh', [`curl '${address}'`])
  return copyable('sh', [
    'curl -H "Authorization: Bearer $(yc iam create-token)" \\',
    `  '${address}'`,
  ])
}
