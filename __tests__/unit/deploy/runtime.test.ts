/** The runtime of a step: unknown ones are refused before anything is created, old ones are warned of. */

import { describe, expect, test } from '@jest/globals'
import { checkRuntime } from '../../../src/deploy/runtime.ts'
import {
  answer,
  connectionError,
  fakeCloud,
  json,
  refusal,
  rejection,
  type Step,
} from '../../support/fakes.ts'

const LIST = ['nodejs18', 'nodejs22', 'python312', 'python314', 'golang123', 'bash-2204']

const check = (runtime: string, step: Step = json({ runtimes: LIST })) => {
  const fake = fakeCloud([step])
  return { ...fake, result: checkRuntime(runtime, fake.cloud) }
}

describe('a runtime', () => {
  test('that the cloud has needs no word', async () => {
    const { result, transport } = check('nodejs22')
    expect(await result).toEqual([])
    expect(transport.lines).toEqual(['GET /functions/v1/runtimes'])
  })

  test.each([
    ['nodejs21', ' Did you mean "nodejs22"?'],
    ['node22', ' Did you mean "nodejs22"?'],
    ['Nodejs22', ' Did you mean "nodejs22"?'],
    ['python3.12', ' Did you mean "python312" or "python314"?'],
    ['bash-22', ' Did you mean "bash-2204"?'],
    ['cobol', ' It has "nodejs22", "python312", "python314", "golang123", "bash-2204".'],
  ])('that it does not have is refused with those near it: %s', async (runtime, near) => {
    expect(await rejection(check(runtime).result)).toMatchObject({
      code: 'INPUT_INVALID',
      message: `\`runtime\`: Yandex Cloud has no runtime "${runtime}".${near}`,
      hint: expect.stringContaining('`yc serverless function runtime list`'),
    })
  })

  test.each([
    ['nodejs18', ' Did you mean "nodejs22"?'],
    ['nodejs16', ' Did you mean "nodejs22"?'],
    ['dotnetcore31', ''],
  ])('that is no longer supported is a warning, listed or not: %s', async (runtime, near) => {
    expect(await check(runtime).result).toEqual([
      `\`runtime\`: Yandex Cloud no longer supports "${runtime}".${near}`,
    ])
  })
})

describe('a list that cannot be read', () => {
  test.each<[string, Step]>([
    ['is refused', refusal(7, 'no')],
    ['is not there', answer(404)],
    ['breaks', answer(503)],
    ['is cut off', connectionError('ECONNRESET')],
    ['is not JSON', answer(200, '<html>')],
    ['has another shape', json({ runtimes: 'nodejs22' })],
    ['has other items', json({ runtimes: [{ id: 'nodejs22' }] })],
    ['is empty', json({})],
  ])('says nothing about the runtime and is asked for once: it %s', async (_, step) => {
    const { result, transport } = check('nodejs99', step)
    expect(await result).toEqual([])
    expect(transport.requests).toHaveLength(1)
  })

  test('still has the documented ones warned of', async () => {
    expect(await check('nodejs16', refusal(7, 'no')).result).toEqual([
      '`runtime`: Yandex Cloud no longer supports "nodejs16".',
    ])
  })
})
