/** How GitHub's REST API refuses: `{message, documentation_url, status}`. */

import type { Reply } from '../http/request.ts'

const DOCUMENTATION = 'https://docs.github.com/rest/issues/comments'

/** A refusal. */
export class GithubError extends Error {
  readonly status: number
  readonly errors: readonly object[]

  constructor(status: number, message: string, errors: readonly object[] = []) {
    super(message)
    this.name = 'GithubError'
    this.status = status
    this.errors = errors
  }
}

/** The refusal of a token that may not do what it asks for. */
export function notAccessible(): GithubError {
  return new GithubError(403, 'Resource not accessible by integration')
}

/** The refusal as an answer. */
export function refusalReply({ status, message, errors }: GithubError): Reply {
  return { status, body: { message, ...(errors.length > 0 && { errors }), ...about(status) } }
}

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  410: 'Issues are disabled for this repo',
  422: 'Validation Failed',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service Unavailable',
}

/** The body of a refusal that a fault asked for by its status alone. */
export function githubRefusal(status: number): object {
  return { message: MESSAGES[status] ?? `Injected fault: HTTP ${status}`, ...about(status) }
}

function about(status: number): object {
  return { documentation_url: DOCUMENTATION, status: String(status) }
}
