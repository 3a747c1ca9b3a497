/** Writes the modules with the names of inputs and outputs. */

import { inputsOf, readManifest, type Field } from './manifest.ts'

/**
 * A module with the names of all inputs and outputs of a manifest, and a type for each. `file` is the manifest's path.
 * Throws TypeError when the manifest has another shape.
 */
export function namesModule(manifest: string, file = 'action.yml'): string {
  const read = readManifest(manifest)
  return `/** The names of all inputs and outputs, generated from ${file} by \`npm run docs\`. */

export const INPUT_NAMES = ${list(inputsOf(read))} as const

/** An input of ${file}. */
export type InputName = (typeof INPUT_NAMES)[number]

export const OUTPUT_NAMES = ${list(read.outputs)} as const

/** An output of ${file}. */
export type OutputName = (typeof OUTPUT_NAMES)[number]
`
}

/** As Prettier writes it: on one line where there is room behind `export const OUTPUT_NAMES = `. */
function list(fields: readonly Field[]): string {
  const names = fields.map(({ name }) => `'${name}'`)
  const line = `[${names.join(', ')}]`
  return line.length <= 65 ? line : `[\n${names.map((name) => `  ${name},\n`).join('')}]`
}
