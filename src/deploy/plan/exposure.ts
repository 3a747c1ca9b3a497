/** Public access and scaling in a plan: they belong to the function and its tags, not to a version; pure. */

import type { ExposureInputs, ScalingInputs } from '../../inputs/release/exposure.ts'
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
export function planExposure(wanted: WantedExposure, live: LiveExposure): readonly Row[] {
  const { exposure, tags } = wanted
  return [
    ...planPublic(exposure.isPublic, live),
    ...scaledTags(tags).flatMap((tag) =>
      planScaling({ tag, scaling: exposure.scaling }, countsOf(live.policies, tag)),
    ),
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

/** All three numbers, as they are written together: those that are given, and the others as they are. */
export function mergeScaling(live: ScalingCounts, given: ScalingInputs): ScalingCounts {
  const { provisionedInstances, zoneInstancesLimit, zoneRequestsLimit } = given
  return {
    provisionedInstancesCount: String(provisionedInstances ?? live.provisionedInstancesCount),
    zoneInstancesLimit: String(zoneInstancesLimit ?? live.zoneInstancesLimit),
    zoneRequestsLimit: String(zoneRequestsLimit ?? live.zoneRequestsLimit),
  }
}

function planPublic(after: boolean | undefined, { bindings }: LiveExposure): readonly Row[] {
  if (after === undefined) return []
  return [
    compareFrom('false', {
      area: 'access',
      name: 'public',
      visibility: 'anyone',
      live: String(isPublic(bindings)),
      after: String(after),
    }),
  ]
}

function planScaling(
  { tag, scaling }: { tag: string; scaling: ScalingInputs | undefined },
  live: ScalingCounts,
): readonly Row[] {
  const numbers = [
    ['provisioned-instances', live.provisionedInstancesCount, scaling?.provisionedInstances],
    ['zone-instances-limit', live.zoneInstancesLimit, scaling?.zoneInstancesLimit],
    ['zone-requests-limit', live.zoneRequestsLimit, scaling?.zoneRequestsLimit],
  ] as const
  return numbers.flatMap(([input, before, after]) =>
    after === undefined
      ? []
      : [
          compareFrom('0', {
            area: 'scaling',
            name: `${input}.${tag}`,
            visibility: 'anyone',
            live: before,
            after: String(after),
          }),
        ],
  )
}
