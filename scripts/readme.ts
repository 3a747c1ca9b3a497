/** Regenerates what follows from the manifests: parts of README.md, names, types; `--check` only compares. */

import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { actionTypes } from './docs/action-types.ts'
import { ACTIONS, manifestOf } from './docs/actions.ts'
import { namesModule } from './docs/names.ts'
import { withParts } from './docs/parts.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** A generated file: its path from the root of the repository, and what it must say. */
export interface Generated {
  readonly file: string
  readonly text: string
}

/** Every file that is generated from the manifests, README.md with all of its parts. */
export function generated(): readonly Generated[] {
  const readme = ACTIONS.reduce(
    (page, action) => withParts(page, { manifest: manifestOf(action), action }),
    readFileSync(`${ROOT}README.md`, 'utf8'),
  )
  return [
    { file: 'README.md', text: readme },
    ...ACTIONS.flatMap((action) => {
      const { folder, names } = action
      const manifest = manifestOf(action)
      return [
        { file: names, text: namesModule(manifest, `${folder}action.yml`) },
        { file: `${folder}action-types.yml`, text: actionTypes(manifest, action) },
      ]
    }),
  ]
}

function main(check: string | undefined): void {
  const stale = generated().filter(({ file, text }) => {
    const path = ROOT + file
    return !existsSync(path) || readFileSync(path, 'utf8') !== text
  })
  if (stale.length === 0) return
  const files = stale.map(({ file }) => file).join(', ')
  if (check === '--check') {
    console.error(`${files}: differs from the manifests. Run \`npm run docs\`.`)
    process.exitCode = 1
    return
  }
  for (const { file, text } of stale) writeFileSync(ROOT + file, text)
  console.log(`Wrote ${files}.`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv[2])
}
