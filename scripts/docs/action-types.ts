/** Writes `action-types.yml`, which tells tools such as github-workflows-kt the types of inputs and outputs. */

import type { OutputType, PublishedAction } from './actions.ts'
import { inputTypes, type InputType } from './input-types.ts'
import { inputsOf, readManifest } from './manifest.ts'

const HEAD = `# The types of inputs and outputs, generated from the parsers by \`npm run docs\`.
# The format: https://github.com/typesafegithub/github-actions-typing
`

/** The text of the file. Throws TypeError when the parsers do not read an input of the manifest. */
export function actionTypes(manifest: string, action: PublishedAction): string {
  const read = readManifest(manifest)
  const names = inputsOf(read).map(({ name }) => name)
  const inputs = [...inputTypes(names, action.parse)].map(([name, type]) =>
    entry(name, inputLines(type)),
  )
  const outputs = read.outputs.map(({ name }) => entry(name, outputLines(action.outputs[name])))
  return [HEAD, 'inputs:\n', ...inputs, '\noutputs:\n', ...outputs].join('')
}

function entry(name: string, lines: readonly string[]): string {
  return `  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`
}

function inputLines(type: InputType): readonly string[] {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
      return [`type: ${type.kind}`]
    case 'lines':
    case 'pairs':
      return list('"\\n"')
    case 'words':
      return ['type: enum', 'allowed-values:', ...type.words.map((word) => `  - ${word}`)]
    case 'text':
    case 'size':
    case 'duration':
      return ['type: string']
  }
}

function outputLines(type: OutputType | undefined): readonly string[] {
  switch (type) {
    case 'commas':
      return list("','")
    case 'lines':
      return list('"\\n"')
    case 'boolean':
    case 'integer':
      return [`type: ${type}`]
    case undefined:
      return ['type: string']
  }
}

function list(separator: string): readonly string[] {
  return ['type: list', `separator: ${separator}`, 'list-item:', '  type: string']
}
