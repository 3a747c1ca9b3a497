/** The job's OIDC token, which GitHub gives to a job that may have one. */

import { DeployError, type ErrorCode } from '../errors.ts'
import type { Runner } from '../ports.ts'
import { Secret } from '../secret.ts'
import { answerDetails, describeBody, readJson } from '../yandex/http/answer.ts'
import type { Send } from '../yandex/http/http.ts'
import { fieldsOf } from '../json.ts'
import { text } from '../yandex/fields.ts'

const WHAT = 'get an OIDC token from GitHub'

/** Failures that are not about the token. */
const PASSED_ON: readonly ErrorCode[] = ['CANCELLED', 'INPUT_INVALID']

/** For an audience (GitHub's default when undefined), masked. Throws DeployError AUTH_FAILED. */
export async function readIdToken(
  audience: string | undefined,
  { runner, send }: { runner: Runner; send: Send },
): Promise<Secret> {
  const request = runner.idTokenRequest
  if (!request) {
    throw new DeployError('AUTH_FAILED', 'This job cannot request an OIDC token for `yc-sa-id`.', {
      topic: 'no-oidc-token',
      hint: 'Add to the job (pull requests from forks cannot have it):\npermissions:\n  id-token: write\n  contents: read',
    })
  }
  if (!/^https?:/i.test(request.url) || !URL.canParse(request.url)) {
    throw new DeployError('AUTH_FAILED', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL of http(s).', {
      hint: 'GitHub sets this variable of the environment: leave it as it is, in `env:` and in earlier steps.',
    })
  }
  const url = new URL(request.url)
  if (audience !== undefined) url.searchParams.set('audience', audience)
  runner.mask(request.token.reveal())
  try {
    return await send({
      what: WHAT,
      method: 'GET',
      url,
      headers: { accept: 'application/json', authorization: `Bearer ${request.token.reveal()}` },
      read: (answer) => {
        const value = text(fieldsOf(readJson(answer)).value, 'value')
        if (value === '') throw new TypeError('"value" is missing')
        runner.mask(value)
        return new Secret(value)
      },
      refuse: (answer) =>
        new DeployError(
          'API_REJECTED',
          `Could not ${WHAT}: HTTP ${answer.status}: ${describeBody(answer)}`,
          { details: answerDetails(answer) },
        ),
    })
  } catch (cause) {
    if (!(cause instanceof DeployError) || PASSED_ON.includes(cause.code)) throw cause
    throw cause.with({
      code: 'AUTH_FAILED',
      hint: 'Run the job again; if it persists, check `oidc-audience` and https://www.githubstatus.com.',
    })
  }
}
