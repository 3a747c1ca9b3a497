/** What the entries of all actions share: wires the real world to a story and sets the exit code. */

import { setTimeout as sleep } from 'node:timers/promises'
import { DeployError } from './errors.ts'
import { createRunner, rawInputs } from './github/runner.ts'
import type { Clock, Runner, Transport } from './ports.ts'
import { createTransport } from './transport.ts'

/** The runner kills a cancelled step after 7.5 s; whatever still hangs by then is left behind. */
const EXIT_MS = 6_800

/** The real world. */
export interface RealWorld {
  readonly runner: Runner
  readonly clock: Clock
  readonly transport: Transport
  /** Aborts when the run is cancelled, or crashes where nobody awaits it. */
  readonly signal: AbortSignal
  readonly metadataAddress: string | undefined
}

/** What an action does with its inputs; resolves to the exit code, whatever happens. */
export type Story = (raw: Readonly<Record<string, string>>, world: RealWorld) => Promise<0 | 1>

/** Tells the story, and ends the process with its exit code. */
export async function start(story: Story): Promise<void> {
  // Whatever happens before a success is told, even what nobody foresaw, is a failure.
  process.exitCode = 1
  const signal = untilStopped()
  const exitCode = await story(rawInputs(process.env), {
    runner: createRunner(process.env),
    clock: CLOCK,
    transport: createTransport(),
    signal,
    metadataAddress: process.env.YC_METADATA_ADDR,
  })
  const crashed = signal.aborted && !(signal.reason instanceof DeployError)
  if (!crashed) process.exitCode = exitCode
  // A failed run may leave work behind that nobody waits for; what was printed goes out first.
  if (process.exitCode !== 0) process.stdout.write('', () => process.exit())
}

function untilStopped(): AbortSignal {
  const cancellation = new AbortController()
  const stop = (reason: unknown): void => {
    cancellation.abort(reason)
    setTimeout(() => process.exit(1), EXIT_MS).unref()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      stop(new DeployError('CANCELLED', `The run was cancelled (${name}).`))
    })
  }
  // What is thrown where nobody awaits it is told like any other failure, not by a stack trace.
  process.on('uncaughtException', stop)
  return cancellation.signal
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wallTime: Date.now,
  random: Math.random,
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal && { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
