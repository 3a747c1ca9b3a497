/** The outputs of a step, of which `plan` is a plan for programs: names and verdicts, no values. Pure. */

import type { Plan } from '../deploy/plan/plan.ts'
import type { OutputName } from '../inputs/names.ts'

export type Outputs<Name extends string = OutputName> = Readonly<Partial<Record<Name, string>>>

/** Outputs of a job have 1 MB together, and steps hand them on in their environment. In bytes. */
export const MAX_PLAN_BYTES = 48 * 1024

/**
 * At most {@link MAX_PLAN_BYTES} in UTF-8: what changes comes first, and what is cut is counted. Its form:
 * docs/plan.schema.json.
 */
export function planJson(plan: Plan): string {
  const frame = compose(plan, ({ length }) => ({ count: length, items: [] }))
  return JSON.stringify(compose(plan, fitter(MAX_PLAN_BYTES - byteLength(frame))))
}

type Fit = (items: readonly unknown[]) => { count: number; items: readonly unknown[] }

function compose({ live, package: code, ...plan }: Plan, fit: Fit): object {
  const rows = plan.rows.map(({ area, name, verdict }) => ({ area, name, verdict }))
  const same = rows.filter(({ verdict }) => verdict === 'unchanged')
  const { files } = code
  return {
    version: 1,
    compared: plan.isCompared,
    live: live ? { id: live.id, tag: live.tag, createdAt: live.createdAt } : null,
    changed: plan.changed ?? null,
    changes: plan.changes,
    rows: fit([...rows.filter((row) => !same.includes(row)), ...same]),
    package: {
      sha256: code.sha256 ?? null,
      sizeBytes: code.sizeBytes ?? null,
      liveSha256: live?.sha256 ?? null,
      liveSizeBytes: code.liveSizeBytes ?? null,
    },
    files: files
      ? {
          changed: fit(files.changed),
          added: fit(files.added),
          removed: fit(files.removed),
          unchangedCount: files.unchangedCount,
        }
      : null,
  }
}

/** Cuts one list after the other, each to the room that those before it leave. */
function fitter(room: number): Fit {
  let left = room
  return (items) => {
    const end = items.findIndex((item) => {
      left -= byteLength(item) + 1
      return left < 0
    })
    return { count: items.length, items: end < 0 ? items : items.slice(0, end) }
  }
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
