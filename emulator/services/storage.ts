/** Object Storage: PUT, GET and HEAD of objects by path, with XML refusals; build logs stand beside it. */

import { createHash } from 'node:crypto'
import type { Reply, Request } from '../http/request.ts'
import { ApiError } from '../http/status.ts'
import { checkPermission } from '../identity/roles.ts'
import { checkToken } from '../identity/tokens.ts'
import type { Cloud, StoredObject } from '../state.ts'
import { readRange } from './byte-range.ts'
import { errorXml, STORAGE_STATUS, StorageError } from './storage-error.ts'

/** Where a build log of the emulator is read, without a token. */
const BUILD_LOGS = '/build-logs/'

/** Endpoint id of a path on this listener. */
export function storageService(path: string): string {
  return path.startsWith(BUILD_LOGS) ? 'build-logs' : 'storage'
}

/** Answers requests for objects. */
export function storage(cloud: Cloud): (request: Request) => Promise<Reply> {
  return (request) => {
    const { requestId, path } = request
    const headers = { 'x-amz-request-id': requestId }
    try {
      const reply = path.startsWith(BUILD_LOGS)
        ? buildLog(cloud, path.slice(BUILD_LOGS.length))
        : object(cloud, request)
      return Promise.resolve({ ...reply, headers: { ...headers, ...reply.headers } })
    } catch (error) {
      const code = error instanceof StorageError ? error.code : 'InternalError'
      const message = error instanceof StorageError ? error.message : String(error)
      const body = errorXml({ code, message, resource: path, requestId })
      const type = {
        'content-type': 'application/xml',
        ...(error instanceof StorageError && error.headers),
      }
      return Promise.resolve({
        status: STORAGE_STATUS[code],
        headers: { ...headers, ...type },
        body,
      })
    }
  }
}

function buildLog(cloud: Cloud, name: string): Reply {
  const text = cloud.buildLogs.get(name)
  if (text === undefined) throw new StorageError('NoSuchKey', 'The specified key does not exist.')
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text }
}

function object(cloud: Cloud, request: Request): Reply {
  authorize(cloud, request)
  const { bucketName, key } = address(request.path)
  const bucket = cloud.buckets.get(bucketName)
  if (!bucket) throw new StorageError('NoSuchBucket', 'The specified bucket does not exist.')
  if (key === '') throw new StorageError('MethodNotAllowed', 'Only objects are emulated.')
  const existing = bucket.get(key)
  switch (request.method) {
    case 'PUT': {
      const md5 = checkDigest(request)
      checkConditions(request, existing)
      bucket.set(key, { bytes: request.body, md5, headers: shownHeaders(cloud, { request, md5 }) })
      return { status: 200, headers: { etag: `"${md5}"` }, body: '' }
    }
    case 'GET':
    case 'HEAD':
      if (!existing) throw new StorageError('NoSuchKey', 'The specified key does not exist.')
      return read(request, existing)
    default:
      throw new StorageError('MethodNotAllowed', 'The method is not allowed on this resource.')
  }
}

/** The headers that an object is shown with: those it was put with that are about it, and our own. */
function shownHeaders(
  cloud: Cloud,
  { request, md5 }: { readonly request: Request; readonly md5: string },
): Record<string, string> {
  const own = Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-'))
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
    etag: `"${md5}"`,
    'content-type': request.headers['content-type'] ?? 'binary/octet-stream',
    'last-modified': new Date(cloud.settings.clock()).toUTCString(),
    'accept-ranges': 'bytes',
  }
}

function read({ method, headers }: Request, { bytes, md5, headers: shown }: StoredObject): Reply {
  const match = headers['if-match']
  if (match !== undefined && match !== `"${md5}"`) {
    throw new StorageError(
      'Precondition Failed',
      'At least one of the pre-conditions did not hold.',
    )
  }
  const range = method === 'GET' ? readRange(headers.range, bytes.length) : 'whole'
  if (range === 'whole') return { status: 200, headers: shown, body: bytes }
  if (range === 'unsatisfiable') {
    throw new StorageError('InvalidRange', 'The requested range cannot be satisfied.', {
      'content-range': `bytes */${bytes.length}`,
    })
  }
  const { first, last } = range
  return {
    status: 206,
    headers: { ...shown, 'content-range': `bytes ${first}-${last}/${bytes.length}` },
    body: bytes.subarray(first, last + 1),
  }
}

function authorize(cloud: Cloud, { headers, method }: Request): void {
  try {
    const subject = checkToken(cloud, headers.authorization)
    const permission = method === 'PUT' ? 'storage.write' : 'storage.read'
    checkPermission(cloud, { subject, permission })
  } catch (error) {
    if (error instanceof ApiError) throw new StorageError('AccessDenied', 'Access Denied')
    throw error
  }
}

/** Longest key, in bytes, https://yandex.cloud/en/docs/storage/concepts/limits. */
const MAX_KEY_BYTES = 1024

function address(path: string): { readonly bucketName: string; readonly key: string } {
  try {
    const [, bucketName = '', ...segments] = path.split('/').map(decodeURIComponent)
    const key = segments.join('/')
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
      throw new StorageError('KeyTooLongError', 'Your key is too long.')
    }
    return { bucketName, key }
  } catch (error) {
    if (error instanceof StorageError) throw error
    throw new StorageError('InvalidURI', "Couldn't parse the specified URI.")
  }
}

/** MD5 of the body in hex, held against `Content-MD5` when it was sent. */
function checkDigest({ headers, body }: Request): string {
  if (headers['content-length'] === undefined) {
    throw new StorageError('MissingContentLength', 'You must provide the Content-Length header.')
  }
  const digest = createHash('md5').update(body).digest()
  const claimed = headers['content-md5']
  if (typeof claimed === 'string') {
    if (!/^[A-Za-z0-9+/]{22}==$/.test(claimed)) {
      throw new StorageError('InvalidDigest', 'The Content-MD5 you specified was invalid.')
    }
    if (claimed !== digest.toString('base64')) {
      throw new StorageError('BadDigest', 'The Content-MD5 did not match what we received.')
    }
  }
  return digest.toString('hex')
}

function checkConditions({ headers }: Request, existing: StoredObject | undefined): void {
  const none = headers['if-none-match']
  const match = headers['if-match']
  if (none !== undefined && none !== '*') {
    throw new StorageError('NotImplemented', 'If-None-Match takes only * here.')
  }
  const isViolated =
    (none === '*' && existing !== undefined) ||
    (match !== undefined && match !== `"${existing?.md5 ?? ''}"`)
  if (isViolated) {
    throw new StorageError(
      'Precondition Failed',
      'At least one of the pre-conditions did not hold.',
    )
  }
}
