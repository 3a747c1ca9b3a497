/** Why a connection failed: the facts under the wrappers of an HTTP client's error. */

import { isError } from '../errors.ts'
import { asObject } from './wire.ts'

/** The innermost reason, with its code. */
export function describeConnectionError(error: unknown): string {
  const { code, message } = rootCause(error)
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`
}

/** Whether the peer's certificate was not accepted, which trying again does not change. */
export function isCertificateError(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(rootCause(error).code ?? '')
}

function rootCause(error: unknown): { code: string | undefined; message: string } {
  let current = error
  while (isError(current) && isError(current.cause)) current = current.cause
  const object = asObject(current)
  const code = object?.code
  const message = isError(current) ? current.message : String(current)
  return { code: typeof code === 'string' ? code : undefined, message: message || String(code) }
}
