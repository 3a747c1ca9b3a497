/** The comment on a pull request, with the bundle as a child process against the emulator's cloud and GitHub. */

import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { startGithub, type Github } from '../../emulator/index.ts'
import { runStep, type StepResult } from '../../scripts/step.ts'
import { requiredInputs, useEmulator } from '../support/cloud.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const PULL_REQUEST = 1
const EVENTS = {
  'pull-request.json': JSON.stringify({ pull_request: { number: PULL_REQUEST, head: {} } }),
  'push.json': JSON.stringify({ ref: 'refs/heads/main' }),
}
const SECRET_VALUE = 'a-value-that-nobody-may-see'

const cloud = useEmulator()
let github: Github
let events: string
let inputs: Record<string, string>
beforeAll(() => {
  events = makeWorkspace(EVENTS)
})
beforeEach(async () => {
  github = await startGithub({ issues: [PULL_REQUEST] })
  inputs = {
    ...requiredInputs(cloud()),
    environment: `KEY=${SECRET_VALUE}`,
    comment: 'true',
    'github-token': github.token,
  }
})
afterEach(() => github.close())

interface StepEvent {
  readonly event?: keyof typeof EVENTS
  readonly nodeArguments?: readonly string[]
}

async function step(
  changes: Readonly<Record<string, string>> = {},
  { event = 'pull-request.json', nodeArguments = [] }: StepEvent = {},
): Promise<StepResult> {
  return runStep(
    { ...inputs, ...changes },
    {
      workspace: makeWorkspace(HELLO),
      nodeArguments,
      env: {
        GITHUB_API_URL: github.apiUrl,
        GITHUB_EVENT_NAME: event === 'push.json' ? 'push' : 'pull_request',
        GITHUB_EVENT_PATH: path.join(events, event),
        GITHUB_WORKFLOW_REF: 'octo-org/hello/.github/workflows/plan.yml@refs/pull/1/merge',
        GITHUB_JOB: 'plan',
      },
    },
  )
}

/** What is said of a deployment of a pull request. */
const BECOMES_LATEST = {
  level: 'warning',
  message: expect.stringMatching(
    /^The code of a pull request becomes \$latest of the function "function-/,
  ),
}

/** The texts of all comments as a reader sees them, without references to characters. */
const bodies = () =>
  github
    .comments(PULL_REQUEST)
    .map(({ body }) => body.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point))))

describe('with `comment`', () => {
  test('a plan, the next one, a deployment and a failure keep one comment up to date', async () => {
    const name = inputs['function-name'] ?? ''
    const planned = await step({ 'dry-run': 'true' })
    expect(planned).toMatchObject({ exitCode: 0, annotations: [] })
    expect(bodies()).toEqual([
      expect.stringContaining(`### Plan for <code>${name}</code>: function, code and `),
    ])
    expect(bodies()[0]).toContain('environment.KEY')
    const address = 'https://github.com/octo-org/hello/pull/1'
    const url = `${address}#issuecomment-${github.comments(PULL_REQUEST)[0]?.id ?? ''}`
    expect(planned.outputs['comment-url']).toBe(url)
    expect(planned.stdout.split('\n')).toContain(`Comment on ${address}`)

    const again = await step({ 'dry-run': 'true', memory: '256Mb' })
    expect(again.outputs['comment-url']).toBe(url)
    expect(bodies()).toEqual([expect.stringContaining('256 MiB')])

    const deployed = await step()
    expect(deployed).toMatchObject({ exitCode: 0, annotations: [BECOMES_LATEST] })
    expect(deployed.outputs['comment-url']).toBe(url)
    expect(bodies()).toEqual([expect.stringContaining(`### Deployed <code>${name}</code>`)])
    expect(bodies()[0]).toContain(deployed.outputs['function-url'])

    const failed = await step({ entrypoint: 'other.handler' })
    expect(failed.exitCode).toBe(1)
    expect(failed.outputs['comment-url']).toBe(url)
    expect(bodies()).toEqual([
      expect.stringContaining(`### The deployment of <code>${name}</code> failed`),
    ])

    const shown = [planned, again, deployed, failed].map(({ stdout, stderr, outputs, summary }) =>
      // The command that asks the runner to hide the token is the one place where it stands.
      JSON.stringify([stdout.replace(/^::add-mask::.*$/gm, ''), stderr, outputs, summary]),
    )
    expect(shown.join()).not.toContain(github.token)
    expect(JSON.stringify([bodies(), shown])).not.toContain(SECRET_VALUE)
  })

  test('a refused token is a notice, and the deployment has succeeded', async () => {
    const deployed = await step({ 'github-token': github.readOnlyToken })
    expect(deployed).toMatchObject({ exitCode: 0, annotations: [BECOMES_LATEST] })
    expect(deployed.stdout).toMatch(
      /^::notice title=Pull request::The comment was not written: .*pull-requests: write/m,
    )
    expect(deployed.outputs['version-id']).toMatch(/^d4e/)
    expect(deployed.outputs['comment-url']).toBeUndefined()
    expect(bodies()).toEqual([])
  })

  test('a refused token adds no annotation to a failure', async () => {
    const failed = await step({
      'github-token': github.readOnlyToken,
      entrypoint: 'other.handler',
    })
    expect(failed.exitCode).toBe(1)
    expect(failed.annotations).toHaveLength(1)
    expect(failed.stdout).toMatch(/^The comment was not written: /m)
    expect(failed.stdout).not.toContain('::notice')
  })

  test('a run for no pull request says so and asks GitHub nothing', async () => {
    const planned = await step({ 'dry-run': 'true' }, { event: 'push.json' })
    expect(planned).toMatchObject({ exitCode: 0, annotations: [] })
    expect(planned.stdout).toMatch(/^No comment: the run is for no pull request$/m)
    expect(github.requests).toEqual([])
  })

  test('an empty token is a warning', async () => {
    const planned = await step({ 'dry-run': 'true', 'github-token': '' })
    expect(planned.exitCode).toBe(0)
    expect(planned.annotations).toMatchObject([
      { level: 'warning', message: '"comment" has no effect without github-token' },
    ])
    expect(github.requests).toEqual([])
  })
})

describe('where only dist/index.js can be loaded', () => {
  /** Arguments for Node that make every other script of dist/ one that cannot be found. */
  const withoutChunks = (): readonly string[] => {
    const folder = makeWorkspace({
      'register.mjs': `import { register } from 'node:module'
        register('./hook.mjs', import.meta.url)`,
      'hook.mjs': `export function resolve(name, context, next) {
        if (/\\d[.]index[.]js$/.test(name)) throw new Error('there is no chunk')
        return next(name, context)
      }`,
    })
    return ['--import', pathToFileURL(path.join(folder, 'register.mjs')).href]
  }

  test('a step without `comment` misses nothing, and asks GitHub nothing', async () => {
    const nodeArguments = withoutChunks()
    const planned = await step({ 'dry-run': 'true', comment: 'false' }, { nodeArguments })
    expect(planned).toMatchObject({ exitCode: 0, annotations: [] })
    expect(planned.stdout).not.toMatch(/comment/i)
    expect(github.requests).toEqual([])
  })

  test('a step with `comment` succeeds, with a notice', async () => {
    const nodeArguments = withoutChunks()
    const planned = await step({ 'dry-run': 'true' }, { nodeArguments })
    expect(planned).toMatchObject({ exitCode: 0, annotations: [] })
    expect(planned.stdout).toMatch(
      /^::notice title=Pull request::The comment was not written: there is no chunk$/m,
    )
  })
})
