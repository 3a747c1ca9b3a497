/** Object Storage: PUT, GET and HEAD of objects by path, with XML refusals; build logs stand beside it. */

import { createHash } from 'node:crypto'
import type { Reply, Request } from '../http/request.ts'
import { ApiError } from '../http/status.ts'
import { checkToken } from '../identity/tokens.ts'
import { timestamp, type Cloud, type StoredObject } from '../state.ts'

/** Where a build log of the emulator is read, without a token. */
const BUILD_LOGS = '/build-logs/'

/** HTTP status of each error code of https://yandex.cloud/en/docs/storage/s3/api-ref/response-codes that we give. */
const STATUS = {
  AccessDenied: 403,
  BadDigest: 400,
  InternalError: 500,
  InvalidDigest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotImplemented: 501,
  OperationAborted: 409,
  'Precondition Failed': 412,
} as const

class StorageError extends Error {
  readonly code: keyof typeof STATUS

  constructor(code: keyof typeof STATUS, message: string) {
    super(message)
    this.name = 'StorageError'
    this.code = code
  }
}

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
      const type = { 'content-type': 'application/xml' }
      return Promise.resolve({ status: STATUS[code], headers: { ...headers, ...type }, body })
    }
  }
}

/** The refusal that an HTTP status alone stands for. */
export function storageRefusal(status: number, requestId: string): string {
  const known = Object.entries({ ...STATUS, SlowDown: 503, TooManyRequests: 429 })
  const code = known.find(([, candidate]) => candidate === status)?.[0] ?? 'InternalError'
  return errorXml({ code, message: `Injected fault: ${code}`, resource: '/', requestId })
}

interface XmlError {
  readonly code: string
  readonly message: string
  readonly resource: string
  readonly requestId: string
}

function errorXml({ code, message, resource, requestId }: XmlError): string {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>',
    `<Code>${code}</Code><Message>${escape(message)}</Message>`,
    `<Resource>${escape(resource)}</Resource><RequestId>${requestId}</RequestId></Error>`,
  ].join('')
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
      bucket.set(key, { bytes: request.body, md5 })
      return { status: 200, headers: { etag: `"${md5}"` }, body: '' }
    }
    case 'GET':
    case 'HEAD': {
      if (!existing) throw new StorageError('NoSuchKey', 'The specified key does not exist.')
      const lastModified = new Date(timestamp(cloud)).toUTCString()
      const headers = {
        etag: `"${existing.md5}"`,
        'content-type': 'binary/octet-stream',
        'last-modified': lastModified,
      }
      return { status: 200, headers, body: existing.bytes }
    }
    default:
      throw new StorageError('MethodNotAllowed', 'The method is not allowed on this resource.')
  }
}

function authorize(cloud: Cloud, { headers }: Request): void {
  try {
    checkToken(cloud, headers.authorization)
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
