/** The comment as a whole run leaves it with GitHub: one, harmless whatever is in it, and never a reason to fail. */

import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import { startGithub, type FaultSpec, type Github } from '../../emulator/index.ts'
import { deploy, helloInputs, helloWorkspace, type Outcome, type Texts } from '../support/faults.ts'
import { textOf } from '../support/html.ts'
import { startNamedCloud, type NamedCloud } from '../support/rich-cloud.ts'

const MARKER = /^<!-- deploy-yandex-cloud-function [0-9a-f]{16} -->\n/
const MAX_CHARACTERS = 60_000

let cloud: NamedCloud
let github: Github
const workspaces: string[] = []
beforeAll(async () => {
  cloud = await startNamedCloud()
})
beforeEach(async () => {
  github = await startGithub()
})
afterEach(() => github.close())
afterAll(async () => {
  await cloud.emulator.close()
  for (const workspace of workspaces) rmSync(workspace, { recursive: true })
})

let functions = 0

/** Steps for one function, each with a comment. */
function useFunction() {
  const { emulator } = cloud
  const name = `comment-${++functions}`
  return (changes: Texts = {}, files: Texts = {}): Promise<Outcome> => {
    const workspace = helloWorkspace(files)
    workspaces.push(workspace)
    const inputs = {
      ...helloInputs(emulator, name),
      bucket: 'packages',
      comment: 'true',
      'github-token': github.token,
      ...changes,
    }
    return deploy(inputs, { emulator, github, workspace })
  }
}

const bodies = (): readonly string[] => github.comments(1).map(({ body }) => body)

/** What GitHub looks through for mentions, references and addresses: all text outside of code. */
function proseOf(markdown: string): string {
  const html = marked.parse(markdown.replace(MARKER, ''), { async: false, gfm: true })
  return textOf(html.replace(/<code>[^]*?<\/code>/g, ''))
}

const HOSTILE: readonly string[] = [
  '@octocat',
  '-->',
  '<!-- deploy-yandex-cloud-function 0123456789abcdef -->',
  '```',
  '`@octocat`',
  'a | b | @octocat',
  '|---|---|',
  '<b>@octocat',
  '[x](https:evil.example)',
  '#1 GH-2',
  '\u200fright\u200e to left',
]

describe('names of files', () => {
  test.each(HOSTILE)('are text and nothing else: %j', async (name) => {
    const step = useFunction()
    await step()
    const files = { [`${name.replaceAll('/', '_')}.js`]: '' }
    for (let run = 1; run <= 2; run++) {
      const planned = await step({ 'dry-run': 'true' }, files)
      expect(planned).toMatchObject({ exitCode: 0, errors: [], warnings: [], notices: [] })
    }
    const [body = '', ...others] = bodies()
    expect(others).toEqual([])
    expect(body).toMatch(MARKER)
    expect(body.match(/<!--|-->/g)).toEqual(['<!--', '-->'])
    expect(body).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/)
    expect(proseOf(body)).not.toMatch(/@|#1|GH-2|evil/)
    const tables = marked.lexer(body).filter(({ type }) => type === 'table')
    expect(tables).toHaveLength(2)
    expect(body).toContain('<summary>Files: 1 added</summary>')
  })

  test('of 70,000 characters and more are cut, and GitHub takes the comment', async () => {
    const step = useFunction()
    await step()
    const long = Array.from({ length: 1_000 }, (_, index) => `${'x'.repeat(70)}|@${index}.js`)
    const files = Object.fromEntries(long.map((name) => [name, '']))
    const planned = await step({ 'dry-run': 'true' }, files)

    expect(planned).toMatchObject({ exitCode: 0, notices: [] })
    const [body = '', ...others] = bodies()
    expect(others).toEqual([])
    expect(body.length).toBeLessThan(MAX_CHARACTERS)
    expect(body.length).toBeGreaterThan(MAX_CHARACTERS / 2)
    expect(body).toContain('1000 added')
    expect(textOf(body)).toMatch(/… and \d+ more files/)
  })
})

describe('one comment is kept', () => {
  test('after 250 comments of others, one of them with the marker copied', async () => {
    const step = useFunction()
    await step({ 'dry-run': 'true' })
    const marker = MARKER.exec(bodies()[0] ?? '')?.[0] ?? ''
    for (const { id } of github.comments(1)) github.deleteComment(id)
    for (let count = 0; count < 250; count++) {
      github.addComment({ issue: 1, login: 'octocat', body: `${marker}${count}` })
    }
    const first = await step({ 'dry-run': 'true' })
    const second = await step({ 'dry-run': 'true', memory: '256MB' })

    expect(github.comments(1)).toHaveLength(251)
    expect(second.outputs['comment-url']).toBe(first.outputs['comment-url'])
    expect(bodies().at(-1)).toContain('256')
    expect(bodies().slice(0, 250)).toEqual(
      Array.from({ length: 250 }, (_, count) => `${marker}${count}`),
    )
  })

  test('when the next step is invalid: it names the inputs, and quotes nothing of them', async () => {
    const step = useFunction()
    const planned = await step({ 'dry-run': 'true' })
    const invalid = { 'dry-run': 'true', memory: '100 parsecs', concurrency: 'many' }
    const failed = await step(invalid)

    expect(failed.exitCode).toBe(1)
    expect(failed.outputs['comment-url']).toBe(planned.outputs['comment-url'])
    const [body = '', ...others] = bodies()
    expect(others).toEqual([])
    const text = textOf(marked.parse(body.replace(MARKER, ''), { async: false }))
    expect(text).toMatch(/^The plan of comment-\d+ failed$/m)
    expect(text).toMatch(/INPUT_INVALID: .*Inputs: memory, concurrency/s)
    expect(text).not.toMatch(/parsecs|many/)
  })

  test('of two, and the older one points to the newer one', async () => {
    const step = useFunction()
    await step({ 'dry-run': 'true' })
    const [older] = github.comments(1)
    const newer = github.addComment({ issue: 1, body: older?.body ?? '' })
    const planned = await step({ 'dry-run': 'true', memory: '256MB' })

    expect(planned.outputs['comment-url']).toContain(`#issuecomment-${newer.id}`)
    expect(bodies()).toEqual([
      `Replaced by [a newer comment](#issuecomment-${newer.id}).`,
      expect.stringMatching(MARKER),
    ])
  })

  test('when somebody has deleted it', async () => {
    const step = useFunction()
    await step({ 'dry-run': 'true' })
    for (const { id } of github.comments(1)) github.deleteComment(id)
    await step({ 'dry-run': 'true' })
    expect(bodies()).toEqual([expect.stringMatching(MARKER)])
  })
})

describe('trouble with GitHub', () => {
  type Trouble = Omit<FaultSpec, 'effect'> & { readonly status: number }
  const TROUBLES: readonly Trouble[] = ['GET', 'POST', 'PATCH'].flatMap((method) =>
    [401, 403, 404, 410, 422, 429, 500, 502, 503].map((status) => ({ method, status })),
  )
  /** A comment that is gone is created anew, one that may not be changed gets another beside it. */
  const isMended = ({ method, status }: Trouble): boolean =>
    method === 'PATCH' && [403, 404].includes(status)

  const disturb = ({ method = '', status }: Trouble): void => {
    const path = /\/comments/
    github.fault({ method, path, times: Infinity, effect: { kind: 'status', status } })
  }

  test.each(TROUBLES)(
    'HTTP $status to a $method is a notice, and the step succeeds',
    async (one) => {
      const step = useFunction()
      if (one.method === 'PATCH') await step({ 'dry-run': 'true' })
      disturb(one)
      const { exitCode, errors, warnings, notices, outputs } = await step()

      expect({ exitCode, errors, warnings }).toEqual({ exitCode: 0, errors: [], warnings: [] })
      expect(outputs['version-id']).toMatch(/^d4e/)
      const told = notices.filter(({ title }) => title === 'Pull request')
      expect(told).toHaveLength(isMended(one) ? 0 : 1)
      expect('comment-url' in outputs).toBe(isMended(one))
      for (const { message } of told) expect(message).toContain(`HTTP ${one.status}`)
    },
  )

  test.each(TROUBLES)('HTTP $status to a $method adds no annotation to a failure', async (one) => {
    const step = useFunction()
    if (one.method === 'PATCH') await step({ 'dry-run': 'true' })
    disturb(one)
    const { exitCode, errors, warnings, notices } = await step({ entrypoint: 'other.handler' })

    expect({ exitCode, warnings, notices }).toEqual({ exitCode: 1, warnings: [], notices: [] })
    expect(errors).toHaveLength(1)
  })

  test('after the comment is created is a notice beside its address', async () => {
    const status: FaultSpec['effect'] = { kind: 'status', status: 500 }
    github.fault({ method: 'GET', path: /\/comments/, skip: 1, times: 3, effect: status })
    const { exitCode, outputs, notices } = await useFunction()({ 'dry-run': 'true' })
    const [created] = github.comments(1)
    expect(exitCode).toBe(0)
    expect(outputs['comment-url']).toContain(`#issuecomment-${String(created?.id)}`)
    expect(notices).toEqual([
      {
        title: 'Pull request',
        message: expect.stringMatching(/^The comment is written, but an older one .*HTTP 500/),
      },
    ])
  })

  test.each([
    [
      'a read-only token, as that of a fork',
      () => ({ 'github-token': github.readOnlyToken }),
      /HTTP 403.*pull-requests: write/,
    ],
    ['a token of nobody', () => ({ 'github-token': 'ghs_0123456789' }), /HTTP 401/],
    ['a conversation that is locked', () => (github.lockIssue(1), {}), /HTTP 403/],
    [
      'a read-only token of a fork, which has no variables',
      () => ({
        'github-token': github.readOnlyToken,
        'folder-id': '',
        'yc-sa-json-credentials': '',
      }),
      /HTTP 403.*pull-requests: write/,
    ],
  ] as const)('such as %s is a notice', async (_, arrange, expected) => {
    const { exitCode, notices } = await useFunction()({ 'dry-run': 'true', ...arrange() })
    expect(exitCode).toBe(0)
    expect(notices).toEqual([{ title: 'Pull request', message: expect.stringMatching(expected) }])
    expect(bodies()).toEqual([])
  })
})
