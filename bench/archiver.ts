/**
 * Packs a folder with @actions/glob and archiver, from paths or from buffers: one run, in a process
 * of its own.
 */

import { create } from '@actions/glob'
import { ZipArchive } from 'archiver'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

const [workspace = '.', target = '', from = 'paths'] = process.argv.slice(2)
// @actions/glob writes debug commands to the standard output.
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = () => true
const start = performance.now()
const globber = await create(`${workspace}/**`, { matchDirectories: false })
const files = (await globber.glob()).sort()
const selected = performance.now()

const archive = new ZipArchive({ zlib: { level: 6 } })
const written = pipeline(archive, createWriteStream(target))
const date = new Date('1980-01-01T00:00:00Z')
for (const file of files) {
  const data = { name: path.relative(workspace, file), date, mode: 0o644 }
  if (from === 'paths') archive.file(file, data)
  else archive.append(await readFile(file), data)
}
await archive.finalize()
await written
const end = performance.now()
process.stdout.write = write
process.stdout.write(
  JSON.stringify({ ms: end - start, selectMs: selected - start, entries: files.length }),
)
