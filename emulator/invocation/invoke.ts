/** Invocation over HTTP: finds the version by its tag, shapes the event, and turns the result into an answer. */

import { secretValues } from '../functions/version-rules.ts'
import type { Reply, Request } from '../http/request.ts'
import { issueToken } from '../identity/tokens.ts'
import { versionByTag } from '../lookup.ts'
import type { Cloud, StoredVersion } from '../state.ts'
import { event } from './event.ts'
import { Sandbox, type Outcome, type Task } from './sandbox.ts'

/** Answers calls of functions; every function is public. */
export function invocation(cloud: Cloud, sandbox: Sandbox): (request: Request) => Promise<Reply> {
  return async (request) => {
    const functionId = request.path.split('/')[1] ?? ''
    const tag = request.query.get('tag') ?? '$latest'
    if (!cloud.functions.has(functionId)) {
      return failure(404, { errorMessage: 'Function not found', errorType: 'NotFound' })
    }
    const version = versionByTag(cloud, { functionId, tag })
    if (!version) {
      return failure(404, { errorMessage: `No version has tag ${tag}`, errorType: 'NotFound' })
    }
    if (!version.runtime.startsWith('nodejs')) {
      const errorMessage = `The emulator runs only Node.js functions, this one is ${version.runtime}`
      return failure(501, { errorMessage, errorType: 'NotEmulated' })
    }
    return call(cloud, { sandbox, version, request })
  }
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
      .filter(([name]) => name !== 'content-length'),
  )
}

function failure(status: number, body: object): Reply {
  return { status, body }
}
