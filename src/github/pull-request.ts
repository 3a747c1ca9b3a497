/** The pull request that a run is about, as the event that started the run tells it. */

import { readFile } from 'node:fs/promises'
import { fieldsOf } from '../json.ts'

/** Where a comment goes, and what it says about the run that wrote it. */
export interface PullRequest {
  readonly number: number
  /** `owner/repo`. */
  readonly repository: string
  /** Root of GitHub's REST API. */
  readonly apiUrl: string
  /** The commit that is meant: the head of the pull request where the run is for it. */
  readonly sha: string
  readonly runId: string
  readonly runUrl: string
  /** The workflow's file and the job's id, which stay the same from push to push. */
  readonly workflow: string
  readonly job: string
}

/**
 * Reads the event's file, which has to be done before `@actions/github` is loaded: that prints a line when there is no
 * such file. Undefined for an event of no pull request; a `push` may belong to several, a
 * `workflow_run` to none that is certain. A file that is missing or no event counts as no pull request.
 */
export async function readPullRequest(env: NodeJS.ProcessEnv): Promise<PullRequest | undefined> {
  const { GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: repository } = env
  if (!file || !repository) return undefined
  let event
  try {
    event = fieldsOf(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
  const number = numberIn(event)
  if (number === undefined) return undefined
  const serverUrl = env.GITHUB_SERVER_URL ?? 'https://github.com'
  const runId = env.GITHUB_RUN_ID ?? ''
  return {
    number,
    repository,
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    sha: shaIn(event, env),
    runId,
    runUrl: `${serverUrl}/${repository}/actions/runs/${runId}`,
    // Without the ref, which is another one for each pull request.
    workflow: env.GITHUB_WORKFLOW_REF?.split('@')[0] ?? env.GITHUB_WORKFLOW ?? '',
    job: env.GITHUB_JOB ?? '',
  }
}

/** A comment on a pull request comes as one on an issue that links to a pull request. */
function numberIn(event: Readonly<Record<string, unknown>>): number | undefined {
  const issue = fieldsOf(event.issue)
  const subject = 'pull_request' in issue ? issue : fieldsOf(event.pull_request)
  const { number } = subject
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
    ? number
    : undefined
}

/** For `pull_request` the runner names a merge commit that nobody has seen; other events name what is checked out. */
function shaIn(event: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): string {
  const { sha } = fieldsOf(fieldsOf(event.pull_request).head)
  const isOwn = env.GITHUB_EVENT_NAME === 'pull_request' && typeof sha === 'string'
  return isOwn ? sha : (env.GITHUB_SHA ?? '')
}
