/** Inputs of a step as tests write them: only what matters, the rest as a valid step has it. */

import { DeployError } from '../../src/errors.ts'
import { parseInputs, type Inputs } from '../../src/inputs.ts'
import { CONTEXT, thrown } from './fakes.ts'

/** A step with the required inputs alone. */
export const REQUIRED: Readonly<Record<string, string>> = {
  'yc-iam-token': 't1.token',
  'function-id': 'd4e00000000000000001',
  runtime: 'nodejs22',
  entrypoint: 'index.handler',
}

/** The inputs of a step with the required ones and these; an empty text takes one away. */
export function inputsOf(given: Readonly<Record<string, string>> = {}): Inputs {
  return parseInputs({ ...REQUIRED, ...given }, CONTEXT)
}

/** What is said about a step that is wrong, one problem a line. */
export function problemsOf(given: Readonly<Record<string, string>>): readonly string[] {
  const error = thrown(() => inputsOf(given))
  if (!(error instanceof DeployError) || error.code !== 'INPUT_INVALID') throw error
  const lines = error.message.split('\n')
  return lines.length === 1 ? lines : lines.slice(1).map((line) => line.replace(/^- /, ''))
}
