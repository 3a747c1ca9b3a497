/** Which exhausted quotas pass by themselves: told from the words, since the code is the same for all. */

import type { HttpResponse } from '../../ports.ts'
import { grpcStatus, textOfBody } from './answer.ts'

const GRPC_RESOURCE_EXHAUSTED = 8

/** The message when the answer says that too many operations run at once, which waiting cures. */
export function concurrentOperationsQuota(answer: HttpResponse): string | undefined {
  const status = grpcStatus(answer)
  if (status?.code !== GRPC_RESOURCE_EXHAUSTED) return undefined
  return mentionsOperations(beginningOf(answer)) ? status.message : undefined
}

/** Whether waiting does not help: the number of functions or tags, the size of a message. */
export function isPermanentQuota(answer: HttpResponse): boolean {
  if (grpcStatus(answer)?.code !== GRPC_RESOURCE_EXHAUSTED) return false
  const text = beginningOf(answer)
  return (
    !mentionsOperations(text) &&
    /\.count\b|number of functions|functions? (per|in) |\btags?\b|larger than max|функций|тег/i.test(
      text,
    )
  )
}

/** Enough for a message and its details, in characters. */
const READ_CHARACTERS = 10_000

function beginningOf(answer: HttpResponse): string {
  return textOfBody(answer).slice(0, READ_CHARACTERS)
}

/** Of all quotas only that of running operations has the word in its name or message. */
function mentionsOperations(text: string): boolean {
  return /operation|операци/i.test(text)
}
