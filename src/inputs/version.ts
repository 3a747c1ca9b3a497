/** Inputs that become the fields of a version. */

import { isId, looksLikeName, quote } from '../text.ts'
import { readAsync } from './async.ts'
import { readEnvironment } from './environment.ts'
import { readFileSystem } from './mounts.ts'
import type { InputReader } from './reader.ts'
import { readReference } from './references.ts'
import {
  MIB,
  parseDescription,
  parseId,
  parseInteger,
  parseSteppedBytes,
  parseTimeout,
  ValueError,
  type Pair,
} from './values.ts'

/** The settings of a version; the API's default applies where a field is undefined. */
export type VersionSettings = Readonly<ReturnType<typeof readSettings>>

/** From the least to the most severe. */
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

const DEFAULT_MEMORY_BYTES = 128 * MIB
const DEFAULT_TIMEOUT_SECONDS = 5

/** https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function.proto, function_service.proto) */
const LIMITS = {
  memory: { stepBytes: 128 * MIB, maxBytes: 8192 * MIB },
  concurrency: { min: 0, max: 16 },
}

/** Of one function: https://yandex.cloud/en/docs/functions/concepts/limits */
export const MAX_TAGS = 10

/** Reads them all, and adds a problem or a warning for each that does not go together with the others. */
export function readSettings(
  reader: InputReader,
  { defaultDescription }: { defaultDescription: string },
) {
  const memoryBytes =
    reader.text('memory') === undefined
      ? DEFAULT_MEMORY_BYTES
      : reader.parse('memory', (text) => parseSteppedBytes(text, LIMITS.memory))
  const settings = {
    runtime: reader.required('runtime') ?? '',
    // The service looks the name up as it is written, and no file of a package begins with `./`.
    entrypoint: (reader.required('entrypoint') ?? '').replace(/^(?:\.\/)+/, ''),
    memoryBytes: memoryBytes ?? DEFAULT_MEMORY_BYTES,
    timeoutSeconds: reader.parse('execution-timeout', parseTimeout) ?? DEFAULT_TIMEOUT_SECONDS,
    description: reader.parse('description', parseDescription) ?? defaultDescription,
    /** Whether the author wrote it. */
    hasOwnDescription: reader.text('description') !== undefined,
    environment: readEnvironment(reader),
    serviceAccount: readReference(reader, {
      id: 'service-account',
      name: 'service-account-name',
      resource: 'service account',
      // As in the action that most workflows come from, where the id wins.
      mayBeBoth: true,
    }),
    /** Alias to id. */
    namedServiceAccounts: reader.pairs('named-service-accounts', checkNamedAccount),
    network: readReference(reader, { id: 'network-id', name: 'network-name', resource: 'network' }),
    tags: readTags(reader),
    concurrency: reader.parse('concurrency', (text) => parseInteger(text, LIMITS.concurrency)),
    fileSystem: readFileSystem(reader, { memoryBytes }),
    logs: readLogs(reader),
    asyncInvocation: readAsync(reader),
    /** Whether the function can access the metadata service, by protocol. */
    metadata: { gce: reader.boolean('metadata-gce'), awsV1: reader.boolean('metadata-aws-v1') },
  }
  const account = reader.text('service-account') ?? reader.text('service-account-name')
  if (settings.environment.secrets.length > 0 && account === undefined) {
    reader.absence(
      ['secrets'],
      '`secrets` requires `service-account` or `service-account-name`, the account that reads them',
    )
  }
  warnOfSettings(settings, reader)
  return settings
}

/** Warns of valid settings that have no effect in this combination. */
function warnOfSettings(settings: VersionSettings, { warnings }: InputReader): void {
  const { fileSystem, serviceAccount, concurrency, runtime, logs } = settings
  if (fileSystem.buckets.length > 0 && !serviceAccount) {
    warnings.push(
      '`mounts` are read by the account that the function runs as: set `service-account` or `service-account-name`, otherwise the function cannot access them',
    )
  }
  if ((concurrency ?? 0) > 1 && ONE_CALL_RUNTIMES.test(runtime)) {
    warnings.push(
      `\`concurrency\` has no effect with the runtime ${quote(runtime)}, which handles one call at a time`,
    )
  }
  if (logs.disabled && (logs.groupId ?? logs.folderId ?? logs.level) !== undefined) {
    warnings.push('the other `log…` inputs have no effect while `logs-disabled` is true')
  }
}

/** https://yandex.cloud/en/docs/functions/concepts/function: concurrency is for Node.js, Go, Java, Kotlin and Bash. */
const ONE_CALL_RUNTIMES = /^(python|php|dotnet|r\d)/

function checkNamedAccount({ key, value }: Pair): void {
  if (isId(value) && !looksLikeName(value)) return
  throw new ValueError(
    `has a value for ${quote(key)} that is not a service account id; write alias=<service account id>`,
  )
}

function readTags(reader: InputReader): readonly string[] {
  const tags = new Set(reader.list('tags', parseTag))
  if (tags.size > MAX_TAGS) {
    reader.problem('tags', `has ${tags.size} tags; a function can have at most ${MAX_TAGS}`)
  }
  return [...tags]
}

const TAG_FORM = 'a tag has lower-case letters, digits, - and _, and starts with a letter'

/** A tag that can be set and removed. Throws ValueError. */
export function parseTag(text: string): string {
  if (/^[a-z][-_0-9a-z]*$/.test(text)) return text
  throw new ValueError(`is ${quote(text)}; ${tagAdvice(text)}`)
}

/** Ends the sentence "`tags` is …"; names the nearest tag where it can be told. */
function tagAdvice(text: string): string {
  if (/^[a-z][-_0-9a-z]*(?:[,\s]+[a-z][-_0-9a-z]*)+,?$/.test(text)) return 'write one tag per line'
  if (/^[0-9a-f]{40}$/.test(text)) {
    return `${TAG_FORM}; a commit needs no tag: the description of the version contains it`
  }
  if (text === '$latest') return 'Yandex Cloud sets this tag itself: leave it out'
  const near = text
    .toLowerCase()
    .replaceAll(/[^-_0-9a-z]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
  if (near === '') return TAG_FORM
  return `${TAG_FORM}: write ${/^\d/.test(near) ? `v${near}` : near}`
}

/** Where logs go, and which. */
function readLogs(reader: InputReader) {
  reader.atMostOne(['logs-group-id', 'logs-folder-id'])
  return {
    disabled: reader.boolean('logs-disabled') ?? false,
    groupId: reader.parse('logs-group-id', parseId),
    folderId: reader.parse('logs-folder-id', parseId),
    level: reader.parse('log-level', (text) => {
      const level = LOG_LEVELS.find((level) => level === text.toUpperCase())
      if (level) return level
      throw new ValueError(`is ${quote(text)}; write one of ${LOG_LEVELS.join(', ')}`)
    }),
  }
}
