/** What can happen to a call, and how a run that it happens to is judged. */

import type { Emulator, FaultEffect } from '../../emulator/index.ts'
import type { Outcome } from './faults.ts'

/** An answer of this status. */
export const status = (
  code: number,
  rest: Partial<Extract<FaultEffect, { kind: 'status' }>> = {},
) => ({ kind: 'status', status: code, ...rest }) as const

const UNAVAILABLE = { code: 14, message: 'upstream is away' }

/** Faults that pass. */
export const FAULTS: readonly (readonly [string, FaultEffect])[] = [
  ['408', status(408)],
  ['429', status(429)],
  ['429 with Retry-After', status(429, { headers: { 'retry-after': '1' } })],
  ['500', status(500)],
  ['502', status(502, { body: '<html>Bad Gateway</html>' })],
  ['503', status(503)],
  ['504', status(504)],
  ['connection dropped before', { kind: 'drop' }],
  ['answer lost after its effect', { kind: 'lose-answer' }],
  ['delay beyond the limit of an attempt', { kind: 'delay', ms: 1200 }],
  ['HTML with 200', { kind: 'raw', body: '<html>Please sign in</html>' }],
  ['empty 200', { kind: 'raw', body: '', contentType: 'application/json' }],
  ['JSON of another shape', { kind: 'raw', body: '[1]', contentType: 'application/json' }],
  ['truncated JSON', { kind: 'truncate' }],
]

/** The same, told by the body alone. */
export const GRPC_FAULTS: typeof FAULTS = [
  ['gRPC UNAVAILABLE under another status', status(400, { body: UNAVAILABLE })],
  ['gRPC UNAVAILABLE as gateways wrap it', status(400, { body: { error: UNAVAILABLE } })],
]

/** Statuses of a refusal. */
export const REFUSALS = [400, 403, 404, 409]

/** Whether a run ended in one error of this code, told in plain words. */
export function isOneError({ exitCode, errors, summary }: Outcome, code: string): boolean {
  const [error] = errors
  return (
    exitCode === 1 &&
    errors.length === 1 &&
    error?.title.startsWith(`${code}: `) === true &&
    !/^\s+at /m.test(error.message) &&
    !error.message.includes('The action itself failed') &&
    summary.includes(code)
  )
}

/** What a run says of its failure. */
export function told({ errors }: Outcome): string {
  return errors.map(({ title, message }) => `${title}: ${message}`).join('\n') || 'no error'
}

/** Works the items off, one at a time in each lane; gives what was returned for each, undefined left out. */
export async function inLanes<T>(
  lanes: readonly Emulator[],
  {
    items,
    work,
  }: {
    readonly items: readonly T[]
    readonly work: (emulator: Emulator, item: T) => Promise<string | undefined>
  },
): Promise<readonly string[]> {
  const waiting = [...items]
  const results: string[] = []
  await Promise.all(
    lanes.map(async (emulator) => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const result = await work(emulator, item)
        if (result !== undefined) results.push(result)
      }
    }),
  )
  return results
}
