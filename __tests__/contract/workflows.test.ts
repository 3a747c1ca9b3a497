/** The repository's own workflows parse, have least permissions, and keep untrusted text out of scripts. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT } from '../support/examples.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
}

interface Job {
  readonly permissions?: Record<string, string>
  readonly 'timeout-minutes'?: number
  readonly 'runs-on': string
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly permissions?: Record<string, string>
  readonly jobs: Record<string, Job>
}

const FOLDER = join(ROOT, '.github/workflows')
const workflows = readdirSync(FOLDER).map(
  (file) => [file, parse(readFileSync(join(FOLDER, file), 'utf8')) as Workflow] as const,
)
const jobs = workflows.flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => [`${file}: ${name}`, job] as const),
)
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }).scripts,
)

describe('workflows', () => {
  test('are those of CI and of releases', () => {
    expect(workflows.map(([file]) => file).sort()).toEqual(['ci.yml', 'release.yml'])
  })

  test.each(workflows)('%s gives no permission to a job that does not ask', (_, workflow) => {
    expect(workflow.permissions).toEqual({})
  })

  test.each(jobs)('%s states its permissions and a time limit', (_, job) => {
    expect(job.permissions).toBeDefined()
    expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test.each(jobs)('%s uses actions by version', (_, job) => {
    const used = job.steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]))
    expect(
      used.filter((uses) => !/^(\.\/|[\w.-]+\/[\w./-]+@(v\d+|[\da-f]{40})$)/.test(uses)),
    ).toEqual([])
  })

  test.each(jobs)('%s puts no expression into a script', (_, job) => {
    // The value of an expression would become part of the script's text; env: is safe.
    expect(job.steps.filter(({ run }) => run?.includes('${{'))).toEqual([])
  })

  test.each(jobs)('%s runs npm scripts that exist', (_, job) => {
    const called = job.steps.flatMap(({ run }) => [
      ...(run ?? '').matchAll(/npm (?:run )?(?!ci|run)([\w:]+)/g),
    ])
    expect(called.map(([, name]) => name).filter((name) => !scripts.includes(name ?? ''))).toEqual(
      [],
    )
  })

  test.each(jobs)('%s writes for bash only where bash is', (_, job) => {
    const isLinux = job['runs-on'] === 'ubuntu-latest'
    const elsewhere = job.steps.filter(
      ({ run, shell }) => run !== undefined && !isLinux && shell !== 'bash',
    )
    expect(elsewhere.filter(({ run }) => !/^npm [\w :-]+$/.test(run ?? ''))).toEqual([])
  })
})
