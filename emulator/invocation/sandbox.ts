/** Runs a Node.js handler in its own process, over an unpacked copy of its package. */

import { fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MAX_UNPACKED_BYTES } from '../functions/build.ts'
import { unzip } from '../functions/unzip.ts'
import type { StoredVersion } from '../state.ts'

/** One call of a handler. */
export interface Task {
  readonly version: StoredVersion
  readonly event: object
  readonly context: object
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

/** What came of a call. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: object }
  | { readonly kind: 'timeout' }

interface Unpacked {
  readonly directory: string
  readonly files: readonly string[]
}

/** The unpacked packages and running handlers of one emulator. */
export class Sandbox {
  readonly #unpacked = new Map<string, Promise<Unpacked>>()
  readonly #running = new Set<ReturnType<typeof fork>>()

  /** Calls the version's handler. */
  async run(task: Task): Promise<Outcome> {
    const { version } = task
    const pending = this.#unpacked.get(version.id) ?? unpack(version.zip)
    this.#unpacked.set(version.id, pending)
    const { directory, files } = await pending
    const { PATH = '', SystemRoot } = process.env
    const child = fork(fileURLToPath(new URL('sandbox.mjs', import.meta.url)), [], {
      cwd: directory,
      execArgv: [],
      // Nothing of our own environment but what a process needs to start.
      env: { ...task.environment, PATH, ...(SystemRoot !== undefined && { SystemRoot }) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#running.add(child)
    const outcome = await new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => {
        resolve({ kind: 'timeout' })
      }, task.timeoutMs)
      child.once('message', (message) => {
        resolve(readOutcome(message))
      })
      child.once('exit', (code) => {
        resolve({ kind: 'error', error: crash(`Function exited with code ${code ?? 'none'}`) })
      })
      child.once('error', (error) => {
        resolve({ kind: 'error', error: crash(error.message) })
      })
      child.once('close', () => {
        clearTimeout(timer)
      })
      const { event, context } = task
      const { entrypoint } = version
      child.send({ directory, files, entrypoint, event, context }, () => undefined)
    })
    this.#running.delete(child)
    child.kill('SIGKILL')
    return outcome
  }

  /** Ends what runs and removes what was unpacked. */
  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL')
    const all = await Promise.allSettled(this.#unpacked.values())
    for (const result of all) {
      if (result.status === 'fulfilled') {
        await rm(result.value.directory, { recursive: true, force: true, maxRetries: 3 })
      }
    }
  }
}

async function unpack(zip: Buffer): Promise<Unpacked> {
  const directory = await mkdtemp(join(tmpdir(), 'yandex-cloud-emulator-'))
  const files: string[] = []
  try {
    for await (const { name, mode, bytes } of unzip(zip, MAX_UNPACKED_BYTES)) {
      const file = join(directory, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes, { mode: mode & 0o777 || 0o644 })
      files.push(name)
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
  return { directory, files }
}

function readOutcome(message: unknown): Outcome {
  if (typeof message === 'object' && message !== null) {
    if ('error' in message && typeof message.error === 'object' && message.error !== null) {
      return { kind: 'error', error: message.error }
    }
    if ('result' in message) return { kind: 'result', result: message.result }
  }
  return { kind: 'result', result: undefined }
}

function crash(errorMessage: string): object {
  return { errorMessage, errorType: 'RuntimeError', stackTrace: [] }
}
