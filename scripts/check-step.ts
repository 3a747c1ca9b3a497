/**
 * A step of the job `runner`: checks every output of a step that deployed examples/hello, and calls the function.
 * `OUTPUTS` is the step's outputs as JSON, `GREETING` what the function must answer with, also under each of `TAGS`,
 * `BUCKET` the bucket that the package went through, if any, and `CHECKED` is `true` after a release with a check.
 */

import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The form of each output of the action. */
export const FORMS: Readonly<Record<string, RegExp>> = {
  'version-id': /^d4e\w{17}$/,
  'function-id': /^d4e\w{17}$/,
  'function-url': /^http:\/\/127\.0\.0\.1:\d+\/d4e\w{17}$/,
  'operation-id': /^d4e\w{17}$/,
  'package-sha256': /^[\da-f]{64}$/,
  'package-size': /^[1-9]\d*$/,
  'object-name': /^d4e\w{17}\/[\da-f]{64}\.zip$/,
  changed: /^(true|false)$/,
  changes: /^([a-z]+(,[a-z]+)*)?$/,
  plan: /^\{"version":1,.*\}$/,
  skipped: /^(true|false)$/,
  checked: /^(true)?$/,
  'previous-version-id': /^(d4e\w{17})?$/,
  'comment-url': /^$/,
}

/** Outputs that are not set when the package does not go through a bucket. */
const ONLY_WITH_BUCKET = ['object-name']

/** What is wrong with the outputs of a step that deployed; nothing when all is well. */
export function problems(
  outputs: Readonly<Record<string, string>>,
  { bucket, checked = '' }: { readonly bucket: string; readonly checked?: string },
): string[] {
  const said = outputs.checked ?? ''
  const malformed = [...new Set([...Object.keys(FORMS), ...Object.keys(outputs)])].flatMap(
    (name) => {
      const value = outputs[name] ?? ''
      const form = FORMS[name]
      if (form === undefined) return [`${name} is no output of the action`]
      if (bucket === '' && ONLY_WITH_BUCKET.includes(name)) {
        return value === '' ? [] : [`${name} is set without a bucket: ${value}`]
      }
      return form.test(value) ? [] : [`${name} is ${JSON.stringify(value)}, not ${String(form)}`]
    },
  )
  return said === checked ? malformed : [...malformed, `checked is "${said}", not "${checked}"`]
}

async function main(): Promise<void> {
  const { OUTPUTS = '{}', GREETING = '', TAGS = '', BUCKET = '', CHECKED = '' } = process.env
  const outputs = JSON.parse(OUTPUTS) as Readonly<Record<string, string>>
  for (const [name, value] of Object.entries(outputs)) console.log(`${name}=${value}`)
  const found = problems(outputs, { bucket: BUCKET, checked: CHECKED })
  const queries = [
    '',
    ...TAGS.split(' ')
      .filter((tag) => tag !== '')
      .map((tag) => `&tag=${tag}`),
  ]
  for (const query of found.length === 0 ? queries : []) {
    const response = await fetch(`${outputs['function-url'] ?? ''}?name=Ada${query}`)
    const answer = await response.text()
    console.log(`${response.status} ${answer}`)
    const expected = JSON.stringify({
      message: `${GREETING}, Ada!`,
      functionVersion: outputs['version-id'],
    })
    if (answer !== expected) found.push(`the function does not answer ${expected} to ${query}`)
  }
  for (const problem of found) console.log(`::error::${problem}`)
  if (found.length > 0) process.exitCode = 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main()
}
