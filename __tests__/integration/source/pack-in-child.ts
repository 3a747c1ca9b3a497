/** Packs a folder and prints the hash of the archive: run by a test with another environment. */

import { packFiles } from '../../../src/source/zip/archive.ts'
import { selectFiles } from '../../../src/source/select/files.ts'

const [workspace = '.'] = process.argv.slice(2)
const patterns = { sourceRoot: '.', include: ['.'], exclude: [] }
const { files } = await selectFiles(patterns, { workspace })
const { sha256 } = await packFiles(files)
process.stdout.write(sha256)
