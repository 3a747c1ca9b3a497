/** The comment on a pull request: what it says, what it may hold, and how it is cut. */

import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import { withRows, type Plan } from '../../../src/deploy/plan/plan.ts'
import type { Row } from '../../../src/deploy/plan/row.ts'
import { DeployError } from '../../../src/errors.ts'
import { commentMarkdown, keyOf, type News } from '../../../src/report/comment.ts'
import { readSubject } from '../../../src/inputs/inputs.ts'
import { FUNCTION } from '../../support/facts.ts'
import { HOSTILE } from '../../support/hostile.ts'
import { elementsOf, textOf } from '../../support/html.ts'

const RUN = {
  sha: '0123abc4567890',
  runId: '42',
  runUrl: 'https://github.com/octo-org/hello/actions/runs/42',
}
const RUN_LINK = `[run <code>42</code>](<${RUN.runUrl}>)`
const LAST_LINE = `<sub>Commit <code>0123abc</code>, ${RUN_LINK}, 2026-11-25 10:00 UTC</sub>`
const HOSTILE_NAMES = [
  ...HOSTILE,
  '-->',
  '<!-- deploy-yandex-cloud-function 0123456789abcdef -->',
  '@octo-org/admins',
  'GH-1 #2 octo-org/hello#3 0123456789abcdef0123456789abcdef01234567',
  '\u202eright to left\u202c \u200f\u200e\u061c\u2067mark\u2069',
  'zero\u200b\u200dwidth\ufeff',
  'half \ud800 of a pair',
]

function row(given: Partial<Row> = {}): Row {
  return {
    area: 'settings',
    name: 'memory',
    verdict: 'changed',
    visibility: 'anyone',
    live: '128 MiB',
    after: '256 MiB',
    ...given,
  }
}

function planOf({ rows = [], ...given }: Partial<Plan> = {}): Plan {
  const plan: Plan = {
    isCompared: true,
    uncomparedFor: '',
    live: { id: 'd4ev0000000000000abc', tag: 'stable', createdAt: '', status: '', sha256: '' },
    rows: [],
    package: { sha256: '', sizeBytes: 51_200, liveSizeBytes: undefined, files: undefined },
    tagsToMove: [],
    changed: false,
    changes: [],
    ...given,
  }
  return withRows(plan, rows)
}

const packageOf = (files: Plan['package']['files']): Plan['package'] => ({
  sha256: '',
  sizeBytes: 1,
  liveSizeBytes: 1,
  files,
})

interface Ending {
  readonly name?: string
  readonly isDryRun?: boolean
  readonly known?: News['known']
  readonly failure?: News['failure']
}

function markdownOf(
  plan: Partial<Plan> = {},
  { name = 'hello', isDryRun = false, known, failure }: Ending = {},
): string {
  const target = { kind: 'name', folderId: 'b1g1', functionName: name } as const
  return commentMarkdown({
    news: {
      subject: { target, isDryRun, commentToken: undefined },
      known: { plan: planOf(plan), ...known },
      failure,
    },
    run: RUN,
    atMs: Date.UTC(2026, 10, 25, 10),
  })
}

function render(markdown: string): string {
  return marked.parse(markdown, { async: false, gfm: true })
}

/** What GitHub looks through for mentions, references and addresses: all text outside of code. */
function proseOf(html: string): string {
  return textOf(html.replace(/<code>[^]*?<\/code>/g, ''))
}

const codesOf = (html: string): string[] =>
  [...html.matchAll(/<code>([^]*?)<\/code>/g)].map(([, inner]) => textOf(inner ?? ''))

/** What a reader sees, line by line. */
const linesOf = (markdown: string): string[] =>
  textOf(render(markdown))
    .split('\n')
    .filter((line) => line.trim() !== '')

const clean = (text: string): string =>
  Array.from(text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')).join('')

describe('the comment of a plan', () => {
  test('shows what changes, and what of it anyone may see', () => {
    const markdown = markdownOf({
      rows: [
        row({ area: 'code', name: 'package', live: undefined, after: undefined }),
        row(),
        row({ name: 'environment.A', visibility: 'nobody', live: undefined, after: undefined }),
        row({ name: 'runtime', verdict: 'unchanged', live: 'nodejs22', after: 'nodejs22' }),
        row({ name: 'concurrency', verdict: 'added', live: undefined, after: '4' }),
        row({ area: 'tags', name: 'tags.beta', live: 'd4ev0000000000000xyz', after: 'this' }),
      ],
      package: {
        sha256: '',
        sizeBytes: 52_224,
        liveSizeBytes: 51_200,
        files: {
          ...{ added: ['lib/new.js'], removed: [], changed: ['index.js', 'b.js'] },
          unchangedCount: 0,
        },
      },
    })
    const code = (text: string): string => `<code>${text.replaceAll('.', '&#46;')}</code>`
    expect(markdown.split('\n')).toEqual([
      '### Plan for <code>hello</code>: code, 3 settings and tags change',
      '',
      'Compared with version <code>d4e&#8230;0abc</code>, tag <code>stable</code><br>',
      'Package: 50 KiB → 51 KiB<br>',
      'Unchanged: 1 setting<br>',
      '',
      '| Setting | Change |',
      '|---|---|',
      `| ~&nbsp;${code('package')} | <i>changed</i> |`,
      `| ~&nbsp;${code('memory')} | ${code('128 MiB')} → ${code('256 MiB')} |`,
      `| ~&nbsp;${code('environment.A')} | <i>changed</i> |`,
      `| +&nbsp;${code('concurrency')} | ${code('4')} |`,
      `| ~&nbsp;${code('tags.beta')} | <code>d4e&#8230;0xyz</code> → ${code('this')} |`,
      '',
      '<details><summary>Files: 2 changed, 1 added</summary>',
      '',
      '| File |',
      '|---|',
      `| ~&nbsp;${code('index.js')} |`,
      `| ~&nbsp;${code('b.js')} |`,
      `| +&nbsp;${code('lib/new.js')} |`,
      '',
      '</details>',
      '',
      LAST_LINE,
    ])
    expect(elementsOf(render(markdown)).filter((tag) => tag === '<table>')).toHaveLength(2)
  })

  test('names the tags that move from the live version to the new one', () => {
    const onLive = { area: 'tags', verdict: 'unchanged', live: 'd4e1', after: 'd4e1' } as const
    const tags = ['stable', 'next'].map((tag) => row({ ...onLive, name: `tags.${tag}` }))
    const moved = 'Moved from this version to the new one: stable, next'
    expect(linesOf(markdownOf({ rows: [row(), ...tags] }))).toContain(moved)
    expect(linesOf(markdownOf({ rows: tags })).join()).not.toContain('Moved from')
  })

  test.each<[string, Partial<Plan>, string]>([
    ['no changes', { rows: [row({ verdict: 'unchanged' })] }, 'no changes'],
    [
      'one setting',
      { rows: [row(), row({ verdict: 'unchanged', name: 'runtime' })] },
      '1 setting changes',
    ],
    [
      'what cannot be seen',
      { rows: [row({ verdict: 'unknown', name: 'environment' })] },
      'it is not known whether anything changes',
    ],
    [
      'a change beside what cannot be seen',
      { rows: [row({ verdict: 'unknown', name: 'environment' }), row({ area: 'access' })] },
      'access changes',
    ],
    [
      'nothing compared',
      {
        isCompared: false,
        uncomparedFor: 'there are no credentials',
        live: undefined,
        rows: [row({ area: 'code', verdict: 'unknown' })],
      },
      'nothing was compared, there are no credentials',
    ],
  ])('has its verdict in its heading: %s', (_, plan, verdict) => {
    expect(linesOf(markdownOf(plan))[0]).toBe(`Plan for hello: ${verdict}`)
  })

  test('says of a hidden environment that it is not visible', () => {
    const markdown = markdownOf({ rows: [row({ verdict: 'unknown', name: 'environment' })] })
    expect(markdown).toContain('<i>not visible to this account</i>')
  })

  test('shows no rows when nothing was compared', () => {
    const markdown = markdownOf({ isCompared: false, live: undefined, rows: [row()] })
    expect(markdown).not.toContain('memory')
    expect(markdown).toContain('What is live is not known')
  })
})

describe('the comment of a deployment', () => {
  const ADDRESS = 'https://functions.yandexcloud.net/d4e00000000000000001'
  const version = { id: 'd4ev0000000000000xyz', isReady: true }
  const deployed = (httpInvokeUrl = ADDRESS): News['known'] => ({
    version,
    function: { function: { ...FUNCTION, httpInvokeUrl }, origin: 'found' },
    skipped: false,
  })

  test('shows the address, the version in short, and what changed', () => {
    const markdown = markdownOf({ rows: [row()] }, { known: deployed() })
    expect(linesOf(markdown).slice(0, 3)).toEqual([
      'Deployed hello',
      `Address: ${ADDRESS}`,
      'Version: d4e…0xyz',
    ])
    expect(elementsOf(render(markdown))).toContain(`<a href="${ADDRESS}">`)
    expect(markdown).toContain('256 MiB')
    expect(markdown.endsWith(LAST_LINE)).toBe(true)
  })

  test('says nothing of tags that move on, as they have moved', () => {
    const onLive = { area: 'tags', verdict: 'unchanged', name: 'tags.stable' } as const
    const markdown = markdownOf({ rows: [row(), row(onLive)] }, { known: deployed() })
    expect(markdown).not.toContain('Moved from')
  })

  test.each<[string, News['known'], string]>([
    ['ready', deployed(), 'Deployed hello'],
    ['accepted', { version: { ...version, isReady: false } }, 'Accepted a version of hello'],
    ['unchanged', { ...deployed(), skipped: true }, 'Unchanged: hello'],
  ])('that is %s says so', (_, known, heading) => {
    expect(linesOf(markdownOf({}, { known }))[0]).toBe(heading)
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'functions.example', 'file:///etc/passwd'])(
    'links to no address but one of the web: %s',
    (url) => {
      const html = render(markdownOf({}, { known: deployed(url) }))
      expect(elementsOf(html).filter((tag) => tag.startsWith('<a'))).toEqual([
        `<a href="${RUN.runUrl}">`,
      ])
    },
  )

  test('that failed tells the code, not the message', () => {
    const failure = new DeployError('OPERATION_FAILED', 'the message')
    const lines = linesOf(markdownOf({}, { known: deployed(), failure }))
    expect(lines[0]).toBe('The deployment of hello failed')
    expect(lines[1]).toBe('OPERATION_FAILED: The operation failed in the cloud. The run says why.')
    expect(lines).toHaveLength(3)
  })

  test('that failed for inputs names them', () => {
    const failure = { code: 'INPUT_INVALID', inputs: ['memory', 'mounts'] } as const
    const lines = linesOf(markdownOf({}, { isDryRun: true, failure }))
    expect(lines).toHaveLength(4)
    expect(lines.slice(0, 3)).toEqual([
      'The plan of hello failed',
      expect.stringMatching(/^INPUT_INVALID: .* The run says why\.$/),
      'Inputs: memory, mounts',
    ])
  })
})

describe('the subject of a comment', () => {
  const BY_NAME = { 'folder-id': 'b1g9', 'function-name': 'orders' }

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['its folder and name', BY_NAME, 'b1g9/orders'],
    [
      'its id, also where there is a folder',
      { ...BY_NAME, 'function-name': '', 'function-id': 'd4e1' },
      'd4e1',
    ],
  ])('has as its key %s', (_, raw, key) => {
    const subject = readSubject(raw)
    expect(subject && keyOf(subject)).toBe(key)
  })

  test('has the name that is known, else the one that is asked for', () => {
    const named = { function: { function: FUNCTION, origin: 'created' } } as const
    expect(linesOf(markdownOf({}, { name: 'orders' }))[0]).toMatch(/^Plan for orders: /)
    expect(linesOf(markdownOf({}, { name: 'orders', known: named }))[0]).toMatch(
      /^Plan for hello: /,
    )
  })

  test('is known where other inputs than the function are invalid', () => {
    const subject = readSubject({
      ...BY_NAME,
      memory: '1',
      'dry-run': 'true',
      comment: 'true',
      'github-token': 'ghs_1',
    })
    expect(subject).toMatchObject({ isDryRun: true })
    expect(subject?.commentToken?.reveal()).toBe('ghs_1')
  })

  test.each([
    ['has no name', { ...BY_NAME, 'function-name': '' }],
    ['has no folder', { ...BY_NAME, 'folder-id': '' }],
    ['has two names', { ...BY_NAME, 'function-id': 'd4e1' }],
    ['has a name that is none', { ...BY_NAME, 'function-name': 'No <b>' }],
  ])('is nothing where the function %s', (_, raw) => {
    expect(readSubject(raw)).toBeUndefined()
  })
})

describe('what a comment may hold', () => {
  const SECRET = 'sesame-opens-it'

  test.each<[string, Partial<Row>]>([
    ['a value that only the log may show', { visibility: 'run' }],
    ['a value that nobody may see', { visibility: 'nobody' }],
    ['a value of an input that is not on the list', { name: 'description' }],
    ['a value of a variable named as an open input', { name: 'environment.memory' }],
    ['a value that cannot be compared', { verdict: 'unknown' }],
    ['a value that does not change', { verdict: 'unchanged' }],
  ])('is not %s', (_, given) => {
    const rows = [row({ live: SECRET, after: SECRET, ...given })]
    expect(render(markdownOf({ rows }))).not.toContain('sesame')
  })

  test('is no whole id of the cloud in a value', () => {
    const live = 'b1g00000000000000001, enp00000000000000002/aje00000000000000003'
    const html = textOf(render(markdownOf({ rows: [row({ live })] })))
    expect(html).toContain('b1g…0001, enp…0002/aje…0003')
    expect(html).not.toMatch(/[a-z][a-z0-9]{19}/)
  })
})

describe('foreign text in a comment', () => {
  const files = (name: string): Plan['package'] =>
    packageOf({ added: [name], removed: [name], changed: [name], unchangedCount: 0 })
  const plain = elementsOf(
    render(markdownOf({ rows: [row(), row({ visibility: 'run' })], package: files('x') })),
  )

  test.each(HOSTILE_NAMES)('is code that shows its characters, and nothing else: %j', (text) => {
    const rows = [
      row({ name: text, visibility: 'run' }),
      row({ name: 'memory', live: text, after: text }),
    ]
    const markdown = markdownOf({ rows, package: files(text) }, { name: text })
    const html = render(markdown)
    expect(elementsOf(html)).toEqual(expect.arrayContaining([...new Set(plain)]))
    expect(elementsOf(html).toSorted()).toEqual(plain.toSorted())
    expect(codesOf(html).filter((code) => code === clean(text))).toHaveLength(7)
    expect(proseOf(html)).not.toMatch(/@|#|forged|evil|octocat|GH-/)
    expect(markdown).not.toContain('<!--')
    expect(markdown).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800]/)
  })

  test.each(HOSTILE_NAMES)('stays on its line: %j', (text) => {
    const rows = [row({ name: text })]
    expect(markdownOf({ rows }).split('\n')).toHaveLength(
      markdownOf({ rows: [row()] }).split('\n').length,
    )
  })

  test('is no end of the link to an address', () => {
    const url = 'https://functions.example/>)</a><b>@octocat</b> [x](https://evil.example)'
    const target = { ...FUNCTION, httpInvokeUrl: url }
    const known: News['known'] = {
      version: { id: 'v', isReady: true },
      function: { function: target, origin: 'found' },
    }
    const html = render(markdownOf({}, { known }))
    expect(elementsOf(html).filter((tag) => /^<(a|b)\b/.test(tag))).toHaveLength(2)
    expect(proseOf(html)).not.toContain('@')
  })
})

describe('a comment that would be too long', () => {
  const names = (count: number, length = 60): string[] =>
    Array.from({ length: count }, (_, index) => `${'x'.repeat(length)}/${index}.js`)
  const settings = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) =>
      row({ name: `environment.V${index}`, visibility: 'nobody' }),
    )
  const filesOf = (added: string[]): Plan['package'] =>
    packageOf({ added, removed: [], changed: [], unchangedCount: 0 })
  const countOf = (markdown: string, pattern: RegExp): number =>
    [...markdown.matchAll(pattern)].length

  test.each<[string, Partial<Plan>]>([
    ['15,000 files', { rows: settings(60), package: filesOf(names(15_000)) }],
    ['names of 70,000 characters', { rows: settings(1), package: filesOf(names(500, 70_000)) }],
    ['5,000 settings', { rows: settings(5_000), package: filesOf(names(100)) }],
    [
      'values of 70,000 signs',
      {
        rows: Array.from({ length: 200 }, () =>
          row({ live: '|'.repeat(70_000), after: '👋'.repeat(70_000) }),
        ),
        package: filesOf(names(100)),
      },
    ],
  ])('is cut, with its heading, its last line and all of its tables whole: %s', (_, plan) => {
    const markdown = markdownOf(plan, { name: '@'.repeat(70_000) })
    expect(markdown.length).toBeLessThanOrEqual(59_900)
    expect(markdown).toMatch(/^### Plan for <code>&#64;/)
    expect(markdown.endsWith(LAST_LINE)).toBe(true)
    const elements = elementsOf(render(markdown))
    for (const name of ['table', 'details', 'code']) {
      const opened = elements.filter((tag) => tag === `<${name}>`)
      expect(elements.filter((tag) => tag === `</${name}>`)).toHaveLength(opened.length)
    }
    expect(textOf(render(markdown))).toMatch(/… and \d+ more (files|settings): see run 42/)
  })

  test('loses files before it loses settings, and counts them', () => {
    const markdown = markdownOf({ rows: settings(300), package: filesOf(names(15_000)) })
    expect(countOf(markdown, /environment/g)).toBe(300)
    const shown = countOf(markdown, /\/\d+&#46;js/g)
    expect(shown).toBeGreaterThan(100)
    expect(markdown).toContain(`… and ${15_000 - shown} more files: see ${RUN_LINK}`)
    expect(markdown).toContain('Files: 15000 added')
  })

  test('keeps 50 settings when not all of them fit, and counts the others', () => {
    const markdown = markdownOf({ rows: settings(5_000) })
    expect(countOf(markdown, /environment/g)).toBe(50)
    expect(markdown).toContain(`… and 4950 more settings: see ${RUN_LINK}`)
    expect(markdown).toContain('5,000 settings change')
  })

  test('is made of 100,000 files in no time', () => {
    const files = names(100_000)
    const start = performance.now()
    markdownOf({ package: filesOf(files) })
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
