/** Public access and scaling in a plan: rows for what is given. */

import { describe, expect, test } from '@jest/globals'
import { countsOf, planExposure, UNEXPOSED } from '../../../../src/deploy/plan/exposure.ts'
import { PUBLIC, type AccessBinding } from '../../../../src/yandex/functions/access.ts'
import { UNSCALED, type ScalingPolicy } from '../../../../src/yandex/functions/scaling.ts'
import { inputsOf } from '../../../support/inputs.ts'
import { planOf } from '../../../support/plans.ts'

const STABLE: ScalingPolicy = {
  tag: 'stable',
  provisionedInstancesCount: '1',
  zoneInstancesLimit: '5',
  zoneRequestsLimit: '0',
}

type Given = Readonly<Record<string, string>>

/** `<name>: <verdict>, <live> -> <after>` of each row. */
function rowsOf(
  given: Given,
  live: { bindings?: readonly AccessBinding[]; policies?: readonly ScalingPolicy[] } = {},
): readonly string[] {
  const { exposure, settings } = inputsOf(given)
  return planExposure({ exposure, tags: settings.tags }, { ...UNEXPOSED, ...live }).map(
    ({ name, verdict, live: before = 'nothing', after = 'nothing' }) =>
      `${name}: ${verdict}, ${before} -> ${after}`,
  )
}

describe('the row of public access', () => {
  test.each<[string, Given, readonly AccessBinding[], readonly string[]]>([
    ['is absent when the input is', {}, [PUBLIC], []],
    ['is added', { public: 'true' }, [], ['public: added, false -> true']],
    ['is removed', { public: 'false' }, [PUBLIC], ['public: removed, true -> false']],
    ['stays', { public: 'true' }, [PUBLIC], ['public: unchanged, true -> true']],
    ['stays away', { public: 'false' }, [], ['public: unchanged, false -> false']],
    [
      'knows the former name of the role',
      { public: 'true' },
      [{ ...PUBLIC, roleId: 'serverless.functions.invoker' }],
      ['public: unchanged, true -> true'],
    ],
  ])('%s', (_, given, bindings, rows) => {
    expect(rowsOf(given, { bindings })).toEqual(rows)
  })
})

describe('the rows of scaling', () => {
  const policies = [STABLE, { ...STABLE, tag: '$latest', zoneRequestsLimit: '7' }]

  test.each<[string, Given, readonly string[]]>([
    ['are absent when the inputs are', { tags: 'stable' }, []],
    [
      'are those of $latest without tags',
      { 'zone-requests-limit': '8' },
      ['zone-requests-limit.$latest: changed, 7 -> 8'],
    ],
    [
      'are those of each tag, and not of $latest, with tags',
      { tags: 'stable\nnext', 'zone-instances-limit': '5' },
      [
        'zone-instances-limit.stable: unchanged, 5 -> 5',
        'zone-instances-limit.next: added, 0 -> 5',
      ],
    ],
    [
      'are those of each number that is given',
      {
        tags: 'stable',
        'provisioned-instances': '0',
        'zone-instances-limit': '6',
        'zone-requests-limit': '0',
      },
      [
        'provisioned-instances.stable: removed, 1 -> 0',
        'zone-instances-limit.stable: changed, 5 -> 6',
        'zone-requests-limit.stable: unchanged, 0 -> 0',
      ],
    ],
  ])('%s', (_, given, rows) => {
    expect(rowsOf(given, { policies })).toEqual(rows)
  })

  test('have nothing of the tag of a check', () => {
    const given = { check: 'true', 'check-tag': 'candidate', tags: 'stable' }
    expect(rowsOf({ ...given, 'zone-instances-limit': '9' })).toEqual([
      'zone-instances-limit.stable: added, 0 -> 9',
    ])
  })
})

test('what is no part of a version makes the plan changed, and no version of its own', () => {
  const { exposure } = inputsOf({ public: 'true', 'zone-instances-limit': '3' })
  const sha256 = 'ab'.repeat(32)
  const plan = planOf({
    live: {},
    wanted: { exposure, code: { kind: 'package', sha256, sizeBytes: 1, files: [] } },
  })
  expect(plan).toMatchObject({ changed: true, changes: ['access', 'scaling'] })
})

test('the numbers of a tag without a policy are 0', () => {
  expect(countsOf([STABLE], 'next')).toEqual(UNSCALED)
})
