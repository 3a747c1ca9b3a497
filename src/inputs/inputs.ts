/** Parses and checks all inputs of a step, and reports every problem at once. */

import type { RunContext } from '../ports.ts'
import { quote } from '../text.ts'
import { DEFAULT_ENDPOINT } from '../yandex/http/endpoints.ts'
import { readCode, type CodeInputs } from './code.ts'
import { readCredentials, type CredentialInputs } from './credentials.ts'
import {
  readFunctionInputs,
  readTarget,
  type ExistingTarget,
  type FunctionInputs,
} from './function.ts'
import { INPUT_NAMES } from './names.ts'
import { InputReader, type RawInputs } from './reader.ts'
import { readExposure, type ExposureInputs } from './release/exposure.ts'
import {
  checkRelease,
  readCommentToken,
  readRelease,
  type ReleaseInputs,
} from './release/release.ts'
import { parseEndpoint } from './url.ts'
import { parseSeconds, ValueError } from './values.ts'
import { readSettings, type VersionSettings } from './version.ts'

/** The inputs of a deployment, typed and checked. */
export interface Inputs {
  /** Undefined only in a dry run, which then compares with nothing. */
  readonly credentials: CredentialInputs | undefined
  readonly function: FunctionInputs
  readonly code: CodeInputs
  readonly settings: VersionSettings
  readonly release: ReleaseInputs
  readonly exposure: ExposureInputs
  readonly wait: WaitInputs
  /** Root of the API. */
  readonly endpoint: URL
  /** Inputs that have no effect, one sentence each. */
  readonly warnings: readonly string[]
}

export interface WaitInputs {
  /** Whether the run waits until the version is ready. */
  readonly untilReady: boolean
  readonly timeoutSeconds: number
}

const DEFAULT_WAIT_SECONDS = 15 * 60
/** The API accepts 600, but its documentation still says 256, and some regions may be behind. */
const MAX_DEFAULT_DESCRIPTION = 256

/** Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseInputs(raw: RawInputs, context: RunContext): Inputs {
  const reader = new InputReader(raw)
  const release = readRelease(reader)
  const earlier = reader.problems.length
  const credentials = readCredentials(reader, { isOptional: release.isDryRun })
  const hasNone = credentials === undefined && reader.problems.length === earlier
  const target = readFunctionInputs(reader)
  const code = readCode(reader)
  const settings = readSettings(reader, { defaultDescription: describeRun(context) })
  const wait = {
    untilReady: reader.boolean('wait') ?? true,
    timeoutSeconds: readWaitSeconds(reader),
  }
  checkRelease(release, { ...wait, ...settings, reader })
  const exposure = readExposure(reader, { waitsUntilReady: wait.untilReady })
  const endpoint = readEndpoint(reader)
  const { value, warnings } = reader.finish(target, {
    known: INPUT_NAMES,
    vital: ['dry-run', 'check'],
    // A pull request from a fork has no variables either, and nothing is compared.
    allowsAbsences: release.isDryRun && hasNone,
  })
  const rest = { release, exposure, wait, endpoint, warnings }
  return { credentials, function: value, code, settings, ...rest }
}

/** How long to wait for the cloud, in seconds; 15 minutes when it is not said. */
export function readWaitSeconds(reader: InputReader<'wait-timeout'>): number {
  return reader.parse('wait-timeout', parseWait) ?? DEFAULT_WAIT_SECONDS
}

/** Root of the API. */
export function readEndpoint(reader: InputReader<'api-endpoint'>): URL {
  return reader.parse('api-endpoint', parseEndpoint) ?? new URL(DEFAULT_ENDPOINT)
}

function parseWait(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds >= 1) return seconds
  throw new ValueError(`is ${quote(text)}; write a duration of at least 1s`)
}

/** `<owner>/<repo>@<sha7>, run <id>`, without the parts that are not known. */
function describeRun({ repository, sha, runId }: RunContext): string {
  const source = [repository, sha?.slice(0, 7)].filter(Boolean).join('@')
  const run = runId === undefined ? '' : `run ${runId}`
  return [source, run].filter(Boolean).join(', ').slice(0, MAX_DEFAULT_DESCRIPTION)
}

/** What a step is about, also where other inputs of it are invalid: enough to tell a pull request that it failed. */
export interface Subject extends Pick<ReleaseInputs, 'isDryRun' | 'commentToken'> {
  readonly target: ExistingTarget
}

/** Undefined where the inputs do not name one function. Leaves it to {@link parseInputs} to report problems. */
export function readSubject(raw: RawInputs): Subject | undefined {
  const reader = new InputReader(raw)
  const { target } = readTarget(reader)
  if (reader.problems.length > 0) return undefined
  const isDryRun = reader.boolean('dry-run') ?? false
  return { target, isDryRun, commentToken: readCommentToken(reader) }
}
