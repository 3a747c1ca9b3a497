/** Parses and checks all inputs of a step, and reports every problem at once. */

import { DeployError } from '../errors.ts'
import type { RunContext } from '../ports.ts'
import { nearest } from '../suggest.ts'
import { listProblems, quote } from '../text.ts'
import { DEFAULT_ENDPOINT } from '../yandex/http/endpoints.ts'
import { readCode, type CodeInputs } from './code.ts'
import { readCredentials, type CredentialInputs } from './credentials.ts'
import { readFunctionInputs, type FunctionInputs } from './function.ts'
import { INPUT_NAMES } from './names.ts'
import { InputReader, type RawInputs } from './reader.ts'
import { readExposure, type ExposureInputs } from './release/exposure.ts'
import { checkRelease, readRelease, type ReleaseInputs } from './release/release.ts'
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
  checkRelease(release, { ...wait, ...settings, reader })
  const exposure = readExposure(reader, { waitsUntilReady: wait.untilReady })
  const endpoint = reader.parse('api-endpoint', parseEndpoint) ?? new URL(DEFAULT_ENDPOINT)
  if (reader.problems.length > 0 || !functionInputs) {
    throw invalid([...reader.problems, ...unknown], [...reader.invalid])
  }
  const warnings = [...reader.warnings, ...unknown]
  const rest = { release, exposure, wait, endpoint, warnings }
  return { credentials, function: functionInputs, code, settings, ...rest }
}

function parseWait(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds >= 1) return seconds
  throw new ValueError(`is ${quote(text)}; write a duration of at least 1s`)
}

/** The runner only warns about a misspelt input; this message suggests the right one. */
function unknownInputs(raw: RawInputs): readonly string[] {
  const known: readonly string[] = INPUT_NAMES
  return Object.keys(raw)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const spelt = name.replaceAll('_', '-')
      // Other actions have a prefix, as in `revision-memory`.
      const near = known.find((one) => spelt.endsWith(`-${one}`)) ?? nearest(spelt, known)[0]
      const suggestion = near === undefined ? '' : `; did you mean \`${near}\`?`
      return `${quote(name)} is not an input of this action${suggestion}`
    })
}

/** `<owner>/<repo>@<sha7>, run <id>`, without the parts that are not known. */
function describeRun({ repository, sha, runId }: RunContext): string {
  const source = [repository, sha?.slice(0, 7)].filter((part) => part !== undefined).join('@')
  const run = runId === undefined ? '' : `run ${runId}`
  return [source, run]
    .filter((part) => part !== '')
    .join(', ')
    .slice(0, MAX_DEFAULT_DESCRIPTION)
}

/** A single problem says itself what to write; for several, the hint leads to the list of inputs. */
function invalid(problems: readonly string[], inputs: readonly string[]): DeployError {
  return problems.length === 1
    ? new DeployError('INPUT_INVALID', problems.join(''), { hint: '', inputs })
    : new DeployError(
        'INPUT_INVALID',
        listProblems(
          problems.map((line) => `- ${line}`),
          'inputs',
        ),
        { inputs },
      )
}
