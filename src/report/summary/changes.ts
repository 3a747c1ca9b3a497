/** What a run changed, or would change, as its plan says. */

import { planMarkdown } from '../plan.ts'
import type { Section } from './end.ts'

export const planSection: Section = ({ known: { plan } }) => (plan ? [planMarkdown(plan)] : [])

export const changesSection: Section = (end) => {
  const lines = planSection(end)
  return lines.length === 0 ? [] : ['#### What changed', '', ...lines]
}
