/** The end of a run, of which a summary is made, and what each section of a summary is. */

import type { Facts, KnownFacts } from '../../deploy/progress.ts'
import type { RunContext } from '../../ports.ts'

/** All that is known when a run ends. */
export interface RunEnd {
  readonly known: KnownFacts
  readonly context: RunContext
  /** When each fact became true: milliseconds since the run began. */
  readonly times: Readonly<Partial<Record<keyof Facts, number>>>
  readonly durationMs: number
}

/** One part of a summary: its lines of Markdown, or none. Foreign text in it is inert. */
export type Section<End extends RunEnd = RunEnd> = (end: End) => readonly string[]
