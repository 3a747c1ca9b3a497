/** The way that a pointer has come, so that it can go back step by step. Pure. */

/** A pointer comes to a version. */
export interface Step {
  readonly versionId: string
  /** The version whose place it takes: itself, or the one that it is a copy of. */
  readonly placeOf: string
}

/** A place on the way: a version, and its copies, which do the same. */
export type Place = readonly [string, ...string[]]

/**
 * The places that a pointer has come by, the present one last. A step to an earlier place is a step back: what came
 * after that place is no longer on the way. So going back twice goes back two steps, and never to what was gone back
 * from, while a version that is reached anew is a step forward.
 */
export function trailOf(steps: readonly Step[]): readonly Place[] {
  return steps.reduce<readonly Place[]>((trail, { versionId, placeOf }) => {
    const at = trail.findIndex((place) => place.includes(placeOf))
    const place = trail[at]
    if (!place) return [...trail, [versionId]]
    const copies = place.includes(versionId) ? [] : [versionId]
    return [...trail.slice(0, at), [...place, ...copies] as const]
  }, [])
}

/** The places before the present one, nearest first. */
export function placesBefore(steps: readonly Step[]): readonly Place[] {
  return trailOf(steps).slice(0, -1).reverse()
}
