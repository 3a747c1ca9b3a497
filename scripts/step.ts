/** Runs the bundle as the GitHub runner runs a step: a child process, `INPUT_*`, files for outputs and summary. */

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { findNode24 } from './node24.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** The job's own token, which `github.token` stands for. */
const JOB_TOKEN = 'ghs_of-the-job'

/** The commit, run and repository that a step believes it runs for. */
export const STEP_CONTEXT = {
  GITHUB_REPOSITORY: 'octo-org/hello',
  GITHUB_SHA: '5f3c9d0b7a1e4c2d8f6a9b0c1d2e3f4a5b6c7d8e',
  GITHUB_RUN_ID: '42',
  GITHUB_SERVER_URL: 'https://github.com',
} as const

/** Folders of the actions of this repository, from its root: that of `uses: ./`, and those beside it. */
export type ActionFolder = '.' | 'rollback' | 'cleanup'

export interface StepOptions {
  /** The action that deploys when left out. */
  readonly action?: ActionFolder
  /** The checked-out repository. */
  readonly workspace: string
  /** Further environment of the runner. */
  readonly env?: Readonly<Record<string, string>>
  /** Called with the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void
  /** Called with each piece of output. */
  readonly onOutput?: (text: string) => void
  /** A summary file that cannot be written. */
  readonly summaryFile?: string
  /** Node to run on; Node 24, where it can be had, when left out. */
  readonly node?: string
  /** The bundle to run; that of this checkout when left out. */
  readonly entry?: string
  /** Arguments for Node before the script. */
  readonly nodeArguments?: readonly string[]
}

/** An error or warning at the top of a run or on a line. */
export interface StepAnnotation {
  readonly level: 'error' | 'warning'
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

export interface StepResult {
  readonly exitCode: number | null
  /** All that the process printed, commands included. */
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly annotations: readonly StepAnnotation[]
  /** From the start of the process to its end; not the search for Node 24. */
  readonly durationMs: number
}

/** Runs one step with the inputs of its `with:` block. */
export async function runStep(
  inputs: Readonly<Record<string, string>>,
  options: StepOptions,
): Promise<StepResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'step-'))
  try {
    const outputFile = path.join(folder, 'output')
    const summaryFile = options.summaryFile ?? path.join(folder, 'summary.md')
    for (const file of options.summaryFile === undefined
      ? [outputFile, summaryFile]
      : [outputFile]) {
      writeFileSync(file, '')
    }
    const node = options.node ?? findNode24()
    const folderOfAction = path.join(ROOT, options.action ?? '.')
    const { runs } = manifest(options.action)
    const startedAt = performance.now()
    const child = spawn(
      node,
      [...(options.nodeArguments ?? []), options.entry ?? path.join(folderOfAction, runs.main)],
      {
        cwd: options.workspace,
        env: {
          ...inheritedEnvironment(),
          ...STEP_CONTEXT,
          ...inputEnvironment(inputs, options.action),
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: options.workspace,
          GITHUB_OUTPUT: outputFile,
          GITHUB_STEP_SUMMARY: summaryFile,
          RUNNER_TEMP: folder,
          ...options.env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    options.onStart?.(child)
    const [stdout, stderr, exitCode] = await Promise.all([
      collect(child.stdout, options.onOutput),
      collect(child.stderr, options.onOutput),
      new Promise<number | null>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', resolve)
      }),
    ])
    return {
      exitCode,
      stdout,
      stderr,
      outputs: parseOutputs(readFileSync(outputFile, 'utf8')),
      summary: options.summaryFile === undefined ? readFileSync(summaryFile, 'utf8') : '',
      annotations: parseAnnotations(stdout),
      durationMs: performance.now() - startedAt,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What every process needs to start; nothing of the developer's own settings, such as proxies. */
function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'Path', 'HOME', 'SystemRoot', 'TEMP', 'TMP', 'TZ', 'NODE_EXTRA_CA_CERTS']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly runs: { readonly main: string }
}

function manifest(action: ActionFolder = '.'): Manifest {
  return parse(readFileSync(path.join(ROOT, action, 'action.yml'), 'utf8')) as Manifest
}

/** `INPUT_*` for the defaults of an `action.yml` with a step's `with:` over them. */
export function inputEnvironment(
  inputs: Readonly<Record<string, string>>,
  action?: ActionFolder,
): Readonly<Record<string, string>> {
  const values = new Map([
    ...Object.entries(manifest(action).inputs).map(
      ([name, { default: text = '' }]) =>
        [name, text.replace('${{ github.token }}', JOB_TOKEN)] as const,
    ),
    ...Object.entries(inputs),
  ])
  return Object.fromEntries(
    [...values].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

async function collect(
  stream: NodeJS.ReadableStream,
  onOutput: ((text: string) => void) | undefined,
): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk)
    chunks.push(buffer)
    onOutput?.(buffer.toString())
  }
  return Buffer.concat(chunks).toString()
}

/** The file format of `GITHUB_OUTPUT`: `name<<delimiter`, lines, the delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const [name, delimiter] = (lines[index] ?? '').split('<<')
    if (!name || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, index + 1)
    outputs[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return outputs
}

function parseAnnotations(stdout: string): StepAnnotation[] {
  return [...stdout.matchAll(/^::(error|warning)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/gm)].map(
    ([, level, properties, message]) => ({
      level: level === 'error' ? 'error' : 'warning',
      message: unescapeData(message ?? ''),
      properties: Object.fromEntries(
        (properties ?? '')
          .split(',')
          .map((pair) => pair.split('='))
          .map(([name, ...value]) => [name ?? '', unescapeData(value.join('='))]),
      ),
    }),
  )
}

function unescapeData(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    '0A': '\n',
    '0D': '\r',
    '25': '%',
    '2C': ',',
    '3A': ':',
  }
  return text.replace(/%(0A|0D|25|2C|3A)/g, (_, code: string) => characters[code] ?? '')
}

/** What a person sees of a log: masked values hidden, commands as the runner shows them. */
export function shownLog(stdout: string): string {
  const masks: string[] = []
  const shown: string[] = []
  let indent = ''
  for (const line of stdout.split(/\r?\n/)) {
    const [, command, rest] = /^::([a-z-]+)[^:]*(?::[^:]+)*::(.*)$/.exec(line) ?? []
    const text = unescapeData(rest ?? '')
    if (command === 'add-mask') masks.push(text)
    else if (command === 'debug') continue
    else if (command === 'endgroup') indent = ''
    else if (command === 'group') {
      shown.push(`▼ ${text}`)
      indent = '  '
    } else if (command === 'error' || command === 'warning' || command === 'notice') {
      const [title, file, lineNumber] = ['title', 'file', 'line'].map((name) =>
        unescapeData(new RegExp(`[ ,]${name}=([^,:]*)`).exec(line)?.[1] ?? ''),
      )
      const place = file ? ` (${file}:${lineNumber ?? ''})` : ''
      const level = command.charAt(0).toUpperCase() + command.slice(1)
      shown.push(`${level}: ${title ?? ''}${place}\n${text}`)
    } else shown.push(indent + line)
  }
  return masks.reduce((text, mask) => text.replaceAll(mask, '***'), shown.join('\n'))
}

const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
}

/** A summary as a person reads it in a terminal: its Markdown, without the HTML in it. */
export function shownSummary(markdown: string): string {
  return markdown
    .replace(/<\/th><td>/g, ': ')
    .replace(/<summary>/g, '▶ ')
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
