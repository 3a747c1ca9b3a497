/** What is shown of a failure: the annotation of the run, hints and lines from a build log. */

import { describe, expect, test } from '@jest/globals'
import { DeployError } from '../../../src/errors.ts'
import { advise } from '../../../src/report/advice.ts'
import {
  annotationOf,
  asDeployError,
  buildLogOf,
  lineAnnotations,
  shownError,
} from '../../../src/report/failure.ts'
import { PACKED } from '../../support/facts.ts'
import { withoutBackticks } from '../../../src/text.ts'
import { FakeRunner, thrown } from '../../support/fakes.ts'
import { HOSTILE } from '../../support/hostile.ts'
import { inputsOf } from '../../support/inputs.ts'

describe('the annotation of a failed run', () => {
  test('names the one input that is wrong, and needs no further advice', () => {
    const error = thrown(() => inputsOf({ memory: '5' })) as DeployError
    expect(annotationOf(shownError(error, new FakeRunner()), 'LINK')).toEqual({
      title: 'INPUT_INVALID: memory',
      message: `${withoutBackticks(error.message)}\n\nLINK`,
    })
  })

  test('keeps advice, link and ids where the runner cuts a long message', () => {
    const details = { 'operation id': 'op1', other: '2' }
    const error = new DeployError('OPERATION_FAILED', 'x'.repeat(50_000), { hint: 'do', details })
    const { message } = annotationOf(error, 'LINK')
    expect(message.length).toBeLessThanOrEqual(4_096)
    expect(message).toMatch(/^x+… \(cut\)\n\ndo\nLINK\noperation id: op1, other: 2$/)
  })

  test.each(HOSTILE)('has its details on one line, whatever they hold: %j', (text) => {
    const error = new DeployError('CANCELLED', 'm', { hint: 'h', details: { id: text } })
    const { message } = annotationOf(shownError(error, new FakeRunner()), 'LINK')
    expect(message.split(/[\r\n\u2028\u2029\u0085]/)).toHaveLength(5)
  })
})

test.each<[string, unknown, string]>([
  ['an error', new TypeError('x is undefined'), 'TypeError: x is undefined'],
  ['a text', 'oops', "'oops'"],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 5, '5'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['an object', { a: { b: 1 } }, '{ a: [Object] }'],
  ['an object that cannot be text', Object.create(null), '[Object: null prototype] {}'],
])('%s that nobody expected to be thrown is reported as a bug of the action', (_, value, told) => {
  const error = asDeployError(value)
  expect(error.code).toBe('INTERNAL_ERROR')
  expect(error.message).toBe(`The action itself failed: ${told}`)
  expect(advise(error).hint).toContain('This is a bug of the action. Please report it')
})

describe('the log of a failed build', () => {
  const failure = (text: string): DeployError =>
    new DeployError('OPERATION_FAILED', 'failed', {
      hint: 'usual advice',
      evidence: { kind: 'build log', text },
    })

  test('is shown without what is masked', () => {
    const runner = new FakeRunner()
    runner.mask('hunter2hunter2')
    const lines = Array.from({ length: 60 }, (_, at) => `line ${at}`)
    const text = `${lines.join('\r\n')} hunter2hunter2\n\n`
    const log = buildLogOf(failure(text), runner)
    expect(log).toEqual([...lines.slice(0, -1), 'line 59 ***'])
  })

  test('has long lines cut', () => {
    const log = buildLogOf(failure('x'.repeat(5_000)), new FakeRunner())
    expect(log).toEqual([`${'x'.repeat(2_000)}… (cut)`])
  })

  test('does not exist for any other failure', () => {
    expect(buildLogOf(new DeployError('CANCELLED', 'x'), new FakeRunner())).toEqual([])
  })

  test('points to the lines of the repository that its packed files come from', () => {
    const file = { name: 'main.go', path: '/work/fn/main.go', sizeBytes: 1, executable: false }
    const known = {
      package: { ...PACKED, selection: { ...PACKED.selection, files: [file] } },
    }
    const log = ['./main.go:3:1: undefined: x', './other.go:4:1: not in the package']
    const annotations = [
      { title: 'Build error', file: 'fn/main.go', line: 3, message: 'undefined: x' },
    ]
    expect(lineAnnotations(log, { known, context: { workspace: '/work' } })).toEqual(annotations)
    expect(lineAnnotations(log, { known: {}, context: { workspace: '/work' } })).toEqual([])
  })

  test.each([
    'npm error signal SIGKILL',
    'FATAL ERROR: JavaScript heap out of memory',
    'go build: compile: signal: killed',
  ])('that says %j has the advice for a builder without memory', (line) => {
    const log = [line, ...Array.from({ length: 99 }, () => 'npm timing')].join('\n')
    expect(shownError(failure(log), new FakeRunner()).hint).toContain('1 GB of memory')
    expect(shownError(failure('npm timing'), new FakeRunner()).hint).toBe('usual advice')
  })
})
