/** An IAM token of the service account of the Yandex Compute VM that this process runs on. */

import { DeployError } from '../../errors.ts'
import { answerDetails, readJson } from '../http/answer.ts'
import { readIamToken, type IamToken, type TokenDeps } from './token.ts'

const PATH = '/computeMetadata/v1/instance/service-accounts/default/token'

/** The metadata service is on the same host, so a slow answer means that there is none; limits as in the Go SDK. */
const CONNECT_TIMEOUT_MS = 1_000
const RETRY = { attemptMs: 5_000, totalMs: 5_000 }

/**
 * Documented in https://yandex.cloud/en/docs/compute/operations/vm-connect/auth-inside-vm. Throws DeployError
 * AUTH_FAILED when this is not a VM, or the VM has no service account.
 */
export async function readMetadataToken(address: URL, deps: TokenDeps): Promise<IamToken> {
  try {
    return await deps.send({
      what: 'read an IAM token from the metadata of the VM',
      method: 'GET',
      url: new URL(PATH, address),
      headers: { 'metadata-flavor': 'Google', accept: 'application/json' },
      direct: true,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      retry: RETRY,
      read: (answer) => readIamToken(readJson(answer), { field: 'access_token', deps }),
      refuse: (answer) =>
        new DeployError(
          'AUTH_FAILED',
          `The metadata service at ${address.host} refused a token: HTTP ${answer.status}.`,
          {
            topic: answer.status === 404 ? 'no-service-account-on-vm' : 'no-metadata-service',
            details: answerDetails(answer),
          },
        ),
    })
  } catch (cause) {
    if (!(cause instanceof DeployError) || cause.code !== 'API_UNREACHABLE') throw cause
    throw cause.with({
      code: 'AUTH_FAILED',
      message: `The metadata service at ${address.host} did not answer: ${cause.message}`,
      topic: 'no-metadata-service',
    })
  }
}
