/** Inputs that identify the function and set its description and labels. */

import { quote } from '../text.ts'
import { ARRIVES_EMPTY, type InputReader } from './reader.ts'
import { parseDescription, parseId, ValueError, type Pair } from './values.ts'

/** An existing function. */
export type ExistingTarget =
  | { readonly kind: 'id'; readonly functionId: string }
  | { readonly kind: 'name'; readonly folderId: string; readonly functionName: string }

/** The function and its settings; undefined leaves a setting unchanged. */
export type FunctionInputs = Readonly<ReturnType<typeof readFunctionInputs>>

/** https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function_service.proto, CreateFunctionRequest) */
const MAX_LABELS = 64

export function readFunctionInputs(reader: InputReader) {
  const { target, folderId } = readTarget(reader)
  const createIfMissing = reader.boolean('create-function') ?? true
  return {
    target: target.kind === 'name' ? { ...target, createIfMissing } : target,
    /** Where names are looked up; undefined means the function's own folder. */
    folderId,
    description: reader.parse('function-description', parseDescription),
    labels: readLabels(reader),
  }
}

type TargetName = 'function-id' | 'folder-id' | 'function-name'

/** The function that a step names, with empty parts after a problem; `folderId` may be given beside an id. */
export function readTarget(reader: InputReader<TargetName>): {
  readonly target: ExistingTarget
  readonly folderId: string | undefined
} {
  const folderId = reader.parse('folder-id', parseId)
  const functionId = reader.parse('function-id', parseId)
  const functionName = reader.parse('function-name', parseFunctionName)
  const chosen = reader.atMostOne(['function-id', 'function-name'])
  if (chosen === undefined) {
    reader.absence(
      ['function-id', 'folder-id', 'function-name'],
      `no function: set \`function-id\`, or \`folder-id\` with \`function-name\` ${ARRIVES_EMPTY}`,
    )
  }
  if (chosen === 'function-name' && reader.text('folder-id') === undefined) {
    reader.absence(
      ['folder-id'],
      `\`folder-id\` is required with \`function-name\` ${ARRIVES_EMPTY}`,
    )
  }
  if (functionName === undefined) {
    return { target: { kind: 'id', functionId: functionId ?? '' }, folderId }
  }
  return { target: { kind: 'name', folderId: folderId ?? '', functionName }, folderId }
}

function parseFunctionName(text: string): string {
  if (/^[a-z][-a-z0-9]{1,61}[a-z0-9]$/.test(text)) return text
  throw new ValueError(
    `is ${quote(text)}; a name has 3 to 63 lower-case letters, digits and hyphens, starts with a letter and does not end with a hyphen`,
  )
}

function readLabels(reader: InputReader): Readonly<Record<string, string>> | undefined {
  const labels = reader.pairs('function-labels', checkLabel)
  const { length } = Object.keys(labels)
  if (length > MAX_LABELS) {
    reader.problem('function-labels', `has ${length} labels; at most ${MAX_LABELS} are allowed`)
  }
  return length === 0 ? undefined : labels
}

function checkLabel({ key, value }: Pair): void {
  if (/^[a-z][-_./\\@0-9a-z]{0,62}$/.test(key) && /^[-_./\\@0-9a-z]{0,63}$/.test(value)) return
  throw new ValueError(
    `is ${quote(`${key}=${value}`)}; keys and values have at most 63 of a-z 0-9 - _ . / \\ @, and a key starts with a letter`,
  )
}
