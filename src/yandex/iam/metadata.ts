/** An IAM token of the service account of the Yandex Compute VM that the runner is on. */

import { DeployError } from '../../errors.ts'
import { answerDetails } from '../http/answer.ts'
import type { CredentialDeps, IamToken } from './token-source.ts'
import { readIamToken } from './key.ts'
import { readJson } from '../http/json.ts'

const PATH = '/computeMetadata/v1/instance/service-accounts/default/token'

/** The service answers from the same host, so anything slow is no Yandex VM; the limits are those of the Go SDK. */
const CONNECT_TIMEOUT_MS = 1_000
const RETRY = { attemptMs: 5_000, totalMs: 5_000 }

/**
 * Documented in https://yandex.cloud/en/docs/compute/operations/vm-connect/auth-inside-vm. Throws DeployError
 * AUTH_FAILED off a VM or on one without a service account.
 */
export async function readMetadataToken(address: URL, deps: CredentialDeps): Promise<IamToken> {
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
            topic: answer.status === 404 ? 'no-service-account-on-vm' : undefined,
            hint:
              answer.status === 404
                ? 'The VM has no service account: attach one with `yc compute instance update --service-account-name …`.'
                : 'Check that the metadata service of the VM is enabled for Google-style requests.',
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
      hint: '`yc-instance-metadata` works only on a self-hosted runner on a Yandex Compute VM; elsewhere use `yc-sa-id` or `yc-sa-json-credentials`.',
    })
  }
}
