/** Runs a program and measures how long it takes and how much memory it needs at its peak. */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** One run of one contender. */
export interface Run {
  readonly ms: number
  /** Largest resident size, in bytes; undefined where the system does not tell. */
  readonly peakBytes: number | undefined
  readonly stdout: string
}

/** How a program is to be run. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
}

const POLL_MS = 10

/** Runs a program to its end. Rejects when it fails. */
export async function measure({ program, args, cwd }: Command): Promise<Run> {
  const start = performance.now()
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const peak = watchPeak(child.pid)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  const ms = performance.now() - start
  const peakBytes = peak.stop()
  if (code !== 0) throw new Error(`${program} ended with exit code ${String(code)}`)
  return { ms, peakBytes, stdout }
}

/**
 * Watches the peak of a process from outside, so that the process is as it is without us. The
 * figure of `getrusage` will not do: a child begins with that of the process which started it.
 */
export function watchPeak(pid: number | undefined): { stop: () => number | undefined } {
  let peakBytes: number | undefined
  const poll = (): void => {
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
      if (kilobytes !== undefined) peakBytes = Number(kilobytes) * 1024
    } catch {
      // Not Linux, or the process has just ended.
    }
  }
  const timer = setInterval(poll, POLL_MS)
  return {
    stop: () => {
      clearInterval(timer)
      return peakBytes
    },
  }
}

/** The middle one of an odd number of figures, else the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
}
