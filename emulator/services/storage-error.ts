/** How Object Storage refuses: a code and its HTTP status, in XML. */

/** HTTP status of each error code of https://yandex.cloud/en/docs/storage/s3/api-ref/response-codes that we give. */
export const STORAGE_STATUS = {
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
  InvalidRange: 416,
  OperationAborted: 409,
  'Precondition Failed': 412,
} as const

/** A refusal by Object Storage. */
export class StorageError extends Error {
  readonly code: keyof typeof STORAGE_STATUS
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: keyof typeof STORAGE_STATUS,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'StorageError'
    this.code = code
    this.headers = headers
  }
}

/** The refusal that an HTTP status alone stands for. */
export function storageRefusal(status: number, requestId: string): string {
  const known = Object.entries({ ...STORAGE_STATUS, SlowDown: 503, TooManyRequests: 429 })
  const code = known.find(([, candidate]) => candidate === status)?.[0] ?? 'InternalError'
  return errorXml({ code, message: `Injected fault: ${code}`, resource: '/', requestId })
}

/** What a refusal says. */
export interface XmlError {
  readonly code: string
  readonly message: string
  readonly resource: string
  readonly requestId: string
}

/** A refusal on the wire. */
export function errorXml({ code, message, resource, requestId }: XmlError): string {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>',
    `<Code>${code}</Code><Message>${escape(message)}</Message>`,
    `<Resource>${escape(resource)}</Resource><RequestId>${requestId}</RequestId></Error>`,
  ].join('')
}
