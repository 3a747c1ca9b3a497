/** What a comment on a pull request tells of a run, made of what is known at its end. Pure. */

import type { KnownFacts } from '../deploy/progress.ts'
import type { DeployError } from '../errors.ts'
import type { Subject } from '../inputs/inputs.ts'
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

/** What a failure is told by. */
type Failure = Pick<DeployError, 'code' | 'inputs'>

/** Undefined when a failure came before it was known which function it is about. */
export function newsOf(known: KnownFacts, failure?: Failure): News | undefined {
  const subject = subjectOf(known)
  const result = subject && resultOf(known, { failure, subject })
  if (!result) return undefined
  const { target } = subject
  const isById = target.kind === 'id'
  return {
    key: isById ? target.functionId : `${target.folderId}/${target.functionName}`,
    functionName:
      known.function?.function.name ?? (isById ? target.functionId : target.functionName),
    result,
  }
}

/** What a run is about: of its inputs, or, where they are invalid, of those that could be read. */
export function subjectOf({ inputs, subject }: KnownFacts): Subject | undefined {
  if (!inputs) return subject
  const { isDryRun, commentToken } = inputs.release
  return { target: inputs.function.target, isDryRun, commentToken }
}

function resultOf(
  known: KnownFacts,
  { failure, subject }: { failure: Failure | undefined; subject: Subject },
): CommentResult | undefined {
  const { plan, version, skipped } = known
  if (failure) {
    const { code, inputs } = failure
    return { kind: 'failed', what: subject.isDryRun ? 'plan' : 'deployment', code, inputs }
  }
  if (!plan) return undefined
  if (!version) return { kind: 'planned', plan }
  const state = skipped ? 'unchanged' : version.isReady ? 'ready' : 'accepted'
  const url = known.function?.function.httpInvokeUrl ?? ''
  return { kind: 'deployed', state, plan, versionId: version.id, url }
}
