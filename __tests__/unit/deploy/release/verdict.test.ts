import { describe, expect, test } from '@jest/globals'
import { judge, type Expectation, type Verdict } from '../../../../src/deploy/release/verdict.ts'
import { parseStatuses } from '../../../../src/inputs/release/check.ts'
import { answer, json } from '../../../support/fakes.ts'

const OURS = { 'x-function-version-id': 'd4e2' }
const CRASH = { 'x-function-error': 'true' }

/** What a check wants by default. */
const EXPECTED: Expectation = {
  versionId: 'd4e2',
  statuses: parseStatuses('200-299'),
  contains: undefined,
  hides: [],
}

type Row = readonly [
  what: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  kind: Verdict['kind'],
  wanted?: Partial<Expectation>,
  body?: string,
]

const FAILURES = { statuses: parseStatuses('500-599') }

const ANSWERS: readonly Row[] = [
  ['a success of the version', 200, OURS, 'passed'],
  ['the lowest status that is wanted', 200, OURS, 'passed', { statuses: parseStatuses('200') }],
  ['the highest status that is wanted', 299, OURS, 'passed'],
  ['a status above', 300, OURS, 'failed'],
  ['a success that does not name its version', 200, {}, 'passed'],
  ['a success of another version', 200, { 'x-function-version-id': 'd4e1' }, 'trouble'],
  ['a success that names two versions', 200, { 'x-function-version-id': 'd4e2, d4e1' }, 'trouble'],
  ['an error of another version', 502, { 'x-function-version-id': 'd4e1', ...CRASH }, 'trouble'],
  ['a success that is marked as an error', 200, { ...OURS, ...CRASH }, 'failed'],
  ['a mark in capitals', 200, { ...OURS, 'x-function-error': 'True' }, 'failed'],
  ['a mark that says no', 200, { ...OURS, 'x-function-error': 'false' }, 'passed'],
  ['a crash', 502, { ...OURS, ...CRASH }, 'failed'],
  ['a crash without a mark', 502, {}, 'failed'],
  ['a timeout', 504, {}, 'failed'],
  ['a crash where 502 is wanted', 502, { ...OURS, ...CRASH }, 'failed', FAILURES],
  ['502 of the version where it is wanted', 502, OURS, 'passed', FAILURES],
  ['502 of nobody where it is wanted', 502, {}, 'failed', FAILURES],
  ['500 of the version', 500, OURS, 'failed'],
  ['500 of nobody', 500, {}, 'failed'],
  [
    '500 of the version where it is wanted',
    500,
    OURS,
    'passed',
    { statuses: parseStatuses('500') },
  ],
  ...[403, 404, 429, 503].flatMap((status): readonly Row[] => [
    [`${status} of the service`, status, {}, 'trouble'],
    [`${status} of the service where it is wanted`, status, {}, 'trouble', wanting(status)],
    [`${status} of the version`, status, OURS, 'failed'],
    [`${status} of the version where it is wanted`, status, OURS, 'passed', wanting(status)],
    [`${status} of another version`, status, { 'x-function-version-id': 'd4e1' }, 'trouble'],
  ]),
  ['a redirect', 302, { ...OURS, location: 'https://elsewhere.example/' }, 'failed'],
  ['a redirect that is wanted', 302, OURS, 'passed', wanting(302)],
  ['401 of the version', 401, OURS, 'failed'],
  ['a status of a list', 404, OURS, 'passed', { statuses: parseStatuses('200-299,404') }],
  ['the text that is wanted', 200, OURS, 'passed', { contains: 'fine' }, 'all is fine here'],
  ['another text', 200, OURS, 'failed', { contains: 'fine' }, 'FINE'],
  ['no text', 200, OURS, 'failed', { contains: 'fine' }, ''],
  ['a text that is not of ASCII', 200, OURS, 'passed', { contains: 'готово' }, 'всё готово'],
  ['the text with another status', 500, OURS, 'failed', { contains: 'fine' }, 'fine'],
]

function wanting(status: number): Partial<Expectation> {
  return { statuses: parseStatuses(String(status)) }
}

describe('an answer', () => {
  test.each(
    ANSWERS.map(
      ([what, status, headers, kind, ...rest]) => [what, kind, { status, headers, rest }] as const,
    ),
  )('that is %s: %s', (_, kind, { status, headers, rest: [wanted, body] }) => {
    expect(judge(answer(status, body, headers), { ...EXPECTED, ...wanted }).kind).toBe(kind)
  })

  test.each([
    [OURS, true],
    [{}, false],
  ])('with the headers %j passes, and is proven to be of the version: %s', (headers, isProven) => {
    const verdict = judge(answer(204, '', headers), EXPECTED)
    expect(verdict).toEqual({ kind: 'passed', status: 204, isProven })
  })

  test.each([
    [answer(404), EXPECTED, 'the service answered HTTP 404'],
    [answer(504, '', OURS), EXPECTED, 'the function failed: HTTP 504'],
    [
      answer(200, '', { 'x-function-version-id': 'd4e1' }),
      EXPECTED,
      'another version answered: d4e1',
    ],
    [
      answer(301, '', OURS),
      { ...EXPECTED, statuses: parseStatuses('204, 200-202') },
      'it answered HTTP 301; `check-status` is 200-202, 204',
    ],
    [
      answer(200, 'private', OURS),
      { ...EXPECTED, contains: 'fine' },
      'it answered HTTP 200 without the text of `check-contains`',
    ],
  ])('that does not pass says why, and quotes nothing: %#', (given, expected, reason) => {
    expect(judge(given, expected)).toMatchObject({ reason })
  })
})

const failing = (body: unknown, headers: Record<string, string> = { ...OURS, ...CRASH }) => {
  const verdict = judge(json(body, { status: 502, headers }), EXPECTED)
  if (verdict.kind !== 'failed') throw new TypeError(verdict.kind)
  return verdict.error
}

describe('the error of a function', () => {
  test.each([
    [
      'with a trace of objects that have a text',
      {
        errorMessage: "Cannot find module 'x'\nRequire stack:\n- /function/code/index.js",
        errorType: 'Error',
        stackTrace: [{ line: '    at Module._load (node:internal:1:2)' }, { line: 'at main' }],
      },
      {
        message: "Error: Cannot find module 'x'\nRequire stack:\n- /function/code/index.js",
        trace: ['at Module._load (node:internal:1:2)', 'at main'],
      },
    ],
    [
      'with a trace of texts',
      { errorMessage: 'm', errorType: 'T', stackTrace: ['  File "index.py", line 1', ''] },
      { message: 'T: m', trace: ['File "index.py", line 1'] },
    ],
    [
      'with a trace of places',
      {
        errorMessage: 'm',
        errorType: 'T',
        stackTrace: [
          { function: 'handler', file: 'index.js', line: 3, column: 5 },
          { file: 'a.js' },
          { function: 'lost' },
          7,
          null,
        ],
      },
      { message: 'T: m', trace: ['at handler (index.js:3:5)', 'at a.js'] },
    ],
    ['without a trace', { errorMessage: 'm' }, { message: 'm', trace: [] }],
    [
      'with fields of other types',
      { errorMessage: 'm', errorType: { a: 1 }, stackTrace: 'at main' },
      { message: 'm', trace: [] },
    ],
    ['without a message', { errorType: 'T' }, undefined],
    ['that is a list', ['m'], undefined],
    ['with control characters', { errorMessage: 'a\u001b[31mb' }, { message: 'ab' }],
  ])('%s is read', (_, body, error) => {
    expect(failing(body)).toEqual(error === undefined ? undefined : expect.objectContaining(error))
  })

  test('that is no JSON is none', () => {
    expect(judge(answer(502, '<html>', CRASH), EXPECTED)).toMatchObject({ error: undefined })
  })

  test('of a wrong answer has nothing of that answer', () => {
    const error = failing({
      errorMessage: 'Malformed serverless function response',
      errorType: 'ProxyIntegrationError',
      payload: { password: 'hunter2' },
      stackTrace: [{ payload: 'hunter2' }],
    })
    expect(JSON.stringify(error)).not.toContain('hunter2')
    expect(error).toMatchObject({
      message: 'ProxyIntegrationError: Malformed serverless function response',
    })
  })

  test('has no part of a value of the environment, not even where it is cut', () => {
    const body = { errorMessage: `${'x'.repeat(995)}hunter2secret`, errorType: 'hunter2secret' }
    const expected = { ...EXPECTED, hides: ['hunter2secret'] }
    expect(JSON.stringify(judge(json(body, { status: 502 }), expected))).not.toContain('hunt')
  })

  test('is cut to a length that can be read', () => {
    const long = 'x'.repeat(10_000)
    const stackTrace = Array.from({ length: 100 }, () => long)
    const error = failing({ errorMessage: long, errorType: long, stackTrace })
    expect(error?.trace).toHaveLength(10)
    expect(JSON.stringify(error).length).toBeLessThan(6_000)
  })
})
