/** What a failed run says: what failed, what to do, where to read on, and the end of a build's log. */

import { ERRORS, type DeployError } from '../../errors.ts'
import { markdownBlock, markdownProse } from '../../text.ts'
import type { ShownFailure } from '../teller.ts'
import { contentsTable } from './contents.ts'
import type { RunEnd, Section } from './end.ts'
import { idsOf } from './facts.ts'
import { anchor, code, fieldList, fieldTable, folded, text, type Field } from './markup.ts'

/** A run that failed. */
export type FailedRun = RunEnd & ShownFailure

/** How many lines of a build's log stand outside the fold. */
const LAST_LINES = 12

export function failureTitle({ error: { code: name } }: ShownFailure): string {
  return `### ${name}: ${markdownProse(ERRORS[name].title)}`
}

export const messageSection = ({ error, link }: ShownFailure): readonly string[] => [
  ...messageOf(error),
  '',
  // A summary has links to the console of its own.
  ...(error.hint ? [markdownProse(error.hint.replace(/^In the console: \S+\n/m, '')), ''] : []),
  link.startsWith('http')
    ? anchor(`More about ${error.code}`, link)
    : `More about ${error.code}: ${code(link)}`,
]

/** Several problems are a list; their lines are ours, whatever they quote. */
function messageOf({ message }: DeployError): readonly string[] {
  const [title = '', ...problems] = message.split('\n')
  if (!/^\d+ problems with the [a-z ]+:$/.test(title)) return proseOf(message)
  return [
    markdownProse(title),
    '',
    ...problems.map((line) => `- ${markdownProse(line.replace(/^- /, ''))}`),
  ]
}

/** A message may end with a table, whose columns stand two spaces apart. */
function proseOf(message: string): readonly string[] {
  const at = message.lastIndexOf(POINTERS)
  if (at < 0) return [markdownProse(message)]
  const fields = message
    .slice(at + POINTERS.length)
    .split('\n')
    .map((row): Field => {
      const [tag = '', id = '', ...notes] = row.split(/ {2,}/)
      return [code(tag), [code(id), ...notes.map(text)].join(' ')]
    })
  return [
    markdownProse(message.slice(0, at)),
    '',
    markdownProse(POINTERS.trim()),
    '',
    ...fieldTable(fields),
  ]
}

/** What stands before that table. */
const POINTERS = '\n\nWhat points where now:\n'

export const evidenceSection = ({
  error: { evidence },
  buildLog,
}: ShownFailure): readonly string[] => {
  if (evidence?.kind === 'largest files') return contentsTable(evidence.entries)
  if (buildLog.length === 0) return []
  return [
    'The last lines of the build log:',
    '',
    markdownBlock(buildLog.slice(-LAST_LINES).join('\n')),
    ...(buildLog.length > LAST_LINES
      ? ['', ...folded(`The last ${buildLog.length} lines`, [markdownBlock(buildLog.join('\n'))])]
      : []),
  ]
}

/** For a question to the support of the cloud: those of the error, and those of the run, each once. */
export const failedIdsSection: Section<FailedRun> = ({ error, known }) => {
  const details = detailsOf(error)
  const isNew = ([, value]: Field): boolean => !details.some(([, shown]) => shown === value)
  return folded('Ids and details', fieldList([...details, ...idsOf(known).filter(isNew)]))
}

/** What an error says beside its message. */
export function detailsOf({ details }: DeployError): readonly Field[] {
  return Object.entries(details).map(([name, value]) => [text(name), code(value)])
}
