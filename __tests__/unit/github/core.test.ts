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
  test.each<[string, (core: typeof ours | typeof toolkit) => void]>([
    [
      'a line',
      (core) => {
        core.info(text)
      },
    ],
    [
      'a debug line',
      (core) => {
        core.debug(text)
      },
    ],
    [
      'a notice',
      (core) => {
        core.notice(text, {})
      },
    ],
    [
      'a warning',
      (core) => {
        core.warning(text, { title: `T${text}` })
      },
    ],
    [
      'an error',
      (core) => {
        core.error(text, { title: `T${text}`, file: text, startLine: 7 })
      },
    ],
    [
      'an error of no line',
      (core) => {
        core.error(text, { title: 'T', startLine: 0 })
      },
    ],
    [
      'a group',
      (core) => {
        core.startGroup(text)
        core.endGroup()
      },
    ],
    [
      'a mask',
      (core) => {
        core.setSecret(text)
      },
    ],
    [
      'an output without a file',
      (core) => {
        delete process.env.GITHUB_OUTPUT
        core.setOutput(`n${text}`, text)
      },
    ],
  ])('is printed as the toolkit prints it: %s', (_, run) => {
    expect(
      printedBy(() => {
        run(ours)
      }),
    ).toBe(
      printedBy(() => {
        run(toolkit)
      }),
    )
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
