/** Names the repository that hosts the action in every text that people copy: `npm run owner -- <owner>`. */

import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** What stands for the owner until the action is published. */
export const PLACEHOLDER = 'OWNER'

/** `<owner>/<repository>` that the texts name now: `repository` of package.json. Throws TypeError without it. */
export function hostOf(packageJson: string): string {
  const { repository } = JSON.parse(packageJson) as { repository?: unknown }
  const [, host] = /^github:([^/]+\/[^/]+)$/.exec(String(repository)) ?? []
  if (host === undefined) throw new TypeError('package.json: no repository "github:<owner>/<name>"')
  return host
}

/** What to name instead of `from`: an owner alone keeps the name of the repository. Throws TypeError. */
export function hostNamed(argument: string, from: string): string {
  const [, owner, repository = from.split('/')[1] ?? ''] =
    /^([A-Za-z0-9][A-Za-z0-9-]*)(?:\/([A-Za-z0-9._-]+))?$/.exec(argument) ?? []
  if (owner === undefined) {
    throw new TypeError(`"${argument}" is neither an owner nor <owner>/<repository>`)
  }
  return `${owner}/${repository}`
}

/** A text that names `to` in place of `from`, and no longer explains the placeholder. */
export function withHost(text: string, { from, to }: { from: string; to: string }): string {
  const named = text.replaceAll(from, to)
  if (to.startsWith(`${PLACEHOLDER}/`)) return named
  // The explanation is a sentence of one form: a paragraph of its own, or the end of one.
  return named.replaceAll(
    new RegExp(`\\s+\`${PLACEHOLDER}\`\\sis\\sthe\\saccount\\sthat\\shosts\\s[^.]*\\.`, 'g'),
    '',
  )
}

function main(argument: string | undefined): void {
  const from = hostOf(readFileSync(`${ROOT}package.json`, 'utf8'))
  if (argument === undefined) {
    console.error(`The texts name ${from}. To change it: npm run owner -- <owner>[/<repository>]`)
    process.exitCode = 1
    return
  }
  const to = hostNamed(argument, from)
  const files = execFileSync('git', ['grep', '-I', '--name-only', '--fixed-strings', from], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const file of files.split('\n').filter(Boolean)) {
    const text = readFileSync(ROOT + file, 'utf8')
    writeFileSync(ROOT + file, withHost(text, { from, to }))
    console.log(`${file}: ${to}`)
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv[2])
}
