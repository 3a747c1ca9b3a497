/** What the documentation says is true: its YAML parses, its steps fit action.yml, its links lead somewhere. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { docsLink } from '../../src/report/docs.ts'
import { DeployError, ERRORS, TOPICS, type ErrorCode } from '../../src/errors.ts'
import { INPUT_NAMES } from '../../src/inputs/names.ts'
import { ROLES } from '../../src/deploy/roles/roles.ts'
import { actionSteps, anchors, links, pages, ROOT, yamlBlocks } from '../support/examples.ts'

const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { required?: boolean }>
  outputs: Record<string, unknown>
}
const CREDENTIALS = ['yc-sa-json-credentials', 'yc-iam-token', 'yc-sa-id', 'yc-instance-metadata']

const named = <T extends { file: string; heading: string }>(items: readonly T[]) =>
  items.map((item, index) => [`${item.file}, ${item.heading} (${index + 1})`, item] as const)

describe('YAML blocks', () => {
  test.each(named(yamlBlocks()))('parse: %s', (_, { text }) => {
    expect(() => parse(text) as unknown).not.toThrow()
  })
})

describe('documented steps', () => {
  const steps = actionSteps()

  test('are in the README, the set-up of credentials, and the examples', () => {
    expect([...new Set(steps.map(({ file }) => file))]).toEqual([
      'README.md',
      'docs/AUTHENTICATION.md',
      'docs/EXAMPLES.md',
    ])
  })

  test.each(named(steps))('have known inputs only: %s', (_, step) => {
    expect(Object.keys(step.with).filter((name) => !(name in action.inputs))).toEqual([])
  })

  test.each(named(steps))('have every required input: %s', (_, step) => {
    const required = Object.entries(action.inputs).filter(([, { required }]) => required === true)
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
      ...text.matchAll(/steps\.(?:deploy|sls-func)\.outputs\.([\w-]+)/g),
    ])
    expect(used.map(([, name]) => name ?? '').filter((name) => !(name in action.outputs))).toEqual(
      [],
    )
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
    const [path = '', anchor] = docsLink(error, 'root').replace('root/', '').split('#')
    expect(anchors(readFileSync(join(ROOT, path), 'utf8'))).toContain(anchor)
  })

  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .join('\n')

  test('names inputs that exist', () => {
    const named = [...sources.matchAll(/inputs: \['([^']+)'\]/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(3)
    for (const name of named) expect(INPUT_NAMES).toContain(name)
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
