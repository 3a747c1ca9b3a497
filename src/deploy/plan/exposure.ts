/** Public access and scaling in a plan: they belong to the function and its tags, not to a version; pure. */

import type { ExposureInputs } from '../../inputs/release/exposure.ts'
import { isPublic, type AccessBinding } from '../../yandex/functions/access.ts'
import { UNSCALED, type ScalingCounts, type ScalingPolicy } from '../../yandex/functions/scaling.ts'
import { LATEST } from '../../yandex/functions/versions.ts'
import { compareFrom, type Row } from './row.ts'

/** Who may call the function, and how far it scales; empty where the step does not ask for it. */
export interface LiveExposure {
  readonly bindings: readonly AccessBinding[]
  readonly policies: readonly ScalingPolicy[]
}

/** That of a new function. */
export const UNEXPOSED: LiveExposure = { bindings: [], policies: [] }

/** What the step asks for, and the tags whose policies it means. */
export interface WantedExposure {
  readonly exposure: ExposureInputs
  readonly tags: readonly string[]
}

/** The rows of the inputs that are given: one for `public`, one for each number of each tag. */
export function planExposure(
  { exposure, tags }: WantedExposure,
  live: LiveExposure,
): readonly Row[] {
  return [
    ...planPublic(exposure.isPublic, live),
    ...scaledTags(tags).flatMap((tag) => planScaling(tag, { exposure, live })),
  ]
}

/** The tags that scaling is set for. */
export function scaledTags(tags: readonly string[]): readonly string[] {
  return tags.length > 0 ? tags : [LATEST]
}

/** The numbers of a tag; those of no policy where it has none. */
export function countsOf(policies: readonly ScalingPolicy[], tag: string): ScalingCounts {
  return policies.find((policy) => policy.tag === tag) ?? UNSCALED
}

function planPublic(after: boolean | undefined, { bindings }: LiveExposure): readonly Row[] {
  if (after === undefined) return []
  const row = { area: 'access', name: 'public', visibility: 'anyone' } as const
  return [compareFrom('false', { ...row, live: String(isPublic(bindings)), after: String(after) })]
}

const NUMBERS = [
  ['provisioned-instances', 'provisionedInstancesCount'],
  ['zone-instances-limit', 'zoneInstancesLimit'],
  ['zone-requests-limit', 'zoneRequestsLimit'],
] as const

function planScaling(
  tag: string,
  { exposure: { scaling }, live: { policies } }: { exposure: ExposureInputs; live: LiveExposure },
): readonly Row[] {
  const counts = countsOf(policies, tag)
  const row = { area: 'scaling', visibility: 'anyone' } as const
  return NUMBERS.flatMap(([input, field]) => {
    const after = scaling?.[field]
    if (after === undefined) return []
    return [compareFrom('0', { ...row, name: `${input}.${tag}`, live: counts[field], after })]
  })
}
