/** What the documentation says is true: its YAML parses, its steps fit action.yml, its links lead somewhere. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import type { ActionFolder } from '../../scripts/step.ts'
import { docsLink } from '../../src/report/failure.ts'
import { DeployError, ERRORS, TOPICS, type ErrorCode } from '../../src/errors.ts'
import { INPUT_NAMES } from '../../src/inputs/names.ts'
import { ROLES } from '../../src/deploy/roles/roles.ts'
import { actionSteps, anchors, links, pages, ROOT, yamlBlocks } from '../support/examples.ts'
import { workflowErrors } from '../support/manifests.ts'

interface Manifest {
  readonly inputs: Record<string, { required?: boolean }>
  readonly outputs: Record<string, unknown>
}

const manifest = (folder: ActionFolder) =>
  parse(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')) as Manifest
const MANIFESTS = {
  '.': manifest('.'),
  rollback: manifest('rollback'),
  cleanup: manifest('cleanup'),
}
const action = MANIFESTS['.']
const CREDENTIALS = ['yc-sa-json-credentials', 'yc-iam-token', 'yc-sa-id', 'yc-instance-metadata']

const named = <T extends { file: string; heading: string }>(items: readonly T[]) =>
  items.map((item, index) => [`${item.file}, ${item.heading} (${index + 1})`, item] as const)

describe('YAML blocks', () => {
  test.each(named(yamlBlocks()))('parse: %s', (_, { text }) => {
    expect(() => parse(text) as unknown).not.toThrow()
  })
})

describe('whole workflows', () => {
  const workflows = yamlBlocks().filter(({ text }) => /^jobs:/m.test(text))

  test('are among the examples', () => {
    expect(workflows.length).toBeGreaterThan(10)
  })

  test.each(named(workflows))("are accepted by GitHub's own parser: %s", (_, { text }) => {
    expect(workflowErrors(text)).toEqual([])
  })

  test.each(named(workflows.filter(({ file }) => file === 'docs/EXAMPLES.md')))(
    'give the job what it asks GitHub for: %s',
    (_, { text }) => {
      const { permissions } = parse(text) as { permissions?: Record<string, string> }
      const needs = /yc-sa-id:|actions\/attest@/.test(text)
      expect(permissions?.['id-token'] === 'write').toBe(needs)
      expect(permissions?.attestations === 'write').toBe(text.includes('actions/attest@'))
    },
  )
})

describe('documented steps', () => {
  const steps = actionSteps()

  test('are in the README, the set-up of credentials, the examples, and the migration', () => {
    expect([...new Set(steps.map(({ file }) => file))]).toEqual([
      'README.md',
      'docs/AUTHENTICATION.md',
      'docs/EXAMPLES.md',
      'docs/MIGRATION.md',
    ])
  })

  test('use every action', () => {
    const used = new Set(steps.map((step) => step.action))
    expect([...used].sort()).toEqual(Object.keys(MANIFESTS).sort())
  })

  test.each(named(steps))('have known inputs only: %s', (_, step) => {
    const { inputs } = MANIFESTS[step.action]
    expect(Object.keys(step.with).filter((name) => !(name in inputs))).toEqual([])
  })

  test.each(named(steps))('have every required input: %s', (_, step) => {
    const { inputs } = MANIFESTS[step.action]
    const required = Object.entries(inputs).filter(([, { required }]) => required === true)
    expect(required.filter(([name]) => !step.with[name]).map(([name]) => name)).toEqual([])
  })

  test.each(named(steps))('have exactly one credential: %s', (_, step) => {
    expect(CREDENTIALS.filter((name) => name in step.with)).toHaveLength(1)
  })

  test('have their matrix expressions replaced', () => {
    const names = steps.map((step) => step.with['function-name'])
    expect(names).toEqual(expect.arrayContaining(['orders', 'thumbnails']))
    expect(JSON.stringify(steps)).not.toMatch(/\$\{\{ *matrix/)
  })

  test('refer to outputs that exist', () => {
    const used = pages().flatMap(({ text }) => [
      ...text.matchAll(/steps\.(deploy|sls-func|rollback)\.outputs\.([\w-]+)/g),
    ])
    const unknown = used.filter(([, step, name = '']) => {
      const { outputs } = MANIFESTS[step === 'rollback' ? step : '.']
      return !(name in outputs)
    })
    expect(unknown.map(([text]) => text)).toEqual([])
  })
})

describe('error codes', () => {
  const text = readFileSync(join(ROOT, 'docs/TROUBLESHOOTING.md'), 'utf8')

  test.each(Object.keys(ERRORS))('%s has its section in TROUBLESHOOTING.md', (code) => {
    expect(text).toMatch(new RegExp(`^## ${code}$`, 'm'))
    expect(anchors(text)).toContain(code.toLowerCase())
  })

  test('in TROUBLESHOOTING.md all exist', () => {
    const codes = [...text.matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code)
    expect(codes).toEqual(Object.keys(ERRORS))
  })
})

describe('a failure', () => {
  const codes = Object.keys(ERRORS) as ErrorCode[]
  const failures: [string, DeployError][] = [
    ...codes.map((code) => [code, new DeployError(code, 'x')] as [string, DeployError]),
    ...TOPICS.map((topic): [string, DeployError] => [
      topic,
      new DeployError('API_REJECTED', 'x', { topic }),
    ]),
    ...[...INPUT_NAMES.map((name) => [name]), ['memory', 'tags']].map(
      (inputs): [string, DeployError] => [
        inputs.join(', '),
        new DeployError('INPUT_INVALID', 'x', { inputs }),
      ],
    ),
  ]

  test.each(failures)('leads to a section that exists: %s', (_, error) => {
    const [path = '', anchor] = docsLink(error, { root: 'root', action: 'deploy' })
      .replace('root/', '')
      .split('#')
    expect(anchors(readFileSync(join(ROOT, path), 'utf8'))).toContain(anchor)
  })

  test.each(
    (['rollback', 'cleanup'] as const).flatMap((one) => [
      ...Object.keys(MANIFESTS[one].inputs).map((name) => [one, [name]] as const),
      [one, ['function-id', 'folder-id']] as const,
    ]),
  )('of %s about %j leads to a section that exists', (one, inputs) => {
    const error = new DeployError('INPUT_INVALID', 'x', { inputs })
    const [path = '', anchor] = docsLink(error, { root: 'root', action: one })
      .replace('root/', '')
      .split('#')
    expect(anchors(readFileSync(join(ROOT, path), 'utf8'))).toContain(anchor)
  })

  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .join('\n')

  test('names inputs that exist', () => {
    const named = [...sources.matchAll(/inputs: \['([^']+)'\]/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(3)
    const known = Object.values(MANIFESTS).flatMap(({ inputs }) => Object.keys(inputs))
    for (const name of named) expect(known).toContain(name)
  })

  test.each(TOPICS)('of some kind leads to the section %s', (topic) => {
    expect(sources.split(`'${topic}'`).length - 1).toBeGreaterThan(1)
  })
})

describe('links', () => {
  const internal = pages().flatMap(({ file, text }) =>
    links(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => [file, target] as const),
  )

  test.each(internal)('of %s lead somewhere: %s', (file, target) => {
    const [path = '', anchor] = target.split('#')
    const to = path === '' ? file : posix.join(dirname(file), path)
    expect(existsSync(join(ROOT, to))).toBe(true)
    if (anchor !== undefined) {
      expect(anchors(readFileSync(join(ROOT, to), 'utf8'))).toContain(anchor)
    }
  })

  test('to other sites are HTTPS', () => {
    const external = pages().flatMap(({ text }) => links(text).filter((to) => /^[a-z]+:/.test(to)))
    expect(external.filter((target) => !target.startsWith('https://'))).toEqual([])
  })
})

describe('a table of contents', () => {
  const listed = pages().flatMap(({ file, text }) => {
    const [contents] = /^((?:- )?\[.+\]\(#.+\)(?: ·)?\n)+/m.exec(text.split('\n## ')[0] ?? '') ?? []
    return contents === undefined ? [] : [[file, text, contents] as const]
  })

  test('stands on the pages that are long', () => {
    expect(listed.map(([file]) => file)).toEqual([
      'README.md',
      'docs/EXAMPLES.md',
      'docs/MIGRATION.md',
    ])
  })

  test.each(listed)('of %s has its sections, in their order', (_, text, contents) => {
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title)
    expect([...contents.matchAll(/^(?:- )?\[(.+)\]/gm)].map(([, title]) => title)).toEqual(sections)
  })
})

describe('the table of roles in AUTHENTICATION.md', () => {
  const page = readFileSync(join(ROOT, 'docs/AUTHENTICATION.md'), 'utf8')
  const rows = page
    .slice(page.indexOf('| Inputs '))
    .split('\n\n')[0]
    ?.split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

  test('has the roles that a refused version lists, in the same order', () => {
    expect(
      rows?.map(([inputs = '', who, role = '', on = '']) => ({
        why: [...inputs.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
        who,
        role: /^`([\w.]+)`/.exec(role)?.[1],
        on: on.split(',')[0],
      })),
    ).toEqual(ROLES.map(({ why, who, role, on }) => ({ why, who, role, on })))
  })

  test('has inputs that exist', () => {
    const names = ROLES.flatMap(({ why }) => why)
    expect(names.filter((name) => !(name in action.inputs))).toEqual([])
  })
})
