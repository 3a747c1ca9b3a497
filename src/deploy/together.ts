/** Work that goes on side by side, and fails with everything that is wrong. */

import { mergeErrors } from '../errors.ts'

/** The results of all; throws what {@link mergeErrors} makes of the failures once every one has ended. */
export async function together<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(work)
  const failures = settled.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  if (failures.length > 0) throw mergeErrors(failures)
  return Promise.all(work)
}
