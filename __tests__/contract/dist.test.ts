/** The bundles as they are committed: whole, without leftovers, with the licenses of all that is in them. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ROOT } from '../support/examples.ts'

const DIST = join(ROOT, 'dist')
const read = (name: string): string => readFileSync(join(DIST, name), 'utf8')
const all = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(DIST.length + 1)
      .replaceAll(sep, '/'),
  )

test('dist/ has a bundle for each action, and one text of licenses', () => {
  const others = all.filter((name) => !/(?:^|\/)\d+\.index\.js$/.test(name))
  expect(others.sort()).toEqual([
    'cleanup/index.js',
    'cleanup/package.json',
    'index.js',
    'licenses.txt',
    'package.json',
    'rollback/index.js',
    'rollback/package.json',
  ])
})

describe.each(['', 'rollback/', 'cleanup/'])('dist/%s', (folder) => {
  const scripts = all.filter(
    (name) => name.startsWith(folder) && /^[^/]+\.js$/.test(name.slice(folder.length)),
  )

  test('has exactly the chunks that a script loads', () => {
    const loaded = scripts.flatMap((name) =>
      [...read(name).matchAll(/__nccwpck_require__\.e\((?:\/\*[^*]*\*\/ )?(\d+)\)/g)].map(
        ([, id]) => `${folder}${id ?? ''}.index.js`,
      ),
    )
    const chunks = scripts.filter((name) => name !== `${folder}index.js`)
    expect([...new Set(loaded)].sort()).toEqual(chunks.sort())
  })

  test.each(scripts)('has the license of every package in %s', (name) => {
    const bundled = [
      ...read(name).matchAll(
        /^;\/\/ CONCATENATED MODULE: \.\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm,
      ),
    ].map(([, dependency]) => dependency ?? '')
    const licensed = new Set(read('licenses.txt').split('\n'))
    expect([...new Set(bundled)].filter((dependency) => !licensed.has(dependency))).toEqual([])
  })
})

test.each(['rollback', 'cleanup'])('dist/%s has nothing that packs files or comments', (folder) => {
  const modules =
    /^;\/\/ CONCATENATED MODULE: \.\/(?:src\/source|src\/comment|node_modules\/@octokit)/m
  expect(read(`${folder}/index.js`)).not.toMatch(modules)
  expect(read('index.js')).toMatch(modules)
})
