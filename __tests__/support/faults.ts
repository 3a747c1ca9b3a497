/** Deployments, rollbacks and clean-ups through `main()` in this process: a real emulator, real sockets, a runner that records. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type FaultEffect,
  type Github,
} from '../../emulator/index.ts'
import { tellPullRequest } from '../../src/comment.ts'
import { main as cleanupMain } from '../../src/cleanup/main.ts'
import { main, type World } from '../../src/main.ts'
import type { Annotation, Clock, Runner, Transport } from '../../src/ports.ts'
import type { TellPullRequest } from '../../src/report/comment.ts'
import { main as rollbackMain } from '../../src/rollback/main.ts'
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
  /** Where the comment goes; without it none is written. */
  readonly github?: Github
}

/** Short enough for a table of faults, long enough for a busy machine: every fault is followed by a good answer. */
export const QUICK_RETRY: Partial<RetryPolicy> = { attemptMs: 400, firstDelayMs: 5, maxDelayMs: 20 }

/** For a fault that does not pass. A busy machine must not make other calls look like the disturbed one. */
export function briefRetry({ kind }: FaultEffect): Partial<RetryPolicy> {
  return { ...QUICK_RETRY, attemptMs: kind === 'delay' ? 800 : 10_000, totalMs: 100 }
}

/** How much faster than the real one the clock of these deployments sleeps. */
const SPEED = 20

const CLOCK: Clock = {
  now: () => performance.now(),
  wallTime: Date.now,
  random: Math.random,
  sleep: async (ms, signal) => {
    try {
      await sleep(ms / SPEED, undefined, signal && { signal })
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
export function deploy(
  inputs: Texts,
  options: DeployOptions & { emulator: Emulator },
): Promise<Outcome> {
  return carryOut(main, { inputs, ...options })
}

/** Rolls back; as {@link deploy}. */
export function rollBack(
  inputs: Texts,
  options: DeployOptions & { emulator: Emulator },
): Promise<Outcome> {
  return carryOut(rollbackMain, { inputs, ...options })
}

/** Cleans up; as {@link deploy}. */
export function cleanUp(
  inputs: Texts,
  options: DeployOptions & { emulator: Emulator },
): Promise<Outcome> {
  return carryOut(cleanupMain, { inputs, ...options })
}

async function carryOut(
  story: (raw: Texts, world: World) => Promise<0 | 1>,
  { inputs, emulator, ...options }: DeployOptions & { inputs: Texts; emulator: Emulator },
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
    ...(options.github && { tellPullRequest: teller(options.github, runner) }),
  }
  const exitCode = await story(inputs, world)
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

/** Comments on the pull request 1 of the stand-in, as the entry of the action does. */
function teller({ apiUrl, repository }: Github, runner: Runner): TellPullRequest {
  const pullRequest = {
    number: 1,
    repository,
    apiUrl,
    sha: '5f3c9d0b7a1e',
    runId: '42',
    runUrl: `https://github.com/${repository}/actions/runs/42`,
    workflow: `${repository}/.github/workflows/deploy.yml`,
    job: 'deploy',
  }
  return (news, token) =>
    tellPullRequest(
      { news, pullRequest },
      {
        transport: NETWORK,
        clock: { ...CLOCK, wallTime: () => Date.UTC(2026, 0, 1) },
        token,
        signal: new AbortController().signal,
        hide: (text) => runner.hide(text),
      },
    )
}

const HELLO = helloWorkspace()
