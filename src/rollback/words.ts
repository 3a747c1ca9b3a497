/** A rollback in words: lines of the log, outputs, the title and the table of the summary. Pure. */

import type { FactOf } from '../deploy/progress.ts'
import { withoutFingerprint } from '../deploy/plan/fingerprint.ts'
import type { LogLine } from '../ports.ts'
import { minuteOf } from '../report/plan.ts'
import type { Outputs } from '../report/outputs.ts'
import { code, text, type Field } from '../report/summary/markup.ts'
import type { Told } from '../report/teller.ts'
import type { Ending } from '../sub-action/story.ts'
import { oneLine } from '../text.ts'
import type { Version } from '../yandex/functions/versions.ts'
import { isMove, type Plan, type RollbackFacts, type Skipped } from './facts.ts'
import type { RollbackInputs } from './inputs.ts'
import type { OutputName } from './names.ts'

type Known = Readonly<Partial<RollbackFacts>>

/** What a fact gives the log and the outputs. */
export function tell(fact: FactOf<RollbackFacts>): Told<Outputs<OutputName>> {
  switch (fact.name) {
    case 'function': {
      const { id, name, httpInvokeUrl: url } = fact.value
      return {
        lines: [`Function ${name} (${id}): found`],
        outputs: { 'function-id': id, ...(url !== '' && { 'function-url': url }) },
      }
    }
    case 'plan':
      return { lines: planLines(fact.value) }
    case 'build':
      return { lines: [`Operation ${fact.value.operation.id}: the copy is being made`] }
    case 'live': {
      const { versionId, previousId } = fact.value
      return {
        lines: [`Version ${versionId}: live`],
        outputs: {
          'version-id': versionId,
          ...(previousId !== undefined && { 'previous-version-id': previousId }),
        },
      }
    }
  }
}

/** What is going to happen, and which versions cannot be gone back to. */
function planLines(plan: Plan): readonly (string | LogLine)[] {
  if (plan.kind === 'latest') {
    const { from, to, isLive } = plan
    return [
      `Plan: ${isLive ? 'nothing changes' : 'a copy of an older version becomes the newest'}`,
      ...passedOver(plan.skipped),
      isLive
        ? `callers without a tag get what ${to.id} does already: ${describe(from)}`
        : change(`callers without a tag: ${describe(from)} -> a copy of ${describe(to)}`),
    ]
  }
  return [
    `Plan: ${isEmpty(plan) ? 'nothing changes' : 'tags go to other versions'}`,
    ...plan.moves.flatMap((move) => {
      const { tag, from, to, skipped } = move
      const isRevived = to.status === 'OBSOLETE'
      const target = `${describe(to)}${isRevived ? ', obsolete, which the tag makes active again' : ''}`
      return [
        ...passedOver(skipped),
        isMove(move)
          ? change(`tag ${tag}: ${from ? describe(from) : 'no version'} -> ${target}`)
          : `tag ${tag} is there already: ${describe(to)}`,
      ]
    }),
  ]
}

function isEmpty(plan: Plan): boolean {
  return plan.kind === 'tags' ? !plan.moves.some(isMove) : plan.isLive
}

function change(line: string): LogLine {
  return { text: `~ ${line}`, tone: 'changed' }
}

function passedOver(skipped: readonly Skipped[]): readonly string[] {
  return skipped.map(({ versionId, reason }) => `Passed over: the version ${versionId} ${reason}`)
}

function describe(version: Version): string {
  return `${version.id} (${about(version)})`
}

/** When a version was created and what its author says of it. */
function about({ createdAt, description }: Version): string {
  const said = oneLine(withoutFingerprint(description)).slice(0, MAX_DESCRIPTION)
  return [minuteOf(createdAt), said].filter((part) => part !== '').join(', ')
}

/** In characters. */
const MAX_DESCRIPTION = 100

/** What a rollback came to; after a failure no more than of which function, unless all was done. */
export function sumUp(inputs: RollbackInputs, known: Known): Ending {
  const { function: target, plan, live } = known
  const isTold = plan && (live !== undefined || inputs.isDryRun)
  return {
    title: titleOf(inputs, known),
    did: 'Rolled back',
    function: target,
    fields: isTold ? fieldsOf(plan, live?.versionId) : [],
  }
}

function titleOf({ isDryRun }: RollbackInputs, { function: target, plan }: Known): string {
  const name = text(target?.name ?? '')
  if (plan && isEmpty(plan)) return `Nothing to roll back: ${name}`
  return isDryRun ? `Plan of a rollback of ${name}` : `Rolled back ${name}`
}

/** What points where, and pointed before; `liveId` is undefined in a dry run. */
function fieldsOf(plan: Plan, liveId: string | undefined): readonly Field[] {
  if (plan.kind === 'latest') {
    const { from, to, isLive, skipped } = plan
    const copy = `a copy of ${code(to.id)}`
    const now = liveId === undefined ? copy : `${code(liveId)}, ${copy}`
    return [
      ['Without a tag', isLive ? code(from.id) : `${now}; before ${code(from.id)}`],
      ['Code and settings of', shown(to)],
      ['Passed over', namesOf(skipped)],
    ]
  }
  const verb = liveId === undefined ? 'now' : 'before'
  return [
    ...plan.moves.map((move): Field => {
      const { tag, from, to } = move
      const former = from ? code(from.id) : 'on no version'
      const state = isMove(move) ? `; ${verb} ${former}` : ', as before'
      return [`Tag ${code(tag)}`, `${shown(to)}${state}`]
    }),
    ['Passed over', namesOf(plan.moves.flatMap(({ skipped }) => skipped))],
  ]
}

function shown(version: Version): string {
  return `${code(version.id)} (${text(about(version))})`
}

function namesOf(skipped: readonly Skipped[]): string {
  return skipped.map(({ versionId, reason }) => `${code(versionId)} ${reason}`).join(', ')
}
