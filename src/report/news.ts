/** What a comment on a pull request tells of a run, made of what is known at its end. Pure. */

import type { KnownFacts } from '../deploy/progress.ts'
import type { ErrorCode } from '../errors.ts'
import type { CommentOutcome } from '../ports.ts'
import type { Secret } from '../secret.ts'
import type { CommentResult } from './comment.ts'

/** A run, to be told to its pull request. */
export interface News {
  /** The function as the step names it, the same before and after it is created. */
  readonly key: string
  /** The function's name, or its id as long as the name is unknown. */
  readonly functionName: string
  readonly result: CommentResult
}

/** Tells the pull request of the run; resolves to undefined when the run has none. */
export type TellPullRequest = (news: News, token: Secret) => Promise<CommentOutcome | undefined>

/** Undefined when a failure came before the inputs were read. */
export function newsOf(known: KnownFacts, failure?: ErrorCode): News | undefined {
  const target = known.inputs?.function.target
  const result = resultOf(known, failure)
  if (!target || !result) return undefined
  const isById = target.kind === 'id'
  return {
    key: isById ? target.functionId : `${target.folderId}/${target.functionName}`,
    functionName:
      known.function?.function.name ?? (isById ? target.functionId : target.functionName),
    result,
  }
}

function resultOf(known: KnownFacts, failure: ErrorCode | undefined): CommentResult | undefined {
  const { inputs, plan, version, skipped } = known
  const isDryRun = inputs?.release.isDryRun
  if (failure) return { kind: 'failed', what: isDryRun ? 'plan' : 'deployment', code: failure }
  if (!plan) return undefined
  if (!version) return { kind: 'planned', plan }
  const state = skipped ? 'unchanged' : version.isReady ? 'ready' : 'accepted'
  const url = known.function?.function.httpInvokeUrl ?? ''
  return { kind: 'deployed', state, plan, versionId: version.id, url }
}
