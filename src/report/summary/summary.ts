/** The job summary as Markdown: its sections, in their order, as far as they fit. Pure. */

import { callSection } from './call.ts'
import {
  changesSection,
  filesSection,
  notesSection,
  planSection,
  unchangedSection,
} from './changes.ts'
import { contentsSection } from './contents.ts'
import type { RunEnd, Section } from './end.ts'
import { factsSection, failedFactsSection } from './facts.ts'
import {
  evidenceSection,
  failedIdsSection,
  failureTitle,
  messageSection,
  type FailedRun,
} from './failure.ts'
import { idsSection } from './ids.ts'
import { linksSection } from './links.ts'
import { rollbackSection } from './rollback.ts'
import { successTitle } from './title.ts'

/** A further section is a file beside this one, and a line in the lists that shall have it. */
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
  const isPlan = end.known.inputs?.release.isDryRun === true
  return compose(successTitle(end), render(isPlan ? PLANNED : DEPLOYED, end))
}

export function failureSummary(run: FailedRun): string {
  return compose(failureTitle(run), render(FAILED, run))
}

function render<End extends RunEnd>(
  sections: readonly Section<End>[],
  end: End,
): readonly string[] {
  return sections.map((section) => section(end).join('\n')).filter((markdown) => markdown !== '')
}

/** A title and sections of Markdown; leaves out each section that does not fit, and says so. */
export function compose(title: string, sections: readonly string[]): string {
  let left = MAX_SUMMARY_BYTES - Buffer.byteLength(`${title}\n\n${TOO_LARGE}\n`)
  const shown = sections.filter((markdown) => {
    const bytes = Buffer.byteLength(markdown) + 2
    if (bytes > left) return false
    left -= bytes
    return true
  })
  const note = shown.length < sections.length ? [TOO_LARGE] : []
  return `${[title, ...shown, ...note].join('\n\n')}\n`
}
