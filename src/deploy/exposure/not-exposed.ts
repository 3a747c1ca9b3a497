/** Words a failure of the last steps: the version is live, and this much of access and scaling is not set. */

import { DeployError } from '../../errors.ts'
import { isRefusedAs } from '../../yandex/functions/operation.ts'
import type { DeployedVersion } from '../build.ts'
import type { Row } from '../plan/row.ts'
import type { Deployment } from '../prepare.ts'
import { isUncertain } from '../../yandex/http/http.ts'
import { rolesOf } from '../roles/roles.ts'
import type { TagScaling } from './scaling.ts'

/** How far the deployment came. */
interface Reached {
  readonly deployment: Deployment
  readonly version: DeployedVersion | undefined
}

/** The failure to set public access; gives back what is no DeployError. */
export function notPublic(thrown: unknown, { deployment, version }: Reached): unknown {
  if (!(thrown instanceof DeployError)) return thrown
  const { inputs, prepared } = deployment
  return notExposed(thrown, {
    version,
    rows: prepared.plan.rows.filter(({ area }) => area === 'access'),
    rest: inputs.exposure.scaling ? ' Scaling was not tried.' : '',
    hint: accessHint(thrown, deployment),
  })
}

/** The failure to scale a tag, when some may be scaled already; gives back what is no DeployError. */
export function notScaled(
  thrown: unknown,
  { deployment, version, scaled }: Reached & { scaled: readonly TagScaling[] },
): unknown {
  if (!(thrown instanceof DeployError)) return thrown
  const done = scaled.map(({ tag }) => tag)
  return notExposed(thrown, {
    version,
    rows: deployment.prepared.plan.rows.filter(
      ({ area, name }) => area === 'scaling' && !done.includes(name.slice(name.indexOf('.') + 1)),
    ),
    rest: done.length > 0 ? ` Done before it: ${done.join(', ')}.` : '',
    hint: thrown.hint,
  })
}

function notExposed(
  thrown: DeployError,
  told: Pick<Reached, 'version'> & { rows: readonly Row[]; rest: string; hint: string | undefined },
): DeployError {
  const { version, rows, rest, hint } = told
  const state = version?.isReady === true ? 'is live' : 'was accepted'
  const unset = rows
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map(({ name, live = '', after = '' }) => `\`${name}\` (${live} -> ${after})`)
    .join(', ')
  const mayBeSet = isUncertain(thrown) || thrown.code === 'OPERATION_TIMEOUT'
  const verdict = mayBeSet ? 'may not be set' : 'not set'
  return thrown.with({
    message: `${thrown.message}\nThe version ${version?.id ?? ''} ${state}; ${verdict}: ${unset}.${rest}`,
    hint,
    topic: 'not-exposed',
  })
}

/** Whoever may deploy need not be allowed to decide who calls. */
function accessHint(
  thrown: DeployError,
  { inputs, prepared: { target } }: Deployment,
): string | undefined {
  if (isRefusedAs(thrown, ['ALREADY_EXISTS', 'NOT_FOUND'])) {
    return 'Something else changes the access of the function at the same time: run the job again.'
  }
  if (isRefusedAs(thrown, ['PERMISSION_DENIED', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT'])) {
    if (/polic(y|ies)\b|политик/i.test(thrown.text)) {
      return 'An access policy of the organization forbids functions that anyone may call: have it changed, or leave `public` out.'
    }
    if (thrown.grpcCode !== 'PERMISSION_DENIED') return thrown.hint
  } else if (thrown.details['HTTP status'] !== '403') return thrown.hint
  const role = rolesOf(inputs, target.folderId).find(({ why }) => why.includes('public'))
  return `Give the account that deploys the role \`functions.admin\`: \`${role?.command ?? ''}\`. If it has the role, an access policy of the organization may forbid functions that anyone may call.`
}
