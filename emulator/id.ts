/** Ids of resources. */

import { randomInt } from 'node:crypto'

const ID_ALPHABET = '0123456789abcdefghijklmnopqrstuv'

/** A new resource id: 20 characters, the first three telling the service. */
export function newId(prefix: string): string {
  const tail = Array.from({ length: 17 }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)])
  return prefix + tail.join('')
}
