/** What is told of a call that got no answer, or none that can be read. */

import { DeployError } from '../../errors.ts'

/** What of a call stands in a message. */
interface Asked {
  readonly what: string
  readonly method: string
  readonly url: URL
}

/** Nobody answered, or only with trouble that passes; `attempts` and `elapsedMs` tell how hard it was tried. */
export function unreachable(
  call: Asked,
  failure: {
    reason: string
    cause?: unknown
    hint?: string
    attempts?: number
    elapsedMs?: number
    details?: Readonly<Record<string, string>>
  },
): DeployError {
  const tried =
    failure.attempts === undefined || failure.attempts < 2
      ? ''
      : ` (${failure.attempts} attempts in ${seconds(failure.elapsedMs ?? 0)})`
  return new DeployError(
    'API_UNREACHABLE',
    `Could not ${call.what}: ${target(call)}: ${failure.reason}${tried}.`,
    { cause: failure.cause, hint: failure.hint, details: failure.details ?? {} },
  )
}

/** An answer came that nobody can read. */
export function unreadable(
  call: Asked,
  {
    reason,
    cause,
    details,
  }: { reason: string; cause?: unknown; details: Readonly<Record<string, string>> },
): DeployError {
  return new DeployError('API_UNEXPECTED', `Could not ${call.what}: ${target(call)}: ${reason}.`, {
    cause,
    details,
  })
}

function target(call: Asked): string {
  return `${call.method} ${call.url.origin}${call.url.pathname}`
}

/** A duration for a message. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}
