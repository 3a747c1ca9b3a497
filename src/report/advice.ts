/** What to do about a failure: the only place that turns the facts of an error into advice. */

import { causesOf, DeployError, ERRORS, type Topic } from '../errors.ts'
import { adviseOnRefusal } from './refusals.ts'
import { ApiError } from '../yandex/http/api-error.ts'
import { EndpointError } from '../yandex/http/endpoints.ts'
import { permanentFault } from '../yandex/http/network-error.ts'
import { OperationError } from '../yandex/functions/operation.ts'

interface Advice {
  readonly hint: string
  readonly topic?: Topic | undefined
}

/** The hint and the topic of the error itself, else those of the case that it or one of its causes is, else of its code. */
export function advise(error: DeployError): Advice {
  const known = knownCase(error)
  return {
    hint: error.hint ?? known?.hint ?? ERRORS[error.code].hint,
    topic: error.topic ?? known?.topic,
  }
}

function knownCase(error: DeployError): Advice | undefined {
  // What the cloud said about a wrong input is not what to correct.
  if (error.code === 'INPUT_INVALID') return undefined
  return causesOf(error)
    .filter((cause) => cause instanceof DeployError)
    .map(adviseOn)
    .find((advice) => advice !== undefined)
}

function adviseOn(error: DeployError): Advice | undefined {
  const hint = hintFor(error)
  if (hint !== undefined) return { hint, topic: error.topic }
  if (error instanceof ApiError) return adviseOnRefusal(error)
  if (!(error instanceof OperationError)) return undefined
  return adviseOnRefusal(error) ?? (error.isBuild ? { hint: BUILD_HINT } : undefined)
}

/** Other operations have no log. */
const BUILD_HINT =
  'Read the reason above; the full build log is in the list of operations of the function in the console.'

const CONNECTION_HINTS = {
  certificate:
    'If a proxy or a cloud of your own has a certificate authority of its own, set NODE_EXTRA_CA_CERTS to the path of its certificate in the environment of the step; else check `api-endpoint` and the clock of the runner.',
  proxy:
    'Check the user and password in `https_proxy`, and that the proxy lets this host through; `no_proxy` lists hosts that are reached without it.',
}

function hintFor(error: DeployError): string | undefined {
  const { code, details, topic } = error
  if (error instanceof EndpointError) {
    return 'Check `api-endpoint`: it must be the root of the API, such as api.cloud.yandex.net:443.'
  }
  if (code === 'API_UNREACHABLE') {
    const fault = permanentFault(error)
    return fault && CONNECTION_HINTS[fault]
  }
  const operationId = details['operation id']
  if (code === 'OPERATION_TIMEOUT' && operationId !== undefined) {
    return `Look it up with \`yc operation get ${operationId}\`, or raise \`wait-timeout\`.`
  }
  return topic && TOPIC_HINTS[topic]?.(details)
}

/** For the cases that the client itself tells by their topic. */
const TOPIC_HINTS: Partial<Record<Topic, (details: DeployError['details']) => string>> = {
  'key-refused': () =>
    'Check that the key still exists (`yc iam key list --service-account-id …`), belongs to this cloud, and that the clock of the runner is right. A new one: `yc iam key create --service-account-name … -o key.json`.',
  'exchange-refused': ({ sub, iss, aud }) =>
    `A federated credential of that service account must have exactly the subject ${sub}, and its federation the issuer ${iss} and the audience ${aud}. The subject changes with the event, the environment and the name of the repository.`,
  'no-service-account-on-vm': () =>
    'The VM has no service account: attach one with `yc compute instance update --service-account-name …`.',
  'no-metadata-service': (details) =>
    details['HTTP status'] === undefined
      ? '`yc-instance-metadata` works only on a self-hosted runner on a Yandex Compute VM; elsewhere use `yc-sa-id` or `yc-sa-json-credentials`.'
      : 'Check that the metadata service of the VM is enabled for Google-style requests.',
}
