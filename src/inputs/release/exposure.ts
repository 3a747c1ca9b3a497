/** Inputs that say who may call the function, and how far it scales. */

import { quote } from '../../text.ts'
import type { InputName } from '../names.ts'
import type { InputReader } from '../reader.ts'
import { ValueError } from '../values.ts'

/** What is no part of a version, and is brought up to date after it is live; left out, it stays as it is. */
export type ExposureInputs = Readonly<ReturnType<typeof readExposure>>

/** Numbers of a scaling policy; one that is not given stays as it is, and 0 takes it away. */
export interface ScalingInputs {
  readonly provisionedInstances: number | undefined
  readonly zoneInstancesLimit: number | undefined
  readonly zoneRequestsLimit: number | undefined
}

const SCALING_INPUTS = [
  'provisioned-instances',
  'zone-instances-limit',
  'zone-requests-limit',
] as const satisfies readonly InputName[]

export function readExposure(
  reader: InputReader,
  { waitsUntilReady }: { waitsUntilReady: boolean },
) {
  const given = SCALING_INPUTS.filter((name) => reader.text(name) !== undefined)
  const scaling: ScalingInputs = {
    provisionedInstances: reader.parse('provisioned-instances', parseCount),
    zoneInstancesLimit: reader.parse('zone-instances-limit', parseCount),
    zoneRequestsLimit: reader.parse('zone-requests-limit', parseCount),
  }
  for (const name of waitsUntilReady ? [] : given) {
    reader.problem(
      name,
      'cannot be combined with `wait: false`: a version gets its tags when it is ready, and a policy belongs to a tag',
    )
  }
  return {
    isPublic: reader.boolean('public'),
    /** Undefined when none of the three numbers is given. */
    scaling: given.length > 0 ? scaling : undefined,
  }
}

/** The API takes any int64 from 0: https://github.com/yandex-cloud/cloudapi (`SetScalingPolicyRequest`). */
function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(count)) return count
  throw new ValueError(`is ${quote(text)}; write a whole number, such as 3; 0 removes the setting`)
}
