/** Object Storage: uploads a package under a key made of its content, unless it is already there. */

import { createHash } from 'node:crypto'
import { authorized, type ApiDeps } from './http/api.ts'
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
export async function findObject(upload: Upload, deps: ApiDeps): Promise<Stored> {
  const what = `look for the object ${upload.key} in the bucket ${upload.bucket}`
  const url = await objectUrl(upload, deps)
  return authorized(deps.tokens, (token) =>
    deps.send({
      what,
      method: 'HEAD',
      url,
      headers: { authorization: `Bearer ${token.reveal()}` },
      // 400, 403: the answer to a HEAD has no body that says why; the answer to the PUT that follows has one.
      expect: [400, 403, 404],
      read: ({ status, headers }) => {
        if (status !== 200) return 'absent'
        return Number(headers['content-length']) === upload.sizeBytes ? 'present' : 'other size'
      },
      refuse: (answer) => new ApiError(answer, { what, service: 'storage' }),
    }),
  )
}

/** Uploads unless another job has done so meanwhile. Throws ApiError. */
export async function putObject(
  upload: Upload & { stored: Exclude<Stored, 'present'> },
  deps: ApiDeps,
): Promise<'uploaded' | 'present'> {
  const what = `upload the object ${upload.key} to the bucket ${upload.bucket}`
  const url = await objectUrl(upload, deps)
  const attemptMs = attemptMsFor(upload.sizeBytes)
  const headers = { 'content-type': 'application/zip', 'content-md5': md5(upload.chunks) }
  const put = (condition: Readonly<Record<string, string>>): Promise<'uploaded' | 'present'> =>
    authorized(deps.tokens, (token) =>
      deps.send({
        what,
        method: 'PUT',
        url,
        headers: { ...headers, ...condition, authorization: `Bearer ${token.reveal()}` },
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
        refuse: (answer) => new ApiError(answer, { what, service: 'storage' }),
      }),
    )
  if (upload.stored === 'other size') return put({})
  try {
    return await put({ 'if-none-match': '*' })
  } catch (error) {
    // Not every region or S3 clone knows the condition; without it, at most the same package is overwritten.
    if (!(error instanceof ApiError) || error.httpStatus !== NOT_IMPLEMENTED) throw error
    return put({})
  }
}

const NOT_IMPLEMENTED = 501

/** Path style, since the certificate does not cover host names of buckets with dots. */
async function objectUrl({ bucket, key }: Upload, { endpoints }: ApiDeps): Promise<URL> {
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/')
  return new URL(`/${path}`, await endpoints('storage'))
}

function md5(chunks: readonly Uint8Array[]): string {
  const hash = createHash('md5')
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest('base64')
}
