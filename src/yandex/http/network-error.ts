/** Why a connection failed: the innermost error below the wrappers of an HTTP client. */

import { causesOf, isError } from '../../errors.ts'
import { asObject } from '../../json.ts'

/** The innermost reason, with its code. */
export function describeConnectionError(error: unknown): string {
  const proxyStatus = statusOfProxy(error)
  if (proxyStatus !== undefined) return `the proxy refused the connection with HTTP ${proxyStatus}`
  const { code, message } = rootCause(error)
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`
}

/** What refused a connection for good: a certificate that is not trusted, or the proxy. Undefined for any other failure. */
export function permanentFault(error: unknown): 'certificate' | 'proxy' | undefined {
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(rootCause(error).code ?? '')) {
    return 'certificate'
  }
  return /^4(?!08|29)/.test(statusOfProxy(error) ?? '') ? 'proxy' : undefined
}

/** The HTTP status of a proxy that refuses to connect; undici has it only in the message. */
function statusOfProxy(error: unknown): string | undefined {
  return /^Proxy response \((\d+)\)/.exec(rootCause(error).message)?.[1]
}

function rootCause(error: unknown): { code: string | undefined; message: string } {
  const root = causesOf(error).at(-1) ?? error
  const code = asObject(root)?.code
  const message = isError(root) ? root.message : String(root)
  return { code: typeof code === 'string' ? code : undefined, message: message || String(code) }
}
