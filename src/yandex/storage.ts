/** Object Storage: puts a package under a key made of its content, once, and looks into one that is there. */

import { createHash } from 'node:crypto'
import type { HttpResponse } from '../ports.ts'
import type { Cloud } from './cloud.ts'
import { ApiError } from './http/api-error.ts'
import { attemptMsFor, RETRY_POLICY } from './http/http.ts'

/** Bytes to upload; `chunks` are sent one after the other. */
export interface Upload {
  readonly bucket: string
  readonly key: string
  readonly chunks: readonly Uint8Array[]
  readonly sizeBytes: number
}

/** What is under a key now. The key contains the hash of the package, so an object of the same size is the package. */
export type Stored = 'present' | 'absent' | 'other size'

/** Throws ApiError; an account that may write but not read finds nothing. */
export function findObject(upload: Upload, { api }: Cloud): Promise<Stored> {
  return api.send({
    what: `look for the object ${upload.key} in the bucket ${upload.bucket}`,
    service: 'storage',
    method: 'HEAD',
    path: pathOf(upload),
    headers: {},
    // 400, 403: the answer to a HEAD has no body that says why; the answer to the PUT that follows has one.
    expect: [400, 403, 404],
    read: ({ status, headers }) => {
      if (status !== 200) return 'absent'
      return Number(headers['content-length']) === upload.sizeBytes ? 'present' : 'other size'
    },
  })
}

/** Uploads unless another job has done so meanwhile. Throws ApiError. */
export async function putObject(
  upload: Upload & { stored: Exclude<Stored, 'present'> },
  { api }: Cloud,
): Promise<'uploaded' | 'present'> {
  const attemptMs = attemptMsFor(upload.sizeBytes)
  const headers = { 'content-type': 'application/zip', 'content-md5': md5(upload.chunks) }
  const put = (condition: Readonly<Record<string, string>>): Promise<'uploaded' | 'present'> =>
    api.send({
      what: `upload the object ${upload.key} to the bucket ${upload.bucket}`,
      service: 'storage',
      method: 'PUT',
      path: pathOf(upload),
      headers: { ...headers, ...condition },
      body: upload.chunks,
      retry: { attemptMs, totalMs: Math.max(RETRY_POLICY.totalMs, 2 * attemptMs) },
      // 412: another job created the object meanwhile, or an earlier attempt whose answer was lost.
      expect: [412],
      read: ({ status, headers }) => {
        if (status === 412) return 'present'
        // A proxy may answer 200 with a web page, and nothing is stored.
        if (headers['content-type']?.startsWith('text/html')) throw new TypeError('a web page')
        return 'uploaded'
      },
    })
  if (upload.stored === 'other size') return put({})
  try {
    return await put({ 'if-none-match': '*' })
  } catch (error) {
    // 501: not every region or S3 clone knows the condition; without it, at most the same package is overwritten.
    if (!(error instanceof ApiError) || error.httpStatus !== 501) throw error
    return put({})
  }
}

/** A part of an object. */
export interface ObjectPart {
  readonly bytes: Uint8Array
  /** Where it begins in the object. */
  readonly start: number
  /** Of the whole object. */
  readonly sizeBytes: number
}

/** `last` bytes of the end, or from one byte to another, the last one not included. */
export type ObjectRange = { readonly last: number } | { readonly from: number; readonly to: number }

/** A look into an object serves information alone, which is not worth a long wait. */
const LOOK = { attemptMs: 10_000, totalMs: 2_000 }

/**
 * Reads a part of an object; undefined when it is gone, is not for this account to read, or has no such part. Throws
 * ApiError.
 */
export function readObject(
  { bucket, key, range }: { bucket: string; key: string; range: ObjectRange },
  { api }: Cloud,
): Promise<ObjectPart | undefined> {
  const bytes = 'last' in range ? `-${range.last}` : `${range.from}-${range.to - 1}`
  return api.send({
    what: `read the object ${key} in the bucket ${bucket}`,
    service: 'storage',
    method: 'GET',
    path: pathOf({ bucket, key }),
    headers: { range: `bytes=${bytes}` },
    retry: LOOK,
    expect: [403, 404, 416],
    read: readPart,
  })
}

function readPart({ status, headers, body }: HttpResponse): ObjectPart | undefined {
  // Whoever does not know ranges sends everything.
  if (status === 200) return { bytes: body, start: 0, sizeBytes: body.length }
  if (status !== 206) return undefined
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '')
  const [start, end, sizeBytes] = (range ?? []).slice(1).map(Number)
  if (start === undefined || end === undefined || sizeBytes === undefined) {
    throw new TypeError('the part does not say which one it is')
  }
  if (end - start + 1 !== body.length) throw new TypeError('the part is not whole')
  return { bytes: body, start, sizeBytes }
}

/** Path style, since the certificate does not cover host names of buckets with dots. */
function pathOf({ bucket, key }: Pick<Upload, 'bucket' | 'key'>): string {
  return `/${[bucket, ...key.split('/')].map(encodeURIComponent).join('/')}`
}

function md5(chunks: readonly Uint8Array[]): string {
  return chunks.reduce((hash, chunk) => hash.update(chunk), createHash('md5')).digest('base64')
}
