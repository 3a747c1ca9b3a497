/** Inputs that name a resource by id or by name. */

import { ValueError } from '../values.ts'
import { quote } from '../words.ts'
import type { NamedKind } from '../yandex/directory.ts'
import type { InputReader } from './reader.ts'
import { parseId } from './target.ts'

/** A service account or a network: its id, or a name that must be resolved before anything is created. */
export type Reference =
  | { readonly kind: 'id'; readonly id: string }
  | {
      readonly kind: 'name'
      readonly name: string
      readonly resource: NamedKind
      /** The input that gave the name. */
      readonly input: string
    }

/** Patterns of names: https://github.com/yandex-cloud/cloudapi (iam/v1/service_account.proto, vpc/v1/network.proto). */
const NAMES: Readonly<Record<NamedKind, RegExp>> = {
  'service account': /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  network: /^[a-zA-Z]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/,
}

/** One of two inputs, never both; undefined when neither is given. */
export function readReference(
  reader: InputReader,
  inputs: { id: string; name: string; resource: NamedKind },
): Reference | undefined {
  const { resource } = inputs
  const id = reader.parse(inputs.id, parseId)
  const name = reader.parse(inputs.name, (text) => {
    if (NAMES[resource].test(text)) return text
    throw new ValueError(`is ${quote(text)}, which is not the name of a ${resource}`)
  })
  reader.atMostOne([inputs.id, inputs.name])
  if (id !== undefined) return { kind: 'id', id }
  return name === undefined ? undefined : { kind: 'name', name, resource, input: inputs.name }
}
