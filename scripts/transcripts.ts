/** Renews the transcripts of whole runs from the bundle in dist/: `npm run build && npm run transcripts`. */

import { writeFileSync } from 'node:fs'
import { RUNS } from '../__tests__/e2e/transcripts/runs.ts'
import { transcribe } from '../__tests__/support/transcript.ts'

for (const run of RUNS) {
  const file = new URL(`../__tests__/e2e/transcripts/${run.name}.txt`, import.meta.url)
  writeFileSync(file, await transcribe(run))
}
