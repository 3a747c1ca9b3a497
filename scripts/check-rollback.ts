/**
 * A step of the job `runner`: checks two rollbacks of examples/hello, of the tag `stable` and for callers without one.
 * `CASES` is the outputs of both as JSON, `BEFORE` the version to go back to, `RELEASED` the one after it, and `GREETING`
 * what the function must answer with.
 */

import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Outputs = Readonly<Record<string, string | undefined>>

/** What two rollbacks are held to. */
export interface Expected {
  readonly before: string
  readonly released: string
}

/** What is wrong with the outputs of a rollback of tags, and of one without; nothing when all is well. */
export function problems(
  [tagged, untagged]: readonly [Outputs, Outputs],
  { before, released }: Expected,
): string[] {
  const isNew = ![before, released, ''].includes(untagged['version-id'] ?? '')
  const facts: readonly (readonly [boolean, string])[] = [
    [tagged['version-id'] === before, 'the tag is not on the version before'],
    [isNew, 'callers without a tag have no new version'],
    [
      [tagged, untagged].every((outputs) => outputs['previous-version-id'] === released),
      'the version before the rollback is not the one that was released',
    ],
    [
      [tagged, untagged].every((outputs) => outputs['function-url']?.startsWith('http')),
      'the function has no address',
    ],
  ]
  return facts.flatMap(([holds, problem]) => (holds ? [] : [problem]))
}

async function main(): Promise<void> {
  const { CASES = '[{}, {}]', BEFORE = '', RELEASED = '', GREETING = '' } = process.env
  console.log(CASES)
  const cases = JSON.parse(CASES) as [Outputs, Outputs]
  const found = problems(cases, { before: BEFORE, released: RELEASED })
  for (const [index, query] of ['&tag=stable', ''].entries()) {
    const { 'function-url': url = '', 'version-id': versionId } = cases[index] ?? {}
    const response = await fetch(`${url}?name=Ada${query}`)
    const answer = await response.text()
    console.log(`${response.status} ${answer}`)
    const expected = JSON.stringify({ message: `${GREETING}, Ada!`, functionVersion: versionId })
    if (answer !== expected) found.push(`the function does not answer ${expected}`)
  }
  for (const problem of found) console.log(`::error::${problem}`)
  if (found.length > 0) process.exitCode = 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main()
}
