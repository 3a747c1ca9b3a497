/** The record of a run: what is true so far, and every fact reported once. */

import { expect, test } from '@jest/globals'
import { Progress, type Fact } from '../../../src/deploy/progress.ts'
import { FACTS } from '../../support/facts.ts'

test('a fact is given back, remembered, and reported once, in the order of the run', () => {
  const told: Fact[] = []
  const progress = new Progress((fact) => told.push(fact))
  expect(progress.known).toEqual({})

  expect(progress.record('function', FACTS.function)).toBe(FACTS.function)
  const before = progress.known
  progress.record('version', FACTS.version)

  expect(before).toEqual({ function: FACTS.function })
  expect(progress.known).toEqual({ function: FACTS.function, version: FACTS.version })
  expect(told).toEqual([
    { name: 'function', value: FACTS.function },
    { name: 'version', value: FACTS.version },
  ])
})
