/** Moves that were taken back, or could not be: what became of each in words, and what is left to do. Pure. */

import type { Move } from './move.ts'

/** How a move was undone: `passed on` is a tag that somebody else has moved in the meantime. */
export interface Undone extends Move {
  readonly outcome: 'put back' | 'never moved' | 'passed on' | 'not put back'
  /** Why it was not put back. */
  readonly reason?: string
}

const OUTCOMES: Readonly<Record<Undone['outcome'], string>> = {
  'put back': 'Put back',
  'never moved': 'Not moved',
  'passed on': 'Moved by somebody else meanwhile, and left there',
  'not put back': 'Not put back',
}

/** What became of each tag that was moved or may have been, by outcome. */
export function undoneLines(undone: readonly Undone[]): readonly string[] {
  return Object.entries(OUTCOMES).flatMap(([outcome, words]) => {
    const tags = undone.filter((one) => one.outcome === outcome)
    return tags.length > 0 ? [`${words}: ${tags.map(describe).join('; ')}.`] : []
  })
}

function describe({ tag, reason, outcome, isUnderWay }: Undone): string {
  const mayCome = outcome === 'never moved' && isUnderWay === true
  const remark = mayCome ? 'its change was under way and may still come' : reason
  return remark === undefined ? `\`${tag}\`` : `\`${tag}\` (${remark})`
}

/** The commands that put back what could not be; undefined where there is nothing left. */
export function putBackHint(undone: readonly Undone[]): string | undefined {
  const commands = undone
    .filter(
      ({ outcome, isUnderWay }) =>
        outcome === 'not put back' || (outcome === 'never moved' && isUnderWay === true),
    )
    .map(({ tag, fromId, toId }) =>
      fromId === undefined
        ? `- \`yc serverless function version remove-tag --id ${toId} --tag ${tag}\``
        : `- \`yc serverless function version set-tag --id ${fromId} --tag ${tag}\``,
    )
  return commands.length === 0 ? undefined : ['To put back what is left:', ...commands].join('\n')
}
