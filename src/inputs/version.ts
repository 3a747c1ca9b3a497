/** Inputs that become the fields of a version. */

import { isId, looksLikeName, quote } from '../text.ts'
import { readAsync, type AsyncInvocation } from './async.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { readFileSystem, type FileSystem } from './mounts.ts'
import type { InputReader } from './reader.ts'
import { readReference, type Reference } from './references.ts'
import { tagAdvice } from './tag-advice.ts'
import {
  MIB,
  parseDescription,
  parseId,
  parseInteger,
  parseSeconds,
  parseSteppedBytes,
  ValueError,
} from './values.ts'

/** The settings of a version; the API's default applies where a field is undefined. */
export interface VersionSettings {
  readonly runtime: string
  readonly entrypoint: string
  readonly memoryBytes: number
  readonly timeoutSeconds: number
  readonly description: string
  /** Whether the author wrote it. */
  readonly hasOwnDescription: boolean
  readonly environment: Environment
  readonly serviceAccount: Reference | undefined
  /** Alias to id. */
  readonly namedServiceAccounts: Readonly<Record<string, string>>
  readonly network: Reference | undefined
  readonly tags: readonly string[]
  readonly concurrency: number | undefined
  readonly fileSystem: FileSystem
  readonly logs: LogSettings
  readonly asyncInvocation: AsyncInvocation | undefined
  /** Whether the function can access the metadata service, by protocol. */
  readonly metadata: { readonly gce: boolean | undefined; readonly awsV1: boolean | undefined }
}

export interface LogSettings {
  readonly disabled: boolean
  readonly groupId: string | undefined
  readonly folderId: string | undefined
  readonly level: LogLevel | undefined
}

/** From the least to the most severe. */
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const DEFAULT_MEMORY_BYTES = 128 * MIB
const DEFAULT_TIMEOUT_SECONDS = 5

/** https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function.proto, function_service.proto) */
const LIMITS = {
  memory: { stepBytes: 128 * MIB, maxBytes: 8192 * MIB },
  maxTimeoutSeconds: 3600,
  concurrency: { min: 0, max: 16 },
}

/** Of one function: https://yandex.cloud/en/docs/functions/concepts/limits */
export const MAX_TAGS = 10

export function readSettings(
  reader: InputReader,
  { defaultDescription }: { defaultDescription: string },
): VersionSettings {
  const memoryBytes =
    reader.text('memory') === undefined
      ? DEFAULT_MEMORY_BYTES
      : reader.parse('memory', (text) => parseSteppedBytes(text, LIMITS.memory))
  const settings: VersionSettings = {
    runtime: reader.required('runtime') ?? '',
    // The service looks the name up as it is written, and no file of a package begins with `./`.
    entrypoint: (reader.required('entrypoint') ?? '').replace(/^(?:\.\/)+/, ''),
    memoryBytes: memoryBytes ?? DEFAULT_MEMORY_BYTES,
    timeoutSeconds: reader.parse('execution-timeout', parseTimeout) ?? DEFAULT_TIMEOUT_SECONDS,
    description: reader.parse('description', parseDescription) ?? defaultDescription,
    hasOwnDescription: reader.text('description') !== undefined,
    environment: readEnvironment(reader),
    serviceAccount: readReference(reader, {
      id: 'service-account',
      name: 'service-account-name',
      resource: 'service account',
      // As in the action that most workflows come from, where the id wins.
      mayBeBoth: true,
    }),
    namedServiceAccounts: readNamedServiceAccounts(reader),
    network: readReference(reader, { id: 'network-id', name: 'network-name', resource: 'network' }),
    tags: readTags(reader),
    concurrency: reader.parse('concurrency', (text) => parseInteger(text, LIMITS.concurrency)),
    fileSystem: readFileSystem(reader, { memoryBytes }),
    logs: readLogs(reader),
    asyncInvocation: readAsync(reader),
    metadata: { gce: reader.boolean('metadata-gce'), awsV1: reader.boolean('metadata-aws-v1') },
  }
  if (settings.environment.secrets.length > 0 && !hasAccount(reader)) {
    reader.absence(
      ['secrets'],
      '`secrets` requires `service-account` or `service-account-name`, the account that reads them',
    )
  }
  reader.warnings.push(...ineffectiveSettings(settings))
  return settings
}

function hasAccount(reader: InputReader): boolean {
  return (reader.text('service-account') ?? reader.text('service-account-name')) !== undefined
}

/** Warnings about valid settings that have no effect in this combination. */
function ineffectiveSettings(settings: VersionSettings): readonly string[] {
  const { fileSystem, serviceAccount, concurrency, runtime, logs } = settings
  return [
    ...(fileSystem.buckets.length > 0 && !serviceAccount
      ? [
          '`mounts` are read by the account that the function runs as: set `service-account` or `service-account-name`, otherwise the function cannot access them',
        ]
      : []),
    ...((concurrency ?? 0) > 1 && ONE_CALL_RUNTIMES.test(runtime)
      ? [
          `\`concurrency\` has no effect with the runtime ${quote(runtime)}, which handles one call at a time`,
        ]
      : []),
    ...(logs.disabled && (logs.groupId ?? logs.folderId ?? logs.level) !== undefined
      ? ['the other `log…` inputs have no effect while `logs-disabled` is true']
      : []),
  ]
}

/** https://yandex.cloud/en/docs/functions/concepts/function: concurrency is for Node.js, Go, Java, Kotlin and Bash. */
const ONE_CALL_RUNTIMES = /^(python|php|dotnet|r\d)/

function parseTimeout(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds >= 1 && seconds <= LIMITS.maxTimeoutSeconds) return seconds
  throw new ValueError(`is ${quote(text)}; write a duration from 1s to 1h`)
}

function readNamedServiceAccounts(reader: InputReader): Readonly<Record<string, string>> {
  const pairs = reader.pairs('named-service-accounts')
  for (const { line, key, value } of pairs) {
    if (!isId(value) || looksLikeName(value)) {
      reader.problem(
        'named-service-accounts',
        `line ${line}: the value of ${quote(key)} is not a service account id; write alias=<service account id>`,
      )
    }
  }
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
}

function readTags(reader: InputReader): readonly string[] {
  const tags = new Set(reader.list('tags', parseTag))
  if (tags.size > MAX_TAGS) {
    reader.problem('tags', `has ${tags.size} tags; a function can have at most ${MAX_TAGS}`)
  }
  return [...tags]
}

/** A tag that can be set and removed. Throws ValueError. */
export function parseTag(text: string): string {
  if (/^[a-z][-_0-9a-z]*$/.test(text)) return text
  throw new ValueError(`is ${quote(text)}; ${tagAdvice(text)}`)
}

function readLogs(reader: InputReader): LogSettings {
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
