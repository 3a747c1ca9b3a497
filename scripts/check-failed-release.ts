/**
 * A step of the job `runner`: checks a release of examples/hello whose check has failed. `OUTPUTS` is the step's outputs
 * as JSON, `OUTCOME` how it ended, `BEFORE` the version that callers with the tag `stable` had and keep, and `GREETING`
 * what the function must answer with, as before.
 */

import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Outputs = Readonly<Record<string, string | undefined>>

/** What callers get after the failure: with the tag, and without one. */
export interface Answers {
  readonly tagged: string
  readonly untagged: string
}

/** What a failed release is held to. */
export interface Expected {
  readonly outcome: string
  readonly before: string
  readonly greeting: string
}

/** What is wrong with a release whose check has failed; nothing when all is well. */
export function problems(
  { outputs, answers: { tagged, untagged } }: { outputs: Outputs; answers: Answers },
  { outcome, before, greeting }: Expected,
): string[] {
  const { message, functionVersion: restored = '' } = JSON.parse(untagged) as Outputs
  const failed = outputs['version-id']
  const facts: readonly (readonly [boolean, string])[] = [
    [outcome === 'failure', 'the step has not failed'],
    [outputs.checked === 'false', 'the check is not said to have failed'],
    [![undefined, '', before].includes(failed), 'there is no version that has failed'],
    [outputs['previous-version-id'] === before, 'the version before is another one'],
    [
      tagged === JSON.stringify({ message: `${greeting}, Ada!`, functionVersion: before }),
      `callers with the tag get ${tagged}`,
    ],
    [message === `${greeting}, Ada!`, `callers without a tag get ${untagged}`],
    [
      !['', before, failed].includes(restored),
      'callers without a tag have no copy of the version before',
    ],
  ]
  return facts.flatMap(([holds, problem]) => (holds ? [] : [problem]))
}

async function main(): Promise<void> {
  const { OUTPUTS = '{}', OUTCOME = '', BEFORE = '', GREETING = '' } = process.env
  console.log(OUTCOME, OUTPUTS)
  const outputs = JSON.parse(OUTPUTS) as Outputs
  const ask = async (query: string): Promise<string> => {
    const response = await fetch(`${outputs['function-url'] ?? ''}?name=Ada${query}`)
    const answer = await response.text()
    console.log(`${response.status} ${answer}`)
    return answer
  }
  const answers = { tagged: await ask('&tag=stable'), untagged: await ask('') }
  const expected = { outcome: OUTCOME, before: BEFORE, greeting: GREETING }
  const found = problems({ outputs, answers }, expected)
  for (const problem of found) console.log(`::error::${problem}`)
  if (found.length > 0) process.exitCode = 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main()
}
