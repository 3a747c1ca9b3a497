/** What a step tells its runner: the part of `@actions/core` that we use, without the HTTP client that comes with it. */

import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync } from 'node:fs'
import { appendFile, access, constants } from 'node:fs/promises'
import { EOL } from 'node:os'

/** Prints a line as it is: one that looks like a command is one. */
export function print(line: string): void {
  process.stdout.write(line + EOL)
}

/**
 * Gives the runner a command; of its properties those that say something are written:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function issue(
  command: string,
  message = '',
  properties: Readonly<Record<string, string | number | undefined>> = {},
): void {
  const list = Object.entries(properties)
    .filter(([, value]) => Boolean(value))
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',')
  print(`::${command}${list && ` ${list}`}::${escapeData(message)}`)
}

/** Writes an output to the file of the step, or prints it where the step has no file. Throws Error for a file that is gone. */
export function setOutput(name: string, value: string): void {
  const file = process.env.GITHUB_OUTPUT
  if (!file) {
    print('')
    issue('set-output', value, { name })
    return
  }
  // A file that the runner did not make is not read by it either.
  if (!existsSync(file)) throw new Error(`Missing file at path: ${file}`)
  const delimiter = `ghadelimiter_${randomUUID()}`
  appendFileSync(file, `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`)
}

/** Appends Markdown to the file of the job summary. Rejects with Error where there is none. */
export async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY
  if (!file) throw new Error('Unable to find environment variable for $GITHUB_STEP_SUMMARY.')
  try {
    await access(file, constants.R_OK | constants.W_OK)
  } catch (cause) {
    throw new Error(`Unable to access summary file: '${file}'.`, { cause })
  }
  await appendFile(file, markdown + EOL)
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
