/** Whole runs, word for word. A change of a transcript is reviewed like code; `npm run transcripts` renews them. */

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { transcribe } from '../support/transcript.ts'
import { RUNS } from './transcripts/runs.ts'

const FOLDER = new URL('./transcripts/', import.meta.url)

test.each(RUNS.map((run) => [run.name, run] as const))(
  'the run %s reads as its transcript',
  async (name, run) => {
    const transcript = readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8')
    expect(await transcribe(run)).toBe(transcript)
  },
)

test('every transcript belongs to a run', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
  expect(files.sort()).toEqual(RUNS.map(({ name }) => `${name}.txt`).sort())
})
