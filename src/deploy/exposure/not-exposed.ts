/** Words a failure of the last steps: the version is live, and this much of access and scaling is not set. */

import { DeployError, type ErrorCode } from '../../errors.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { isRefusedAs } from '../../yandex/functions/operation.ts'
import { folderOf } from '../function.ts'
import type { Row } from '../plan/row.ts'
import type { Preparation } from '../prepare.ts'
import type { KnownFacts } from '../progress.ts'
import { rolesOf } from '../roles/roles.ts'
import type { TagScaling } from './scaling.ts'

/** How far the deployment came. */
export interface Reached {
  readonly inputs: Inputs
  readonly prepared: Preparation
  readonly known: KnownFacts
}

/** The failure to set public access; gives back what is no DeployError. */
export function notPublic(thrown: unknown, reached: Reached): unknown {
  if (!(thrown instanceof DeployError)) return thrown
  const rows = reached.prepared.plan.rows.filter(({ area }) => area === 'access')
  const isLast = !reached.inputs.exposure.scaling
  return notExposed(thrown, {
    reached,
    rows,
    rest: isLast ? '' : ' Scaling was not tried.',
    hint: accessHint(thrown, reached),
  })
}

/** The failure to scale a tag, when some may be scaled already; gives back what is no DeployError. */
export function notScaled(
  thrown: unknown,
  { scaled, ...reached }: Reached & { scaled: readonly TagScaling[] },
): unknown {
  if (!(thrown instanceof DeployError)) return thrown
  const done = scaled.map(({ tag }) => tag)
  const rows = reached.prepared.plan.rows.filter(
    ({ area, name }) => area === 'scaling' && !done.includes(name.slice(name.indexOf('.') + 1)),
  )
  const rest = done.length > 0 ? ` Done before it: ${done.join(', ')}.` : ''
  return notExposed(thrown, { reached, rows, rest, hint: thrown.hint })
}

/** Failures that do not tell whether a request had its effect. */
const UNCERTAIN: readonly ErrorCode[] = [
  'CANCELLED',
  'API_UNREACHABLE',
  'API_UNEXPECTED',
  'OPERATION_TIMEOUT',
]

function notExposed(
  thrown: DeployError,
  told: { reached: Reached; rows: readonly Row[]; rest: string; hint: string | undefined },
): DeployError {
  const { reached, rows, rest, hint } = told
  const { version } = reached.known
  const state = version?.isReady === true ? 'is live' : 'was accepted'
  const unset = rows
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map(({ name, live = '', after = '' }) => `\`${name}\` (${live} -> ${after})`)
    .join(', ')
  const verdict = UNCERTAIN.includes(thrown.code) ? 'may not be set' : 'not set'
  return thrown.with({
    message: `${thrown.message}\nThe version ${version?.id ?? ''} ${state}; ${verdict}: ${unset}.${rest}`,
    hint,
    topic: 'not-exposed',
  })
}

/** Whoever may deploy need not be allowed to decide who calls. */
function accessHint(thrown: DeployError, { inputs, prepared }: Reached): string | undefined {
  if (isRefusedAs(thrown, ['ALREADY_EXISTS', 'NOT_FOUND'])) {
    return 'Something else changes the access of the function at the same time: run the job again.'
  }
  if (isRefusedAs(thrown, ['PERMISSION_DENIED', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT'])) {
    if (/polic(y|ies)\b|политик/i.test(thrown.text)) {
      return 'An access policy of the organization forbids functions that anyone may call: have it changed, or leave `public` out.'
    }
    if (thrown.grpcCode !== 'PERMISSION_DENIED') return thrown.hint
  } else if (thrown.details['HTTP status'] !== '403') return thrown.hint
  const role = rolesOf(inputs, folderOf(prepared.target)).find(({ why }) => why.includes('public'))
  return `Give the account that deploys the role \`functions.admin\`: \`${role?.command ?? ''}\`. If it has the role, an access policy of the organization may forbid functions that anyone may call.`
}
