/** Entry of the action: wires the real world to the story and sets the exit code. */

import { setTimeout as sleep } from 'node:timers/promises'
import { DeployError } from './errors.ts'
import { main } from './main.ts'
import { readPullRequest } from './github/pull-request.ts'
import { createRunner, rawInputs } from './github/runner.ts'
import { createTransport } from './transport.ts'

/** The runner kills a cancelled step after 7.5 s; whatever still hangs by then is left behind. */
const EXIT_MS = 4_500

// Whatever happens before a success is told, even what nobody foresaw, is a failure.
process.exitCode = 1

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

const runner = createRunner(process.env)
const transport = createTransport()

const exitCode = await main(rawInputs(process.env), {
  runner,
  clock: {
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
  },
  transport,
  signal: cancellation.signal,
  metadataAddress: process.env.YC_METADATA_ADDR,
  tellPullRequest: async (news, token) => {
    const pullRequest = await readPullRequest(process.env)
    if (!pullRequest) return undefined
    // A file of its own in the bundle, with `@actions/github`: other steps do not load it.
    const { tellPullRequest } = await import('./comment.ts')
    const { signal } = cancellation
    return tellPullRequest(
      { ...news, pullRequest, atMs: Date.now() },
      { transport, token, signal, hide: (text) => runner.hide(text) },
    )
  },
})

const { signal } = cancellation
const crashed = signal.aborted && !(signal.reason instanceof DeployError)
if (!crashed) process.exitCode = exitCode
// A failed run may leave work behind that nobody waits for; what was printed goes out first.
if (process.exitCode !== 0) process.stdout.write('', () => process.exit())
