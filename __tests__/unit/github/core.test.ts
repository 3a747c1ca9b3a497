/** Commands and files as `@actions/core` writes them: the toolkit is the judge of our part of it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as toolkit from '@actions/core'
import * as ours from '../../../src/github/core.ts'
import { HOSTILE } from '../../support/hostile.ts'

const write = process.stdout.write.bind(process.stdout)
const kept = process.env.GITHUB_OUTPUT
const folder = mkdtempSync(join(tmpdir(), 'core-'))
let printed = ''

beforeEach(() => {
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    printed += String(chunk)
    return true
  }
})
afterEach(() => {
  process.stdout.write = write
  if (kept === undefined) delete process.env.GITHUB_OUTPUT
  else process.env.GITHUB_OUTPUT = kept
})

function printedBy(run: () => void): string {
  printed = ''
  run()
  return printed
}

const TEXTS = [...HOSTILE, '', 'plain', '100 %', '%0A%25', 'a\r\nb', 'a,b:c', '::warning::', 'é💥']

describe.each(TEXTS)('the text %j', (text) => {
  test.each<[string, () => void, () => void]>([
    [
      'a line',
      () => {
        ours.print(text)
      },
      () => {
        toolkit.info(text)
      },
    ],
    [
      'a debug line',
      () => {
        ours.issue('debug', text)
      },
      () => {
        toolkit.debug(text)
      },
    ],
    [
      'a notice',
      () => {
        ours.issue('notice', text, {})
      },
      () => {
        toolkit.notice(text, {})
      },
    ],
    [
      'a warning',
      () => {
        ours.issue('warning', text, { title: `T${text}`, file: undefined })
      },
      () => {
        toolkit.warning(text, { title: `T${text}` })
      },
    ],
    [
      'an error',
      () => {
        ours.issue('error', text, { title: `T${text}`, file: text, line: 7 })
      },
      () => {
        toolkit.error(text, { title: `T${text}`, file: text, startLine: 7 })
      },
    ],
    [
      'an error of no line',
      () => {
        ours.issue('error', text, { title: 'T', line: 0 })
      },
      () => {
        toolkit.error(text, { title: 'T', startLine: 0 })
      },
    ],
    [
      'a group',
      () => {
        ours.issue('group', text)
        ours.issue('endgroup')
      },
      () => {
        toolkit.startGroup(text)
        toolkit.endGroup()
      },
    ],
    [
      'a mask',
      () => {
        ours.issue('add-mask', text)
      },
      () => {
        toolkit.setSecret(text)
      },
    ],
    [
      'an output without a file',
      () => {
        delete process.env.GITHUB_OUTPUT
        ours.setOutput(`n${text}`, text)
      },
      () => {
        delete process.env.GITHUB_OUTPUT
        toolkit.setOutput(`n${text}`, text)
      },
    ],
  ])('is printed as the toolkit prints it: %s', (_, run, reference) => {
    expect(printedBy(run)).toBe(printedBy(reference))
  })

  test('is written as an output as the toolkit writes it', () => {
    const written = (core: typeof ours | typeof toolkit): string => {
      const file = (process.env.GITHUB_OUTPUT = join(folder, 'output'))
      writeFileSync(file, 'before=1\n')
      core.setOutput('plan', text)
      const whole = readFileSync(file, 'utf8')
      const delimiter = /<<(ghadelimiter_[0-9a-f-]{36})/.exec(whole)?.[1] ?? '(none)'
      return whole.replaceAll(delimiter, 'DELIMITER')
    }
    expect(written(ours)).toBe(written(toolkit))
    expect(written(ours)).toContain('plan<<DELIMITER')
  })
})

test('an output is refused where its file is gone', () => {
  process.env.GITHUB_OUTPUT = join(folder, 'gone')
  const failure = (core: typeof ours | typeof toolkit): unknown => {
    try {
      core.setOutput('plan', 'x')
      return 'written'
    } catch (error) {
      return error
    }
  }
  expect(failure(ours)).toEqual(new Error(`Missing file at path: ${join(folder, 'gone')}`))
  expect(failure(ours)).toEqual(failure(toolkit))
  rmSync(folder, { recursive: true })
})
