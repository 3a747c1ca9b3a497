/** Why a connection failed: the facts under the wrappers of an HTTP client's error. */

import { causesOf, isError } from '../../errors.ts'
import { asObject } from '../wire.ts'

/** The innermost reason, with its code. */
export function describeConnectionError(error: unknown): string {
  const proxyStatus = refusalOfProxy(error)
  if (proxyStatus !== undefined) return `the proxy refused the connection with HTTP ${proxyStatus}`
  const { code, message } = rootCause(error)
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`
}

/** Whether the peer's certificate was not accepted, which trying again does not change. */
export function isCertificateError(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(rootCause(error).code ?? '')
}

/** What to do about a failure that trying again does not change; undefined for any other failure. */
export function hintForConnection(error: unknown): string | undefined {
  if (isCertificateError(error)) {
    return 'If a proxy or a cloud of your own has a certificate authority of its own, set NODE_EXTRA_CA_CERTS to the path of its certificate in the environment of the step; else check `api-endpoint` and the clock of the runner.'
  }
  return /^4(?!08|29)/.test(refusalOfProxy(error) ?? '')
    ? 'Check the user and password in `https_proxy`, and that the proxy lets this host through; `no_proxy` lists hosts that are reached without it.'
    : undefined
}

/** The HTTP status of a proxy that does not connect, which undici tells in words alone. */
function refusalOfProxy(error: unknown): string | undefined {
  return /^Proxy response \((\d+)\)/.exec(rootCause(error).message)?.[1]
}

function rootCause(error: unknown): { code: string | undefined; message: string } {
  const root = causesOf(error).at(-1) ?? error
  const code = asObject(root)?.code
  const message = isError(root) ? root.message : String(root)
  return { code: typeof code === 'string' ? code : undefined, message: message || String(code) }
}
