/** The reporter at its edges; what an ordinary run shows is in e2e/transcripts. */

import { describe, expect, test } from '@jest/globals'
import { Progress, type Facts } from '../../../src/deploy/progress.ts'
import { DeployError } from '../../../src/errors.ts'
import type { RunContext } from '../../../src/ports.ts'
import { Report } from '../../../src/report/report.ts'
import type { CloudFunction } from '../../../src/yandex/functions/functions.ts'
import { FACTS, FUNCTION, PACKED } from '../../support/facts.ts'
import { CONTEXT, FakeClock, FakeRunner, rejection } from '../../support/fakes.ts'
import { inputsOf } from '../../support/inputs.ts'
import { planOf } from '../../support/plans.ts'

/** A report to which these facts have been told. */
function reportOf(
  facts: Partial<Facts> = {},
  { runner = new FakeRunner(), clock = new FakeClock() } = {},
) {
  const report = new Report({ runner, clock })
  const progress = new Progress((fact) => {
    report.tell(fact)
  })
  for (const [name, value] of Object.entries(facts)) {
    progress.record(name as keyof Facts, value)
  }
  return {
    runner,
    report,
    succeeded: () => report.succeeded(progress.known),
    failed: (thrown: unknown) => report.failed(thrown, progress.known),
  }
}

describe('warnings and notices', () => {
  const WARNED: Partial<Facts> = {
    inputs: inputsOf({ mounts: 'a:bbb' }),
    warnings: ['The runtime is old.'],
    package: { ...PACKED, selection: { ...PACKED.selection, warnings: ['odd'] } },
    function: { function: FUNCTION, origin: 'created', notice: 'Near it: "helo".' },
  }

  test('are held back until the run ends', () => {
    const { runner } = reportOf(WARNED)
    expect([runner.warnings, runner.notices]).toEqual([[], []])
  })

  test('are annotations of a run that succeeds', async () => {
    const { runner, succeeded } = reportOf(WARNED)
    await succeeded()
    expect(runner.warnings).toEqual([
      { title: 'Inputs: mounts', message: expect.stringMatching(/^"mounts" are read by/) },
      { title: 'Inputs', message: 'The runtime is old.' },
      { title: 'Package', message: 'odd' },
    ])
    expect(runner.notices).toEqual([{ title: 'New function', message: 'Near it: "helo".' }])
  })

  test('name the rights that a function keeps which is no longer public', async () => {
    const subject = { id: 'allAuthenticatedUsers\n::error::x', type: 'system' }
    const leftOpen = [{ roleId: 'functions.editor', subject }]
    const { runner, succeeded } = reportOf({
      access: { isPublic: false, changed: true, leftOpen },
    })
    await succeeded()
    expect(runner.notices).toEqual([
      {
        title: 'Public access',
        message: expect.stringMatching(
          /^"public: false" left other rights as they are: functions\.editor for allAuthenticatedUsers[^\n]*\.$/,
        ),
      },
    ])
  })

  test('are lines of the log of a run that fails, which has one annotation', async () => {
    const { runner, failed } = reportOf(WARNED)
    await failed(new DeployError('OPERATION_FAILED', 'x'))
    expect([runner.warnings, runner.notices]).toEqual([[], []])
    expect(runner.errors).toHaveLength(1)
    expect(runner.lines.slice(-4)).toEqual([
      expect.stringMatching(/^Inputs: mounts: "mounts" are read by/),
      'Inputs: The runtime is old.',
      'Package: odd',
      'New function: Near it: "helo".',
    ])
  })
})

describe('the log', () => {
  test('has a line with its time for each step, and the lines about it below', () => {
    const clock = new FakeClock()
    const { runner, report } = reportOf({}, { clock })
    clock.advance(1_240)
    report.tell({ name: 'plan', value: planOf({ live: {} }) })
    clock.advance(100_000)
    report.log('Waiting for `it`')
    expect(runner.lines).toEqual([
      '   1.2 s  Plan: code changes',
      expect.stringMatching(/^ {10}Compared with the version/),
      expect.stringMatching(/^ {10}~ package/),
      expect.stringMatching(/^ {10}Unchanged: /),
      ' 101.2 s  Waiting for "it"',
    ])
  })

  test.each<[string, Partial<Facts>, RegExp]>([
    ['a deployment', {}, /^Deployed in 0\.0 s: https:\/\/functions\.example\/d4e1$/],
    ['a skipped one', { skipped: true }, /^Unchanged in 0\.0 s: https:/],
    [
      'one that is not waited for',
      { version: { id: 'd4e2', isReady: false } },
      /^Accepted in 0\.0 s: https:/,
    ],
    [
      'a plan',
      { inputs: inputsOf({ 'dry-run': 'true' }) },
      /^Planned in 0\.0 s; nothing was changed$/,
    ],
  ])('ends %s with what it took and where the function answers', async (_, facts, line) => {
    const { runner, succeeded } = reportOf({ ...FACTS, ...facts })
    await succeeded()
    expect(runner.lines.at(-1)).toMatch(line)
  })

  test('has the last lines of a build outside the fold', async () => {
    const lines = Array.from({ length: 60 }, (_, at) => `line ${at}`)
    const evidence = { kind: 'build log', text: lines.join('\n') } as const
    const { runner, failed } = reportOf()
    await failed(new DeployError('OPERATION_FAILED', 'x', { evidence }))
    expect(runner.groups).toEqual([{ title: 'Build log', lines: lines.slice(10) }])
    expect(runner.lines).toEqual([
      'The build log ends with:',
      ...lines.slice(50).map((line) => `  ${line}`),
    ])
  })
})

describe('the code of a pull request', () => {
  const PULL_REQUEST = { event: 'pull_request', ref: 'refs/pull/12/merge' }
  const warningsOf = async (
    name: string,
    context: Partial<RunContext>,
    facts: Partial<Facts>,
  ): Promise<readonly string[]> => {
    const target = { function: { ...FUNCTION, name }, origin: 'found' } as const
    const runner = new FakeRunner(context)
    await reportOf(
      { ...facts, ...(facts.function && { function: target }) },
      { runner },
    ).succeeded()
    return runner.warnings.map(({ title, message }) => `${title}: ${message}`)
  }

  test('that becomes $latest is a warning, which names the function', async () => {
    expect(await warningsOf('hello', PULL_REQUEST, FACTS)).toEqual([
      expect.stringMatching(
        /^Pull request: The code of the pull request 12 becomes \$latest of the function "hello" before it is merged: .* Set "dry-run: true" /,
      ),
    ])
    expect(await warningsOf('hello-1-pr-123', PULL_REQUEST, FACTS)).toHaveLength(1)
    expect(await warningsOf('hello', { event: 'pull_request', ref: undefined }, FACTS)).toEqual([
      expect.stringContaining('The code of a pull request becomes'),
    ])
  })

  test('is a warning once, also where a second build follows the first', async () => {
    const runner = new FakeRunner(PULL_REQUEST)
    const { report, succeeded } = reportOf(FACTS, { runner })
    report.tell({ name: 'build', value: FACTS.build })
    await succeeded()
    expect(runner.warnings).toHaveLength(1)
  })

  test('is a warning once, also where the run fails for its outputs', async () => {
    const runner = new FakeRunner(PULL_REQUEST)
    runner.setOutput = () => {
      throw new Error('gone')
    }
    const { succeeded, failed } = reportOf(FACTS, { runner })
    await failed(await rejection(succeeded()))
    expect(runner.lines.filter((line) => line.startsWith('Pull request: '))).toHaveLength(1)
  })

  test.each<[string, string, Partial<RunContext>, Partial<Facts>]>([
    ['is deployed to a function of its own', 'hello-pr-12', PULL_REQUEST, FACTS],
    ['is deployed to a function for previews', 'hello-preview', PULL_REQUEST, FACTS],
    ['is that of a push', 'hello', { event: 'push', ref: 'refs/heads/main' }, FACTS],
    [
      'is only planned',
      'hello',
      PULL_REQUEST,
      { inputs: inputsOf({ 'dry-run': 'true' }), function: FACTS.function, plan: FACTS.plan },
    ],
    [
      'is live already',
      'hello',
      PULL_REQUEST,
      { inputs: FACTS.inputs, function: FACTS.function, skipped: true, version: FACTS.version },
    ],
  ])('is no warning when it %s', async (_, name, context, facts) => {
    expect(await warningsOf(name, context, facts)).toEqual([])
  })
})

describe('a run that succeeds', () => {
  test('but cannot set an output fails, and says that the version exists', async () => {
    const runner = new FakeRunner()
    runner.setOutput = () => {
      throw new Error('Missing file at path: /gone')
    }
    const { succeeded, failed } = reportOf(FACTS, { runner })
    const error = await rejection(succeeded())
    expect(error).toMatchObject({
      code: 'INTERNAL_ERROR',
      message:
        'The version d4e2 is ready, but the output `package-sha256` could not be set: Missing file at path: /gone.',
      topic: 'outputs-not-written',
    })
    await failed(error)
    expect(runner.errors[0]?.message).not.toContain('bug of the action')
    expect(runner.summaries).toHaveLength(1)
  })

  test('but cannot write its summary succeeds all the same', async () => {
    const { runner, succeeded } = reportOf()
    runner.summaryError = new Error('disk\nfull')
    await succeeded()
    expect(runner.lines).toEqual([
      'The job summary could not be written: disk full',
      'Deployed in 0.0 s',
    ])
  })
})

describe('a run that fails', () => {
  test('is linked to the section of a well-known failure', async () => {
    const { runner, failed } = reportOf()
    const options = { topic: 'name-not-found', inputs: ['network-name'] } as const
    await failed(new DeployError('INPUT_INVALID', 'x', options))
    const link = `${CONTEXT.actionRoot}/docs/TROUBLESHOOTING.md#name-not-found`
    expect(runner.errors[0]?.message).toContain(link)
    expect(runner.summaries[0]).toContain(`<a href="${link.replace('#', '&#35;')}">`)
  })

  test.each([9_990, 490, 70, 1_990])(
    'hides a secret that a limit cuts after %i characters',
    async (length) => {
      const { runner, failed } = reportOf()
      const token = `t1.${'Ab1_-x'.repeat(32)}`
      runner.mask(token)
      const text = `${'x'.repeat(length)}${token} https://u:hunter2@x.example/?Sig=hunter2`
      const evidence = { kind: 'build log', text } as const
      const options = { hint: text, details: { id: text }, evidence }
      await failed(new DeployError('API_REJECTED', text, options))
      const shown = JSON.stringify([runner.errors, runner.summaries, runner.groups])
      expect(shown).not.toContain('Ab1')
      expect(shown).not.toContain('hunter2')
    },
  )

  test('has its causes in the debug log', async () => {
    const { runner, failed } = reportOf()
    const cause = new Error('middle', { cause: new TypeError('inner') })
    await failed(new DeployError('API_UNREACHABLE', 'outer', { cause }))
    expect(runner.debugged).toHaveLength(3)
    expect(runner.debugged[2]).toContain('TypeError: inner')
  })

  test('with an error that causes itself ends', async () => {
    const { runner, failed } = reportOf()
    const error = new Error('round')
    error.cause = error
    await failed(error)
    expect(runner.debugged).toHaveLength(1)
    expect(runner.errors).toHaveLength(1)
  })

  test('with an error without a stack has its message in the debug log', async () => {
    const { runner, failed } = reportOf()
    const error = new Error('bare')
    delete error.stack
    await failed(error)
    expect(runner.debugged).toEqual(['bare'])
  })

  test.each<[string, Partial<CloudFunction>]>([
    ['half a character in an id', { folderId: 'b1g\ud800', id: 'd4e\udfff' }],
    ['an id of a megabyte', { id: 'x'.repeat(2 ** 20), folderId: '<'.repeat(2 ** 20) }],
    ['a name of a megabyte', { name: '<'.repeat(2 ** 20) }],
  ])('with %s has a summary that GitHub accepts', async (_, fields) => {
    const { runner, failed } = reportOf({
      function: { function: { ...FUNCTION, ...fields }, origin: 'found' },
    })
    const huge = '<\n\n'.repeat(2 ** 20)
    const entries = Array.from({ length: 10 }, (_, at) => ({
      name: `${at}${'<'.repeat(60_000)}`,
      sizeBytes: 1,
      packedBytes: 1,
    }))
    await failed(
      new DeployError('API_REJECTED', huge, {
        hint: huge,
        details: { 'x-request-id': huge, 'operation id': huge },
        evidence: { kind: 'largest files', entries },
      }),
    )
    expect(runner.errors).toHaveLength(1)
    expect(runner.summaries).toHaveLength(1)
    expect(Buffer.byteLength(runner.summaries[0] ?? '')).toBeLessThan(2 ** 20)
    expect(runner.summaries[0]).toContain('Ids and details')
  })

  test.each<[string, CloudFunction | undefined, string]>([
    [
      'made',
      {
        ...FUNCTION,
        get folderId(): string {
          throw new URIError('broken')
        },
      },
      'broken',
    ],
    ['written', undefined, 'full'],
  ])('is annotated though its summary cannot be %s', async (_, broken, reason) => {
    const { runner, failed } = reportOf(
      broken && { function: { function: broken, origin: 'found' } },
    )
    if (!broken) runner.summaryError = new Error('full')
    await failed(new DeployError('CANCELLED', 'x'))
    expect(runner.errors).toHaveLength(1)
    expect(runner.lines.at(-1)).toBe(`The job summary could not be written: ${reason}`)
  })
})
