/** Inputs that choose the code of the version and how it is uploaded. */

import { quote } from '../text.ts'
import type { InputReader } from './reader.ts'
import { parseBucket, parseId, ValueError } from './values.ts'

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

/** The default of `source-root` and `include`. */
const HERE = '.'

export function readCode(reader: InputReader): CodeInputs {
  const path = reader.text('package')
  const versionId = reader.parse('source-version-id', parseId)
  const bucket = reader.parse('bucket', parseBucket)
  const prefix = reader.parse('bucket-prefix', parsePrefix)

  const chosen = reader.atMostOne(['package', 'source-version-id'])
  if (chosen !== undefined) {
    for (const name of ['source-root', 'include', 'exclude'] as const) {
      if ((reader.text(name) ?? HERE) !== HERE) {
        reader.problem(name, `has no effect with \`${chosen}\`: set one or the other`)
      }
    }
  }
  if (versionId !== undefined && bucket !== undefined) {
    reader.problem('bucket', 'has no effect with `source-version-id`, which sends no package')
  }
  if (reader.text('bucket-prefix') !== undefined && reader.text('bucket') === undefined) {
    reader.absence(['bucket-prefix'], '`bucket-prefix` has no effect without `bucket`')
  }

  return {
    source: readSource(reader, { path, versionId }),
    delivery:
      bucket === undefined ? { kind: 'inline' } : { kind: 'bucket', bucket, prefix: prefix ?? '' },
  }
}

// A key has at most 1024 bytes, of which an id of at most 50, a slash, a digest of 64 and `.zip` follow the prefix:
// https://yandex.cloud/en/docs/storage/concepts/object
const MAX_PREFIX_BYTES = 1024 - 50 - 1 - 64 - 4

function parsePrefix(text: string): string {
  const [forbidden] = /[:*?"<>|!]/.exec(text) ?? []
  if (forbidden !== undefined) {
    throw new ValueError(
      `contains ${quote(forbidden)}; the key of an object cannot contain : * ? " < > | !`,
    )
  }
  if (text.split('/').some((part) => part === '.' || part === '..')) {
    throw new ValueError(
      `is ${quote(text)}; no part of a prefix between slashes can be \`.\` or \`..\``,
    )
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
    include: reader.text('include') === undefined ? [HERE] : reader.list('include', asWritten),
    exclude: reader.list('exclude', asWritten),
  }
}

/** What is wrong with a pattern shows when files are selected. */
function asWritten(line: string): string {
  return line
}
