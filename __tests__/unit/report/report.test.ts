/** What a run tells: outputs as soon as they are true, one annotation for a failure, a summary either way. */

import { describe, expect, test } from '@jest/globals'
import { rolesOf } from '../../../src/deploy/roles.ts'
import { DeployError, ERRORS, type ErrorCode } from '../../../src/errors.ts'
import { Report } from '../../../src/report/report.ts'
import type { Archive } from '../../../src/source/source.ts'
import { readFunction, readOperation } from '../../../src/yandex/wire.ts'
import { CONTEXT, FakeClock, FakeRunner, rejection, thrown } from '../../support/fakes.ts'
import { HOSTILE } from '../../support/hostile.ts'
import { EVERY_INPUT, inputsOf } from '../../support/inputs.ts'

const ARCHIVE: Archive = {
  chunks: [],
  sizeBytes: 2048,
  unpackedBytes: 4096,
  sha256: 'ab'.repeat(32),
  entries: [{ name: 'index.js', sizeBytes: 4096, packedBytes: 2000, crc32: 0 }],
}
const FUNCTION = readFunction({
  id: 'd4e1',
  folderId: 'b1g1',
  name: 'hello',
  httpInvokeUrl: 'https://functions.example/d4e1',
})
const SELECTION = { files: [], leftOut: [], warnings: [] }

function start() {
  const runner = new FakeRunner()
  const clock = new FakeClock()
  return { runner, clock, report: new Report({ runner, clock }) }
}

describe('a fact', () => {
  test('about the inputs sets no output and tells nothing yet', () => {
    const { report, runner } = start()
    report.configured(inputsOf({ mounts: 'a:bbb' }))
    expect([runner.warnings, runner.lines, runner.outputs]).toEqual([[], [], {}])
  })

  test('about the package sets its outputs and is told in a group', () => {
    const { report, runner } = start()
    report.packed({ archive: ARCHIVE, selection: { ...SELECTION, warnings: ['odd'] } })
    expect(runner.outputs).toEqual({
      'package-sha256': 'ab'.repeat(32),
      'package-size': '2048',
    })
    expect(runner.groups.map(({ title, lines }) => [title, lines[0]])).toEqual([
      ['Package', '1 file, 4 KiB; zip 2 KiB'],
    ])
    expect(runner.warnings).toEqual([])
  })

  test.each(['found', 'created', 'created meanwhile by another job'] as const)(
    'about the function sets its outputs: %s',
    (origin) => {
      const { report, runner } = start()
      report.targeted({ function: FUNCTION, origin })
      expect(runner.outputs).toEqual({
        'function-id': 'd4e1',
        'function-url': 'https://functions.example/d4e1',
      })
      expect(runner.lines).toEqual([`Function hello (d4e1): ${origin}`])
    },
  )

  test('about a function without an address sets no address', () => {
    const { report, runner } = start()
    report.targeted({ function: { ...FUNCTION, httpInvokeUrl: '' }, origin: 'found' })
    expect(runner.outputs).toEqual({ 'function-id': 'd4e1' })
  })

  test.each([
    ['uploaded', 'uploaded'],
    ['present', 'is there already'],
  ] as const)('about the object sets its output: %s', (outcome, told) => {
    const { report, runner } = start()
    report.delivered({ bucket: 'b', key: 'k.zip', outcome })
    expect(runner.outputs).toEqual({ 'object-name': 'k.zip' })
    expect(runner.lines).toEqual([`Object k.zip in the bucket b: ${told}`])
  })

  test('about the operation sets its output before anything is waited for', () => {
    const { report, runner } = start()
    report.accepted(readOperation({ id: 'op1' }))
    expect(runner.outputs).toEqual({ 'operation-id': 'op1' })
    expect(runner.lines).toEqual(['Operation op1: the version is being built'])
  })

  test.each([
    [true, 'ready'],
    [false, 'accepted, not waited for'],
  ])('about the version sets its output; ready: %s', (isReady, told) => {
    const { report, runner } = start()
    report.versioned({ versionId: 'v1', isReady })
    expect(runner.outputs).toEqual({ 'version-id': 'v1' })
    expect(runner.lines).toEqual([`Version v1: ${told}`])
  })
})

describe('warnings', () => {
  const warned = () => {
    const started = start()
    started.report.configured(inputsOf({ mounts: 'a:bbb' }))
    started.report.packed({ archive: ARCHIVE, selection: { ...SELECTION, warnings: ['odd'] } })
    return started
  }
  const mounts = /^`mounts` are read by/

  test('are annotations of a success', async () => {
    const { report, runner } = warned()
    await report.succeeded()
    expect(runner.warnings).toEqual([
      { title: 'Inputs', message: expect.stringMatching(mounts) },
      { title: 'Package', message: 'odd' },
    ])
    expect(runner.lines).toEqual([])
  })

  test('are lines of the log of a failure, which has one annotation', async () => {
    const { report, runner } = warned()
    await report.failed(new DeployError('OPERATION_FAILED', 'x'))
    expect(runner.warnings).toEqual([])
    expect(runner.errors).toHaveLength(1)
    expect(runner.lines).toEqual([
      expect.stringMatching(/^Inputs: `mounts` are read by/),
      'Package: odd',
    ])
  })
})

describe('a success', () => {
  test('has a summary of all facts and of the time it took', async () => {
    const { report, runner, clock } = start()
    report.configured(inputsOf())
    report.packed({ archive: ARCHIVE, selection: SELECTION })
    report.targeted({ function: FUNCTION, origin: 'found' })
    report.accepted(readOperation({ id: 'op1' }))
    clock.advance(61_000)
    report.versioned({ versionId: 'v1', isReady: true })
    await report.succeeded()
    expect(runner.summaries).toHaveLength(1)
    for (const fact of ['Deployed hello', 'v1', 'op1', 'nodejs22', '128 MiB', '2 KiB', '61.0 s']) {
      expect(runner.summaries[0]).toContain(fact)
    }
    expect(runner.errors).toEqual([])
  })

  test('whose outputs cannot be set is a failure that says that the version is there', async () => {
    const { report, runner } = start()
    runner.setOutput = () => {
      throw new Error('Missing file at path: /gone')
    }
    report.accepted(readOperation({ id: 'op1' }))
    report.versioned({ versionId: 'v1', isReady: true })
    const error = await rejection(report.succeeded())
    expect(error).toMatchObject({
      code: 'INTERNAL_ERROR',
      message:
        'The version v1 is ready, but the output `operation-id` could not be set: Missing file at path: /gone.',
      topic: 'outputs-not-written',
    })
    await report.failed(error)
    expect(runner.errors[0]?.message).not.toContain('bug of the action')
    expect(runner.summaries).toHaveLength(1)
  })

  test('whose summary cannot be written is one all the same', async () => {
    const { report, runner } = start()
    runner.summaryError = new Error('disk\nfull')
    await report.succeeded()
    expect(runner.lines).toEqual(['The job summary could not be written: disk full'])
  })
})

describe('a failure', () => {
  test.each(Object.keys(ERRORS) as ErrorCode[])(
    'of the code %s has one annotation and a summary that says the same',
    async (code) => {
      const { report, runner } = start()
      const options = { hint: 'do this', details: { 'operation id': 'op\n1', other: '2' } }
      await report.failed(new DeployError(code, 'it failed', options))
      const docs = `${CONTEXT.actionRoot}/docs/TROUBLESHOOTING.md#${code.toLowerCase()}`
      expect(runner.errors).toEqual([
        {
          title: `${code}: ${ERRORS[code].title}`,
          message: ['it failed', '', 'do this', docs, 'operation id: op 1, other: 2'].join('\n'),
        },
      ])
      expect(runner.summaries).toHaveLength(1)
      for (const text of ['it failed', 'do this', `](<${docs}>)`]) {
        expect(runner.summaries[0]).toContain(text)
      }
    },
  )

  test('keeps the outputs that were true, and sets no other', async () => {
    const { report, runner } = start()
    report.accepted(readOperation({ id: 'op1' }))
    await report.failed(new DeployError('OPERATION_FAILED', 'x'))
    expect(runner.outputs).toEqual({ 'operation-id': 'op1' })
  })

  test('of one input names it in its title, needs no advice, and leads to that input', async () => {
    const { report, runner } = start()
    const wrong = thrown(() => inputsOf({ memory: '5' }))
    await report.failed(wrong)
    expect(runner.errors).toEqual([
      {
        title: 'INPUT_INVALID: memory',
        message: `${(wrong as Error).message}\n\n${CONTEXT.actionRoot}/README.md#memory`,
      },
    ])
    expect(runner.summaries[0]).toContain(`](<${CONTEXT.actionRoot}/README.md#memory>)`)
  })

  test('of several inputs leads to the list of inputs', async () => {
    const { report, runner } = start()
    await report.failed(thrown(() => inputsOf({ memory: '5', 'wait-timeout': 'x' })))
    expect(runner.errors[0]?.title).toBe('INPUT_INVALID: The step has invalid inputs')
    expect(runner.errors[0]?.message).toContain(`\n${CONTEXT.actionRoot}/README.md#inputs`)
  })

  test('that is well known leads to its own section', async () => {
    const { report, runner } = start()
    await report.failed(
      new DeployError('INPUT_INVALID', 'x', { topic: 'name-not-found', inputs: ['network-name'] }),
    )
    expect(runner.errors[0]?.title).toBe('INPUT_INVALID: network-name')
    expect(runner.errors[0]?.message).toContain('docs/TROUBLESHOOTING.md#name-not-found')
  })

  test('with a long message keeps its advice, its link and its ids where the runner cuts', async () => {
    const { report, runner } = start()
    const details = { 'operation id': 'op1' }
    await report.failed(
      new DeployError('OPERATION_FAILED', 'x'.repeat(50_000), { hint: 'do this', details }),
    )
    const message = runner.errors[0]?.message ?? ''
    expect(message.length).toBeLessThanOrEqual(4_096)
    expect(message).toMatch(/x… \(cut\)\n\ndo this\nhttps:\S+\noperation id: op1$/)
    expect(runner.summaries[0]).toContain('x'.repeat(10_000))
  })

  test.each([9_990, 490, 70, 1_990])(
    'hides a secret that a limit cuts after %i characters',
    async (length) => {
      const { report, runner } = start()
      const token = `t1.${'Ab1_-x'.repeat(32)}`
      runner.mask(token)
      const text = `${'x'.repeat(length)}${token} https://u:hunter2@x.example/?Sig=hunter2`
      const options = { hint: text, details: { id: text } }
      await report.failed(new DeployError('API_REJECTED', text, options))
      const shown = JSON.stringify([runner.errors, runner.summaries])
      expect(shown).not.toContain('Ab1')
      expect(shown).not.toContain('hunter2')
    },
  )

  test('points to lines of files before the annotation of the run', async () => {
    const { report, runner } = start()
    const sourceLines = [{ file: 'src/a.go', line: 3, message: 'undefined: b' }]
    await report.failed(new DeployError('OPERATION_FAILED', 'x', { sourceLines }))
    expect(runner.errors).toHaveLength(2)
    expect(runner.errors[0]).toEqual({ title: 'Build error', ...sourceLines[0] })
  })

  test('has its causes in the debug log', async () => {
    const { report, runner } = start()
    const cause = new Error('middle', { cause: new TypeError('inner') })
    await report.failed(new DeployError('API_UNREACHABLE', 'outer', { cause }))
    expect(runner.debugged).toHaveLength(3)
    expect(runner.debugged[2]).toContain('TypeError: inner')
  })

  test('whose cause is itself ends', async () => {
    const { report, runner } = start()
    const error = new Error('round')
    error.cause = error
    await report.failed(error)
    expect(runner.debugged).toHaveLength(1)
    expect(runner.errors).toHaveLength(1)
  })

  test('without a stack is told by its message', async () => {
    const { report, runner } = start()
    const error = new Error('bare')
    delete error.stack
    await report.failed(error)
    expect(runner.debugged).toEqual(['bare'])
  })

  test.each<[string, Partial<typeof FUNCTION>]>([
    ['half a character in an id', { folderId: 'b1g\ud800', id: 'd4e\udfff' }],
    ['an id of a megabyte', { id: 'x'.repeat(2 ** 20), folderId: '<'.repeat(2 ** 20) }],
    ['a name of a megabyte', { name: '<'.repeat(2 ** 20) }],
  ])('with %s has a summary that GitHub takes', async (_, fields) => {
    const { report, runner } = start()
    report.targeted({ function: { ...FUNCTION, ...fields }, origin: 'found' })
    const huge = '<\n\n'.repeat(2 ** 20)
    await report.failed(
      new DeployError('API_REJECTED', huge, {
        hint: huge,
        details: { 'x-request-id': huge, 'operation id': huge },
        markdown: huge,
      }),
    )
    expect(runner.errors).toHaveLength(1)
    expect(runner.summaries).toHaveLength(1)
    expect(Buffer.byteLength(runner.summaries[0] ?? '')).toBeLessThan(2 ** 20)
    expect(runner.summaries[0]).toContain('The rest is too large for a summary')
    expect(runner.summaries[0]).toContain('| Function |')
  })

  test('whose summary cannot even be made is told all the same', async () => {
    const { report, runner } = start()
    const broken = new DeployError('API_REJECTED', 'x')
    report.targeted({
      origin: 'found',
      function: {
        ...FUNCTION,
        get folderId(): string {
          throw new URIError('broken')
        },
      },
    })
    await report.failed(broken)
    expect(runner.errors).toHaveLength(1)
    expect(runner.lines.at(-1)).toBe('The job summary could not be written: broken')
  })

  test('whose summary cannot be written is told all the same', async () => {
    const { report, runner } = start()
    runner.summaryError = new Error('full')
    await report.failed(new DeployError('CANCELLED', 'x'))
    expect(runner.errors).toHaveLength(1)
    expect(runner.lines).toEqual(['The job summary could not be written: full'])
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
  ])('that nobody foresaw says so, and where to report it: %s', async (_, value, told) => {
    const { report, runner } = start()
    await report.failed(value)
    expect(runner.errors).toHaveLength(1)
    expect(runner.errors[0]?.title).toBe('INTERNAL_ERROR: The action or its runner failed')
    expect(runner.errors[0]?.message).toContain(`The action itself failed: ${told}`)
    expect(runner.errors[0]?.message).toContain('This is a bug of the action. Please report it')
    expect(runner.summaries).toHaveLength(1)
  })
})

describe('hostile text', () => {
  test.each(HOSTILE)('of the cloud takes one line of the log: %j', (text) => {
    const { report, runner } = start()
    report.targeted({ function: { ...FUNCTION, name: text }, origin: 'found' })
    expect(runner.lines).toHaveLength(1)
    expect(runner.lines[0]).toMatch(/^Function [^\r\n\u2028\u2029\u0085]*$/)
  })

  test.each(HOSTILE)('in details takes one line of the annotation: %j', async (text) => {
    const { report, runner } = start()
    await report.failed(new DeployError('CANCELLED', 'm', { hint: 'h', details: { id: text } }))
    expect(runner.errors[0]?.message.split(/[\r\n\u2028\u2029\u0085]/)).toHaveLength(5)
  })
})

describe('a function that was created because its name was not found', () => {
  const created = () => {
    const started = start()
    started.report.targeted({ function: FUNCTION, origin: 'created', notice: 'Near it: "helo".' })
    return started
  }

  test('is a notice of a success, and stands in its summary', async () => {
    const { report, runner } = created()
    await report.succeeded()
    expect(runner.notices).toEqual([{ title: 'New function', message: 'Near it: "helo".' }])
    expect(runner.summaries.join('')).toContain(', created by this run |')
  })

  test('is a line of the log of a failure', async () => {
    const { report, runner } = created()
    await report.failed(new DeployError('OPERATION_FAILED', 'x'))
    expect(runner.notices).toEqual([])
    expect(runner.lines).toContain('New function: Near it: "helo".')
    expect(runner.summaries.join('')).toContain(', created by this run |')
  })

  test.each(['found', 'created meanwhile by another job'] as const)(
    'is not one that was %s',
    async (origin) => {
      const { report, runner } = start()
      report.targeted({ function: FUNCTION, origin })
      await report.succeeded()
      expect(runner.notices).toEqual([])
      expect(runner.summaries.join('')).not.toContain('created by this run')
    },
  )
})

test('the roles of a step with every input are told whole', async () => {
  const roles = rolesOf(inputsOf({ ...EVERY_INPUT, bucket: 'packages' }), 'b1g00000000000000000')
  const lines = roles.map(({ role, who, command }) => `- \`${role}\` for ${who}: \`${command}\``)
  const { report, runner } = start()
  await report.failed(new DeployError('API_REJECTED', 'Refused.', { hint: lines.join('\n') }))
  for (const line of lines) expect(runner.errors[0]?.message).toContain(line)
})
