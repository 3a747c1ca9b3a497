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

/** What a process has used; undefined where the system does not tell. */
export interface Usage {
  /** Largest resident size. */
  readonly peakBytes: number | undefined
  /** Time of all processors, in steps of 10 ms; what came after the last look is missing. */
  readonly cpuMs: number | undefined
}

/** As {@link watchUsage}, for the peak alone. */
export function watchPeak(pid: number | undefined): { stop: () => number | undefined } {
  const { stop } = watchUsage(pid)
  return { stop: () => stop().peakBytes }
}

/**
 * Watches a process from outside, so that the process is as it is without us. The figures of `getrusage` will not do:
 * a child begins with the peak of the process which started it.
 */
export function watchUsage(pid: number | undefined): { stop: () => Usage } {
  let usage: Usage = { peakBytes: undefined, cpuMs: undefined }
  const poll = (): void => {
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
      // The name of the program, in parentheses, may hold spaces; user and system time are in hundredths of a second.
      const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ')
      if (kilobytes === undefined) return
      usage = {
        peakBytes: Number(kilobytes) * 1024,
        cpuMs: (Number(stat?.[11]) + Number(stat?.[12])) * 10,
      }
    } catch {
      // Not Linux, or the process has just ended.
    }
  }
  const timer = setInterval(poll, POLL_MS)
  return {
    stop: () => {
      clearInterval(timer)
      return usage
    },
  }
}

/** The middle one of an odd number of figures, else the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
}
