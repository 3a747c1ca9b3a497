/**
 * Records the types that the official SDK generates from the API's definitions, for the tests that hold ours against
 * them. The SDK itself needs a newer Node than contributors must have. To take a newer one:
 * `npm pack @yandex-cloud/nodejs-sdk`, unpack it, then `npx tsx scripts/sdk-types.ts <folder>/package`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** What is recorded: each message with the types of its fields, each enum with its names and numbers. */
export interface SdkTypes {
  readonly source: string
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>
}

const RECORD = fileURLToPath(new URL('../__tests__/support/sdk-types.json', import.meta.url))
const GENERATED = 'dist/generated/yandex/cloud'
const FILES = [
  'serverless/functions/v1/function',
  'serverless/functions/v1/function_service',
  'logging/v1/log_entry',
]

/** The messages and enums that a generated declaration file exports. */
export function typesOf(declarations: string): Omit<SdkTypes, 'source'> {
  const messages: Record<string, Record<string, string>> = {}
  const enums: Record<string, Record<string, number>> = {}
  const file = ts.createSourceFile('types.d.ts', declarations, ts.ScriptTarget.Latest, true)
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement)) {
      // A service is an interface too, which extends another.
      if (statement.heritageClauses || !isExported(statement)) continue
      messages[statement.name.text] = Object.fromEntries(
        statement.members
          .filter(ts.isPropertySignature)
          .map((member) => [member.name.getText(), typeText(member)]),
      )
    } else if (ts.isEnumDeclaration(statement)) {
      enums[statement.name.text] = Object.fromEntries(
        statement.members.map(({ name, initializer }) => [
          name.getText(),
          Number(initializer?.getText()),
        ]),
      )
    }
  }
  return { messages, enums }
}

/** `string`, `Secret[]`, `map`; with a `?` where the field may be missing. */
function typeText({ type, questionToken }: ts.PropertySignature): string {
  const text = type?.getText() ?? ''
  if (text.startsWith('{')) return 'map'
  const kind = text.replace(/ \| undefined$/, '')
  return questionToken !== undefined || kind !== text ? `${kind}?` : kind
}

function isExported(node: ts.InterfaceDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
}

function main(folder: string | undefined): void {
  if (folder === undefined) throw new Error('Usage: npx tsx scripts/sdk-types.ts <folder>')
  const { name, version } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  ) as Record<'name' | 'version', string>
  const found = FILES.map((file) =>
    typesOf(readFileSync(path.join(folder, GENERATED, `${file}.d.ts`), 'utf8')),
  )
  const record: SdkTypes = {
    source: `${name} ${version}`,
    messages: Object.fromEntries(found.flatMap(({ messages }) => Object.entries(messages))),
    enums: Object.fromEntries(found.flatMap(({ enums }) => Object.entries(enums))),
  }
  writeFileSync(RECORD, `${JSON.stringify(record, undefined, 2)}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2])
