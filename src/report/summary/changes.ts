/** What a run changed, or would change, as its plan says. */

import { planMarkdown, planNotes } from './plan-table.ts'
import type { Section } from './end.ts'
import { folded } from './markup.ts'

export const planSection: Section = ({ known: { plan } }) =>
  plan ? [planMarkdown(plan), ...planNotes(plan).flatMap((note) => ['', note])] : []

/** Folded when everything is new: the facts above say the same. */
export const changesSection: Section = ({ known: { plan } }) => {
  if (!plan) return []
  if (!plan.live) return folded('What changed: everything is new', [planMarkdown(plan)])
  return ['#### What changed', '', planMarkdown(plan)]
}
