/** Reads the project's Markdown: its files, its headings and anchors, its YAML blocks, and the steps in them. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lexer, walkTokens, type Token } from 'marked'
import { parse } from 'yaml'
import type { ActionFolder } from '../../scripts/step.ts'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Folders that hold no text of this project. */
const FOREIGN = new Set(['node_modules', '.git', 'dist', 'coverage', 'reports', '.stryker-tmp'])

/** A Markdown file: its path from the root of the repository, and what it says. */
export interface Page {
  readonly file: string
  readonly text: string
}

/** A fenced YAML block, with the heading above it. */
export interface YamlBlock {
  readonly file: string
  readonly heading: string
  readonly text: string
}

/** A step that uses an action of this repository, as a runner would see its `with:` before it evaluates expressions. */
export interface ActionStep {
  readonly action: ActionFolder
  readonly file: string
  readonly heading: string
  readonly with: Record<string, string>
}

/** Every Markdown file of the project, sorted by path. */
export function pages(): Page[] {
  return markdownFiles(ROOT)
    .map((path) => ({
      file: relative(ROOT, path).split(sep).join('/'),
      text: readFileSync(path, 'utf8'),
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** Every fenced `yaml` block of the project's Markdown. */
export function yamlBlocks(): YamlBlock[] {
  return pages().flatMap(({ file, text }) => {
    const blocks: YamlBlock[] = []
    let heading = ''
    for (const token of lexer(text)) {
      if (token.type === 'heading') heading = textOf(token)
      if (token.type === 'code' && /^ya?ml\b/.test(textOf(token, 'lang'))) {
        blocks.push({ file, heading, text: textOf(token) })
      }
    }
    return blocks
  })
}

/** The fenced blocks of a page in a language, as they are written, also those inside lists. */
export function codeBlocks(file: string, language: string): string[] {
  const found: string[] = []
  void walkTokens(lexer(readFileSync(join(ROOT, file), 'utf8')), (token) => {
    if (token.type === 'code' && textOf(token, 'lang') === language) found.push(textOf(token))
  })
  return found
}

/**
 * Every documented step that uses an action of this repository. A step of a job with a matrix comes once for each
 * combination, with its `matrix` expressions replaced; other expressions are left as they are.
 */
export function actionSteps(): ActionStep[] {
  return yamlBlocks().flatMap(({ file, heading, text }) =>
    jobs(parse(text)).flatMap(({ steps, matrix }) =>
      steps.flatMap((step) => {
        const action = actionOf(step.uses)
        if (!action) return []
        return combinations(matrix).map((values) => ({
          action,
          file,
          heading,
          with: evaluated(record(step.with), values),
        }))
      }),
    ),
  )
}

/** The action of this repository that a `uses:` names, under whichever owner and version. */
export function actionOf(uses: unknown): ActionFolder | undefined {
  const text = typeof uses === 'string' ? uses : ''
  const [found, folder] =
    /^[^/]+\/deploy-yandex-cloud-function(?:\/(rollback|cleanup))?@/.exec(text) ?? []
  if (found === undefined) return undefined
  return folder === 'rollback' || folder === 'cleanup' ? folder : '.'
}

/** The targets of all links in a text, images included. */
export function links(text: string): string[] {
  const found: string[] = []
  void walkTokens(lexer(text), (token) => {
    if (token.type === 'link' || token.type === 'image') found.push(textOf(token, 'href'))
  })
  return found
}

/** What `#…` may point to in a text: its headings as GitHub names them, and its named anchors. */
export function anchors(text: string): string[] {
  const headings = lexer(text)
    .filter((token) => token.type === 'heading')
    .map((token) => slug(textOf(token)))
  const named = [...text.matchAll(/<a name="([^"]+)">/g)].map(([, name]) => name ?? '')
  return [...headings, ...named]
}

function slug(heading: string): string {
  return heading
    .replaceAll(/<a name="[^"]*"><\/a>/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
}

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      return FOREIGN.has(entry.name) ? [] : markdownFiles(join(folder, entry.name))
    }
    return entry.name.endsWith('.md') ? [join(folder, entry.name)] : []
  })
}

function textOf(token: Token, field = 'text'): string {
  const value: unknown = record(token)[field]
  return typeof value === 'string' ? value : ''
}

interface Job {
  readonly steps: readonly Record<string, unknown>[]
  readonly matrix: Record<string, unknown>
}

/** A block is a workflow, a list of steps, or something without steps. */
function jobs(block: unknown): Job[] {
  if (Array.isArray(block)) return [{ steps: block.map(record), matrix: {} }]
  return Object.values(record(record(block).jobs)).map((job) => {
    const steps = record(job).steps
    return {
      steps: Array.isArray(steps) ? steps.map(record) : [],
      matrix: record(record(record(job).strategy).matrix),
    }
  })
}

/** The values that `matrix.…` expressions have in each job of a matrix. */
function combinations(matrix: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(matrix).reduce<Record<string, unknown>[]>(
    (found, [name, values]) =>
      found.flatMap((before) =>
        (Array.isArray(values) ? values : [values]).map((value: unknown) => ({
          ...before,
          [name]: value,
        })),
      ),
    [{}],
  )
}

function evaluated(
  inputs: Record<string, unknown>,
  matrix: Record<string, unknown>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g, (_, path: string) =>
        String(path.split('.').reduce<unknown>((at, key) => record(at)[key], matrix)),
      ),
    ]),
  )
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
