/** The generated parts of README.md, the names and the types are what the manifests say. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ACTIONS, type PublishedAction } from '../../scripts/docs/actions.ts'
import { withParts } from '../../scripts/docs/parts.ts'
import { generated } from '../../scripts/readme.ts'
import { InputReader } from '../../src/inputs/reader.ts'
import { anchors, ROOT } from '../support/examples.ts'
import { MANIFESTS } from '../support/manifests.ts'

const SKELETON = [
  '<!-- BEGIN inputs: generated from action.yml by `npm run docs` -->',
  'old',
  '<!-- END inputs -->',
  '<!-- BEGIN outputs: generated from action.yml by `npm run docs` -->',
  '<!-- END outputs -->',
  'rest',
].join('\n')

const MANIFEST = `
inputs:
  # First
  include:
    description: |-
      Begins here
      and | ends *here*.

          include: |
            **/*.ts

      Last.
    required: true
  # Second
  wait:
    description: Two
    default: 'true'
  memory:
    description: |-
      Three

          memory: 1Gb
outputs:
  include:
    description: Out
  wait:
    description: Whether
`

const ACTION: PublishedAction = {
  folder: '',
  prefix: '',
  names: '',
  parse: (raw) => {
    const reader = new InputReader(raw)
    return [reader.list('include', String), reader.boolean('wait'), reader.text('memory')]
  },
  mostUsed: ['include'],
  outputs: { wait: 'boolean' },
}

const withManifest = (page: string, manifest = MANIFEST) =>
  withParts(page, { manifest, action: ACTION })

test.each(generated().map(({ file, text }) => [file, text] as const))(
  '%s is what `npm run docs` writes',
  (file, text) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toBe(text)
  },
)

test('every manifest that others use has generated parts', () => {
  const published = MANIFESTS.filter((file) => !/^(\.github|examples|__tests__)\//.test(file))
  expect(ACTIONS.map(({ folder }) => `${folder}action.yml`).sort()).toEqual(published.sort())
})

test('README.md has each anchor once', () => {
  const found = anchors(readFileSync(join(ROOT, 'README.md'), 'utf8'))
  expect(found.filter((anchor, index) => found.indexOf(anchor) !== index)).toEqual([])
})

test('README.md shows each picture of docs/pictures, in light and dark', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const shown = [...readme.matchAll(/(?:src|srcset)="(docs\/[^"]+)"/g)].map(([, file = '']) => file)
  const pictures = readdirSync(join(ROOT, 'docs/pictures')).map((name) => `docs/pictures/${name}`)
  expect(shown.sort()).toEqual(pictures.sort())
})

describe('the generated parts', () => {
  test('have the most used inputs in view and the others folded, by the groups of the manifest', () => {
    const page = withManifest(SKELETON)
    expect(page.indexOf('[**`include`**]')).toBeLessThan(page.indexOf('<details>'))
    expect([...page.matchAll(/^<summary>.*$/gm)].map(([line]) => line)).toEqual([
      '<summary><b>Second</b>: <code>wait</code>, <code>memory</code></summary>',
    ])
  })

  test('fold nothing where no input is the most used', () => {
    const page = withParts(SKELETON, { manifest: MANIFEST, action: { ...ACTION, mostUsed: [] } })
    expect(page).not.toContain('<details>')
    expect(page).toContain('[**`memory`**](#memory)')
  })

  test('show an input as a link to itself, with its type, paragraphs and examples', () => {
    expect(withManifest(SKELETON)).toContain(
      [
        '- <a name="include"></a>[**`include`**](#include) · list · **required**<br>',
        '  Begins here',
        '  and | ends *here*.',
        '',
        '  ```yaml',
        '  include: |',
        '    **/*.ts',
        '  ```',
        '',
        '  Last.',
      ].join('\n'),
    )
  })

  test('have an example of one line beside the type', () => {
    expect(withManifest(SKELETON)).toContain(
      '[**`memory`**](#memory) · text · for example `1Gb`<br>\n  Three\n',
    )
  })

  test('show defaults, and name outputs apart from inputs', () => {
    const page = withManifest(SKELETON)
    expect(page).toContain(
      '<a name="wait"></a>[**`wait`**](#wait) · boolean · default `true`<br>\n  Two',
    )
    expect(page).toContain(
      '<a name="output-wait"></a>[**`wait`**](#output-wait) · boolean<br>\n  Whether',
    )
  })

  test('have anchors of their own for each action, and no headings that the page has already', () => {
    const page = withParts(
      SKELETON.replaceAll(/(BEGIN|END) /g, '$1 rollback-').replaceAll('action.yml', 'r/action.yml'),
      { manifest: MANIFEST, action: { ...ACTION, folder: 'r/', prefix: 'rollback-' } },
    )
    expect(page).toContain('<a name="rollback-wait"></a>[**`wait`**](#rollback-wait)')
    expect(page).toContain('<a name="rollback-output-wait"></a>[**`wait`**](#rollback-output-wait)')
    expect(page).toContain('<details>')
    expect(page).not.toContain('###')
  })

  test('replace only what stands between the markers, and stay the same when made again', () => {
    const page = withManifest(SKELETON)
    expect(page).not.toContain('old')
    expect(page.endsWith('rest')).toBe(true)
    expect(withManifest(page)).toBe(page)
  })

  test.each([
    ['a page without a marker', 'text', MANIFEST],
    ['a manifest without inputs', SKELETON, 'outputs: {}'],
    ['an input without a body', SKELETON, 'inputs: {include: }\noutputs: {}'],
    ['an input that nothing reads', SKELETON, 'inputs: {other: {}}\noutputs: {}'],
    ['a manifest that lacks a most used input', SKELETON, 'inputs: {wait: {}}\noutputs: {}'],
  ])('cannot be made from %s', (_, page, manifest) => {
    expect(() => withManifest(page, manifest)).toThrow(TypeError)
  })
})
