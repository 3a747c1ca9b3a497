/** Inputs that say who may call the function, and how far it scales. */

import { quote } from '../../text.ts'
import type { ScalingCounts } from '../../yandex/functions/scaling.ts'
import type { InputReader } from '../reader.ts'
import { ValueError } from '../values.ts'

/** What is no part of a version, and is brought up to date after it is live; left out, it stays as it is. */
export interface ExposureInputs {
  readonly isPublic: boolean | undefined
  /** The numbers that are given; the others stay as they are, and 0 takes one away. Undefined when none is. */
  readonly scaling: Partial<ScalingCounts> | undefined
}

const SCALING_INPUTS = [
  ['provisioned-instances', 'provisionedInstancesCount'],
  ['zone-instances-limit', 'zoneInstancesLimit'],
  ['zone-requests-limit', 'zoneRequestsLimit'],
] as const satisfies readonly (readonly [input: string, field: keyof ScalingCounts])[]

export function readExposure(
  reader: InputReader,
  { waitsUntilReady }: { waitsUntilReady: boolean },
): ExposureInputs {
  const given = SCALING_INPUTS.filter(([name]) => reader.text(name) !== undefined)
  const counts = given.map(
    ([name, field]) => [field, String(reader.parse(name, parseCount) ?? '')] as const,
  )
  for (const [name] of waitsUntilReady ? [] : given) {
    reader.problem(
      name,
      'cannot be combined with `wait: false`: a version gets its tags when it is ready, and a policy belongs to a tag',
    )
  }
  return {
    isPublic: reader.boolean('public'),
    scaling: given.length > 0 ? Object.fromEntries(counts) : undefined,
  }
}

/** The API takes any int64 from 0: https://github.com/yandex-cloud/cloudapi (`SetScalingPolicyRequest`). */
function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(count)) return count
  throw new ValueError(`is ${quote(text)}; write a whole number, such as 3; 0 removes the setting`)
}
