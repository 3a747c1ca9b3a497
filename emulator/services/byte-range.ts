/** The `Range` header of a GET, RFC 9110, section 14: one range of bytes. */

/** First and last byte, both included; `whole` when there is no range to honour. */
export type ByteRange =
  { readonly first: number; readonly last: number } | 'whole' | 'unsatisfiable'

/** Reads the header against the size of an object, in bytes. A header of another form, or with several ranges, is ignored. */
export function readRange(header: string | undefined, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return 'whole'
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return 'whole'
  if (first >= size) return 'unsatisfiable'
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
