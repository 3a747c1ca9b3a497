/** Writes the modules with the names of inputs and outputs. */

import { inputsOf, readManifest, type Field } from './manifest.ts'

/**
 * A module with the names of all inputs of a manifest, and a type for the names of its inputs and of its outputs.
 * `file` is the manifest's path. Throws TypeError when the manifest has another shape.
 */
export function namesModule(manifest: string, file = 'action.yml'): string {
  const read = readManifest(manifest)
  const inputs = quoted(inputsOf(read)).map((name) => `  ${name},\n`)
  return `/** The names of all inputs and outputs, generated from ${file} by \`npm run docs\`. */

export const INPUT_NAMES = [
${inputs.join('')}] as const

/** An input of ${file}. */
export type InputName = (typeof INPUT_NAMES)[number]

/** An output of ${file}. */
export type OutputName =${union(quoted(read.outputs))}
`
}

/** As Prettier writes it: on one line where there is room behind `export type OutputName =`. */
function union(names: readonly string[]): string {
  const line = names.join(' | ')
  return line.length <= 75 ? ` ${line}` : names.map((name) => `\n  | ${name}`).join('')
}

function quoted(fields: readonly Field[]): readonly string[] {
  return fields.map(({ name }) => `'${name}'`)
}
