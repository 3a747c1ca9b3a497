/** Inputs that say what code the version gets, and how it travels. */

import { parseLines, ValueError } from './values.ts'
import { quote } from '../suggest.ts'
import type { InputReader } from './reader.ts'
import { parseId } from './function.ts'

/** Where the code comes from. */
export type CodeSource =
  | {
      readonly kind: 'files'
      /** Relative to the workspace. */
      readonly sourceRoot: string
      /** Patterns, in order, relative to the source root. */
      readonly include: readonly string[]
      readonly exclude: readonly string[]
    }
  | { readonly kind: 'package'; readonly path: string }
  | { readonly kind: 'version'; readonly versionId: string }

/** How a package reaches the cloud. */
export type Delivery =
  | { readonly kind: 'inline' }
  | { readonly kind: 'bucket'; readonly bucket: string; readonly prefix: string }

export interface CodeInputs {
  readonly source: CodeSource
  readonly delivery: Delivery
}

/** What `source-root` and `include` are when not given. */
const HERE = '.'

export function readCode(reader: InputReader): CodeInputs {
  const path = reader.text('package')
  const versionId = reader.parse('source-version-id', parseId)
  const bucket = reader.parse('bucket', parseBucket)
  const prefix = reader.parse('bucket-prefix', parsePrefix)

  const chosen = reader.atMostOne(['package', 'source-version-id'])
  if (chosen !== undefined) {
    for (const name of ['source-root', 'include', 'exclude']) {
      if ((reader.text(name) ?? HERE) !== HERE) {
        reader.problem(name, `has no effect with \`${chosen}\`: give one or the other`)
      }
    }
  }
  if (versionId !== undefined && bucket !== undefined) {
    reader.problem('bucket', 'has no effect with `source-version-id`, which sends no package')
  }
  if (reader.text('bucket-prefix') !== undefined && reader.text('bucket') === undefined) {
    reader.problem('bucket-prefix', 'has no effect without `bucket`')
  }

  return {
    source: readSource(reader, { path, versionId }),
    delivery:
      bucket === undefined ? { kind: 'inline' } : { kind: 'bucket', bucket, prefix: prefix ?? '' },
  }
}

/**
 * https://yandex.cloud/en/docs/storage/concepts/object: a key has at most 1024 bytes. After the prefix come an id of at
 * most 50, a slash, a digest of 64, and `.zip`.
 */
const MAX_PREFIX_BYTES = 1024 - 50 - 1 - 64 - 4

function parsePrefix(text: string): string {
  const [refused] = /[:*?"<>|!]/.exec(text) ?? []
  if (refused !== undefined) {
    throw new ValueError(
      `holds ${quote(refused)}; the key of an object has none of : * ? " < > | !`,
    )
  }
  if (text.split('/').some((part) => part === '.' || part === '..')) {
    throw new ValueError(`is ${quote(text)}; a prefix has no \`.\` or \`..\` between its slashes`)
  }
  if (Buffer.byteLength(text) <= MAX_PREFIX_BYTES) return text
  throw new ValueError(
    `has ${Buffer.byteLength(text)} bytes; at most ${MAX_PREFIX_BYTES} are allowed`,
  )
}

function readSource(
  reader: InputReader,
  { path, versionId }: { path: string | undefined; versionId: string | undefined },
): CodeSource {
  if (path !== undefined) return { kind: 'package', path }
  if (versionId !== undefined) return { kind: 'version', versionId }
  return {
    kind: 'files',
    sourceRoot: reader.text('source-root') ?? HERE,
    include: patterns(reader.text('include') ?? HERE),
    exclude: patterns(reader.text('exclude') ?? ''),
  }
}

function patterns(text: string): readonly string[] {
  return parseLines(text).map((line) => line.text)
}

/** https://yandex.cloud/en/docs/storage/concepts/bucket#naming */
export function parseBucket(text: string): string {
  if (/^[-.0-9a-zA-Z]{3,63}$/.test(text)) return text
  throw new ValueError(
    `is ${quote(text)}; a bucket's name has 3 to 63 letters, digits, dots and hyphens`,
  )
}
