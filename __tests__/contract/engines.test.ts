/** The oldest Node.js that contributors may use: every package supports it, and CI has it. */

import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { textOf } from '../support/manifests.ts'

type Version = readonly [number, number, number]

interface Manifest {
  readonly engines?: { readonly node?: string }
}

const oldest =
  /^>=(\d+\.\d+)$/.exec(
    (JSON.parse(textOf('package.json')) as Manifest).engines?.node ?? '',
  )?.[1] ?? ''

/** Whether one comparison of a range holds, such as `>=20.19.0`, `^18.18` or `14.x`. */
function holds(comparison: string, version: Version): boolean {
  const [, operator, text = ''] = /^(>=|<=|\^|)v?([\d.*x]+)$/.exec(comparison) ?? []
  if (operator === undefined) throw new TypeError(`cannot read ${comparison}`)
  const given = text
    .split('.')
    .filter((part) => /^\d+$/.test(part))
    .map(Number)
  const at = given.findIndex((number, index) => number !== version[index])
  const order = at < 0 ? 0 : (version[at] ?? 0) - (given[at] ?? 0)
  if (operator === '>=') return order >= 0
  if (operator === '<=') return order <= 0
  return operator === '' ? order === 0 : order >= 0 && given[0] === version[0]
}

function supports(range: string, version: Version): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .trim()
      .replaceAll(/(?<=[<>=^]) +/g, '')
      .split(/ +/)
      .every((comparison) => holds(comparison, version)),
  )
}

describe('the oldest Node.js', () => {
  test.each<[string, boolean]>([
    ['>= 18', true],
    ['20 || >=22', true],
    ['^20.19.0 || >=22.12.0', true],
    ['6.* || 8.* || >= 10.*', true],
    ['>=22.15', false],
    ['^20.19.1 || >=22', false],
    ['^18.17.0 || >=20.20', false],
    ['18 || 21', false],
    ['>=18 <=20.18', false],
  ])('20.19.0 is in the range %s: %p', (range, is) => {
    expect(supports(range, [20, 19, 0])).toBe(is)
  })

  test('is supported by every package, so that `npm ci` warns of none', () => {
    const [major = 0, minor = 0] = oldest.split('.').map(Number)
    const { packages } = JSON.parse(textOf('package-lock.json')) as {
      packages: Record<string, Manifest>
    }
    const ranges = Object.entries(packages).flatMap(([name, { engines }]) =>
      engines?.node === undefined ? [] : [{ name, range: engines.node }],
    )
    expect(ranges.length).toBeGreaterThan(100)
    expect(ranges.filter(({ range }) => !supports(range, [major, minor, 0]))).toEqual([])
  })

  test('is the one of the README, and a leg of CI that takes no warning', () => {
    expect(textOf('README.md')).toContain(`Node.js ${oldest}`)
    const { jobs } = parse(textOf('.github/workflows/ci.yml')) as {
      jobs: { test: { strategy: { matrix: { node: unknown[] } }; steps: { run?: string }[] } }
    }
    expect(jobs.test.strategy.matrix.node).toContain(oldest)
    expect(jobs.test.steps.map(({ run }) => run)).toContain('npm ci --engine-strict')
  })
})
