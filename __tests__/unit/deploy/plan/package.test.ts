/** Files of two packages compared by name, size and CRC-32. */

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { diffFiles } from '../../../../src/deploy/plan/package.ts'

const file = (name: string, crc32 = 1, sizeBytes = 1) => ({ name, crc32, sizeBytes })

test('tells added, removed and changed files, each sorted', () => {
  expect(
    diffFiles(
      [file('z'), file('same'), file('crc'), file('size'), file('y')],
      [file('size', 1, 2), file('b'), file('crc', 2), file('a'), file('same')],
    ),
  ).toEqual({
    added: ['a', 'b'],
    removed: ['y', 'z'],
    changed: ['crc', 'size'],
    unchangedCount: 1,
  })
})

test('every file is in exactly one list', () => {
  const files = fc.uniqueArray(
    fc.record({
      name: fc.string({ maxLength: 3 }),
      crc32: fc.integer({ min: 0, max: 1 }),
      sizeBytes: fc.integer({ min: 0, max: 1 }),
    }),
    { selector: ({ name }) => name },
  )
  fc.assert(
    fc.property(files, files, (live, after) => {
      const { added, removed, changed, unchangedCount } = diffFiles(live, after)
      expect(added.length + changed.length + unchangedCount).toBe(after.length)
      expect(removed.length + changed.length + unchangedCount).toBe(live.length)
      const same = diffFiles(after, after)
      expect(same).toEqual({ added: [], removed: [], changed: [], unchangedCount: after.length })
      const back = diffFiles(after, live)
      expect([back.added, back.removed, back.changed]).toEqual([removed, added, changed])
    }),
  )
})
