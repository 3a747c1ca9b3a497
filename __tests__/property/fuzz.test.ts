/** Whatever comes in, every parser gives a value or its declared error: no crash, no hang, no secret told. */

import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { findErrorLines } from '../../src/report/build-errors.ts'
import { parseSecretReference } from '../../src/inputs/environment.ts'
import { parseInputs } from '../../src/inputs/inputs.ts'
import { parseServiceAccountKey, secretsOfKey } from '../../src/inputs/key.ts'
import { parseBucketMount, parseEphemeralDisk } from '../../src/inputs/mounts.ts'
import { INPUT_NAMES } from '../../src/inputs/names.ts'
import { hideLinks, logText, markdownBlock, markdownText, oneLine, plain } from '../../src/text.ts'
import { parseBytes, parseLines, parsePairs, parseSeconds } from '../../src/inputs/values.ts'
import { nearest } from '../../src/suggest.ts'
import { ApiError } from '../../src/yandex/http/api-error.ts'
import { createHttp } from '../../src/yandex/http/http.ts'
import { CONTEXT, FakeClock, keyFile } from '../support/fakes.ts'
import { EVERY_INPUT, REQUIRED } from '../support/inputs.ts'
import { versionIdOf } from '../../src/yandex/functions/versions.ts'
import { readJson } from '../../src/yandex/http/answer.ts'
import { readFunction } from '../../src/yandex/functions/functions.ts'
import { readNamed } from '../../src/yandex/lookup.ts'
import { readOperation } from '../../src/yandex/functions/operation.ts'
import { readPage } from '../../src/yandex/http/pages.ts'
import { readSecret, readSecretVersion } from '../../src/yandex/lockbox.ts'
import { readStatus } from '../../src/yandex/http/grpc.ts'

const RUNS = 2_000
let cases = 0

afterAll(() => {
  console.log(`fuzz: ${cases} cases, each ended in a value or in its declared error`)
})

/** Runs a parser on arbitrary values; anything thrown must have one of the names. */
function fuzz<T>(
  values: fc.Arbitrary<T>,
  { parse, errors = [] }: { parse: (value: T) => unknown; errors?: readonly string[] },
): void {
  fc.assert(
    fc.property(values, (value) => {
      cases += 1
      try {
        parse(value)
      } catch (error) {
        // An assertion of the test itself is passed on as it is.
        const name = error instanceof Error ? error.name : String(error)
        if (!errors.includes(name)) throw error
      }
    }),
    { numRuns: RUNS },
  )
}

/** Text that is near to what a parser takes, and text that is not. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...['a', 'KEY', '=', '/', ':', '<<', 'END', '\n', '\r\n', ' ', '\t', '#', '-', '_', '.'],
        ...['0', '1', '512', '9999999999999999999', 'Mb', 'gib', 's', 'h', 'ro', 'true', 'false'],
        ...[
          '"',
          '\\',
          '@',
          'http://',
          'https://',
          '127.0.0.1',
          '[::1]',
          '?',
          '__proto__',
          '\u0000',
        ],
        ...['latest', 'constructor', '::error::', '##[', '%0A', '<b>', '(1,2)', 'File "a", line 1'],
      ),
      { maxLength: 16 },
    )
    .map((parts) => parts.join('')),
)

describe('a value', () => {
  test.each<[string, (text: string) => unknown, readonly string[]]>([
    ['of bytes', parseBytes, ['ValueError']],
    ['of seconds', parseSeconds, ['ValueError']],
    ['of a secret', parseSecretReference, ['ValueError']],
    ['of a mount', parseBucketMount, ['ValueError']],
    ['of a disk', parseEphemeralDisk, ['ValueError']],
    ['of lines', parseLines, []],
    ['of a key', parseServiceAccountKey, ['ValueError']],
    ['of the secrets in a key', secretsOfKey, []],
  ])('%s is parsed or refused', (_, parse, errors) => {
    fuzz(text, { parse, errors })
  })

  test('of bytes or seconds is a whole number that is not negative', () => {
    fuzz(fc.tuple(fc.constantFrom(parseBytes, parseSeconds), text), {
      parse: ([parse, text]) => {
        const number = parse(text)
        expect(Number.isSafeInteger(number) && number >= 0).toBe(true)
      },
      errors: ['ValueError'],
    })
  })

  test('of pairs has each line as a pair, a part of one, or a problem', () => {
    fuzz(text, {
      parse: (text) => {
        const problems: string[] = []
        const pairs = parsePairs(text, problems)
        const count = text.split(/\r?\n/).length
        expect(pairs.length + problems.length).toBeLessThanOrEqual(count)
        for (const { line } of pairs) expect(line >= 1 && line <= count).toBe(true)
      },
    })
  })

  test('of pairs comes back as it was written', () => {
    const key = fc.stringMatching(/^[A-Z_]{1,8}$/)
    const value = fc.string().map((value) => value.replace(/[\r\n]/g, '').trim())
    fuzz(fc.array(fc.tuple(key, value)), {
      parse: (written) => {
        const problems: string[] = []
        const pairs = parsePairs(written.map(([k, v]) => `${k}=${v}`).join('\n'), problems)
        expect(pairs.map(({ key, value }) => [key, value])).toEqual(written)
        expect(problems).toEqual([])
      },
    })
  })

  test('that is near others is among them', () => {
    fuzz(fc.tuple(text, fc.array(text, { maxLength: 5 })), {
      parse: ([word, candidates]) => {
        const near = nearest(word, candidates)
        expect(near.length).toBeLessThanOrEqual(3)
        for (const one of near) expect(candidates).toContain(one)
      },
    })
  })
})

describe('the inputs of a step', () => {
  test('are parsed or refused with every problem', () => {
    fuzz(fc.dictionary(fc.oneof(fc.constantFrom(...INPUT_NAMES), text), text, { maxKeys: 8 }), {
      parse: (raw) => parseInputs(raw, CONTEXT),
      errors: ['DeployError'],
    })
  })

  test('that are right but for one are parsed, or refused by the name of that one', () => {
    const input = fc.constantFrom(...INPUT_NAMES)
    fuzz(fc.tuple(input, text), {
      parse: ([name, value]) => {
        try {
          parseInputs({ ...REQUIRED, ...EVERY_INPUT, [name]: value }, CONTEXT)
        } catch (error) {
          // What an input lacks or excludes may be told by the names of the others.
          expect((error as Error).message).toMatch(/`[a-z\d-]+`/)
          throw error
        }
      },
      errors: ['DeployError'],
    })
  })

  test('never have their secrets told', () => {
    const secret = 'hunter2hunter2'
    const around = fc.tuple(text, text).map(([a, b]) => `${a}${secret}${b}`)
    const secretInputs = [
      'yc-sa-json-credentials',
      'yc-iam-token',
      'yc-sa-id',
      'environment',
      'secrets',
    ]
    fuzz(fc.tuple(fc.constantFrom(...secretInputs), around), {
      parse: ([name, value]) => {
        try {
          parseInputs({ ...REQUIRED, memory: 'bad', [name]: value }, CONTEXT)
        } catch (error) {
          expect((error as Error).message).not.toContain(secret)
          throw error
        }
      },
      errors: ['DeployError'],
    })
  })

  test('may hold a key file that is damaged anywhere', () => {
    const file = JSON.stringify(keyFile())
    fuzz(fc.tuple(fc.nat({ max: file.length }), fc.nat({ max: 200 }), text), {
      parse: ([at, length, insert]) =>
        parseServiceAccountKey(file.slice(0, at) + insert + file.slice(at + length)),
      errors: ['ValueError'],
    })
  })
})

/** JSON with the names of fields that the readers look for. */
const FIELDS = [
  ...['id', 'name', 'done', 'error', 'code', 'grpcCode', 'message', 'details', 'metadata'],
  ...['response', 'labels', 'currentVersion', 'payloadEntryKeys', 'status', 'nextPageToken'],
  ...['items', 'functionVersionId', '@type', 'fieldViolations', 'violations', '__proto__'],
]
const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    ...[fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double()],
    fc.constantFrom('type.googleapis.com/google.rpc.RequestInfo', 'ACTIVE', 8, 14, 16),
  ),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('tree'), { maxKeys: 6 }),
  ),
}))
/** As `JSON.parse` gives it. */
const jsonValue = tree.map((value): unknown => JSON.parse(JSON.stringify(value)))

describe('an answer of the API', () => {
  test.each<[string, (json: unknown) => unknown]>([
    ['an operation', readOperation],
    ['a status', readStatus],
    ['a function', readFunction],
    ['a resource', readNamed],
    ['a secret', readSecret],
    ['a version of a secret', readSecretVersion],
    ['a page', (json) => readPage(json, { field: 'items', read: readNamed })],
    ['the id of a version', (json) => versionIdOf(readOperation(json))],
  ])('is read as %s or refused', (_, parse) => {
    fuzz(jsonValue, { parse, errors: ['TypeError', 'DeployError'] })
  })

  const body = fc.oneof(
    jsonValue.map((value) => JSON.stringify(value)),
    jsonValue.map((value) => JSON.stringify(value).slice(0, -1)),
    text,
    text.map((text) => `<Error><Code>${text}</Code><Message>${text}</Message></Error>`),
  )
  const answer = fc.record({
    status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.constantFrom(200, 401, 429, 503)),
    headers: fc.dictionary(fc.constantFrom('retry-after', 'x-request-id'), text),
    body: fc.oneof(
      body.map((text) => Buffer.from(text)),
      fc.uint8Array(),
    ),
  })

  test('is told as a refusal, whatever it holds', () => {
    fuzz(answer, {
      parse: (answer) => {
        const error = new ApiError(answer, { what: 'do it' })
        expect(error.message).toContain(`Could not do it: HTTP ${answer.status}`)
        expect(error.hint).not.toBe('')
      },
    })
  })

  test('ends a call in a value or in an error of ours, within its limit of time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
        cases += 1
        const clock = new FakeClock()
        const startedAt = clock.now()
        let sent = 0
        const send = createHttp({
          transport: () => {
            const next = answers[sent++ % answers.length]
            return next ? Promise.resolve(next) : Promise.reject(new Error('none'))
          },
          clock,
          signal: new AbortController().signal,
          log: () => undefined,
        })
        try {
          await send({
            what: 'do it',
            method: 'GET',
            url: new URL('https://api.example/'),
            headers: {},
            read: (answer) => readOperation(readJson(answer)),
            refuse: (answer) => new ApiError(answer, { what: 'do it' }),
          })
        } catch (error) {
          expect((error as Error).name).toBe('DeployError')
        }
        expect(clock.now() - startedAt).toBeLessThanOrEqual(240_000)
        expect(sent).toBeLessThan(1_000)
      }),
      { numRuns: 500 },
    )
  })
})

describe('foreign text', () => {
  test.each<[string, (text: string) => unknown]>([
    ['in the log', logText],
    ['as plain text', plain],
    ['on one line', oneLine],
    ['in Markdown', markdownText],
    ['in a block', markdownBlock],
    ['with links', hideLinks],
    ['in a build log', (text) => findErrorLines(text.split('\n'), (name) => name)],
  ])('is taken %s', (_, parse) => {
    fuzz(text, { parse })
  })

  test('makes no command of a line', () => {
    fuzz(text, {
      parse: (text) => {
        for (const line of logText(text).split('\n')) {
          expect(line.trimStart().startsWith('::') || line.includes('##[')).toBe(false)
        }
      },
    })
  })

  test('has no character in Markdown that could be markup', () => {
    fuzz(text, {
      parse: (text) => {
        expect(markdownText(text).replaceAll(/&#\d+;/g, '')).toMatch(/^[\p{L}\p{M}\p{N} /]*$/u)
      },
    })
  })
})
