/** Invocation over HTTP: finds the version by its tag, shapes the event, and turns the result into an answer. */

import { secretValues } from '../functions/version-rules.ts'
import type { Reply, Request } from '../http/request.ts'
import { isAllowed } from '../identity/roles.ts'
import { checkToken, issueToken } from '../identity/tokens.ts'
import type { Cloud, StoredFunction, StoredVersion } from '../state.ts'
import { event } from './event.ts'
import { routedVersion } from './routing.ts'
import { Sandbox, type Outcome, type Task } from './sandbox.ts'

/** Largest body of a call, in bytes, https://yandex.cloud/en/docs/functions/concepts/limits. */
const MAX_BODY_BYTES = 3.5 * 1024 * 1024

/** Answers calls of functions. */
export function invocation(cloud: Cloud, sandbox: Sandbox): (request: Request) => Promise<Reply> {
  return async (request) => {
    const functionId = request.path.split('/')[1] ?? ''
    const tag = request.query.get('tag') ?? '$latest'
    const found = cloud.functions.get(functionId)
    if (!found) return refusal(404, 'Function not found')
    if (!mayCall(cloud, { found, request })) return refusal(403, 'Forbidden: Not authorized')
    const version = routedVersion(cloud, { functionId, tag, stale: request.stale })
    if (!version) return refusal(404, `Version with tag ${tag} not found`)
    const reply = await answer(cloud, { sandbox, version, request })
    return { ...reply, headers: { ...reply.headers, ...serviceHeaders(version, request) } }
  }
}

/** The body of a refusal that its status alone stands for. */
export function invocationRefusal(status: number): object {
  const errorType = status < 500 ? 'ClientError' : 'ServerError'
  return { errorCode: status, errorMessage: `Injected fault: HTTP ${status}`, errorType }
}

function mayCall(
  cloud: Cloud,
  { found, request }: { readonly found: StoredFunction; readonly request: Request },
): boolean {
  const { authorization } = request.headers
  const isNew = Date.parse(found.createdAt) + cloud.propagationMs > cloud.settings.clock()
  try {
    const subject = authorization === undefined ? '' : checkToken(cloud, authorization)
    const access = { subject, permission: 'functions.invoke', functionId: found.id } as const
    return isAllowed(cloud, access) && !isNew
  } catch {
    // A token that is not valid does not pass, not even for a public function.
    return false
  }
}

function answer(cloud: Cloud, invoked: Invocation): Reply | Promise<Reply> {
  const { runtime } = invoked.version
  if (invoked.request.body.length > MAX_BODY_BYTES) return refusal(413, 'Payload Too Large')
  if (!runtime.startsWith('nodejs')) {
    const errorMessage = `The emulator runs only Node.js functions, this one is ${runtime}`
    return failure(501, { errorMessage, errorType: 'NotEmulated' })
  }
  return call(cloud, invoked)
}

/** Headers that belong to the service: whatever the function sets under these names is replaced. */
function serviceHeaders(version: StoredVersion, { requestId }: Request): Record<string, string> {
  return {
    'x-function-id': version.functionId,
    'x-function-version-id': version.id,
    'x-request-id': requestId,
    server: 'Yandex-Cloud-Functions/1.0',
    'x-content-type-options': 'nosniff',
  }
}

function refusal(errorCode: number, errorMessage: string): Reply {
  return { status: errorCode, body: { errorCode, errorMessage, errorType: 'ClientError' } }
}

interface Invocation {
  readonly sandbox: Sandbox
  readonly version: StoredVersion
  readonly request: Request
}

async function call(cloud: Cloud, { sandbox, version, request }: Invocation): Promise<Reply> {
  const isRaw = request.query.get('integration') === 'raw'
  const timeoutMs = Number(version.settings.executionTimeout.slice(0, -1)) * 1000
  const outcome = await attempt(sandbox, {
    version,
    event: isRaw ? rawEvent(request) : event(request, cloud.settings.clock()),
    context: context(cloud, { version, request, timeoutMs }),
    environment: {
      ...version.settings.environment,
      ...Object.fromEntries(secretValues(cloud, version.settings)),
    },
    timeoutMs,
  })
  switch (outcome.kind) {
    case 'timeout':
      return failure(504, { errorMessage: 'Execution timed out', errorType: 'TimeoutError' })
    case 'error':
      return { ...failure(502, outcome.error), headers: { 'x-function-error': 'true' } }
    case 'result':
      return isRaw ? { status: 200, body: rawBody(outcome.result) } : response(outcome.result)
  }
}

async function attempt(sandbox: Sandbox, task: Task): Promise<Outcome> {
  try {
    return await sandbox.run(task)
  } catch (error) {
    const errorMessage = `The package cannot be unpacked: ${String(error)}`
    return { kind: 'error', error: { errorMessage, errorType: 'PackageError', stackTrace: [] } }
  }
}

function context(
  cloud: Cloud,
  of: { readonly version: StoredVersion; readonly request: Request; readonly timeoutMs: number },
): object {
  const { id, functionId, settings } = of.version
  const { serviceAccountId, resources } = settings
  const lifetime = cloud.settings.tokenLifetimeSeconds
  return {
    requestId: of.request.requestId,
    awsRequestId: of.request.requestId,
    functionName: functionId,
    functionVersion: id,
    functionFolderId: cloud.folderId,
    invokedFunctionArn: functionId,
    memoryLimitInMB: String(Number(resources.memory) / 1024 / 1024),
    logGroupName: '',
    deadlineMs: Date.now() + of.timeoutMs,
    ...(serviceAccountId !== '' && {
      token: {
        access_token: issueToken(cloud, serviceAccountId).token,
        expires_in: lifetime,
        token_type: 'Bearer',
      },
    }),
  }
}

function rawEvent({ json, body }: Request): object {
  return typeof json === 'object' && json !== null ? json : { body: body.toString('utf8') }
}

function rawBody(result: unknown): string {
  return typeof result === 'string' ? result : JSON.stringify(result ?? null)
}

/** The answer that a result asks for; 502 when it is not of the documented structure. */
function response(result: unknown): Reply {
  const reply = typeof result === 'object' && result !== null ? { ...result } : {}
  const { statusCode, headers, body, isBase64Encoded } = reply as Record<string, unknown>
  const isStatus = Number.isInteger(statusCode) && Number(statusCode) >= 200
  const isBody = body === undefined || body === null || typeof body === 'string'
  const sent = readHeaders(headers)
  if (!isStatus || Number(statusCode) > 599 || !isBody || !sent) {
    return failure(502, {
      errorMessage:
        'Malformed serverless function response: it must have statusCode, headers, body',
      errorType: 'ProxyIntegrationError',
      payload: result,
    })
  }
  return {
    status: Number(statusCode),
    headers: sent,
    body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  }
}

function readHeaders(headers: unknown): Record<string, string> | undefined {
  if (headers === undefined || headers === null) return {}
  if (typeof headers !== 'object' || Array.isArray(headers)) return undefined
  const entries: [string, unknown][] = Object.entries(headers)
  if (!entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) {
    return undefined
  }
  // The length is that of what is really sent.
  return Object.fromEntries(
    entries
      .map(([name, value]): [string, string] => [name.toLowerCase(), String(value)])
      .filter(([name]) => name !== 'content-length' && name !== 'x-function-error'),
  )
}

function failure(status: number, body: object): Reply {
  return { status, body }
}
