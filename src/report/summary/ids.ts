/** Ids and digests, for those who look things up. */

import type { RunEnd, Section } from './end.ts'
import { code, fieldList, folded, type Field } from './markup.ts'

export const idsSection: Section = ({ known }) => folded('Ids and digests', fieldList(idsOf(known)))

/** Those that are known so far. */
export function idsOf({
  function: target,
  version,
  previous,
  build,
  code: sent,
  package: packed,
}: RunEnd['known']): readonly Field[] {
  const shown = (value: string | undefined): string | undefined => (value ? code(value) : undefined)
  return [
    ['Function', shown(target?.function.id)],
    ['Folder', shown(target?.function.folderId)],
    ['Version', shown(version?.id)],
    ['Version before', shown(previous?.id)],
    ['Operation', shown(build?.operation.id)],
    ['Object', shown(sent?.kind === 'bucket' ? `${sent.bucket}/${sent.key}` : undefined)],
    ['SHA-256 of the package', shown(packed?.archive.sha256)],
  ]
}
