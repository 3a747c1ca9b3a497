/** The bundle cancelled by the runner, which sends SIGINT, then SIGTERM after 7.5 s, and then kills. */

import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Emulator, FaultSpec } from '../../../emulator/index.ts'
import { runStep } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, startRichEmulator, type Texts } from '../../support/faults.ts'

/** When the signal is sent, and what is true then. */
interface Moment {
  readonly when: string
  readonly faults?: readonly FaultSpec[]
  readonly inputs?: Texts
  readonly isBig?: true
  /** Whether the moment has come. */
  readonly isNow: (seen: { log: string; emulator: Emulator }) => boolean
  /** Whether the build had started. */
  readonly isBuilding?: true
}

const FOR_EVER = { times: Infinity, effect: { kind: 'delay', ms: 60_000 } } as const

const asked = (pattern: RegExp) => (seen: { emulator: Emulator }) =>
  seen.emulator.requests.some((request) => pattern.test(request.path))

const MOMENTS: readonly Moment[] = [
  {
    when: 'the version is being built',
    isNow: ({ log }) => log.includes('Operation '),
    isBuilding: true,
  },
  {
    when: 'the cloud does not answer the request to cancel',
    faults: [{ path: /:cancel$/, ...FOR_EVER }],
    isNow: ({ log }) => log.includes('Operation '),
    isBuilding: true,
  },
  {
    when: 'a call is tried again and again',
    faults: [{ path: /versions$/, times: Infinity, effect: { kind: 'status', status: 503 } }],
    isNow: ({ log }) => log.includes('trying again'),
  },
  {
    when: 'the first connection hangs',
    faults: [{ path: /^\/endpoints$/, ...FOR_EVER }],
    isNow: asked(/^\/endpoints$/),
  },
  {
    when: 'the build is polled and the poll hangs',
    faults: [{ path: /^\/operations\/\w+$/, skip: 1, ...FOR_EVER }],
    isNow: ({ log, emulator }) =>
      log.includes('Operation ') &&
      emulator.requests.filter(({ path }) => /^\/operations\/\w+$/.test(path)).length > 1,
    isBuilding: true,
  },
  {
    when: 'GitHub does not answer with an OIDC token',
    inputs: { 'yc-sa-json-credentials': '', 'yc-sa-id': 'of the deployer' },
    faults: [{ path: /^\/github\//, ...FOR_EVER }],
    isNow: asked(/^\/github\//),
  },
  {
    when: 'a big tree is being packed',
    inputs: { bucket: 'packages' },
    isBig: true,
    isNow: asked(/^\/functions\//),
  },
]

describe('a run that is cancelled', () => {
  let small = ''
  let big = ''
  beforeAll(() => {
    small = helloWorkspace()
    big = bigWorkspace()
  })
  afterAll(() => {
    for (const workspace of [small, big]) rmSync(workspace, { recursive: true })
  })

  test.each(
    (['SIGINT', 'SIGTERM'] as const).flatMap((signal) =>
      MOMENTS.map((m) => [signal, m.when, m] as const),
    ),
  )('by %s while %s ends at once and says so', async (signal, _, moment) => {
    const emulator = await startRichEmulator({ buildMs: 60_000 })
    try {
      for (const fault of moment.faults ?? []) emulator.fault(fault)
      const inputs = { ...helloInputs(emulator, 'hello'), ...moment.inputs }
      let log = ''
      let sentAt = 0
      const result = await runStep(
        inputs['yc-sa-id'] === undefined
          ? inputs
          : { ...inputs, 'yc-sa-id': emulator.serviceAccountId },
        {
          workspace: moment.isBig ? big : small,
          env: {
            ACTIONS_ID_TOKEN_REQUEST_URL: emulator.githubOidc.url,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: emulator.githubOidc.requestToken,
          },
          onOutput: (text) => (log += text),
          onStart: (child) => {
            const watch = setInterval(() => {
              if (!moment.isNow({ log, emulator })) return
              clearInterval(watch)
              sentAt = performance.now()
              child.kill(signal)
            }, 20)
            child.once('exit', () => {
              clearInterval(watch)
            })
          },
        },
      )
      const tookMs = performance.now() - sentAt

      expect(sentAt).toBeGreaterThan(0)
      expect(result.exitCode).toBe(1)
      expect(tookMs).toBeLessThan(7_500)
      expect(result.stderr).toBe('')
      expect(result.annotations).toHaveLength(1)
      const [annotation] = result.annotations
      expect(annotation?.properties.title).toMatch(/^CANCELLED: /)
      expect(annotation?.message).toContain(signal)
      expect(result.summary).toContain('CANCELLED')
      expect(result.outputs).not.toHaveProperty('version-id')
      const cancelled = emulator.requests.filter(({ path: p }) => p.endsWith(':cancel'))
      if (moment.isBuilding) {
        const operationId = /Operation (\w+)/.exec(result.stdout)?.[1] ?? '-'
        expect(annotation?.message).toContain(operationId)
        expect(result.summary).toContain(operationId)
        expect(cancelled.map((request) => request.path)).toContain(
          `/operations/${operationId}:cancel`,
        )
      } else {
        expect(cancelled).toEqual([])
      }
    } finally {
      await emulator.close()
    }
  })
})

/** So much that cannot be packed any smaller that packing it takes seconds. */
function bigWorkspace(): string {
  const workspace = helloWorkspace()
  const block = randomBytes(1024 ** 2)
  for (let index = 0; index < 120; index++) {
    block.writeUInt32LE(index)
    writeFileSync(path.join(workspace, `data-${index}.bin`), block)
  }
  return workspace
}
