/** What is clicked first: the function's address, its page in the console, its log and its operations. */

import { urlPart } from '../../text.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { Section } from './end.ts'
import { addressOf } from './call.ts'
import { anchor, bareAnchor, code, MAX_VALUE_CHARACTERS } from './markup.ts'

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
