/** The repository's own workflows parse, have least permissions, and keep untrusted text out of scripts. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { FORMS } from '../../scripts/check-step.ts'
import { ROOT } from '../support/examples.ts'
import { MANIFESTS, textOf, WORKFLOWS } from '../support/manifests.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Record<string, string>
  readonly 'continue-on-error'?: boolean
  readonly with?: Record<string, unknown>
  readonly shell?: string
}

interface Job {
  readonly needs?: string
  readonly environment?: string
  readonly permissions?: Record<string, string>
  readonly 'timeout-minutes'?: number
  readonly 'runs-on': string
  readonly strategy?: { readonly matrix: Record<string, readonly unknown[]> }
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
  test('are those that are known', () => {
    expect(workflows.map(([file]) => file).sort()).toEqual([
      'ci.yml',
      'codeql.yml',
      'dependabot-dist.yml',
      'release.yml',
      'zizmor.yml',
    ])
  })

  test('pin every action by commit, each to one release, which a comment names in full', () => {
    const pins = [...WORKFLOWS, ...MANIFESTS].flatMap((file) => [
      ...textOf(file).matchAll(/^ *(?:- )?uses: (?!\.\/)(.*)$/gm),
    ])
    const texts = pins.map(([, pin = '']) => pin)
    expect(
      texts.filter((pin) => !/^[\w.-]+\/[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(pin)),
    ).toEqual([])
    const actions = new Set(texts.map((pin) => pin.split('@')[0]))
    expect(new Set(texts).size).toBe(actions.size)
  })

  test('write nowhere but in a job that runs no code of a dependency', () => {
    const writing = jobs.filter(([, { permissions = {} }]) => permissions.contents === 'write')
    expect(writing.map(([name]) => name)).toEqual([
      'dependabot-dist.yml: commit',
      'release.yml: release',
    ])
    for (const [, { steps }] of writing) {
      expect(steps.filter(({ run }) => /\b(npm|npx|tsx)\b/.test(run ?? ''))).toEqual([])
    }
  })

  test.each(workflows)('%s gives no permission to a job that does not ask', (_, workflow) => {
    expect(workflow.permissions).toEqual({})
  })

  test.each(jobs)('%s states its permissions and a time limit', (_, job) => {
    expect(job.permissions).toBeDefined()
    expect(job['timeout-minutes']).toBeGreaterThan(0)
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

describe('what watches the dependencies and the workflows', () => {
  const nameOf = (use: string | undefined) => use?.split('@')[0]
  const runsOf = (file: string) =>
    Object.values(new Map(workflows).get(file)?.jobs ?? {}).flatMap(({ steps }) => steps)

  test('takes no update that is younger than a week', () => {
    const { updates } = parse(textOf('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string; cooldown?: Record<string, number> }[]
    }
    expect(updates.map((update) => [update['package-ecosystem'], update.cooldown])).toEqual([
      ['npm', { 'default-days': 7 }],
      ['github-actions', { 'default-days': 7 }],
    ])
  })

  test('is CodeQL, for the code and for the workflows', () => {
    const uses = runsOf('codeql.yml').map((step) => nameOf(step.uses))
    expect(uses).toEqual(
      expect.arrayContaining(['github/codeql-action/init', 'github/codeql-action/analyze']),
    )
    expect(new Map(workflows).get('codeql.yml')?.jobs.analyze?.strategy?.matrix.language).toEqual([
      'javascript-typescript',
      'actions',
    ])
  })

  test('is zizmor and actionlint, here as in the gate', () => {
    const runs = runsOf('zizmor.yml').map(({ run }) => run ?? '')
    const actionlint = runs.find((run) => run.includes('actionlint')) ?? 'missing'
    expect(textOf('.ci/run')).toContain(`  ${actionlint}\n`)
    expect(runs.find((run) => run.includes('zizmor'))).toMatch(
      /zizmor==[\d.]+ .*--min-severity low/,
    )
    expect(textOf('.ci/run')).toMatch(/^ *zizmor .*--min-severity low/m)
  })

  test('rebuilds dist/ for Dependabot without the right to write, and commits it without a build', () => {
    const { build, commit } = new Map(workflows).get('dependabot-dist.yml')?.jobs ?? {}
    expect(build?.permissions).toEqual({ contents: 'read' })
    expect(build?.steps.map(({ run }) => run)).toContain('npm run build')
    expect(commit?.needs).toBe('build')
    const script = commit?.steps.map(({ run }) => run ?? '').join('\n')
    expect(script).toContain('git push origin "HEAD:refs/heads/$BRANCH"')
    expect(script).toContain('gh workflow run ci.yml')
  })
})

describe('the tests of every platform', () => {
  test('have Node 24 beside the Node of the matrix, since npm has none for some', () => {
    const steps = new Map(workflows).get('ci.yml')?.jobs.test?.steps ?? []
    const nodes = steps
      .filter(({ uses }) => uses?.startsWith('actions/setup-node@'))
      .map((step) => step.with?.['node-version-file'] ?? step.with?.['node-version'])
    expect(nodes).toEqual(['.node-version', '${{ matrix.node }}'])
    expect(textOf('.node-version').trim()).toBe('24')
  })
})

describe('the release workflow', () => {
  const { jobs } = new Map(workflows).get('release.yml') ?? { jobs: {} }

  test('has the gate of every change before the job that writes', () => {
    expect(jobs.verify?.steps.map(({ run }) => run)).toContain('.ci/run')
    expect(jobs.release?.needs).toBe('verify')
  })

  test('writes in a guarded environment, and attests every file of dist/', () => {
    expect(jobs.release?.environment).toBe('release')
    const attested = jobs.release?.steps.map((step) => step.with?.['subject-path'])
    expect(attested).toContain('dist/**')
  })
})

describe('the job that runs the action in a runner', () => {
  test('checks every output of the action, also through an action that wraps it', () => {
    const names = (file: string) =>
      Object.keys((parse(textOf(file)) as { outputs: object }).outputs).sort()
    expect(Object.keys(FORMS).sort()).toEqual(names('action.yml'))
    expect(names('.github/actions/deploy-hello/action.yml')).toEqual(names('action.yml'))
  })

  const job = new Map(workflows).get('ci.yml')?.jobs.runner
  const steps = job?.steps ?? []

  test('uses it as this checkout has it, for each way of a package, alone and wrapped', () => {
    expect(job?.strategy?.matrix).toEqual({ delivery: ['request', 'bucket'] })
    const uses = steps.map((step) => step.uses)
    expect(uses).toEqual(
      expect.arrayContaining([
        './.github/actions/emulator',
        './',
        './.github/actions/deploy-hello',
      ]),
    )
  })

  test('has steps that must fail, and looks at the outcome and the version of each', () => {
    const failing = steps.filter((step) => step['continue-on-error'])
    expect(failing.length).toBeGreaterThan(3)
    const env = steps.flatMap((step) => Object.values(step.env ?? {})).join()
    for (const { id = '', uses } of failing) {
      expect(env).toContain(`steps.${id}.outcome`)
      const seen = [`steps.${id}.outputs.version-id`, `toJSON(steps.${id}.outputs)`]
      if (uses === './') expect(seen.some((text) => env.includes(text))).toBe(true)
    }
  })

  test('releases with a check that passes and with one that fails, and looks at what callers get', () => {
    const released = steps.filter((step) => step.with?.check === true)
    expect(released.map((step) => [step.id, step['continue-on-error'] ?? false])).toEqual([
      ['failed-check', true],
      ['release', false],
    ])
    for (const { with: inputs } of released) {
      expect(inputs).toMatchObject({ tags: 'stable\nnext\n', 'previous-tag': 'previous' })
    }
    const checks = steps.filter(({ run }) => run?.startsWith('node scripts/check-'))
    expect(checks.map(({ run, env }) => [run, env?.OUTCOME ?? env?.CHECKED])).toEqual(
      expect.arrayContaining([
        ['node scripts/check-failed-release.ts', '${{ steps.failed-check.outcome }}'],
        ['node scripts/check-step.ts', 'true'],
      ]),
    )
  })

  test('uses every action of the repository', () => {
    const used = jobs
      .filter(([name]) => name === 'ci.yml: runner')
      .flatMap(([, { steps }]) => steps.map(({ uses }) => uses ?? ''))
    const folders = MANIFESTS.map((file) => `./${file.replace(/\/?action\.yml$/, '')}`)
    expect(folders.filter((folder) => !used.includes(folder))).toEqual([])
  })

  test.each(['rollback', 'cleanup'])('looks at every output of %s', (folder) => {
    const workflow = textOf('.github/workflows/ci.yml') + textOf('scripts/check-rollback.ts')
    const { outputs } = parse(textOf(`${folder}/action.yml`)) as { outputs: object }
    const own = Object.keys(outputs).filter((name) => name !== 'function-id')
    expect(own.filter((name) => !workflow.includes(name))).toEqual([])
  })
})
