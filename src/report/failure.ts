/** What is shown of a failure: texts of a length that can be read, one annotation, where to read on, the lines of a build log. */

import { inspect } from 'node:util'
import path from 'node:path'
import type { KnownFacts } from '../deploy/progress.ts'
import { DeployError, ERRORS, isError } from '../errors.ts'
import type { Annotation, Runner } from '../ports.ts'
import { clip, oneLine, withoutBackticks } from '../text.ts'
import { advise } from './advice.ts'
import { findErrorLines } from './build-errors.ts'
import { hintForLog } from './refusals.ts'

/** The longest texts of a failure that are shown, in characters. */
const MAX_CHARACTERS = { message: 10_000, hint: 3_000, detail: 500 }

/** A runner cuts what is longer: `_maxIssueMessageLength` in https://github.com/actions/runner. */
const MAX_ANNOTATION_CHARACTERS = 4_096

/** The longest line of a build log that is shown, in characters. */
const MAX_LINE_CHARACTERS = 2_000

/** Anything that is not an error of ours is a bug of ours, and says so. */
export function asDeployError(thrown: unknown): DeployError {
  if (thrown instanceof DeployError) return thrown
  const what = isError(thrown) ? `${thrown.name}: ${thrown.message}` : inspect(thrown, { depth: 0 })
  return new DeployError('INTERNAL_ERROR', `The action itself failed: ${what}`, { cause: thrown })
}

/** Untrusted texts may have any length: secrets are hidden first, then the rest is cut. */
export function shownError(error: DeployError, runner: Runner): DeployError {
  const show = (text: string, characters: number): string => clip(runner.hide(text), characters)
  const { evidence } = error
  const advice = advise(error)
  const hint = evidence?.kind === 'build log' ? hintForLog(evidence.text) : undefined
  return error.with({
    topic: advice.topic,
    message: show(error.message, MAX_CHARACTERS.message),
    hint: show(hint ?? advice.hint, MAX_CHARACTERS.hint),
    details: Object.fromEntries(
      Object.entries(error.details).map(([name, value]) => [
        name,
        oneLine(show(value, MAX_CHARACTERS.detail)),
      ]),
    ),
  })
}

/** What failed, what to do, where to read on, and the ids on one line; if it is too long, the first is cut. */
export function annotationOf(error: DeployError, link: string): Annotation {
  const { code, inputs, message, hint = '', details } = error
  const [input] = inputs
  const subject = input !== undefined && inputs.length === 1 ? input : ERRORS[code].title
  const ids = Object.entries(details).map((detail) => detail.join(': '))
  const rest = [hint, link, ids.join(', ')].filter((line) => line !== '').join('\n')
  const room = Math.max(500, MAX_ANNOTATION_CHARACTERS - rest.length - 20)
  return {
    title: withoutBackticks(`${code}: ${subject}`),
    message: withoutBackticks(`${clip(message, room)}\n\n${rest}`),
  }
}

/** Which action runs: that of the root, or one of those beside it. */
export type Action = 'deploy' | 'rollback' | 'cleanup'

/** An address, or a path where the action does not come from GitHub; `root` is `RunContext.actionRoot`. */
export function docsLink(
  { code, topic, inputs }: DeployError,
  { root, action }: { root: string; action: Action },
): string {
  const [input] = inputs
  if (topic === undefined && input !== undefined) {
    const name = inputs.length === 1 ? input : 'inputs'
    // Inputs of the same name have an anchor for each action.
    return `${root}/README.md#${action === 'deploy' ? name : `${action}-${name}`}`
  }
  return `${root}/docs/TROUBLESHOOTING.md#${topic ?? code.toLowerCase()}`
}

/** The lines of the log of a failed build, without secrets; none for any other failure. */
export function buildLogOf({ evidence }: DeployError, runner: Runner): readonly string[] {
  if (evidence?.kind !== 'build log') return []
  const lines = runner.hide(evidence.text).trimEnd().split(/\r?\n/)
  return lines.map((line) => clip(line, MAX_LINE_CHARACTERS))
}

/** Annotations on the lines of the repository's files that a build log names. */
export function lineAnnotations(
  buildLog: readonly string[],
  { known, context }: { known: Pick<KnownFacts, 'package'>; context: { workspace: string } },
): readonly Annotation[] {
  const files = new Map(known.package?.selection.files.map((file) => [file.name, file]))
  const found = findErrorLines(buildLog, (name) => {
    const file = files.get(name)
    // Not read before it is needed: the folder may be gone.
    return file && path.relative(context.workspace, file.path).replaceAll('\\', '/')
  })
  return found.map((place) => ({ title: 'Build error', ...place }))
}

/** The work of the run is done, as `done` says, and the next steps cannot be told. */
export function outputsLost(
  { output, cause }: { output: string; cause: unknown },
  done: string,
): DeployError {
  return new DeployError(
    'INTERNAL_ERROR',
    `${done}, but the output \`${output}\` could not be set: ${reasonOf(cause)}.`,
    {
      cause,
      topic: 'outputs-not-written',
      hint: 'The work itself is done. Check that the disk of the runner is not full, and that nothing removes its files (GITHUB_OUTPUT) while the step runs.',
    },
  )
}

export function reasonOf(error: unknown): string {
  return isError(error) ? error.message : 'unknown reason'
}
