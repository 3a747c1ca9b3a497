/** What a method of a service is: its path, who may call it, and what it answers. */

import type { Permission } from '../identity/roles.ts'
import type { Request } from './request.ts'

/** A request that found its route. */
export interface Call extends Request {
  /** Values of the `{name}` parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** Service account that the IAM token is for; empty on an open route. */
  readonly subject: string
}

/** One method of a service. */
export interface Route {
  readonly method: string
  /** Such as `/functions/v1/functions/{functionId}:setTag`. */
  readonly path: string
  /** Reads the query itself; on other routes a parameter is refused. */
  readonly hasQuery?: true
  /** Answers without an IAM token. */
  readonly isOpen?: true
  /** What the caller must be allowed to do, on the function that the call names or on the folder. */
  readonly permission?: Permission
  /** The body of a 200 answer. */
  readonly handle: (call: Call) => object | Promise<object>
}

/** An answer that is neither 200 nor a `google.rpc.Status`, as OAuth and the metadata service give. */
export class PlainRefusal extends Error {
  readonly status: number
  readonly body: string | object

  constructor(status: number, body: string | object) {
    super(`HTTP ${status}`)
    this.name = 'PlainRefusal'
    this.status = status
    this.body = body
  }
}
