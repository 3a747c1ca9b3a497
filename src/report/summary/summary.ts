/** The job summary as Markdown: its sections, in their order, as far as they fit. Pure. */

import {
  changesSection,
  filesSection,
  notesSection,
  planSection,
  unchangedSection,
} from './changes.ts'
import { contentsSection } from './contents.ts'
import type { RunEnd, Section } from './end.ts'
import { factsSection, failedFactsSection, idsSection } from './facts.ts'
import {
  evidenceSection,
  failedIdsSection,
  failureTitle,
  messageSection,
  type FailedRun,
} from './failure.ts'
import { callSection, linksSection } from './links.ts'
import { text } from './markup.ts'
import { rollbackSection } from './rollback.ts'
import { nameOf, successTitle } from './title.ts'

/** A further section stands in a file beside this one, and has a line in the lists that shall have it. */
const DEPLOYED: readonly Section[] = [
  linksSection,
  callSection,
  factsSection,
  changesSection,
  filesSection,
  unchangedSection,
  contentsSection,
  rollbackSection,
  idsSection,
]

const PLANNED: readonly Section[] = [
  planSection,
  filesSection,
  unchangedSection,
  notesSection,
  linksSection,
  factsSection,
  contentsSection,
  idsSection,
]

const FAILED: readonly Section<FailedRun>[] = [
  messageSection,
  evidenceSection,
  linksSection,
  failedFactsSection,
  failedIdsSection,
]

/** GitHub takes a summary of at most 1 MiB for a step: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary */
const MAX_SUMMARY_BYTES = 1024 ** 2

const TOO_LARGE = '(The rest is too large for a summary: see the log.)'

export function successSummary(end: RunEnd): string {
  const { known } = end
  const sections = known.inputs?.release.isDryRun ? PLANNED : DEPLOYED
  const name = text(nameOf(known.inputs?.function.target, known.function))
  return compose(
    `### ${successTitle(known, name)}`,
    sections.map((section) => section(end)),
  )
}

export function failureSummary(run: FailedRun): string {
  return compose(
    failureTitle(run),
    FAILED.map((section) => section(run)),
  )
}

/** A title and sections of Markdown, each its lines; leaves out each section that does not fit, and says so. */
export function compose(title: string, sections: readonly (readonly string[])[]): string {
  const parts = sections.map((lines) => lines.join('\n')).filter((markdown) => markdown !== '')
  let left = MAX_SUMMARY_BYTES - Buffer.byteLength(`${title}\n\n${TOO_LARGE}\n`)
  const shown = parts.filter((markdown) => {
    const bytes = Buffer.byteLength(markdown) + 2
    if (bytes > left) return false
    left -= bytes
    return true
  })
  const note = shown.length < parts.length ? [TOO_LARGE] : []
  return `${[title, ...shown, ...note].join('\n\n')}\n`
}
