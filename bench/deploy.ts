/** Whole deployments of the bundle against the emulator, as the runner starts them. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

import { runStep } from '../scripts/step.ts'
import { watchPeak, type Run } from './measure.ts'
import type { Tree } from './trees.ts'

/** An emulator that runs, and how to reach it. */
export interface Cloud {
  readonly child: ChildProcess
  readonly inputs: Readonly<Record<string, string>>
}

/** A deployment that was measured, with the hash that it told. */
export interface Deployment extends Run {
  readonly sha256: string
}

/** Starts the emulator in a process of its own. */
export async function startCloud(): Promise<Cloud> {
  const child = fork(fileURLToPath(new URL('emulator.ts', import.meta.url)))
  const [inputs] = (await once(child, 'message')) as [Record<string, string>]
  return { child, inputs }
}

/** Ends it. */
export async function stopCloud({ child }: Cloud): Promise<void> {
  child.disconnect()
  await once(child, 'exit')
}

let deployments = 0

/**
 * Deploys a tree through a bucket, to a function of its own, so that no object is there already.
 * Rejects when that fails, or when another object arrived.
 */
export async function deploy(tree: Tree, cloud: Cloud): Promise<Deployment> {
  const inputs = {
    ...cloud.inputs,
    'function-name': `bench-${(deployments += 1)}`,
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
  }
  let peak: { stop: () => number | undefined } | undefined
  const step = await runStep(inputs, {
    workspace: tree.folder,
    onStart: ({ pid }) => (peak = watchPeak(pid)),
  })
  const peakBytes = peak?.stop()
  const { 'package-sha256': sha256 = '', 'object-name': object = '' } = step.outputs
  if (step.exitCode !== 0) throw new Error(`a deployment failed:\n${step.stdout}\n${step.stderr}`)
  cloud.child.send(object)
  const [stored] = (await once(cloud.child, 'message')) as [string]
  if (stored !== sha256) throw new Error(`the bucket has ${stored} in place of ${sha256}`)
  return { ms: step.durationMs, peakBytes, stdout: step.stdout, sha256 }
}

/** Time from the start of the process to its first request, in milliseconds. */
export async function firstRequest(tree: Tree): Promise<number> {
  let arrived = NaN
  const server = createServer((_, response) => {
    arrived = Number.isNaN(arrived) ? performance.now() : arrived
    response.writeHead(403).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  let start = performance.now()
  await runStep(
    {
      'api-endpoint': `http://127.0.0.1:${port}`,
      'yc-iam-token': 't1.bench',
      'folder-id': 'b1gbench',
      'function-name': 'bench',
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
    },
    { workspace: tree.folder, onStart: () => (start = performance.now()) },
  )
  server.close()
  if (Number.isNaN(arrived)) throw new Error('no request arrived')
  return arrived - start
}
