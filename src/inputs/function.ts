/** Inputs that identify the function and set its description and labels. */

import { quote } from '../text.ts'
import { ARRIVES_EMPTY, type InputReader } from './reader.ts'
import { parseDescription, parseId, ValueError } from './values.ts'

/** An existing function. */
export type ExistingTarget =
  | { readonly kind: 'id'; readonly functionId: string }
  | { readonly kind: 'name'; readonly folderId: string; readonly functionName: string }

/** The function of a deployment. */
export type Target =
  | Extract<ExistingTarget, { kind: 'id' }>
  | (Extract<ExistingTarget, { kind: 'name' }> & { readonly createIfMissing: boolean })

/** The function and its settings; undefined leaves a setting unchanged. */
export interface FunctionInputs {
  readonly target: Target
  /** Where names are looked up; undefined means the function's own folder. */
  readonly folderId: string | undefined
  readonly description: string | undefined
  readonly labels: Readonly<Record<string, string>> | undefined
}

/** https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function_service.proto, CreateFunctionRequest) */
const MAX_LABELS = 64

export function readFunctionInputs(reader: InputReader): FunctionInputs {
  const { target, folderId } = readTarget(reader)
  const createIfMissing = reader.boolean('create-function') ?? true
  const description = reader.parse('function-description', parseDescription)
  const labels = readLabels(reader)
  const whole = target.kind === 'name' ? { ...target, createIfMissing } : target
  return { target: whole, folderId, description, labels }
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
  const pairs = reader.pairs('function-labels')
  if (pairs.length === 0) return undefined
  if (pairs.length > MAX_LABELS) {
    reader.problem(
      'function-labels',
      `has ${pairs.length} labels; at most ${MAX_LABELS} are allowed`,
    )
  }
  for (const { line, key, value } of pairs) {
    if (!/^[a-z][-_./\\@0-9a-z]{0,62}$/.test(key) || !/^[-_./\\@0-9a-z]{0,63}$/.test(value)) {
      reader.problem(
        'function-labels',
        `line ${line} is ${quote(`${key}=${value}`)}; keys and values have at most 63 of a-z 0-9 - _ . / \\ @, and a key starts with a letter`,
      )
    }
  }
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
}
