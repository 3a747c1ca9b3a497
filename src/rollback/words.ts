/** A rollback in words: lines of the log, the title and the table of the summary. Pure. */

import type { LogLine } from '../ports.ts'
import { minuteOf } from '../report/plan.ts'
import { code, text, type Field } from '../report/summary/markup.ts'
import { oneLine } from '../text.ts'
import type { Version } from '../yandex/functions/versions.ts'
import { withoutFingerprint } from '../deploy/plan/fingerprint.ts'
import type { RollbackFacts } from './facts.ts'
import { isEmpty, isMove, type Plan, type Skipped } from './plan.ts'

type Known = Readonly<Partial<RollbackFacts>>

/** What is going to happen, and which versions cannot be gone back to. */
export function planLines(plan: Plan): readonly (string | LogLine)[] {
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
    ...plan.moves.flatMap((move) => [
      ...passedOver(move.skipped),
      isMove(move)
        ? change(
            `tag ${move.tag}: ${move.from ? describe(move.from) : 'no version'} -> ${target(move.to)}`,
          )
        : `tag ${move.tag} is there already: ${describe(move.to)}`,
    ]),
  ]
}

function change(line: string): LogLine {
  return { text: `~ ${line}`, tone: 'changed' }
}

function passedOver(skipped: readonly Skipped[]): readonly string[] {
  return skipped.map(({ versionId, reason }) => `Passed over: the version ${versionId} ${reason}`)
}

function target(version: Version): string {
  const isObsolete = version.status === 'OBSOLETE'
  return describe(version) + (isObsolete ? ', obsolete, which the tag makes active again' : '')
}

/** Its id, when it was created and what its author says of it. */
function describe({ id, createdAt, description }: Version): string {
  const said = oneLine(withoutFingerprint(description)).slice(0, MAX_DESCRIPTION)
  return `${id} (${[minuteOf(createdAt), said].filter((part) => part !== '').join(', ')})`
}

/** In characters. */
const MAX_DESCRIPTION = 100

/** One line of Markdown. */
export function titleOf({ inputs, function: target, plan }: Known): string {
  const name = text(target?.name ?? '')
  if (plan && isEmpty(plan)) return `Nothing to roll back: ${name}`
  return inputs?.isDryRun ? `Plan of a rollback of ${name}` : `Rolled back ${name}`
}

/** What points where, and pointed before. */
export function fieldsOf({ plan, live, inputs }: Known): readonly Field[] {
  if (!plan) return []
  if (plan.kind === 'latest') {
    const { from, to, isLive, skipped } = plan
    const now = live
      ? `${code(live.versionId)}${isLive ? '' : `, a copy of ${code(to.id)}`}`
      : `a copy of ${code(to.id)}`
    return [
      ['Without a tag', isLive ? code(from.id) : `${now}; before ${code(from.id)}`],
      ['Code and settings of', shown(to)],
      ['Passed over', namesOf(skipped)],
    ]
  }
  const verb = inputs?.isDryRun ? 'now' : 'before'
  return [
    ...plan.moves.map((move): Field => [
      `Tag ${code(move.tag)}`,
      isMove(move)
        ? `${shown(move.to)}; ${verb} ${move.from ? code(move.from.id) : 'on no version'}`
        : `${shown(move.to)}, as before`,
    ]),
    ['Passed over', namesOf(plan.moves.flatMap(({ skipped }) => skipped))],
  ]
}

function shown({ id, createdAt, description }: Version): string {
  const said = oneLine(withoutFingerprint(description))
  const parts = [minuteOf(createdAt), said].filter((part) => part !== '')
  return `${code(id)} (${text(parts.join(', '))})`
}

function namesOf(skipped: readonly Skipped[]): string | undefined {
  const parts = skipped.map(({ versionId, reason }) => `${code(versionId)} ${reason}`)
  return parts.length === 0 ? undefined : parts.join(', ')
}
