/** Tells exhausted quotas apart by their messages, since the code is the same for all of them. */

import type { HttpResponse } from '../../ports.ts'
import { grpcCodeIn, textOfBody } from './answer.ts'
import type { GrpcCode } from './grpc.ts'

/** What there are too many of: operations at the same time, tags of a function, functions or ready instances of a cloud. */
export type QuotaKind = 'operations' | 'tags' | 'functions' | 'instances'

/** The message and its details are at the beginning of a body; in characters. */
const READ_CHARACTERS = 10_000

/** Which quota an error is about; undefined for any other error. Messages may be in Russian. */
export function quotaKindOf(error: {
  grpcCode: GrpcCode | undefined
  text: string
}): QuotaKind | undefined {
  if (error.grpcCode !== 'RESOURCE_EXHAUSTED') return undefined
  const text = error.text.slice(0, READ_CHARACTERS)
  if (/operation|операци/i.test(text)) return 'operations'
  if (/tags?\b|тег/i.test(text)) return 'tags'
  if (/provisioned|подготовленн/i.test(text)) return 'instances'
  return /function|функци/i.test(text) ? 'functions' : undefined
}

const PERMANENT =
  /\.count\b|number of functions|provisioned|подготовленн|functions? (per|in) |\btags?\b|larger than max|функций|тег/i

/**
 * Whether what is used up comes back: operations that run at the same time end by themselves; of functions, tags, ready
 * instances and the size of a message no wait makes more. Undefined for any other answer.
 */
export function exhaustionOf(answer: HttpResponse): 'passing' | 'permanent' | undefined {
  const grpcCode = grpcCodeIn(answer)
  const text = textOfBody(answer).slice(0, READ_CHARACTERS)
  if (quotaKindOf({ grpcCode, text }) === 'operations') return 'passing'
  return grpcCode === 'RESOURCE_EXHAUSTED' && PERMANENT.test(text) ? 'permanent' : undefined
}
