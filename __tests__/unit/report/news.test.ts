/** What the comment on a pull request is told of a run, from the facts that are known at its end. */

import { describe, expect, test } from '@jest/globals'
import type { KnownFacts } from '../../../src/deploy/progress.ts'
import { DeployError } from '../../../src/errors.ts'
import { readSubject } from '../../../src/inputs/inputs.ts'
import { newsOf } from '../../../src/report/news.ts'
import { FACTS, FUNCTION } from '../../support/facts.ts'
import { inputsOf } from '../../support/inputs.ts'

const BY_NAME = { 'function-id': '', 'folder-id': 'b1g9', 'function-name': 'orders' }
const { plan } = FACTS
const PLANNED: KnownFacts = { inputs: inputsOf({ 'dry-run': 'true' }), plan }

describe('what a run ended with', () => {
  test.each<[string, KnownFacts, object]>([
    ['ready', FACTS, { state: 'ready', versionId: 'd4e2', url: FUNCTION.httpInvokeUrl, plan }],
    ['accepted', { ...FACTS, version: { id: 'd4e2', isReady: false } }, { state: 'accepted' }],
    ['unchanged', { ...FACTS, skipped: true }, { state: 'unchanged' }],
  ])('is a deployment that is %s', (_, known, result) => {
    expect(newsOf(known)?.result).toMatchObject({ kind: 'deployed', ...result })
  })

  test('is a plan where nothing was deployed', () => {
    expect(newsOf(PLANNED)?.result).toEqual({ kind: 'planned', plan })
  })

  test.each<['plan' | 'deployment', KnownFacts]>([
    ['plan', PLANNED],
    ['deployment', FACTS],
  ])(
    'is a failed %s with nothing but its code, and the inputs that are to be corrected',
    (what, known) => {
      const error = new DeployError('API_REJECTED', 'the message', { inputs: ['secrets'] })
      const result = { kind: 'failed', what, code: 'API_REJECTED', inputs: ['secrets'] }
      expect(newsOf(known, error)?.result).toEqual(result)
    },
  )

  test('is nothing as long as the function is not known', () => {
    expect(newsOf({}, new DeployError('INPUT_INVALID', ''))).toBeUndefined()
  })

  test.each<['plan' | 'deployment', string]>([
    ['plan', 'true'],
    ['deployment', 'false'],
  ])('is a failed %s where other inputs than the function are invalid', (what, isDryRun) => {
    const subject = readSubject({
      ...BY_NAME,
      memory: '1',
      'dry-run': isDryRun,
      comment: 'true',
      'github-token': 'ghs_1',
    })
    expect(subject?.commentToken?.reveal()).toBe('ghs_1')
    const error = new DeployError('INPUT_INVALID', '', { inputs: ['memory'] })
    expect(newsOf({ ...(subject && { subject }) }, error)).toEqual({
      key: 'b1g9/orders',
      functionName: 'orders',
      result: { kind: 'failed', what, code: 'INPUT_INVALID', inputs: ['memory'] },
    })
  })

  test.each([
    ['has no name', { ...BY_NAME, 'function-name': '' }],
    ['has no folder', { ...BY_NAME, 'folder-id': '' }],
    ['has two names', { ...BY_NAME, 'function-id': 'd4e1' }],
    ['has a name that is none', { ...BY_NAME, 'function-name': 'No <b>' }],
  ])('is nothing where the function %s', (_, raw) => {
    expect(readSubject(raw)).toBeUndefined()
  })
})

describe('the function of a comment', () => {
  test('has the same key before and after it is created, and the name that is known', () => {
    const inputs = inputsOf(BY_NAME)
    const before = newsOf({ inputs, plan })
    const after = newsOf({ ...FACTS, inputs })
    expect(before).toMatchObject({ key: 'b1g9/orders', functionName: 'orders' })
    expect(after).toMatchObject({ key: 'b1g9/orders', functionName: FUNCTION.name })
  })

  test('is its id where the step gives one, also when there is a folder', () => {
    const inputs = inputsOf({ 'function-id': 'd4e1', 'folder-id': 'b1g9' })
    expect(newsOf({ inputs, plan })).toMatchObject({ key: 'd4e1', functionName: 'd4e1' })
    expect(newsOf({ ...FACTS, inputs })).toMatchObject({ key: 'd4e1', functionName: 'hello' })
  })
})
