/** One line of a plan: a thing that can differ between what is live and what the step asks for. */

/** What a row belongs to. */
export const AREAS = ['function', 'code', 'settings', 'tags', 'access', 'scaling'] as const
export type Area = (typeof AREAS)[number]

/** `unknown`: it cannot be told whether it changes. */
export type Verdict = 'added' | 'removed' | 'changed' | 'unchanged' | 'unknown'

/**
 * Who may see the values: anyone who reads the pull request, only those who read the log and the summary of the run,
 * or nobody.
 */
export type Visibility = 'anyone' | 'run' | 'nobody'

/** Two sides of one thing; an absent one has no value. */
export interface Sides {
  readonly area: Area
  /** The input that it is about, with the name of the item for a list: `memory`, `environment.LOG_LEVEL`. */
  readonly name: string
  readonly visibility: Visibility
  /** The value of now, for people. */
  readonly live: string | undefined
  /** The value that is asked for, for people. */
  readonly after: string | undefined
}

/** A row never holds a value that nobody may see. */
export interface Row extends Sides {
  readonly verdict: Verdict
}

/** The row of two values that are equal exactly when nothing changes. */
export function compare({ live, after, ...rest }: Sides): Row {
  const isHidden = rest.visibility === 'nobody'
  return {
    ...rest,
    verdict: verdictOf(live, after),
    live: isHidden ? undefined : live,
    after: isHidden ? undefined : after,
  }
}

/** As {@link compare}, where one value stands for none: it is shown, and counts as absent. */
export function compareFrom(none: string, { live, after, ...rest }: Sides): Row {
  const known = (value: string | undefined): string | undefined =>
    value === none ? undefined : value
  return { ...compare({ ...rest, live: known(live), after: known(after) }), live, after }
}

function verdictOf(live: string | undefined, after: string | undefined): Verdict {
  if (live === after) return 'unchanged'
  if (live === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

type Entries = Iterable<readonly [key: string, value: string]>

/** The rows of two maps, one for each key of either, sorted by it. */
export function compareMaps(
  maps: Omit<Sides, 'live' | 'after'> & { live: Entries; after: Entries },
): readonly Row[] {
  const live = new Map(maps.live)
  const after = new Map(maps.after)
  const keys = [...new Set([...live.keys(), ...after.keys()])].sort()
  return keys.map((key) => {
    const name = `${maps.name}.${key}`
    return compare({ ...maps, name, live: live.get(key), after: after.get(key) })
  })
}

/** The row of a tag. One that is on the live version goes on to what follows it, which is no change. */
export function compareTag(
  tag: string,
  of: {
    input: 'tags' | 'check-tag' | 'previous-tag'
    live: { readonly id: string } | undefined
    holders: ReadonlyMap<string, { readonly id: string }>
    /** The id of the version that gets it, where that is not the one of the step. */
    after?: string
  },
): Row {
  const live = of.holders.get(tag)?.id
  const after = of.after ?? (of.live && live === of.live.id ? live : 'this version')
  return compare({ area: 'tags', name: `${of.input}.${tag}`, visibility: 'anyone', live, after })
}
