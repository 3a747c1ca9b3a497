/** Public access: what is sent for what is there, and what counts when another job is faster. */

import { describe, expect, test } from '@jest/globals'
import { setPublicAccess } from '../../../../src/deploy/exposure/access.ts'
import { PUBLIC, type AccessBinding } from '../../../../src/yandex/functions/access.ts'
import { fakeCloud, json, refusal, rejection, type Step } from '../../../support/fakes.ts'

const FORMER = { ...PUBLIC, roleId: 'serverless.functions.invoker' }
const SIGNED_IN = { ...PUBLIC, subject: { id: 'allAuthenticatedUsers', type: 'system' } }
const SOMEBODY = { ...PUBLIC, subject: { id: 'aje1', type: 'serviceAccount' } }
const EDITORS = { ...PUBLIC, roleId: 'functions.editor' }

const DONE = json({ id: 'op1', done: true, response: {} })
const failed = (code: number): Step =>
  json({ id: 'op1', done: true, error: { code, message: 'no' } })
const list = (...accessBindings: readonly AccessBinding[]): Step => json({ accessBindings })
const EXISTS = refusal(6, 'Access binding exists')
const MISSING = refusal(5, 'Access binding not found')

function set(
  { isPublic, seen = [] }: { isPublic: boolean; seen?: readonly AccessBinding[] },
  steps: readonly Step[] = [],
) {
  const fake = fakeCloud([list(...seen), ...steps])
  const deadlineMs = fake.clock.now() + 60_000
  const request = { functionId: 'd4e1', isPublic, deadlineMs }
  return { ...fake, result: setPublicAccess(request, fake.cloud) }
}

describe('public access', () => {
  test.each<[string, boolean, readonly AccessBinding[]]>([
    ['is there', true, [SOMEBODY, PUBLIC]],
    ['is there under a former name', true, [FORMER]],
    ['is not there', false, [SOMEBODY]],
  ])('is not sent when it is asked for as it is: it %s', async (_, isPublic, seen) => {
    const { result, transport } = set({ isPublic, seen })
    expect(await result).toEqual({ isPublic, changed: false, leftOpen: [] })
    expect(transport.requests).toHaveLength(1)
  })

  test('is given by one binding, and no other is touched', async () => {
    const { result, transport } = set({ isPublic: true, seen: [SOMEBODY, SIGNED_IN] }, [DONE])
    expect(await result).toEqual({ isPublic: true, changed: true, leftOpen: [] })
    expect(transport.body(1)).toEqual({
      accessBindingDeltas: [{ action: 'ADD', accessBinding: PUBLIC }],
    })
  })

  test('is taken away under both names of the role, and everything else stays', async () => {
    const seen = [SOMEBODY, PUBLIC, SIGNED_IN, FORMER, EDITORS]
    const { result, transport } = set({ isPublic: false, seen }, [DONE])
    expect(await result).toEqual({ isPublic: false, changed: true, leftOpen: [SIGNED_IN, EDITORS] })
    expect(transport.body(1)).toEqual({
      accessBindingDeltas: [
        { action: 'REMOVE', accessBinding: PUBLIC },
        { action: 'REMOVE', accessBinding: FORMER },
      ],
    })
  })

  test.each<[string, boolean, readonly Step[]]>([
    ['given', true, [EXISTS, list(PUBLIC)]],
    ['given, as its operation says', true, [failed(6), list(PUBLIC)]],
    ['given under a former name', true, [EXISTS, list(FORMER)]],
    ['taken away', false, [MISSING, list(SOMEBODY)]],
    ['taken away, as its operation says', false, [failed(5), list(SOMEBODY)]],
  ])('that another job has just %s is read again, and is good', async (_, isPublic, steps) => {
    const { result, transport } = set({ isPublic, seen: isPublic ? [] : [PUBLIC] }, steps)
    expect(await result).toMatchObject({ isPublic, changed: true })
    expect(transport.requests).toHaveLength(3)
  })

  test('of which another job has taken a part away goes with the rest', async () => {
    const steps = [MISSING, list(FORMER), DONE]
    const { result, transport } = set({ isPublic: false, seen: [PUBLIC, FORMER] }, steps)
    expect(await result).toMatchObject({ isPublic: false, changed: true })
    expect(transport.body(3)).toEqual({
      accessBindingDeltas: [{ action: 'REMOVE', accessBinding: FORMER }],
    })
  })

  test('that the list shows a little later is waited for', async () => {
    const steps = [EXISTS, list(), EXISTS, list(PUBLIC)]
    const { result, clock } = set({ isPublic: true }, steps)
    expect(await result).toMatchObject({ changed: true })
    expect(clock.sleeps).toEqual([1000])
  })

  test('of which the answers go on to contradict each other fails with the last of them', async () => {
    const steps = [EXISTS, list(), EXISTS, list(), EXISTS, list(), EXISTS, list()]
    const { result, transport } = set({ isPublic: true }, steps)
    expect(await rejection(result)).toMatchObject({
      code: 'API_REJECTED',
      grpcCode: 'ALREADY_EXISTS',
    })
    expect(transport.requests).toHaveLength(8)
  })

  test('of a function that is gone fails with the answer to that', async () => {
    const gone = refusal(5, 'Function d4e1 not found')
    const { result, transport } = set({ isPublic: false, seen: [PUBLIC] }, [gone, gone])
    expect(await rejection(result)).toMatchObject({ code: 'API_REJECTED', grpcCode: 'NOT_FOUND' })
    expect(transport.lines[2]).toContain('GET ')
  })

  test.each<[string, Step]>([
    ['at once', refusal(7, 'Permission denied')],
    ['in its operation', failed(7)],
  ])('that is refused %s is not tried again', async (_, step) => {
    const { result, transport } = set({ isPublic: true }, [step])
    expect(await rejection(result)).toMatchObject({ grpcCode: 'PERMISSION_DENIED' })
    expect(transport.requests).toHaveLength(2)
  })
})
