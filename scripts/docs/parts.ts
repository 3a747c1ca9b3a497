/** Writes the parts of README.md about inputs and outputs: lists that fit a narrow page, each name a link to itself. */

import type { OutputType, PublishedAction } from './actions.ts'
import { inputTypes, type InputType } from './input-types.ts'
import { inputsOf, readManifest, type Field, type Group } from './manifest.ts'

const INPUT_LABELS: Readonly<Record<InputType['kind'], string>> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'whole number',
  size: 'size',
  duration: 'duration',
  lines: 'list',
  pairs: 'list of `key=value`',
  words: 'one of',
}

const OUTPUT_LABELS: Readonly<Record<OutputType, string>> = {
  boolean: 'boolean',
  integer: 'whole number',
  commas: 'list',
  lines: 'list',
}

/**
 * The page with the generated parts of an action (between `<!-- BEGIN x -->` and `<!-- END x -->`) replaced.
 * Throws TypeError when the manifest has another shape, or the page lacks a marker.
 */
export function withParts(
  page: string,
  { manifest, action }: { manifest: string; action: PublishedAction },
): string {
  const read = readManifest(manifest)
  const names = inputsOf(read).map(({ name }) => name)
  const types = inputTypes(names, action.parse)
  const item = (field: Field): string =>
    inputItem(field, { prefix: action.prefix, type: types.get(field.name) })
  const outputs = read.outputs.map((field) =>
    outputItem(field, { prefix: action.prefix, type: action.outputs[field.name] }),
  )
  const marker = { prefix: action.prefix, file: `${action.folder}action.yml` }
  return between(
    between(page, { ...marker, name: 'inputs', parts: inputParts(read.inputs, { action, item }) }),
    { ...marker, name: 'outputs', parts: [outputs.join('\n\n')] },
  )
}

/** The inputs that most steps have in view, the others folded by group; or all in view. */
function inputParts(
  groups: readonly Group[],
  { action, item }: { action: PublishedAction; item: (field: Field) => string },
): readonly string[] {
  const { mostUsed } = action
  const fields = groups.flatMap((group) => group.fields)
  if (mostUsed.length === 0) return [fields.map(item).join('\n\n')]
  const first = mostUsed.map((name) => {
    const field = fields.find((one) => one.name === name)
    if (!field) throw new TypeError(`action.yml: no input ${name}`)
    return field
  })
  const folded = groups
    .map(({ title, fields: all }) => ({
      title,
      rest: all.filter(({ name }) => !mostUsed.includes(name)),
    }))
    .filter(({ rest }) => rest.length > 0)
    .map(({ title, rest }) => fold({ title, names: rest.map(({ name }) => name) }, rest.map(item)))
  const inView = first.map(item).join('\n\n')
  // A second list has its heading on the page already.
  if (action.prefix !== '') return [inView, ...folded]
  return [`### Most used\n\n${inView}`, '### All others', ...folded]
}

function fold(
  { title, names }: { title: string; names: readonly string[] },
  items: readonly string[],
): string {
  const listed = names.map((name) => `<code>${name}</code>`).join(', ')
  return `<details>\n<summary><b>${title}</b>: ${listed}</summary>\n\n${items.join('\n\n')}\n\n</details>`
}

function inputItem(
  field: Field,
  { prefix, type }: { prefix: string; type: InputType | undefined },
): string {
  const facts = [
    ...(type ? [labelOf(type)] : []),
    ...(field.required ? ['**required**'] : []),
    ...(field.default === '' ? [] : [`default ${code(field.default)}`]),
  ]
  const { inline, description } = withoutShortExample(field)
  const example = inline === undefined ? [] : [`for example ${code(inline)}`]
  return listItem(anchored(field.name, prefix), { facts: [...facts, ...example], description })
}

/** An example of one line stands beside the type; longer ones stay in the description. */
function withoutShortExample({ name, description }: Field): {
  readonly inline: string | undefined
  readonly description: string
} {
  const blocks = description.split(/\n{2,}/)
  const short = blocks.find(
    (text) => text.startsWith(`    ${name}: `) && !text.includes('\n') && !text.endsWith('|'),
  )
  return {
    inline: short?.slice(`    ${name}: `.length),
    description: blocks.filter((text) => text !== short).join('\n\n'),
  }
}

function labelOf(type: InputType): string {
  const label = INPUT_LABELS[type.kind]
  return type.kind === 'words' ? `${label} ${type.words.map(code).join(', ')}` : label
}

/** Outputs have a prefix of their own since some are called as inputs are. */
function outputItem(
  { name, description }: Field,
  { prefix, type }: { prefix: string; type: OutputType | undefined },
): string {
  const facts = type === undefined ? [] : [OUTPUT_LABELS[type]]
  return listItem(anchored(name, `${prefix}output-`), { facts, description })
}

function listItem(
  name: string,
  { facts, description }: { facts: readonly string[]; description: string },
): string {
  const [first = '', ...more] = description.split(/\n{2,}/).map(block)
  return [`${[name, ...facts].join(' · ')}<br>\n${first}`, ...more]
    .join('\n\n')
    .split('\n')
    .map((line, index) => (index === 0 ? `- ${line}` : line === '' ? '' : `  ${line}`))
    .join('\n')
}

/** A name that can be linked to, and is a link to itself. */
function anchored(name: string, prefix: string): string {
  return `<a name="${prefix}${name}"></a>[**${code(name)}**](#${prefix}${name})`
}

/** A paragraph as it is; an indented example as a block of YAML. */
function block(text: string): string {
  if (!/^ {4}/.test(text)) return text
  const lines = text.split('\n').map((line) => line.slice(4))
  return ['```yaml', ...lines, '```'].join('\n')
}

function code(value: string): string {
  return `\`${value}\``
}

function between(
  page: string,
  section: { prefix: string; file: string; name: string; parts: readonly string[] },
): string {
  const name = section.prefix + section.name
  const begin = `<!-- BEGIN ${name}: generated from ${section.file} by \`npm run docs\` -->`
  const end = `<!-- END ${name} -->`
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new TypeError(`README.md: no "${begin}" … "${end}"`)
  const body = ['<!-- prettier-ignore-start -->', ...section.parts, '<!-- prettier-ignore-end -->']
  return `${page.slice(0, from + begin.length)}\n\n${body.join('\n\n')}\n\n${page.slice(to)}`
}
