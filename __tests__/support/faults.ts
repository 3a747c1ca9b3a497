/** Deployments through `main()` in this process: a real emulator, real sockets, a runner that records. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/index.ts'
import { main, type World } from '../../src/main.ts'
import type { Annotation, Clock, Runner, Transport } from '../../src/ports.ts'
import { Secret } from '../../src/secret.ts'
import { createTransport } from '../../src/transport.ts'
import type { RetryPolicy } from '../../src/yandex/http/http.ts'
import { FakeRunner } from './fakes.ts'

export type Texts = Readonly<Record<string, string>>

/** What a deployment came to, as its runner saw it. */
export interface Outcome {
  readonly exitCode: 0 | 1
  readonly outputs: Texts
  readonly errors: readonly Annotation[]
  readonly warnings: readonly Annotation[]
  readonly notices: readonly Annotation[]
  readonly summary: string
  /** Every line printed, debug lines included. */
  readonly log: readonly string[]
  readonly masks: readonly string[]
}

/** How one deployment differs from the usual. */
export interface DeployOptions {
  readonly workspace?: string
  readonly retry?: Partial<RetryPolicy>
  readonly signal?: AbortSignal
  /** In place of the network itself. */
  readonly transport?: Transport
  /** Overrides methods of the recording runner. */
  readonly runner?: Partial<Runner>
}

/** Short enough for a table of faults, long enough for a busy machine: every fault is followed by a good answer. */
export const QUICK_RETRY: Partial<RetryPolicy> = { attemptMs: 400, firstDelayMs: 5, maxDelayMs: 20 }

/** How much faster than the real one the clock of these deployments sleeps. */
const HASTE = 20

const CLOCK: Clock = {
  now: () => performance.now(),
  wallTime: Date.now,
  random: Math.random,
  sleep: async (ms, signal) => {
    try {
      await sleep(ms / HASTE, undefined, signal && { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}

/** A folder with a small Node.js function. */
export function helloWorkspace(files: Texts = {}): string {
  const workspace = mkdtempSync(path.join(tmpdir(), 'workspace-'))
  const all = { 'index.js': "exports.handler = async () => ({ body: 'hello' })\n", ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true })
    writeFileSync(path.join(workspace, name), text)
  }
  return workspace
}

/** The fewest inputs that deploy a function to an emulator, signing in with a key. */
export function helloInputs(emulator: Emulator, functionName: string): Texts {
  return {
    'yc-sa-json-credentials': emulator.keyJson,
    'api-endpoint': emulator.endpoint,
    'token-exchange-url': emulator.tokenExchangeUrl,
    'folder-id': emulator.folderId,
    'function-name': functionName,
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
  }
}

/** An emulator whose quotas are in nobody's way, with everything that a step can name. */
export async function startRichEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const unlimited = 1_000_000
  const emulator = await startEmulator({
    buildMs: 30,
    quotas: {
      operationsPerFunction: unlimited,
      operationsPerFolder: unlimited,
      operationsPerCloud: unlimited,
      functionsPerCloud: unlimited,
    },
    ...options,
  })
  emulator.addBucket({ name: 'packages' })
  emulator.addServiceAccount({ name: 'runtime' })
  emulator.addNetwork({ name: 'backend' })
  emulator.addSecret({ name: 'database', versions: [{ password: 'correct horse battery staple' }] })
  return emulator
}

/** Inputs that make a deployment look everything up that can be looked up. */
export const RICH_INPUTS: Texts = {
  bucket: 'packages',
  'service-account-name': 'runtime',
  'network-name': 'backend',
  secrets: 'PASSWORD=database/latest/password',
}

/** One for all deployments, as its connections are kept. */
export const NETWORK = createTransport()

/** Deploys; never rejects unless `main` does. */
export async function deploy(
  inputs: Texts,
  { emulator, ...options }: DeployOptions & { emulator: Emulator },
): Promise<Outcome> {
  const { url, requestToken } = emulator.githubOidc
  const runner = new FakeRunner({ workspace: options.workspace ?? HELLO, sha: undefined })
  runner.idTokenRequest = { url, token: new Secret(requestToken) }
  const world: World = {
    runner: Object.assign(runner, options.runner),
    clock: CLOCK,
    transport: options.transport ?? NETWORK,
    signal: options.signal ?? new AbortController().signal,
    metadataAddress: emulator.metadataAddress,
    retry: { ...QUICK_RETRY, ...options.retry },
  }
  const exitCode = await main(inputs, world)
  const { outputs, errors, warnings, notices, log, masked } = runner
  return {
    exitCode,
    outputs,
    errors,
    warnings,
    notices,
    log,
    masks: masked,
    summary: runner.summaries.join(''),
  }
}

const HELLO = helloWorkspace()
