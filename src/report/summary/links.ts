/** What is clicked or copied first: the function's address, its pages in the console, and the call of it. */

import type { KnownFacts } from '../../deploy/progress.ts'
import { urlPart } from '../../text.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { Section } from './end.ts'
import { anchor, bareAnchor, code, copyable, MAX_VALUE_CHARACTERS } from './markup.ts'

export const linksSection: Section = ({ known }) => {
  const target = known.function?.function
  if (!target) return []
  const address = known.version && addressOf(known)
  const isShown = known.version && target.httpInvokeUrl !== ''
  return [
    ...(isShown ? [address ? bareAnchor(address) : code(target.httpInvokeUrl), ''] : []),
    ...pagesOf(target),
  ]
}

/** Pages of the console, whose addresses need the folder. */
export function pagesOf({ id, folderId }: CloudFunction): readonly string[] {
  if (folderId === '') return []
  const [folder = '', fn = ''] = [folderId, id].map((part) =>
    urlPart(part.slice(0, MAX_VALUE_CHARACTERS)),
  )
  const root = `https://console.yandex.cloud/folders/${folder}/functions/functions/${fn}`
  const pages = [
    ['Function in the console', 'overview'],
    ['Logs', 'logs'],
    ['Operations', 'operations'],
  ] as const
  return [pages.map(([label, page]) => anchor(label, `${root}/${page}`)).join(' · ')]
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

/** Nothing in it means anything to a shell between single quotes, to Markdown in a block of code, or to HTML. */
const HARMLESS = /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.:-]{0,250}(?:\/[A-Za-z0-9._-]{0,100}){0,3}$/

/** Where the version that is meant answers: that of the first tag, if there are tags. Undefined for an odd address. */
function addressOf({ function: target, inputs }: KnownFacts): string | undefined {
  const url = target?.function.httpInvokeUrl ?? ''
  const tag = inputs?.settings.tags[0]
  if (!HARMLESS.test(url)) return undefined
  return tag === undefined ? url : `${url}?tag=${tag}`
}
