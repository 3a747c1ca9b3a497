/**
 * Packs a folder with our own code and writes the zip to a file: one run, in a process of its own.
 */

import { closeSync, openSync, writeSync } from 'node:fs'

import { packFiles } from '../src/source/zip/archive.ts'
import { selectFiles } from '../src/source/select/files.ts'

const [workspace = '.', target = ''] = process.argv.slice(2)
const start = performance.now()
const patterns = { sourceRoot: '.', include: ['.'], exclude: [] }
const { files } = await selectFiles(patterns, { workspace })
const selected = performance.now()
const { chunks, sha256, entries } = await packFiles(files)
const file = openSync(target, 'w')
for (const chunk of chunks) writeSync(file, chunk)
closeSync(file)
const end = performance.now()
process.stdout.write(
  JSON.stringify({ ms: end - start, selectMs: selected - start, sha256, entries: entries.length }),
)
