/**
 * Renews the pictures of the README from real runs in the emulator: `npm run build && npm run pictures`. With
 * `--all <folder>` draws every scene there, for a desktop and a phone, folded and open, to be looked at.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { takePicture } from './pictures/chromium.ts'
import { pageOf, THEMES } from './pictures/page.ts'
import { playScenes, type Scene } from './pictures/scenes.ts'

/** How wide GitHub shows a summary and a comment on a desktop; and a phone. In CSS pixels. */
const WIDTHS = { desktop: 880, phone: 400 }

const FOR_README = ['summary', 'comment']

const { values } = parseArgs({ options: { all: { type: 'string' } } })
const scenes = await playScenes()
if (values.all === undefined) {
  const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url))
  for (const scene of scenes.filter(({ name }) => FOR_README.includes(name))) {
    draw(scene, { folder, width: WIDTHS.desktop, suffix: '' })
  }
} else {
  const opened = scenes.map(({ name, markdown }) => ({
    name: `${name}-open`,
    markdown: markdown.replaceAll('<details>', '<details open>'),
  }))
  for (const scene of [...scenes, ...opened]) {
    for (const [screen, width] of Object.entries(WIDTHS)) {
      draw(scene, { folder: values.all, width, suffix: `-${screen}` })
    }
  }
  for (const { name, markdown } of scenes) {
    writeFileSync(path.join(values.all, `${name}.md`), markdown)
  }
}

function draw(
  { name, markdown }: Scene,
  { folder, width, suffix }: { folder: string; width: number; suffix: string },
): void {
  mkdirSync(folder, { recursive: true })
  const frame = name.startsWith('comment') ? 'comment' : 'summary'
  for (const theme of THEMES) {
    const file = path.resolve(folder, `${name}-${theme}${suffix}.png`)
    takePicture(pageOf(markdown, { theme, frame, width }), { file, width })
    console.log(path.relative('.', file))
  }
}
