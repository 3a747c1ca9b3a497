/** Takes pictures of pages with the Chromium of this machine. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { withPalette } from './palette.ts'

/** Names under which systems have it; the variable `CHROMIUM` names another. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** It asks nobody for anything: no updates, no accounts, no first page. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
]

const SCALE = 1.5
const TIMEOUT_MS = 120_000

/** Writes the whole of a page, as a PNG. Throws when there is no Chromium. */
export function takePicture(page: string, { file, width }: { file: string; width: number }): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'picture-'))
  try {
    const html = path.join(folder, 'page.html')
    writeFileSync(html, page)
    const run = (...flags: readonly string[]): string =>
      execFileSync(
        findChromium(),
        [
          ...FLAGS,
          `--user-data-dir=${path.join(folder, 'profile')}`,
          `--force-device-scale-factor=${SCALE}`,
          ...flags,
          pathToFileURL(html).href,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: TIMEOUT_MS },
      )
    const dom = run(`--window-size=${width},600`, '--dump-dom')
    const height = /data-height="(\d+)"/.exec(dom)?.[1]
    if (height === undefined) throw new Error('the page does not say how high it is')
    run(`--window-size=${width},${height}`, `--screenshot=${file}`)
    writeFileSync(file, withPalette(readFileSync(file)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

let found: string | undefined

function findChromium(): string {
  const names = process.env.CHROMIUM === undefined ? NAMES : [process.env.CHROMIUM]
  found ??= names.find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
  if (found !== undefined) return found
  throw new Error(
    `There is no Chromium (${names.join(', ')}): install it, in Debian with \`apt-get install chromium\`, or name it by the variable CHROMIUM.`,
  )
}
