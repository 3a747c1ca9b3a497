/** Holds a zip of ours against the one that Info-ZIP makes of the same tree. */

import { execFileSync } from 'node:child_process'
import yauzl from 'yauzl'

/** Rejects unless both zips have the same files with the same contents and ours is sound. */
export async function checkZip(ours: string, theirs: string): Promise<void> {
  execFileSync('unzip', ['-tqq', ours])
  const [mine, other] = [await list(ours), await list(theirs)]
  for (const [name, content] of other) {
    if (mine.get(name) !== content) throw new Error(`${ours}: ${name} is not what it should be`)
    mine.delete(name)
  }
  const [extra] = mine.keys()
  if (extra !== undefined) throw new Error(`${ours}: ${extra} is not in the tree`)
}

/** Size and checksum of each file by its name. */
async function list(file: string): Promise<Map<string, string>> {
  const zip = await yauzl.openPromise(file, { lazyEntries: true })
  const entries = new Map<string, string>()
  for await (const { fileName, uncompressedSize, crc32 } of zip.eachEntry()) {
    if (!fileName.endsWith('/')) entries.set(fileName, `${uncompressedSize}/${crc32}`)
  }
  return entries
}
