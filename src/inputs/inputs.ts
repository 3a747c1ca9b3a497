/** The inputs of a step: raw text in, everything typed and cross-checked out, or every problem at once. */

import { DeployError } from '../errors.ts'
import { readCode, type CodeInputs } from './code.ts'
import { readCredentials, type CredentialInputs } from './credentials.ts'
import { InputReader, type RawInputs } from './reader.ts'
import { readSettings, type VersionSettings } from './version.ts'
import { readFunctionInputs, type FunctionInputs } from './function.ts'
import { readRelease, type ReleaseInputs } from './release.ts'
import { parseEndpoint } from './url.ts'
import type { RunContext } from '../ports.ts'
import { parseSeconds, ValueError } from './values.ts'
import { nearest, quote } from '../suggest.ts'
import { DEFAULT_ENDPOINT } from '../yandex/http/endpoints.ts'

/** What a deployment is asked to do. */
export interface Inputs {
  /** Undefined only in a dry run, which then compares with nothing. */
  readonly credentials: CredentialInputs | undefined
  readonly function: FunctionInputs
  readonly code: CodeInputs
  readonly settings: VersionSettings
  readonly release: ReleaseInputs
  readonly wait: WaitInputs
  /** Root of the API. */
  readonly endpoint: URL
  /** What the author should know, though the step can go on. */
  readonly warnings: readonly string[]
}

export interface WaitInputs {
  /** Whether the run ends only when the version is ready. */
  readonly untilReady: boolean
  readonly timeoutSeconds: number
}

/** Every input that has an effect, in the order of `action.yml`. */
export const INPUT_NAMES = [
  'yc-sa-json-credentials',
  'yc-iam-token',
  'yc-sa-id',
  'oidc-audience',
  'yc-instance-metadata',
  'function-id',
  'folder-id',
  'function-name',
  'create-function',
  'function-description',
  'function-labels',
  'source-root',
  'include',
  'exclude',
  'package',
  'source-version-id',
  'bucket',
  'bucket-prefix',
  'runtime',
  'entrypoint',
  'memory',
  'execution-timeout',
  'description',
  'environment',
  'secrets',
  'service-account',
  'service-account-name',
  'named-service-accounts',
  'network-id',
  'network-name',
  'tags',
  'concurrency',
  'tmpfs-size',
  'mounts',
  'ephemeral-disk',
  'logs-disabled',
  'logs-group-id',
  'logs-folder-id',
  'log-level',
  'async',
  'async-sa-id',
  'async-sa-name',
  'async-retries-count',
  'async-success-ymq-arn',
  'async-success-sa-id',
  'async-success-sa-name',
  'async-failure-ymq-arn',
  'async-failure-sa-id',
  'async-failure-sa-name',
  'metadata-gce',
  'metadata-aws-v1',
  'dry-run',
  'skip-unchanged',
  'reuse-code',
  'wait',
  'wait-timeout',
  'api-endpoint',
  'token-exchange-url',
] as const

const DEFAULT_WAIT_SECONDS = 15 * 60
/** The API takes 600, but its documentation still says 256, and regions may be behind. */
const MAX_DESCRIPTION_CHARACTERS = 256

/** Throws DeployError INPUT_INVALID with one line for each problem. */
export function parseInputs(raw: RawInputs, context: RunContext): Inputs {
  const reader = new InputReader(raw)
  const unknown = unknownInputs(raw)
  const release = readRelease(reader)
  const credentials = readCredentials(reader, { isOptional: release.isDryRun })
  const functionInputs = readFunctionInputs(reader)
  const code = readCode(reader)
  const settings = readSettings(reader, { defaultDescription: describeRun(context) })
  const wait = {
    untilReady: reader.boolean('wait') ?? true,
    timeoutSeconds: reader.parse('wait-timeout', parseWait) ?? DEFAULT_WAIT_SECONDS,
  }
  const endpoint = reader.parse('api-endpoint', parseEndpoint) ?? new URL(DEFAULT_ENDPOINT)
  if (reader.problems.length > 0 || !functionInputs) {
    throw invalid([...reader.problems, ...unknown], [...reader.invalid])
  }
  const warnings = [...reader.warnings, ...unknown]
  const rest = { release, wait, endpoint, warnings }
  return { credentials, function: functionInputs, code, settings, ...rest }
}

function parseWait(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds >= 1) return seconds
  throw new ValueError(`is ${quote(text)}; write a duration of at least 1s`)
}

/** The runner only warns of a misspelt input; what was meant is the better message. */
function unknownInputs(raw: RawInputs): readonly string[] {
  const known: readonly string[] = INPUT_NAMES
  return Object.keys(raw)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const spelt = name.replaceAll('_', '-')
      // Other actions put a word before it, such as `revision-memory`.
      const near = known.find((one) => spelt.endsWith(`-${one}`)) ?? nearest(spelt, known)[0]
      const suggestion = near === undefined ? '' : `; did you mean \`${near}\`?`
      return `${quote(name)} is not an input of this action${suggestion}`
    })
}

/** `<owner>/<repo>@<sha7>, run <id>`, as far as known. */
function describeRun({ repository, sha, runId }: RunContext): string {
  const source = [repository, sha?.slice(0, 7)].filter((part) => part !== undefined).join('@')
  const run = runId === undefined ? '' : `run ${runId}`
  return [source, run]
    .filter((part) => part !== '')
    .join(', ')
    .slice(0, MAX_DESCRIPTION_CHARACTERS)
}

/** One problem says by itself what to write; several have the list of inputs behind their link. */
function invalid(problems: readonly string[], inputs: readonly string[]): DeployError {
  const [only = ''] = problems
  if (problems.length === 1) return new DeployError('INPUT_INVALID', only, { hint: '', inputs })
  return new DeployError(
    'INPUT_INVALID',
    [`${problems.length} problems with the inputs:`, ...problems.map((line) => `- ${line}`)].join(
      '\n',
    ),
    { inputs },
  )
}
