import { describe, expect, test } from '@jest/globals'

import { DeployError } from '../../../src/errors.ts'
import { advise } from '../../../src/report/advice.ts'
import {
  BUCKET_LIMIT_BYTES,
  checkCount,
  checkLimits,
  checkUnpacked,
  INLINE_LIMIT_BYTES,
  UNPACKED_LIMIT_BYTES,
} from '../../../src/source/limits.ts'
import type { Archive } from '../../../src/source/source.ts'

function archive(sizeBytes: number, unpackedBytes = sizeBytes): Archive {
  const entries = ['a/1', 'a/2', 'b/3', 'c/4', 'd/5', 'e/6'].map((name, index) => ({
    name,
    sizeBytes: (index + 1) * 2048,
    packedBytes: (index + 1) * 1024,
    crc32: 0,
  }))
  return { chunks: [], sizeBytes, sha256: '', entries, unpackedBytes }
}

function failure(check: () => void): DeployError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof DeployError) return error
    throw error
  }
}

describe('the limits', () => {
  test('are those of the documentation', () => {
    expect(INLINE_LIMIT_BYTES).toBe(3_670_016)
    expect(BUCKET_LIMIT_BYTES).toBe(134_217_728)
    expect(UNPACKED_LIMIT_BYTES).toBe(713_031_680)
  })

  test.each(['inline', 'bucket'] as const)('may be reached, %s', (delivery) => {
    const limit = delivery === 'inline' ? INLINE_LIMIT_BYTES : BUCKET_LIMIT_BYTES
    expect(
      failure(() => {
        checkLimits(archive(limit, UNPACKED_LIMIT_BYTES), delivery)
      }),
    ).toBe(undefined)
    expect(
      failure(() => {
        checkLimits(archive(limit + 1), delivery)
      })?.code,
    ).toBe('SOURCE_TOO_LARGE')
    expect(
      failure(() => {
        checkLimits(archive(1, UNPACKED_LIMIT_BYTES + 1), delivery)
      })?.code,
    ).toBe('SOURCE_TOO_LARGE')
  })
})

describe('a package over a limit', () => {
  test('is told with its size, the limit and the largest files', () => {
    const error = failure(() => {
      checkLimits(archive(4_000_000), 'inline')
    })
    expect(error?.message).toBe(
      'the package is 3.8 MiB (4000000 bytes); the limit when it is sent inside the request is ' +
        '3.5 MiB (3670016 bytes). ' +
        'The largest files: `e/6` (6 KiB), `d/5` (5 KiB), `c/4` (4 KiB), `b/3` (3 KiB), `a/2` (2 KiB)',
    )
    expect(error && advise(error).hint).toContain('set `bucket`')
    const { entries } = archive(4_000_000)
    expect(error?.evidence).toEqual({ kind: 'largest files', entries })
  })

  test('through a bucket is not told to take a bucket', () => {
    const error = failure(() => {
      checkLimits(archive(BUCKET_LIMIT_BYTES + 1), 'bucket')
    })
    expect(error?.message).toContain('the limit when it is sent through a bucket is 128 MiB')
    expect(error?.hint).not.toContain('bucket')
  })

  test('by both its sizes is told of both', () => {
    const error = failure(() => {
      checkLimits(archive(BUCKET_LIMIT_BYTES + 1, UNPACKED_LIMIT_BYTES + 1), 'bucket')
    })
    expect(error?.message).toMatch(/the package is .*; the files are .* unpacked/)
  })
})

describe('files that are not packed yet', () => {
  const file = { name: 'big', path: '/big', executable: false }

  test('are refused when they are too large once unpacked', () => {
    const sizes = [UNPACKED_LIMIT_BYTES, 1]
    const files = sizes.map((sizeBytes) => ({ ...file, sizeBytes }))
    expect(
      failure(() => {
        checkUnpacked(files.slice(0, 1))
      }),
    ).toBeUndefined()
    const error = failure(() => {
      checkUnpacked(files)
    })
    expect(error?.code).toBe('SOURCE_TOO_LARGE')
    expect(error?.message).toContain('the files are 680 MiB (713031681 bytes) unpacked')
    expect(error?.evidence).toMatchObject({ kind: 'largest files', entries: [{ name: 'big' }, {}] })
  })

  test('are refused when there are too many for a zip', () => {
    expect(
      failure(() => {
        checkCount(65_534)
      }),
    ).toBeUndefined()
    expect(
      failure(() => {
        checkCount(65_535)
      })?.code,
    ).toBe('SOURCE_TOO_LARGE')
  })
})
