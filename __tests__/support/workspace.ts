/** Throw-away workspaces made of a map from names to contents. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from '@jest/globals'

const folders: string[] = []

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder with these files, removed after the tests of the file. */
export function makeWorkspace(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'workspace-')))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return folder
}

/** A Node.js function that answers with its version, and what the smallest package of it is. */
export const HELLO = {
  'index.js': `exports.handler = async (event, context) => ({
  statusCode: 200,
  body: JSON.stringify({ version: context.functionVersion, greeting: process.env.GREETING }),
})
`,
} as const
