/** A clean-up in words: lines of the log, the title and the table of the summary. Pure. */

import type { LogLine } from '../ports.ts'
import { code, text, type Field } from '../report/summary/markup.ts'
import { quote } from '../text.ts'
import type { CleanupFacts, Holding, Plan } from './facts.ts'
import type { CleanupInputs } from './inputs.ts'

type Known = Readonly<Partial<CleanupFacts>>

/** What is going to happen. */
export function planLines(plan: Plan): readonly (string | LogLine)[] {
  switch (plan.kind) {
    case 'gone':
      return ['Plan: nothing changes, since there is no such function']
    case 'function':
      return plan.isGoing
        ? ['Plan: nothing changes, since the function is being deleted already']
        : ['Plan: the function is deleted', remove(`function ${plan.function.name}`)]
    case 'tags':
      return [
        `Plan: ${plan.holdings.some(isHeld) ? 'tags are removed' : 'nothing changes'}`,
        ...plan.holdings.map((holding) =>
          isHeld(holding)
            ? remove(`tag ${holding.tag} of the version ${holding.versionId}`)
            : `tag ${holding.tag}: no version holds it`,
        ),
      ]
  }
}

function remove(line: string): LogLine {
  return { text: `- ${line}`, tone: 'removed' }
}

function isHeld(holding: Holding): holding is Holding & { versionId: string } {
  return holding.versionId !== undefined
}

/** What to say when there is no such function. */
export function goneNotice({ inputs, plan }: Known): string | undefined {
  if (plan?.kind !== 'gone' || !inputs) return undefined
  return `There is no function ${wanted(inputs)}, so there was nothing to clean up. A function that the account cannot see looks the same.`
}

function wanted({ target }: CleanupInputs): string {
  return target.kind === 'id'
    ? quote(target.functionId)
    : `${quote(target.functionName)} in the folder ${target.folderId}`
}

/** One line of Markdown. */
export function titleOf({ inputs, found, plan, result }: Known): string {
  const target = inputs?.target
  const asked = target?.kind === 'name' ? target.functionName : target?.functionId
  const name = text(found?.name ?? asked ?? '')
  if (inputs?.isDryRun) return `Plan of a clean-up of ${name}`
  if (plan?.kind === 'gone') return `Gone already: ${name}`
  if (plan?.kind === 'function') {
    return result?.isDeleted ? `Deleted ${name}` : `Gone already: ${name}`
  }
  return result?.removedTags.length === 0 ? `Nothing to clean up: ${name}` : `Cleaned up ${name}`
}

/** What the run came to, for the last line of the log. */
export function lastWords({ inputs, plan, result }: Known): string {
  if (inputs?.isDryRun) return 'Planned, with nothing changed,'
  if (result?.isDeleted) return 'Deleted'
  return plan?.kind === 'tags' ? 'Cleaned up' : 'Nothing to clean up; ended'
}

/** Each tag with what became of it. */
export function fieldsOf({ inputs, found, plan, result }: Known): readonly Field[] {
  const functionField = ['Function', found && code(found.id)] as const
  if (plan?.kind !== 'tags') return [functionField]
  return [
    functionField,
    ...plan.holdings.map((holding): Field => {
      const name = `Tag ${code(holding.tag)}`
      if (result?.removedTags.includes(holding.tag)) {
        return [name, `removed from ${code(holding.versionId ?? '')}`]
      }
      if (!isHeld(holding)) return [name, 'no version holds it']
      return [name, `${inputs?.isDryRun ? '' : 'not removed, '}on ${code(holding.versionId)}`]
    }),
  ]
}
