/** The actions of this repository that others use, and what is generated from the manifest of each. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseCleanup } from '../../src/cleanup/inputs.ts'
import type { RunContext } from '../../src/ports.ts'
import { parseInputs } from '../../src/inputs/inputs.ts'
import type { InputName, OutputName } from '../../src/inputs/names.ts'
import type { RawInputs } from '../../src/inputs/reader.ts'
import { parseRollback } from '../../src/rollback/inputs.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** An action: `uses: <owner>/<repository>/<folder>@<version>`. */
export interface PublishedAction {
  /** Of its `action.yml` and `action-types.yml`, with a slash at the end; empty for the root. */
  readonly folder: string
  /** Begins its anchors and the names of its parts in README.md, so that each is there once. */
  readonly prefix: string
  /** The module with the names of its inputs and outputs. */
  readonly names: string
  /** Reads all of its inputs; may throw, since a single input makes no step. */
  readonly parse: (raw: RawInputs) => unknown
  /** Inputs to have in view; the others are folded. All are in view when there are none. */
  readonly mostUsed: readonly string[]
  /** Outputs that are no mere text. */
  readonly outputs: Readonly<Record<string, OutputType>>
}

/** `commas`: a list with commas; `lines`: one with an item a line. */
export type OutputType = 'boolean' | 'integer' | 'commas' | 'lines'

const NOWHERE: RunContext = {
  workspace: '/',
  repository: undefined,
  sha: undefined,
  runId: undefined,
  serverUrl: undefined,
  event: undefined,
  ref: undefined,
  actionRoot: '',
}

/** To publish another action, add its manifest and an entry here, its markers to README.md, and run `npm run docs`. */
export const ACTIONS: readonly PublishedAction[] = [
  {
    folder: '',
    prefix: '',
    names: 'src/inputs/names.ts',
    parse: (raw) => parseInputs(raw, NOWHERE),
    mostUsed: [
      'yc-sa-id',
      'yc-sa-json-credentials',
      'folder-id',
      'function-name',
      'runtime',
      'entrypoint',
      'include',
      'exclude',
      'memory',
      'execution-timeout',
      'environment',
      'secrets',
      'service-account',
      'tags',
    ] satisfies readonly InputName[],
    outputs: {
      'package-size': 'integer',
      changed: 'boolean',
      changes: 'commas',
      skipped: 'boolean',
      checked: 'boolean',
    } satisfies Partial<Record<OutputName, OutputType>>,
  },
  {
    folder: 'rollback/',
    prefix: 'rollback-',
    names: 'src/rollback/names.ts',
    parse: parseRollback,
    mostUsed: ['folder-id', 'function-name', 'tags', 'version-id', 'dry-run'],
    outputs: {},
  },
  {
    folder: 'cleanup/',
    prefix: 'cleanup-',
    names: 'src/cleanup/names.ts',
    parse: parseCleanup,
    mostUsed: ['folder-id', 'function-name', 'remove-tags', 'delete-function', 'dry-run'],
    outputs: { 'removed-tags': 'lines', deleted: 'boolean' },
  },
]

/** What the manifest of an action says. */
export function manifestOf({ folder }: PublishedAction): string {
  return readFileSync(`${ROOT}${folder}action.yml`, 'utf8')
}
