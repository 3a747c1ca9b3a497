/** JSON out of an answer. */

import type { HttpResponse } from '../../ports.ts'

/** The parsed body; throws SyntaxError when it is not JSON. */
export function readJson(answer: HttpResponse): unknown {
  return JSON.parse(new TextDecoder().decode(answer.body))
}
