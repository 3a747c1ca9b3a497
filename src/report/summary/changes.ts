/** What a run changed, or would change, as its plan says: the rows, the files, and what stays, each a section. */

import { planFiles, planNotes, planRows, planUnchanged } from './plan-table.ts'
import type { Section } from './end.ts'
import { folded } from './markup.ts'

export const planSection: Section = ({ known: { plan } }) => (plan ? planRows(plan) : [])

/** Folded when everything is new: the facts above say the same. */
export const changesSection: Section = ({ known: { plan } }) => {
  if (!plan) return []
  if (!plan.live) return folded('What changed: everything is new', planRows(plan))
  return ['#### What changed', '', ...planRows(plan)]
}

export const filesSection: Section = ({ known: { plan } }) => (plan ? planFiles(plan) : [])

export const unchangedSection: Section = ({ known: { plan } }) => (plan ? planUnchanged(plan) : [])

export const notesSection: Section = ({ known: { plan } }) =>
  plan ? planNotes(plan).flatMap((note, index) => (index === 0 ? [note] : ['', note])) : []
