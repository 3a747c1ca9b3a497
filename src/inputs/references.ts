/** Inputs that name a resource by id or by name. */

import { isId, looksLikeName, quote } from '../text.ts'
import type { NamedKind } from '../yandex/lookup.ts'
import type { InputName } from './names.ts'
import type { InputReader } from './reader.ts'
import { parseId, ValueError } from './values.ts'

/** A name that must be resolved before anything is created. */
export interface NameReference {
  readonly kind: 'name'
  readonly name: string
  readonly resource: NamedKind
  /** The input that contains the name. */
  readonly input: string
}

/** A service account or a network, by its id or by its name. */
export type Reference =
  | {
      readonly kind: 'id'
      readonly id: string
      /** A name given in addition to the id; it must be the name of the same resource. */
      readonly alias?: NameReference
    }
  | NameReference

/** Patterns of names: https://github.com/yandex-cloud/cloudapi (iam/v1/service_account.proto, vpc/v1/network.proto). */
const NAMES: Readonly<Record<NamedKind, RegExp>> = {
  'service account': /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  network: /^[a-zA-Z]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/,
}

/** Reads one of two inputs, or both if `mayBeBoth` is set and they refer to the same resource; undefined if neither is set. */
export function readReference(
  reader: InputReader,
  inputs: { id: InputName; name: InputName; resource: NamedKind; mayBeBoth?: true },
): Reference | undefined {
  const { resource } = inputs
  const id = reader.parse(inputs.id, (text) => {
    if (!isId(text) || !looksLikeName(text)) return parseId(text)
    throw new ValueError(
      `is ${quote(text)}, which is not the id of a ${resource}; for a name write \`${inputs.name}: ${text}\``,
    )
  })
  const name = reader.parse(inputs.name, (text): NameReference => {
    if (NAMES[resource].test(text)) {
      return { kind: 'name', name: text, resource, input: inputs.name }
    }
    throw new ValueError(`is ${quote(text)}, which is not the name of a ${resource}`)
  })
  if (!inputs.mayBeBoth) reader.atMostOne([inputs.id, inputs.name])
  return id === undefined ? name : { kind: 'id', id, ...(name && { alias: name }) }
}
