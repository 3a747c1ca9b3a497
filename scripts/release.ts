/**
 * The release workflow's decisions: `check` refuses a tag that must not be released, `publish` creates the release
 * where it is missing and moves the major tag. Needs no package, since the job that may write installs none.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a release is made of. */
export interface Candidate {
  /** The tag that was pushed: `v1.2.3` or `v1.2.3-beta.1`. */
  readonly tag: string
  /** Text of CHANGELOG.md. */
  readonly changelog: string
}

/** Runs a program and gives what it prints. */
export type Run = (
  program: 'git' | 'gh',
  options: { readonly args: readonly string[]; readonly input?: string },
) => string

/** What is checked out for a tag. */
export interface Checkout {
  readonly packageVersion: string
  readonly isOnMain: boolean
  /** `<owner>/<repository>` that its texts name, and the one that it is released from. */
  readonly host: { readonly named: string; readonly real: string }
}

/** Why a tag must not be released; nothing when it may. */
export function refusals({ tag, changelog }: Candidate, checkout: Checkout): string[] {
  if (parse(tag) === undefined) {
    return [`The tag ${tag} is not of the form v1.2.3 or v1.2.3-beta.1.`]
  }
  const { packageVersion, isOnMain, host } = checkout
  return [
    tag !== `v${packageVersion}` && `The tag is ${tag}, but package.json says ${packageVersion}.`,
    releaseNotes({ tag, changelog }) === '' &&
      `CHANGELOG.md says nothing under "## [${tag.slice(1)}]".`,
    host.named !== host.real &&
      `The texts name ${host.named}, not ${host.real}: run npm run owner -- ${host.real}`,
    !isOnMain && `The commit of ${tag} is not on main: merge it first.`,
  ].filter((problem) => problem !== false)
}

/** What CHANGELOG.md says of the version; empty when it says nothing. */
export function releaseNotes({ tag, changelog }: Candidate): string {
  const sections = changelog.replaceAll('\r\n', '\n').split(/^(?=## )/m)
  const section = sections.find((text) => headingVersion(text) === tag.slice(1)) ?? ''
  return section
    .replace(/^## .*$/m, '')
    .replaceAll(/^\[[^\]]+\]: .*$/gm, '')
    .trim()
}

function headingVersion(section: string): string | undefined {
  return /^## \[?([^\s\]]+)/.exec(section)?.[1]
}

/**
 * Creates the release unless a run before has, then moves the major tag (`v1`) to this commit unless the release is a
 * preview or a newer one of the same major version is out. May be repeated at any point.
 * @returns what was done, a line for each step.
 * @throws {Error} when the tag has another form, or a program fails.
 */
export function publish({ tag, changelog }: Candidate, run: Run): string[] {
  const version = parse(tag)
  if (version === undefined) throw new Error(`${tag} is not a tag of a release`)
  const gh = (...args: readonly string[]) => run('gh', { args }).trim()
  const listed = (path: string, filter: string) =>
    gh('api', '--paginate', path, '--jq', filter).split('\n').filter(Boolean)

  const released = listed('repos/{owner}/{repo}/releases', '.[] | select(.draft | not) | .tag_name')
  const stable = released.flatMap((other) => parse(other) ?? []).filter(isStable)
  const done: string[] = []
  if (released.includes(tag)) {
    done.push(`The release ${tag} is there already.`)
  } else {
    const isNewest = isStable(version) && stable.every((other) => compare(other, version) < 0)
    const flags = [`--latest=${String(isNewest)}`, ...(isStable(version) ? [] : ['--prerelease'])]
    run('gh', {
      args: [
        'release',
        'create',
        tag,
        '--verify-tag',
        '--title',
        tag,
        '--notes-file',
        '-',
        ...flags,
      ],
      input: releaseNotes({ tag, changelog }),
    })
    done.push(`Created the release ${tag}.`)
  }

  const major = `v${version.numbers[0]}`
  if (!isStable(version)) return [...done, `${major} stays: ${tag} is a preview.`]
  const newer = stable.find(
    (other) => other.numbers[0] === version.numbers[0] && compare(other, version) > 0,
  )
  if (newer) return [...done, `${major} stays: v${newer.numbers.join('.')} is newer than ${tag}.`]

  const sha = run('git', { args: ['rev-parse', 'HEAD'] }).trim()
  const refs = listed(`repos/{owner}/{repo}/git/matching-refs/tags/${major}`, '.[].ref')
  // Through the API: a push with the workflow's token is refused when the commit's workflows are not those of a branch.
  if (refs.includes(`refs/tags/${major}`)) {
    const path = `repos/{owner}/{repo}/git/refs/tags/${major}`
    gh('api', '--method', 'PATCH', path, '--raw-field', `sha=${sha}`, '--field', 'force=true')
  } else {
    const fields = [`ref=refs/tags/${major}`, `sha=${sha}`].flatMap((pair) => ['--raw-field', pair])
    gh('api', '--method', 'POST', 'repos/{owner}/{repo}/git/refs', ...fields)
  }
  return [...done, `${major} is now ${tag}, ${sha}.`]
}

interface Version {
  readonly numbers: readonly [number, number, number]
  readonly preview: string
}

function parse(tag: string): Version | undefined {
  const [, major, minor, patch, preview = ''] =
    /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\da-z.-]+))?$/i.exec(tag) ?? []
  if (major === undefined) return undefined
  return { numbers: [Number(major), Number(minor), Number(patch)], preview }
}

function isStable({ preview }: Version): boolean {
  return preview === ''
}

/** Of two stable versions: negative when the first is older. */
function compare(a: Version, b: Version): number {
  const at = a.numbers.findIndex((number, index) => number !== b.numbers[index])
  return at < 0 ? 0 : (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0)
}

function main(command: string | undefined): void {
  const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
  const candidate = { tag: process.env.GITHUB_REF_NAME ?? '', changelog: read('CHANGELOG.md') }
  if (command === 'publish') {
    for (const line of publish(candidate, real)) console.log(line)
    return
  }
  if (command !== 'check') throw new Error('Usage: node scripts/release.ts check|publish')
  const { version, repository } = JSON.parse(read('package.json')) as Record<string, string>
  const found = refusals(candidate, {
    packageVersion: version ?? '',
    isOnMain: isOnMain(),
    host: {
      named: repository?.replace('github:', '') ?? '',
      real: process.env.GITHUB_REPOSITORY ?? '',
    },
  })
  for (const problem of found) console.log(`::error::${problem}`)
  if (found.length > 0) process.exitCode = 1
}

function isOnMain(): boolean {
  const contained = ['branch', '--remotes', '--contains', 'HEAD', '--format', '%(refname)']
  return real('git', { args: contained }).split('\n').includes('refs/remotes/origin/main')
}

function real(...[program, { args, input }]: Parameters<Run>): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv[2])
}
