/** Regenerates from action.yml the tables of README.md and `src/inputs/names.ts`; `--check` only compares. */

import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'

const README = fileURLToPath(new URL('../README.md', import.meta.url))
const NAMES = fileURLToPath(new URL('../src/inputs/names.ts', import.meta.url))
const ACTION = fileURLToPath(new URL('../action.yml', import.meta.url))

/**
 * The README with its generated parts (between `<!-- BEGIN x -->` and `<!-- END x -->`) replaced by
 * the tables of `inputs` and `outputs` of action.yml.
 * Throws TypeError when action.yml has another shape, or the README lacks a marker.
 */
export function withTables(readme: string, action: string): string {
  const document = parseDocument(action)
  const inputs = groups(mapIn(document.contents, 'inputs')).map(
    ({ title, fields }) => `### ${title}\n\n${inputTable(fields)}`,
  )
  const outputs = groups(mapIn(document.contents, 'outputs')).map(({ fields }) =>
    outputTable(fields),
  )
  return between(between(readme, { name: 'inputs', parts: inputs }), {
    name: 'outputs',
    parts: outputs,
  })
}

/**
 * A module with the names of all inputs and outputs of action.yml, and a type for each.
 * Throws TypeError when action.yml has another shape.
 */
export function namesModule(action: string): string {
  const { contents } = parseDocument(action)
  const list = (key: 'inputs' | 'outputs'): string =>
    groups(mapIn(contents, key))
      .flatMap(({ fields }) => fields.map(({ name }) => `  '${name}',\n`))
      .join('')
  return `/** The names of all inputs and outputs, generated from action.yml by \`npm run docs\`. */

export const INPUT_NAMES = [
${list('inputs')}] as const

/** An input of action.yml. */
export type InputName = (typeof INPUT_NAMES)[number]

export const OUTPUT_NAMES = [
${list('outputs')}] as const

/** An output of action.yml. */
export type OutputName = (typeof OUTPUT_NAMES)[number]
`
}

interface Field {
  readonly name: string
  readonly description: string
  readonly required: boolean
  readonly default: string
}

interface Group {
  readonly title: string
  readonly fields: Field[]
}

function mapIn(node: unknown, key: string): YAMLMap {
  const value: unknown = isMap(node) ? node.get(key, true) : undefined
  if (!isMap(value)) throw new TypeError(`action.yml: ${key} is not a mapping`)
  return value
}

/** Fields in the order of the file; a comment above a field opens the group that it names. */
function groups(map: YAMLMap): Group[] {
  const found: Group[] = [{ title: map.commentBefore?.trim() ?? '', fields: [] }]
  for (const { key, value } of map.items) {
    if (!isScalar(key) || !isMap(value)) throw new TypeError('action.yml: a field has no body')
    if (key.commentBefore) found.push({ title: key.commentBefore.trim(), fields: [] })
    found.at(-1)?.fields.push({
      name: String(key.value),
      description: text(value.get('description')),
      required: value.get('required') === true,
      default: text(value.get('default')),
    })
  }
  return found
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function inputTable(fields: readonly Field[]): string {
  const rows = fields.map((field) => {
    const fallback = field.required
      ? '**required**'
      : field.default === ''
        ? ''
        : code(field.default)
    return `| ${anchored(field.name, '')} | ${cell(field.description)} | ${fallback} |`
  })
  return ['| Input | What it is | Default |', '| --- | --- | --- |', ...rows].join('\n')
}

function outputTable(fields: readonly Field[]): string {
  const rows = fields.map(
    ({ name, description }) => `| ${anchored(name, 'output-')} | ${cell(description)} |`,
  )
  return ['| Output | What it is |', '| --- | --- |', ...rows].join('\n')
}

/** A name that can be linked to; outputs take a prefix since some are called as inputs are. */
function anchored(name: string, prefix: '' | 'output-'): string {
  return `<a name="${prefix}${name}"></a>${code(name)}`
}

/** A description in one line: paragraphs stay Markdown, indented examples become `<pre>`. */
function cell(description: string): string {
  return description
    .split(/\n{2,}/)
    .map((block) =>
      /^ {4}/.test(block)
        ? `<pre>${block.split('\n').map(literal).join('<br>')}</pre>`
        : block.replaceAll('\n', ' ').replaceAll('|', '\\|'),
    )
    .reduce((line, block) => {
      const glued = line === '' || block.startsWith('<pre>') || line.endsWith('</pre>')
      return line + (glued ? '' : '<br><br>') + block
    }, '')
}

/** A line of an example, so that neither HTML nor Markdown finds anything in it to format. */
function literal(line: string): string {
  return line
    .slice(4)
    .replaceAll(/[^\w\s.,:/=!-]|_/g, (character) => `&#${String(character.codePointAt(0))};`)
}

function code(value: string): string {
  return `\`${value}\``
}

function between(readme: string, section: { name: string; parts: readonly string[] }): string {
  const begin = `<!-- BEGIN ${section.name}: generated from action.yml by \`npm run docs\` -->`
  const end = `<!-- END ${section.name} -->`
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new TypeError(`README.md: no "${begin}" … "${end}"`)
  const body = ['<!-- prettier-ignore-start -->', ...section.parts, '<!-- prettier-ignore-end -->']
  return `${readme.slice(0, from + begin.length)}\n\n${body.join('\n\n')}\n\n${readme.slice(to)}`
}

function main(check: string | undefined): void {
  const action = readFileSync(ACTION, 'utf8')
  const generated = [
    [README, withTables(readFileSync(README, 'utf8'), action)],
    [NAMES, namesModule(action)],
  ] as const
  const stale = generated.filter(([file, text]) => readFileSync(file, 'utf8') !== text)
  if (stale.length === 0) return
  const files = stale.map(([file]) => path.relative(process.cwd(), file)).join(', ')
  if (check === '--check') {
    console.error(`${files}: differs from action.yml. Run \`npm run docs\`.`)
    process.exitCode = 1
    return
  }
  for (const [file, text] of stale) writeFileSync(file, text)
  console.log(`Wrote ${files} from action.yml.`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv[2])
}
