/** A clean-up in words: lines of the log, outputs, the title and the table of the summary. Pure. */

import type { FactOf, Notice } from '../deploy/progress.ts'
import type { LogLine } from '../ports.ts'
import type { Outputs } from '../report/outputs.ts'
import { code, text, type Field } from '../report/summary/markup.ts'
import type { Told } from '../report/teller.ts'
import type { Ending } from '../sub-action/story.ts'
import { quote } from '../text.ts'
import type { CleanupFacts, Holding, Plan } from './facts.ts'
import type { CleanupInputs } from './inputs.ts'
import type { OutputName } from './names.ts'

type Known = Readonly<Partial<CleanupFacts>>

/** What a fact gives the log and the outputs. */
export function tell(fact: FactOf<CleanupFacts>): Told<Outputs<OutputName>> {
  switch (fact.name) {
    case 'function': {
      const { id, name } = fact.value
      return { lines: [`Function ${name} (${id}): found`], outputs: { 'function-id': id } }
    }
    case 'plan':
      return { lines: planLines(fact.value) }
    case 'untagged': {
      const { tag, versionId = '' } = fact.value
      return { lines: [`Tag ${tag}: removed from the version ${versionId}`] }
    }
    case 'result': {
      const { tags, isDeleted } = fact.value
      const removed = tags.filter(isHeld).map(({ tag }) => tag)
      return {
        lines: isDeleted ? ['Function: deleted'] : [],
        outputs: { 'removed-tags': removed.join('\n'), deleted: String(isDeleted) },
      }
    }
  }
}

/** What is going to happen. */
function planLines(plan: Plan): readonly (string | LogLine)[] {
  switch (plan.kind) {
    case 'gone':
      return ['Plan: nothing changes, since there is no such function']
    case 'going':
      return ['Plan: nothing changes, since the function is being deleted already']
    case 'function':
      return ['Plan: the function is deleted', removal(`function ${plan.function.name}`)]
    case 'tags':
      return [
        `Plan: ${plan.holdings.some(isHeld) ? 'tags are removed' : 'nothing changes'}`,
        ...plan.holdings.map((holding) =>
          isHeld(holding)
            ? removal(`tag ${holding.tag} of the version ${holding.versionId}`)
            : `tag ${holding.tag}: no version holds it`,
        ),
      ]
  }
}

function removal(line: string): LogLine {
  return { text: `- ${line}`, tone: 'removed' }
}

function isHeld(holding: Holding): holding is Holding & { versionId: string } {
  return holding.versionId !== undefined
}

/** What a clean-up came to, also one that failed. */
export function sumUp(inputs: CleanupInputs, known: Known): Ending {
  const { function: target, plan, result } = known
  const isGoneNow = plan?.kind === 'function' && result !== undefined
  return {
    title: titleOf(inputs, known),
    did: didOf(known),
    notice: plan?.kind === 'gone' ? goneNotice(inputs) : undefined,
    function: isGoneNow ? undefined : target,
    fields: [['Function', target && code(target.id)], ...tagFields(inputs, known)],
  }
}

/** A mistyped name must not go unseen, though it is no error. */
function goneNotice({ target }: CleanupInputs): Notice {
  const wanted =
    target.kind === 'id'
      ? quote(target.functionId)
      : `${quote(target.functionName)} in the folder ${target.folderId}`
  return {
    title: 'No function',
    message: `There is no function ${wanted}, so there was nothing to clean up. A function that the account cannot see looks the same.`,
  }
}

function titleOf({ target, isDryRun }: CleanupInputs, known: Known): string {
  const { function: found, plan, result } = known
  const name = text(
    found?.name ?? (target.kind === 'name' ? target.functionName : target.functionId),
  )
  if (isDryRun) return `Plan of a clean-up of ${name}`
  if (plan?.kind !== 'tags') return `${result?.isDeleted ? 'Deleted' : 'Gone already:'} ${name}`
  return result?.tags.some(isHeld) ? `Cleaned up ${name}` : `Nothing to clean up: ${name}`
}

function didOf({ plan, result }: Known): string {
  if (result?.isDeleted) return 'Deleted'
  return plan?.kind === 'tags' ? 'Cleaned up' : 'Nothing to clean up; ended'
}

/** Each tag with what became of it. */
function tagFields({ isDryRun }: CleanupInputs, { plan, result }: Known): readonly Field[] {
  if (plan?.kind !== 'tags') return []
  return plan.holdings.map((holding): Field => {
    const end = result?.tags.find(({ tag }) => tag === holding.tag)
    const name = `Tag ${code(holding.tag)}`
    if (end && isHeld(end)) return [name, `removed from ${code(end.versionId)}`]
    if (end || !isHeld(holding)) return [name, 'no version holds it']
    return [name, `${isDryRun ? '' : 'not removed, '}on ${code(holding.versionId)}`]
  })
}
