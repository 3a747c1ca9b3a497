/** The plan as a whole: its areas, what it comes to, what it allows to leave out, and what it never holds. */

import { describe, expect, test } from '@jest/globals'
import {
  planDeployment,
  planUncompared,
  type Known,
  type Plan,
  type Wanted,
} from '../../../../src/deploy/plan/plan.ts'
import { UNEXPOSED } from '../../../../src/deploy/plan/exposure.ts'
import { whyNotReused, whyNotSkipped } from '../../../../src/deploy/plan/shortcuts.ts'
import { LATEST, type Version } from '../../../../src/yandex/functions/versions.ts'
import type { CloudFunction } from '../../../../src/yandex/functions/functions.ts'
import { FOLDER_ID, shown, specOf } from '../../../support/versions.ts'

const SHA = 'ab'.repeat(32)
const OTHER_SHA = 'cd'.repeat(32)
const FILE = { name: 'index.js', sizeBytes: 5, crc32: 1 }

const FUNCTION: CloudFunction = {
  id: 'd4f1',
  folderId: FOLDER_ID,
  name: 'hello',
  description: 'says hello',
  labels: { team: 'a', tier: 'web' },
  httpInvokeUrl: '',
  status: 'ACTIVE',
}

function wanted(changes: Partial<Wanted> = {}): Wanted {
  return {
    function: { description: undefined, labels: undefined },
    code: { kind: 'package', sha256: SHA, sizeBytes: 100, files: [FILE] },
    spec: specOf(),
    tags: [],
    exposure: { isPublic: undefined, scaling: undefined },
    ...changes,
  }
}

/** The version that a deployment of the same step makes. */
function version(own: Partial<Version> = {}): Version {
  const { spec = specOf(), ...rest } = own
  return shown(spec, {
    description: `mine [sha256:${SHA} run:1]`,
    createdAt: '2026-01-01T00:00:00Z',
    ...rest,
  })
}

function known(holders: Readonly<Record<string, Version>>, rest: Partial<Known> = {}): Known {
  return {
    function: FUNCTION,
    folderId: FOLDER_ID,
    holders: new Map(Object.entries(holders)),
    livePackage: undefined,
    exposure: UNEXPOSED,
    ...rest,
  }
}

function differing({ rows }: Plan): readonly string[] {
  return rows
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map(({ name, verdict }) => `${name} ${verdict}`)
}

describe('a plan', () => {
  test('has no changes for the step that made the live version', () => {
    const plan = planDeployment(wanted(), known({ [LATEST]: version() }))
    expect(differing(plan)).toEqual([])
    expect(plan).toMatchObject({
      isCompared: true,
      changed: false,
      changes: [],
      live: { id: 'd4e1', tag: LATEST, status: 'ACTIVE', sha256: SHA },
      tagsToMove: [],
    })
  })

  test('compares with the holder of the first tag, not with the newest version', () => {
    const plan = planDeployment(
      wanted({ tags: ['stable', 'v1'] }),
      known({
        [LATEST]: version({ id: 'newest', spec: specOf({ memory: '1GB' }) }),
        stable: version({ id: 'live' }),
      }),
    )
    expect(plan.live).toMatchObject({ id: 'live', tag: 'stable' })
    expect(differing(plan)).toEqual(['tags.v1 added'])
    expect(plan.tagsToMove).toEqual(['v1'])
  })

  test.each<[string, Known]>([
    ['function', known({}, { function: undefined })],
    ['version', known({})],
    ['tag', known({ [LATEST]: version() })],
  ])('has everything new where there is no such %s', (_, cloud) => {
    const plan = planDeployment(
      wanted({
        tags: ['stable'],
        spec: specOf({ environment: 'A=1' }),
        function: { description: 'new', labels: undefined },
      }),
      { ...cloud, function: undefined },
    )
    expect(plan.live).toBeUndefined()
    expect(plan.changed).toBe(true)
    expect(plan.changes).toEqual(['function', 'code', 'settings', 'tags'])
    expect([...new Set(plan.rows.map(({ verdict }) => verdict))]).toEqual(['added'])
  })

  test.each<[string, Partial<Wanted['function']>, readonly string[]]>([
    ['nothing that is not given', {}, []],
    ['the description', { description: 'says more' }, ['function-description changed']],
    ['a description that is the same', { description: 'says hello' }, []],
    [
      'the labels, one by one',
      { labels: { team: 'b', new: '' } },
      ['function-labels.new added', 'function-labels.team changed', 'function-labels.tier removed'],
    ],
  ])('of the function compares %s', (_, given, names) => {
    const inputs = { description: undefined, labels: undefined, ...given }
    const plan = planDeployment(wanted({ function: inputs }), known({ [LATEST]: version() }))
    expect(differing(plan)).toEqual(names)
    expect(plan.changes).toEqual(names.length > 0 ? ['function'] : [])
  })

  test.each<[string, string, Wanted['code'], string, Plan['changed']]>([
    ['the same package', `[sha256:${SHA} run:1]`, wanted().code, 'unchanged', false],
    ['another package', `[sha256:${OTHER_SHA} run:1]`, wanted().code, 'changed', true],
    ['a package that nobody knows', 'by hand', wanted().code, 'unknown', undefined],
    ['a copy of one that nobody knows', '[run:1 from:d4e0]', wanted().code, 'unknown', undefined],
    [
      'a copy of the same package',
      `[sha256:${SHA} run:1 from:x]`,
      wanted().code,
      'unchanged',
      false,
    ],
    [
      'the version whose code is taken',
      'by hand',
      { kind: 'version', versionId: 'd4e1', sha256: undefined },
      'unchanged',
      false,
    ],
    [
      'a copy of the version whose code is taken',
      '[run:1 from:d4e0]',
      { kind: 'version', versionId: 'd4e0', sha256: undefined },
      'unchanged',
      false,
    ],
    [
      'the same package as the version whose code is taken',
      `[sha256:${SHA} run:1]`,
      { kind: 'version', versionId: 'd4e0', sha256: SHA },
      'unchanged',
      false,
    ],
    [
      'another package than the version whose code is taken',
      `[sha256:${OTHER_SHA} run:1]`,
      { kind: 'version', versionId: 'd4e0', sha256: SHA },
      'changed',
      true,
    ],
    [
      'code that cannot be told from that of a version',
      `[sha256:${SHA} run:1]`,
      { kind: 'version', versionId: 'd4e0', sha256: undefined },
      'unknown',
      undefined,
    ],
  ])('of a version that runs %s', (_, description, code, verdict, changed) => {
    const plan = planDeployment(wanted({ code }), known({ [LATEST]: version({ description }) }))
    expect(plan.rows.find(({ area }) => area === 'code')).toMatchObject({
      name: 'package',
      verdict,
    })
    expect(plan.changed).toBe(changed)
  })

  test('is of a change even where something else cannot be told', () => {
    const live = version({ description: 'by hand', spec: specOf({ memory: '1GB' }) })
    const plan = planDeployment(wanted(), known({ [LATEST]: live }))
    expect(plan).toMatchObject({ changed: true, changes: ['settings'] })
  })

  test('sees an environment by that of another version that was read', () => {
    const step = wanted({ spec: specOf({ environment: 'A=1' }), tags: ['stable'] })
    const hidden = planDeployment(step, known({ stable: version() }))
    expect(differing(hidden)).toEqual(['environment unknown'])
    expect(hidden.changed).toBeUndefined()
    const other = version({ id: 'x', spec: specOf({ environment: 'B=1' }) })
    const seen = planDeployment(step, known({ stable: version(), [LATEST]: other }))
    expect(differing(seen)).toEqual(['environment.A added'])
    expect(seen.changed).toBe(true)
  })

  test('has the move of each tag, and from which version', () => {
    const plan = planDeployment(
      wanted({ tags: ['stable', 'v1', 'v2'] }),
      known({ stable: version(), v1: version(), v2: version({ id: 'old' }) }),
    )
    expect(plan.rows.filter(({ area }) => area === 'tags')).toMatchObject([
      { name: 'tags.stable', verdict: 'unchanged' },
      { name: 'tags.v1', verdict: 'unchanged' },
      { name: 'tags.v2', verdict: 'changed', live: 'old', after: 'this version' },
    ])
    expect(plan).toMatchObject({ changed: true, changes: ['tags'], tagsToMove: ['v2'] })
  })

  test('lists the files of packages that differ, when the live one can be read', () => {
    const livePackage = {
      sizeBytes: 90,
      files: [
        { ...FILE, crc32: 2 },
        { ...FILE, name: 'gone.js' },
      ],
    }
    const description = `[sha256:${OTHER_SHA} run:1]`
    const plan = planDeployment(
      wanted(),
      known({ [LATEST]: version({ description }) }, { livePackage }),
    )
    expect(plan.package).toEqual({
      sha256: SHA,
      sizeBytes: 100,
      liveSizeBytes: 90,
      files: { added: [], removed: ['gone.js'], changed: ['index.js'], unchangedCount: 0 },
    })
  })

  test('without credentials compares nothing and says so', () => {
    expect(
      planUncompared(wanted({ tags: ['stable'] }), { why: 'there are no credentials' }),
    ).toMatchObject({
      isCompared: false,
      changed: undefined,
      changes: [],
      live: undefined,
      package: { sha256: SHA, sizeBytes: 100 },
    })
  })

  test('holds no value of the environment', () => {
    const plan = planDeployment(
      wanted({ spec: specOf({ environment: 'A=hunter2\nB=hunter3' }) }),
      known({ [LATEST]: version({ spec: specOf({ environment: 'A=hunter4\nC=hunter5' }) }) }),
    )
    expect(differing(plan)).toHaveLength(3)
    expect(JSON.stringify(plan)).not.toContain('hunter')
  })
})

describe('a version is skipped', () => {
  const decide = (step: Partial<Wanted>, holders: Readonly<Record<string, Version>>) =>
    whyNotSkipped(planDeployment(wanted(step), known(holders)))

  test.each<[string, Partial<Wanted>, Version | undefined, string | undefined]>([
    ['when nothing differs', {}, version(), undefined],
    [
      'when the function differs',
      { function: { description: 'x', labels: {} } },
      version(),
      undefined,
    ],
    ['never when there is none', {}, undefined, 'there is no live version'],
    [
      'never when it was made by hand',
      {},
      version({ description: 'by hand' }),
      'it is not known which package the live version runs',
    ],
    [
      'never when it is a copy of unknown code',
      {},
      version({ description: '[run:1 from:d4e0]' }),
      'it is not known which package the live version runs',
    ],
    [
      'never when the code differs',
      {},
      version({ description: `[sha256:${OTHER_SHA} run:1]` }),
      'the code changes',
    ],
    [
      'never while it is being built',
      {},
      version({ status: 'CREATING' }),
      'the live version is CREATING',
    ],
    [
      'never when it is about to be deleted',
      {},
      version({ status: 'OBSOLETE' }),
      'the live version is OBSOLETE',
    ],
    [
      'never when its status is not told',
      {},
      version({ status: '' }),
      'the live version is of no status',
    ],
    [
      'never when the runtime differs',
      { spec: specOf({ runtime: 'nodejs24' }) },
      version(),
      'settings change',
    ],
    [
      'never when its environment is not visible',
      { spec: specOf({ environment: 'A=1' }) },
      version(),
      'the environment of the live version is not visible to this account',
    ],
    [
      'never when the environment differs',
      { spec: specOf({ environment: 'A=1' }) },
      version({ spec: specOf({ environment: 'A=2' }) }),
      'settings change',
    ],
    [
      'never when a setting would be lost',
      {},
      version({ spec: specOf({ concurrency: '4' }) }),
      'settings change',
    ],
    [
      'never when the latest version of a secret is another one now',
      { spec: specOf({ 'service-account': 'aje1', secrets: 'A=s/v2/k' }) },
      version({ spec: specOf({ 'service-account': 'aje1', secrets: 'A=s/v1/k' }) }),
      'settings change',
    ],
  ])('%s', (_, step, live, reason) => {
    expect(decide(step, live ? { [LATEST]: live } : {})).toBe(reason)
  })

  test('when some of its tags are elsewhere, as after a promotion that was broken off', () => {
    const holders = { stable: version(), v1: version({ id: 'old' }) }
    const plan = planDeployment(wanted({ tags: ['stable', 'v1', 'v2'] }), known(holders))
    expect(whyNotSkipped(plan)).toBeUndefined()
    expect(plan.tagsToMove).toEqual(['v1', 'v2'])
  })

  test('never when the first of its tags is on no version, or on another', () => {
    const tags = ['stable']
    expect(decide({ tags }, { [LATEST]: version() })).toBe('there is no live version')
    const stable = version({ id: 'old', description: `[sha256:${OTHER_SHA} run:1]` })
    expect(decide({ tags }, { [LATEST]: version(), stable })).toBe('the code changes')
  })

  test('never when nothing was compared', () => {
    expect(whyNotSkipped(planUncompared(wanted(), { why: 'there are no credentials' }))).toBe(
      'nothing was compared',
    )
  })
})

describe('code is reused', () => {
  test.each<[string, Partial<Wanted>, Version | undefined, string | undefined]>([
    ['when only settings differ', { spec: specOf({ memory: '1GB' }) }, version(), undefined],
    [
      'when the environment is not visible',
      { spec: specOf({ environment: 'A=1' }) },
      version(),
      undefined,
    ],
    [
      'never with another runtime',
      { spec: specOf({ runtime: 'nodejs24' }) },
      version(),
      'the runtime changes',
    ],
    [
      'never when the code differs',
      {},
      version({ description: `[sha256:${OTHER_SHA} run:1]` }),
      'the code changes',
    ],
    [
      'never of a version that was made by hand',
      {},
      version({ description: '' }),
      'it is not known which package the live version runs',
    ],
    [
      'never of a version that is about to go',
      {},
      version({ status: 'OBSOLETE' }),
      'the live version is OBSOLETE',
    ],
    ['never when there is none', {}, undefined, 'there is no live version'],
    [
      'never when the code is that of a version',
      { code: { kind: 'version', versionId: 'd4e1', sha256: SHA } },
      version(),
      'there is no package to send',
    ],
  ])('%s', (_, step, live, reason) => {
    const plan = planDeployment(wanted(step), known(live ? { [LATEST]: live } : {}))
    expect(whyNotReused(plan)).toBe(reason)
  })
})
