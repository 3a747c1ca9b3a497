/** Tells exhausted quotas apart by their messages, since the code is the same for all of them. */

import type { HttpResponse } from '../../ports.ts'
import { grpcStatus, textOfBody } from './answer.ts'
import { grpcCodeName, type GrpcCode } from './grpc.ts'

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

/** The message when too many operations run at the same time, which ends by itself. */
export function concurrentOperationsQuota(answer: HttpResponse): string | undefined {
  return quotaKindOf(exhaustionOf(answer)) === 'operations'
    ? grpcStatus(answer)?.message
    : undefined
}

/** Whether waiting does not help: the number of functions, tags or ready instances, the size of a message. */
export function isPermanentQuota(answer: HttpResponse): boolean {
  const { grpcCode, text } = exhaustionOf(answer)
  return (
    grpcCode === 'RESOURCE_EXHAUSTED' &&
    concurrentOperationsQuota(answer) === undefined &&
    /\.count\b|number of functions|provisioned|подготовленн|functions? (per|in) |\btags?\b|larger than max|функций|тег/i.test(
      text,
    )
  )
}

function exhaustionOf(answer: HttpResponse): { grpcCode: GrpcCode | undefined; text: string } {
  return {
    grpcCode: grpcCodeName(grpcStatus(answer)?.code ?? -1),
    text: textOfBody(answer).slice(0, READ_CHARACTERS),
  }
}
