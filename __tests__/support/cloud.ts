/** An emulator for a test file, and the inputs that every step against it has. */

import { afterAll, afterEach, beforeAll } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/index.ts'

/** Starts an emulator before the tests of a file; call the result to reach it. */
export function useEmulator(options: EmulatorOptions = {}): () => Emulator {
  let emulator: Emulator | undefined
  beforeAll(async () => {
    emulator = await startEmulator({
      buildMs: 20,
      quotas: { functionsPerCloud: 1000, tagsPerFunction: 100 },
      ...options,
    })
  })
  afterEach(() => emulator?.clearFaults())
  afterAll(() => emulator?.close())
  return () => {
    if (!emulator) throw new TypeError('the emulator has not been started')
    return emulator
  }
}

let functions = 0

/** The inputs that a step needs at least, for a function of its own. */
export function requiredInputs(emulator: Emulator): Record<string, string> {
  return {
    'yc-sa-json-credentials': emulator.keyJson,
    'api-endpoint': emulator.endpoint,
    'folder-id': emulator.folderId,
    'function-name': `function-${++functions}`,
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
  }
}

/** Requests that change the cloud; signing in is not one of them. */
export function mutations(emulator: Emulator): readonly string[] {
  return emulator.requests
    .filter(({ method }) => !['GET', 'HEAD'].includes(method))
    .filter(({ service }) => !['iam', 'auth'].includes(service))
    .map(({ method, path }) => `${method} ${path}`)
}
