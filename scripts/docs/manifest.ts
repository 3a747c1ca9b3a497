/** Reads an `action.yml`: its inputs in groups, and its outputs. */

import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'

/** An input or an output. */
export interface Field {
  readonly name: string
  /** Paragraphs, and examples indented by four spaces. */
  readonly description: string
  readonly required: boolean
  /** Empty when there is none. */
  readonly default: string
}

/** Fields below one comment, which is their title; empty where there is no comment. */
export interface Group {
  readonly title: string
  readonly fields: readonly Field[]
}

/** What a manifest declares. */
export interface Manifest {
  readonly inputs: readonly Group[]
  readonly outputs: readonly Field[]
}

/** Throws TypeError when the text has another shape. */
export function readManifest(text: string): Manifest {
  const { contents } = parseDocument(text)
  return {
    inputs: groups(mapIn(contents, 'inputs')),
    outputs: groups(mapIn(contents, 'outputs')).flatMap(({ fields }) => fields),
  }
}

/** The inputs of a manifest, in the order of the file. */
export function inputsOf({ inputs }: Manifest): readonly Field[] {
  return inputs.flatMap(({ fields }) => fields)
}

function mapIn(node: unknown, key: string): YAMLMap {
  const value: unknown = isMap(node) ? node.get(key, true) : undefined
  if (!isMap(value)) throw new TypeError(`action.yml: ${key} is not a mapping`)
  return value
}

/** Fields in the order of the file; a comment above a field opens the group that it names. */
function groups(map: YAMLMap): Group[] {
  const found: { title: string; fields: Field[] }[] = [
    { title: map.commentBefore?.trim() ?? '', fields: [] },
  ]
  for (const { key, value } of map.items) {
    if (!isScalar(key) || !isMap(value)) throw new TypeError('action.yml: a field has no body')
    if (key.commentBefore) found.push({ title: key.commentBefore.trim(), fields: [] })
    found.at(-1)?.fields.push({
      name: String(key.value),
      description: text(value.get('description')),
      required: value.get('required') === true,
      default: text(value.get('default')),
    })
  }
  return found.filter(({ fields }) => fields.length > 0)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
