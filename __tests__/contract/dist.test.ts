/** The bundle as it is committed: whole, without leftovers, with the licenses of all that is in it. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ROOT } from '../support/examples.ts'

const DIST = join(ROOT, 'dist')
const files = readdirSync(DIST)
const read = (name: string): string => readFileSync(join(DIST, name), 'utf8')
const scripts = files.filter((name) => name.endsWith('.js'))

describe('dist/', () => {
  test('has the entry, its chunks, and what belongs to them', () => {
    const others = files.filter((name) => !/^\d+\.index\.js$/.test(name))
    expect(others.sort()).toEqual(['index.js', 'licenses.txt', 'package.json'])
  })

  test('has exactly the chunks that a script loads', () => {
    const loaded = scripts.flatMap((name) =>
      [...read(name).matchAll(/__nccwpck_require__\.e\((?:\/\*[^*]*\*\/ )?(\d+)\)/g)].map(
        ([, id]) => `${id ?? ''}.index.js`,
      ),
    )
    const chunks = scripts.filter((name) => name !== 'index.js')
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
