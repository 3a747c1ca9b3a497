/** The plan of a deployment: what is live against what the step asks for; pure. */

import type { FunctionInputs } from '../../inputs/function.ts'
import type { Listing } from '../../source/zip/listing.ts'
import { LATEST, type Version } from '../../yandex/functions/versions.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { VersionSpec } from '../../yandex/functions/version-request.ts'
import { planExposure, type LiveExposure, type WantedExposure } from './exposure.ts'
import { readFingerprint } from './fingerprint.ts'
import { planCode, planPackage, type PackagePlan, type WantedCode } from './package.ts'
import { AREAS, compare, compareMaps, compareTag, type Area, type Row } from './row.ts'
import { diffSettings } from './settings.ts'

/** What the step asks for, with all names resolved. */
export interface Wanted extends WantedExposure {
  /** Brought up to date only where given. */
  readonly function: Pick<FunctionInputs, 'description' | 'labels'>
  readonly code: WantedCode
  readonly spec: VersionSpec
}

/** The version that holds each tag, {@link LATEST} among them. */
export type Holders = ReadonlyMap<string, Version>

/** What is in the cloud. */
export interface Known {
  /** Undefined when it is to be created. */
  readonly function: CloudFunction | undefined
  readonly folderId: string
  readonly holders: Holders
  /** The package that is live, where it can still be read. */
  readonly livePackage: Listing | undefined
  readonly exposure: LiveExposure
}

/** The version that a plan compares with. */
export interface LiveVersion {
  readonly id: string
  /** The tag by which it was chosen. */
  readonly tag: string
  readonly createdAt: string
  readonly status: string
  /** Of its package, as far as its fingerprint says. */
  readonly sha256: string | undefined
}

/** What a deployment would change; holds no value that nobody may see. */
export interface Plan {
  /** False when what is live is not known. */
  readonly isCompared: boolean
  /** Why it is not known; empty when it is. */
  readonly uncomparedFor: string
  /** Undefined when there is none yet. */
  readonly live: LiveVersion | undefined
  readonly rows: readonly Row[]
  readonly package: PackagePlan
  /** Tags that are not on the live version, in the order of the step. */
  readonly tagsToMove: readonly string[]
  /** Undefined when it cannot be told. */
  readonly changed: boolean | undefined
  readonly changes: readonly Area[]
}

/** What is asked for against the version with the first of the tags, or the newest one without tags. */
export function planDeployment(wanted: Wanted, known: Known): Plan {
  const { holders, livePackage } = known
  const tag = wanted.tags[0] ?? LATEST
  const live = holders.get(tag)
  const codeRow = planCode(wanted.code, live)
  return {
    ...conclude([
      ...planFunction(wanted.function, known.function),
      codeRow,
      ...diffSettings({
        live: live?.spec,
        after: wanted.spec,
        folderId: known.folderId,
        seesEnvironment: [...holders.values()].some(({ spec }) => spec.environment),
      }),
      ...wanted.tags.map((one) => compareTag(one, { input: 'tags', live, holders })),
      ...planExposure(wanted, known.exposure),
    ]),
    isCompared: true,
    uncomparedFor: '',
    live: live && describeLive(live, tag),
    package: planPackage(wanted.code, codeRow.verdict === 'unchanged' ? undefined : livePackage),
    tagsToMove: wanted.tags.filter((one) => !live || holders.get(one)?.id !== live.id),
  }
}

/** What would be sent, compared with nothing; `why` is a sentence without its stop. */
export function planUncompared(
  { code, tags }: Pick<Wanted, 'code' | 'tags'>,
  { why }: { why: string },
): Plan {
  return {
    ...conclude([{ ...planCode(code, undefined), verdict: 'unknown' }]),
    isCompared: false,
    uncomparedFor: why,
    live: undefined,
    package: planPackage(code, undefined),
    tagsToMove: tags,
  }
}

/** The plan with further rows, and what they come to. */
export function withRows(plan: Plan, rows: readonly Row[]): Plan {
  return { ...plan, ...conclude([...plan.rows, ...rows]) }
}

function conclude(rows: readonly Row[]): Pick<Plan, 'rows' | 'changed' | 'changes'> {
  const changing = rows.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'unknown')
  const isUnknown = rows.some(({ verdict }) => verdict === 'unknown')
  return {
    rows,
    changed: changing.length > 0 ? true : isUnknown ? undefined : false,
    changes: AREAS.filter((area) => changing.some((row) => row.area === area)),
  }
}

function describeLive({ id, createdAt, status, description }: Version, tag: string): LiveVersion {
  return { id, tag, createdAt, status, sha256: readFingerprint(description)?.sha256 }
}

function planFunction(
  { description, labels }: Wanted['function'],
  live: CloudFunction | undefined,
): readonly Row[] {
  const row = { area: 'function', visibility: 'run' } as const
  const rows: Row[] = []
  if (!live) rows.push(compare({ ...row, name: 'function', live: undefined, after: 'new' }))
  if (description !== undefined) {
    const name = 'function-description'
    rows.push(compare({ ...row, name, live: live?.description, after: description }))
  }
  if (labels) {
    const before = Object.entries(live?.labels ?? {})
    const name = 'function-labels'
    rows.push(...compareMaps({ ...row, name, live: before, after: Object.entries(labels) }))
  }
  return rows
}
