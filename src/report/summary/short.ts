/** The summary of an action that packs and plans nothing: what it did, in a table, and where to look. */

import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { ShownFailure } from '../teller.ts'
import { detailsOf, evidenceSection, failureTitle, messageSection } from './failure.ts'
import { pagesOf } from './links.ts'
import { fieldList, fieldTable, folded, type Field } from './markup.ts'
import { compose } from './summary.ts'

/** What is known at the end of a run. */
export interface ShortEnd {
  /** Undefined where it is not known, or gone. */
  readonly function: CloudFunction | undefined
  readonly fields: readonly Field[]
}

/** The title is Markdown. */
export function shortSummary(title: string, end: ShortEnd): string {
  return compose(`### ${title}`, [fieldTable(end.fields), linksOf(end)])
}

export function shortFailure(shown: ShownFailure, end: ShortEnd): string {
  return compose(failureTitle(shown), [
    messageSection(shown),
    evidenceSection(shown),
    linksOf(end),
    fieldTable(end.fields),
    folded('Ids and details', fieldList(detailsOf(shown.error))),
  ])
}

function linksOf({ function: target }: ShortEnd): readonly string[] {
  return target ? pagesOf(target) : []
}
