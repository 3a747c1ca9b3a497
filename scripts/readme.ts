/** Regenerates from the manifests of the actions the tables of README.md and the names in the code; `--check` only compares. */

import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const README = `${ROOT}README.md`

/** An action, by the folder of its manifest, and what is generated from it. */
export interface ActionSource {
  /** With a slash at its end; empty for the root. */
  readonly folder: string
  /** Begins the names of its tables and anchors in README.md. */
  readonly prefix: string
  /** The module with its names. */
  readonly names: string
}

export const ACTIONS = [
  { folder: '', prefix: '', names: 'src/inputs/names.ts' },
  { folder: 'rollback/', prefix: 'rollback-', names: 'src/rollback/names.ts' },
  { folder: 'cleanup/', prefix: 'cleanup-', names: 'src/cleanup/names.ts' },
] as const satisfies readonly ActionSource[]

const MAIN: ActionSource = ACTIONS[0]

/**
 * The README with its generated parts (between `<!-- BEGIN x -->` and `<!-- END x -->`) replaced by
 * the tables of `inputs` and `outputs` of a manifest.
 * Throws TypeError when the manifest has another shape, or the README lacks a marker.
 */
export function withTables(readme: string, manifest: string, source: ActionSource = MAIN): string {
  const { folder, prefix } = source
  const document = parseDocument(manifest)
  const inputs = groups(mapIn(document.contents, 'inputs')).map(
    ({ title, fields }) =>
      (prefix === '' ? `### ${title}\n\n` : `**${title}**\n\n`) + inputTable(fields, prefix),
  )
  const outputs = groups(mapIn(document.contents, 'outputs')).map(({ fields }) =>
    outputTable(fields, prefix),
  )
  const file = `${folder}action.yml`
  return between(between(readme, { name: `${prefix}inputs`, file, parts: inputs }), {
    name: `${prefix}outputs`,
    file,
    parts: outputs,
  })
}

/**
 * A module with the names of all inputs and outputs of a manifest, and a type for each.
 * Throws TypeError when the manifest has another shape.
 */
export function namesModule(manifest: string, { folder }: ActionSource = MAIN): string {
  const { contents } = parseDocument(manifest)
  const file = `${folder}action.yml`
  const list = (key: 'inputs' | 'outputs'): string =>
    asList(groups(mapIn(contents, key)).flatMap(({ fields }) => fields.map(({ name }) => name)))
  return `/** The names of all inputs and outputs, generated from ${file} by \`npm run docs\`. */

export const INPUT_NAMES = ${list('inputs')} as const

/** An input of ${file}. */
export type InputName = (typeof INPUT_NAMES)[number]

export const OUTPUT_NAMES = ${list('outputs')} as const

/** An output of ${file}. */
export type OutputName = (typeof OUTPUT_NAMES)[number]
`
}

/** As Prettier writes it: on one line where there is room behind `export const OUTPUT_NAMES = `. */
function asList(names: readonly string[]): string {
  const line = `[${names.map((name) => `'${name}'`).join(', ')}]`
  return line.length <= 65 ? line : `[\n${names.map((name) => `  '${name}',\n`).join('')}]`
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

function inputTable(fields: readonly Field[], prefix: string): string {
  const rows = fields.map((field) => {
    const fallback = field.required
      ? '**required**'
      : field.default === ''
        ? ''
        : code(field.default)
    return `| ${anchored(field.name, prefix)} | ${cell(field.description)} | ${fallback} |`
  })
  return ['| Input | What it is | Default |', '| --- | --- | --- |', ...rows].join('\n')
}

function outputTable(fields: readonly Field[], prefix: string): string {
  const rows = fields.map(
    ({ name, description }) => `| ${anchored(name, `${prefix}output-`)} | ${cell(description)} |`,
  )
  return ['| Output | What it is |', '| --- | --- |', ...rows].join('\n')
}

/** A name that can be linked to; outputs take a prefix since some are called as inputs are. */
function anchored(name: string, prefix: string): string {
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

function between(
  readme: string,
  section: { name: string; file: string; parts: readonly string[] },
): string {
  const begin = `<!-- BEGIN ${section.name}: generated from ${section.file} by \`npm run docs\` -->`
  const end = `<!-- END ${section.name} -->`
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new TypeError(`README.md: no "${begin}" … "${end}"`)
  const body = ['<!-- prettier-ignore-start -->', ...section.parts, '<!-- prettier-ignore-end -->']
  return `${readme.slice(0, from + begin.length)}\n\n${body.join('\n\n')}\n\n${readme.slice(to)}`
}

function main(check: string | undefined): void {
  const manifests = ACTIONS.map((source) => ({
    source,
    manifest: readFileSync(`${ROOT}${source.folder}action.yml`, 'utf8'),
  }))
  const readme = manifests.reduce(
    (text, { source, manifest }) => withTables(text, manifest, source),
    readFileSync(README, 'utf8'),
  )
  const generated = [
    [README, readme] as const,
    ...manifests.map(
      ({ source, manifest }) => [ROOT + source.names, namesModule(manifest, source)] as const,
    ),
  ]
  const stale = generated.filter(([file, text]) => readFileSync(file, 'utf8') !== text)
  if (stale.length === 0) return
  const files = stale.map(([file]) => path.relative(process.cwd(), file)).join(', ')
  if (check === '--check') {
    console.error(`${files}: differs from the manifests. Run \`npm run docs\`.`)
    process.exitCode = 1
    return
  }
  for (const [file, text] of stale) writeFileSync(file, text)
  console.log(`Wrote ${files} from the manifests.`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv[2])
}
