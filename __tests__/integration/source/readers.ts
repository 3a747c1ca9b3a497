/** Other people's programs that read a zip. */

import { createHash } from 'node:crypto'
import yauzl from 'yauzl'

import { run } from './tree.ts'

/** An entry as a reader sees it. */
export interface ReadEntry {
  readonly name: string
  readonly sha256: string
  /** With the type of the file, as in `st_mode`. */
  readonly mode: number
  /** `YYYY-MM-DD hh:mm:ss`. */
  readonly time: string
}

/** Has Info-ZIP unpack everything in memory; throws when it has any complaint. */
export async function infoZipTest(zipFile: string): Promise<void> {
  await runUtf8('unzip', ['-tqq', zipFile])
}

/** The names in the order of the zip. */
export async function infoZipNames(zipFile: string): Promise<string[]> {
  // `-Z1` shows what cannot be printed as `^` or `?`: names in tests are printable.
  return (await runUtf8('unzip', ['-Z1', zipFile])).trimEnd().split('\n')
}

const PYTHON = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([{
        'name': i.filename,
        'sha256': hashlib.sha256(z.read(i)).hexdigest(),
        'mode': i.external_attr >> 16,
        'time': '%04d-%02d-%02d %02d:%02d:%02d' % i.date_time,
    } for i in z.infolist()]))
`

/** All entries as Python's zipfile reads them, checksums verified. */
export async function readWithPython(zipFile: string): Promise<unknown> {
  return JSON.parse(await run({ program: 'python3', args: ['-c', PYTHON, zipFile] }))
}

/** All entries as yauzl reads them in its strictest mode, sizes verified. */
export async function readWithYauzl(zipFile: string): Promise<ReadEntry[]> {
  const zip = await yauzl.openPromise(zipFile, { lazyEntries: true, strictFileNames: true })
  const entries: ReadEntry[] = []
  for await (const entry of zip.eachEntry()) {
    const hash = createHash('sha256')
    const stream = await zip.openReadStreamPromise(entry)
    for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk)
    const date = entry.getLastModDate({ timezone: 'UTC' })
    entries.push({
      name: entry.fileName,
      sha256: hash.digest('hex'),
      mode: entry.externalFileAttributes >>> 16,
      time: date.toISOString().slice(0, 19).replace('T', ' '),
    })
  }
  return entries
}

async function runUtf8(program: string, args: readonly string[]): Promise<string> {
  return run({ program, args, env: { LC_ALL: 'C.UTF-8' } })
}
