/** The way of a pointer, and where it goes back to. */

import { describe, expect, test } from '@jest/globals'
import { placesBefore, trailOf, type Step } from '../../../src/rollback/finder.ts'

/** `c=a` is a step to `c` that takes the place of `a`, since it is a copy of it. */
function steps(way: string): readonly Step[] {
  return way
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [versionId = '', placeOf = versionId] = word.split('=')
      return { versionId, placeOf }
    })
}

describe('the trail of a pointer', () => {
  test.each([
    ['is empty before the first step', '', ''],
    ['grows by each version that is new', 'a b c', 'a b c'],
    ['does not grow by a version that is there already', 'a b b', 'a b'],
    ['loses what was gone back from', 'a b c b', 'a b'],
    ['loses all that was gone back from at once', 'a b c a', 'a'],
    ['goes on from where it went back to', 'a b c b d', 'a b d'],
    ['has a version again that was gone forward to again', 'a b c b c', 'a b c'],
    ['takes two versions in turn for a way to and fro', 'a b a b', 'a b'],
    ['has a copy at the place of its source', 'a b c=a', 'a+c'],
    ['has the copy of a copy at the same place', 'a b c=a d e=c', 'a+c+e'],
    ['goes on from a copy', 'a b c=a d', 'a+c d'],
    ['has the copy of a version that it does not have as a new one', 'a b c=x', 'a b c'],
  ])('%s', (_, way, expected) => {
    expect(
      trailOf(steps(way))
        .map((place) => place.join('+'))
        .join(' '),
    ).toBe(expected)
  })
})

describe('going back', () => {
  test.each([
    ['goes to the version before', 'a b c', 'b a'],
    ['a second time goes one further', 'a b c b', 'a'],
    ['a third time has nowhere to go', 'a b c b a', ''],
    [
      'after a new version goes to what was live before that, not to what was gone back from',
      'a b c b d',
      'b a',
    ],
    ['between two versions that were deployed in turn goes to the other', 'a b a b', 'a'],
    ['by copies goes one further each time', 'a b c d=b', 'a'],
    ['to a place that has a copy may go to the copy as well', 'a b c=a d', 'a+c'],
    ['from the only version has nowhere to go', 'a', ''],
  ])('%s', (_, way, expected) => {
    expect(
      placesBefore(steps(way))
        .map((place) => place.join('+'))
        .join(' '),
    ).toBe(expected)
  })
})
