/** Reads the inputs of a step from a file of YAML, as they stand under `with:` in a workflow. */

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export type Inputs = Readonly<Record<string, string>>

/** The file takes the block itself, a step, or a list with one step. Throws an Error that names what is wrong. */
export function readWithFile(file: string): Inputs {
  const content: unknown = parse(readFileSync(file, 'utf8'))
  const step: unknown = Array.isArray(content) ? content[0] : content
  const block = isMapping(step) && 'with' in step ? step.with : step
  if (!isMapping(block)) {
    throw new Error(
      `${file} has no inputs: write them as under \`with:\`, one \`name: value\` a line`,
    )
  }
  return Object.fromEntries(
    Object.entries(block).map(([name, value]) => [name.toLowerCase(), textOf(name, value)]),
  )
}

/** What GitHub makes of `${{ secrets.NAME }}` comes from the variable `NAME` of the environment, as `vars` and `env` do. */
export function resolveExpressions(
  inputs: Inputs,
  env: Readonly<Record<string, string | undefined>>,
): Inputs {
  const resolve = (name: string, text: string): string =>
    text.replace(/\$\{\{\s*(.*?)\s*\}\}/gs, (_, expression: string) => {
      const variable = /^(?:secrets|vars|env)\.(\w+)$/.exec(expression)?.[1]
      const value = variable === undefined ? undefined : env[variable]
      if (value !== undefined) return value
      throw new Error(
        variable === undefined
          ? `\`${name}\`: only GitHub evaluates \${{ ${expression} }}; write a value`
          : `\`${name}\`: set the environment variable ${variable}, which stands for \${{ ${expression} }}`,
      )
    })
  return Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [name, resolve(name, text)]),
  )
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A workflow makes text of every value. */
function textOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Error(`\`${name}\` is not a text; write several lines after \`${name}: |\``)
}
