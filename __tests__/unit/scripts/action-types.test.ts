/** The types of inputs are learned from the parsers, and written in the form of github-actions-typing. */

import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { actionTypes } from '../../../scripts/docs/action-types.ts'
import { ACTIONS, manifestOf } from '../../../scripts/docs/actions.ts'
import { inputTypes } from '../../../scripts/docs/input-types.ts'
import { InputReader, type RawInputs } from '../../../src/inputs/reader.ts'
import { parseInteger, parseSeconds, parseSteppedBytes, GIB } from '../../../src/inputs/values.ts'
import { LOG_LEVELS } from '../../../src/inputs/version.ts'

/** A parser that reads `runtime` as said. */
const reading = (read: (reader: InputReader) => unknown) => (raw: RawInputs) =>
  read(new InputReader(raw))

describe('the type of an input', () => {
  test.each<[string, object, (reader: InputReader) => unknown]>([
    ['a text', { kind: 'text' }, (reader) => reader.text('runtime')],
    ['a text that must be there', { kind: 'text' }, (reader) => reader.required('runtime')],
    ['a boolean', { kind: 'boolean' }, (reader) => reader.boolean('runtime')],
    ['a list', { kind: 'lines' }, (reader) => reader.list('runtime', String)],
    ['a list of pairs', { kind: 'pairs' }, (reader) => reader.pairs('runtime', String)],
    [
      'a whole number',
      { kind: 'integer' },
      (reader) => reader.parse('runtime', (text) => parseInteger(text, { min: 0, max: 3 })),
    ],
    ['a duration', { kind: 'duration' }, (reader) => reader.parse('runtime', parseSeconds)],
    [
      'a size',
      { kind: 'size' },
      (reader) =>
        reader.parse('runtime', (text) =>
          parseSteppedBytes(text, { stepBytes: GIB, maxBytes: 2 * GIB }),
        ),
    ],
    [
      'one of a few words',
      { kind: 'words', words: LOG_LEVELS },
      (reader) =>
        reader.parse('runtime', (text) => {
          if ((LOG_LEVELS as readonly string[]).includes(text)) return text
          throw new Error(text)
        }),
    ],
    [
      'a boolean that is first looked at as a text',
      { kind: 'boolean' },
      (reader) => [reader.text('runtime'), reader.boolean('runtime'), reader.text('runtime')],
    ],
  ])('is seen where it is read as %s', (_, type, read) => {
    expect(inputTypes(['runtime'], reading(read)).get('runtime')).toEqual(type)
  })

  test('is an error where nothing reads the input', () => {
    expect(() =>
      inputTypes(
        ['runtime', 'memory'],
        reading((r) => r.text('memory')),
      ),
    ).toThrow(new TypeError('runtime is read by no parser'))
  })

  test('is an error where two types are read', () => {
    const both = reading((reader) => [reader.boolean('runtime'), reader.pairs('runtime', String)])
    expect(() => inputTypes(['runtime'], both)).toThrow(
      new TypeError('runtime is read as boolean and as pairs'),
    )
  })

  test('is learned without a trace: readers work as before', () => {
    const before = Object.getOwnPropertyDescriptors(InputReader.prototype)
    inputTypes(
      ['runtime'],
      reading((reader) => reader.boolean('runtime')),
    )
    expect(Object.getOwnPropertyDescriptors(InputReader.prototype)).toEqual(before)
  })
})

describe.each(ACTIONS.map((action) => [`${action.folder}action-types.yml`, action] as const))(
  '%s',
  (_, action) => {
    const types = parse(actionTypes(manifestOf(action), action)) as Record<
      'inputs' | 'outputs',
      Record<string, { type: string; separator?: string }>
    >
    const declared = parse(manifestOf(action)) as Record<
      'inputs' | 'outputs',
      Record<string, { default?: string }>
    >

    test.each(['inputs', 'outputs'] as const)('has a type for each of the %s', (part) => {
      expect(Object.keys(types[part])).toEqual(Object.keys(declared[part]))
    })

    test('calls exactly those inputs boolean whose default, if any, is true or false', () => {
      const plain = Object.entries(declared.inputs).filter(([, { default: text = '' }]) =>
        /^(true|false)$/.test(text),
      )
      expect(plain.length).toBeGreaterThan(0)
      for (const [name] of plain) expect(types.inputs[name]).toEqual({ type: 'boolean' })
      const booleans = Object.entries(types.inputs).filter(([, { type }]) => type === 'boolean')
      for (const [name] of booleans) {
        expect(['true', 'false', undefined]).toContain(declared.inputs[name]?.default)
      }
    })

    test('parts lists at line breaks', () => {
      const lists = Object.values(types.inputs).filter(({ type }) => type === 'list')
      expect(lists.length).toBeGreaterThan(0)
      for (const { separator } of lists) expect(separator).toBe('\n')
    })

    test('speaks of no output that is not there', () => {
      expect(Object.keys(declared.outputs)).toEqual(
        expect.arrayContaining(Object.keys(action.outputs)),
      )
    })
  },
)

test('the types of a few inputs of the action are what its documentation says', () => {
  const [root] = ACTIONS
  if (!root) throw new TypeError('no action')
  const { inputs } = parse(actionTypes(manifestOf(root), root)) as {
    inputs: Record<string, unknown>
  }
  expect(inputs).toMatchObject({
    runtime: { type: 'string' },
    memory: { type: 'string' },
    wait: { type: 'boolean' },
    'metadata-gce': { type: 'boolean' },
    concurrency: { type: 'integer' },
    include: { type: 'list', separator: '\n', 'list-item': { type: 'string' } },
    environment: { type: 'list', separator: '\n', 'list-item': { type: 'string' } },
    'log-level': { type: 'enum', 'allowed-values': [...LOG_LEVELS] },
  })
})
