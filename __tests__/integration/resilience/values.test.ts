/** Values that nobody may see, searched for in all that a run shows: planned or deployed, however it ends. */

import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import {
  startGithub,
  type Emulator,
  type FaultEffect,
  type Github,
} from '../../../emulator/index.ts'
import type { ErrorCode } from '../../../src/errors.ts'
import {
  deploy,
  helloInputs,
  helloWorkspace,
  type Outcome,
  type Texts,
} from '../../support/faults.ts'
import { SECRET_PAYLOADS, startNamedCloud, type NamedCloud } from '../../support/rich-cloud.ts'

/** What the live version has, and what the step sets; each is found by its own text. */
const LIVE = { KEPT: 'kept-value-0001', CHANGED: 'former-value-0002', GONE: 'gone-value-0003' }
const AFTER = { KEPT: LIVE.KEPT, CHANGED: 'latter "value"\\0004', ADDED: 'added\nvalue-0005' }
const VALUES = [...Object.values(LIVE), ...Object.values(AFTER)]

const MODES: Readonly<Record<string, Texts>> = {
  'a deployment': {},
  'a dry run': { 'dry-run': 'true' },
  'a deployment that may skip': { 'skip-unchanged': 'true' },
  'a deployment that may reuse code': { 'reuse-code': 'true' },
}

let cloud: NamedCloud
let github: Github
const workspace = helloWorkspace()
const otherFiles = helloWorkspace({ 'new.js': '' })
beforeAll(async () => {
  cloud = await startNamedCloud()
  github = await startGithub()
})
afterEach(() => {
  cloud.emulator.clearFaults()
  github.clearFaults()
})
afterAll(async () => {
  await Promise.all([cloud.emulator.close(), github.close()])
  for (const folder of [workspace, otherFiles]) rmSync(folder, { recursive: true })
})

/** All that the step sets in one text, as a server repeats a request. */
const ALL = Object.entries(AFTER)
  .map((pair) => pair.join('='))
  .join('; ')

const fault =
  (path: RegExp, effect: FaultEffect, method?: string) =>
  (emulator: Emulator): undefined => {
    emulator.fault({ path, effect, times: Infinity, ...(method !== undefined && { method }) })
  }
const LIVE_VERSION = /versions:byTag$/
const VERSIONS = /^\/functions\/v1\/versions$/
const SHORT = { id: 'd4e1', functionId: 'd4e2' }
const raw = (body: unknown): FaultEffect => ({
  kind: 'raw',
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const refusal = (status: number, code: number): FaultEffect => ({
  kind: 'status',
  status,
  body: {
    code,
    message: `environment: ${ALL}`,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'environment', description: ALL }],
      },
    ],
  },
})

/** A way for a run to end, and its error code; none for a success. */
interface Ending {
  readonly code?: ErrorCode
  /** Only a run that creates a version comes that far. */
  readonly isLater?: true
  /** A run that only deploys does without. */
  readonly isOfPlan?: true
  readonly prepare?: (emulator: Emulator) => Texts | undefined
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  'a success': {},
  'an environment that is not shown': {
    prepare: fault(LIVE_VERSION, raw(SHORT)),
  },
  'a live version that was cut': {
    isOfPlan: true,
    code: 'API_UNEXPECTED',
    prepare: fault(LIVE_VERSION, raw(`{"id":"d4e1","environment":{"CHANGED":"${LIVE.CHANGED}`)),
  },
  'a live version with an environment of another shape': {
    isOfPlan: true,
    code: 'API_UNEXPECTED',
    prepare: fault(LIVE_VERSION, raw({ ...SHORT, environment: Object.entries(LIVE) })),
  },
  'a live version with values of another type': {
    isOfPlan: true,
    code: 'API_UNEXPECTED',
    prepare: fault(LIVE_VERSION, raw({ ...SHORT, environment: { GONE: [LIVE.GONE] } })),
  },
  'a live version that is not to be read': {
    isOfPlan: true,
    code: 'API_REJECTED',
    prepare: fault(LIVE_VERSION, { kind: 'status', status: 403 }),
  },
  'a live object that is none': { prepare: fault(/^\/packages\//, raw(ALL), 'GET') },
  'a version that is refused with what it asked for': {
    isLater: true,
    code: 'API_REJECTED',
    prepare: fault(VERSIONS, refusal(400, 3), 'POST'),
  },
  'a version whose code is gone, with what it asked for': {
    isLater: true,
    code: 'API_REJECTED',
    prepare: fault(VERSIONS, refusal(404, 5), 'POST'),
  },
  'a version that is refused by a gateway with what it asked for': {
    isLater: true,
    code: 'API_REJECTED',
    prepare: fault(VERSIONS, { kind: 'status', status: 400, body: ALL }, 'POST'),
  },
  'a version that is refused for now with what it asked for': {
    isLater: true,
    code: 'API_UNREACHABLE',
    prepare: fault(VERSIONS, refusal(503, 14), 'POST'),
  },
  'an operation that repeats the request': {
    isLater: true,
    code: 'API_UNEXPECTED',
    prepare: fault(
      VERSIONS,
      raw({ id: '', metadata: { environment: AFTER }, response: { environment: AFTER } }),
      'POST',
    ),
  },
  'a failed build that repeats the request': {
    isLater: true,
    code: 'OPERATION_FAILED',
    prepare: (emulator) => {
      const link = `${emulator.storageEndpoint}/build-logs/values.log?X-Amz-Signature=0badc0ffee0badc0ffee`
      emulator.buildLogs.set('values.log', `index.js:1: ${ALL}\n${ALL}`)
      emulator.failNextBuild({ code: 3, message: `${ALL} ${link}` })
      return undefined
    },
  },
  'a comment that GitHub refuses to take': {
    prepare: () => {
      github.fault({ method: 'POST', times: Infinity, effect: { kind: 'status', status: 422 } })
      return undefined
    },
  },
  'a value that is no line of the input': {
    code: 'INPUT_INVALID',
    prepare: () => ({ environment: VALUES.join('\n') }),
  },
  'a variable that is given twice': {
    code: 'INPUT_INVALID',
    prepare: () => ({
      environment: VALUES.map((value) => `KEPT=${value.replaceAll('\n', ' ')}`).join('\n'),
    }),
  },
}

/** A run, and how it ends; what comes after a plan is nothing to a dry run. */
const CASES = Object.keys(MODES).flatMap((mode) =>
  Object.keys(ENDINGS)
    .filter((ending) => mode !== 'a dry run' || !ENDINGS[ending]?.isLater)
    .map((ending) => [mode, ending] as const),
)

let functions = 0

test.each(CASES)('%s with %s shows no value', async (mode, ending) => {
  const { emulator, everyInput } = cloud
  const hello = {
    ...helloInputs(emulator, `values-${++functions}`),
    ...everyInput,
    bucket: 'packages',
    comment: 'true',
    'github-token': github.token,
  }
  const run = (inputs: Texts, folder: string): Promise<Outcome> =>
    deploy(
      { ...hello, ...inputs },
      { emulator, github, workspace: folder, retry: { totalMs: 300 } },
    )
  expect((await run({ environment: written(LIVE) }, workspace)).errors).toEqual([])
  for (const { id } of github.comments(1)) github.deleteComment(id)

  const { code, isOfPlan, prepare } = ENDINGS[ending] ?? {}
  const changes = prepare?.(emulator)
  // Other files, so that the live package is looked into; the same ones, so that code can be reused.
  const folder = mode === 'a deployment that may reuse code' ? workspace : otherFiles
  const outcome = await run({ environment: written(AFTER), ...MODES[mode], ...changes }, folder)
  // Annotations on lines of files come before the failure itself.
  const isSurvived = isOfPlan === true && mode === 'a deployment'
  expect(outcome.errors.at(-1)?.title.split(':')[0]).toBe(isSurvived ? undefined : code)
  const { masks, ...shown } = outcome
  const texts = [...textsIn(shown), ...github.comments(1).map(({ body }) => body)]
  const known = [
    ...VALUES,
    ...SECRET_PAYLOADS,
    github.token,
    emulator.keyJson,
    ...emulator.issuedTokens,
  ]
  const secrets = known.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
  const found = texts.flatMap((text) => secrets.filter((secret) => text.includes(secret)))
  expect(found).toEqual([])
  // What the runner is told to hide are tokens and keys; a value may be an ordinary word elsewhere.
  expect(masks.filter((mask) => VALUES.includes(mask))).toEqual([])
})

/** Lines of `environment`. */
function written(variables: Texts): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}<<END\n${value}\nEND`)
    .join('\n')
}

/** Every text in a value, at every depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
