/** The plan of a deployment: what is live against what the step asks for; pure. */

import { LATEST, type Version } from '../../yandex/functions/versions.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import { readFingerprint } from './fingerprint.ts'
import { planExposure } from './exposure.ts'
import { diffFiles, type FileDiff } from './file-diff.ts'
import { AREAS, compare, compareMaps, type Area, type Row } from './row.ts'
import { diffSettings } from './settings-diff.ts'
import type { Known, Wanted, WantedCode } from './sides.ts'

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

/** The package beside its row. */
export interface PackagePlan {
  /** Undefined when the code of another version is taken. */
  readonly sha256: string | undefined
  readonly sizeBytes: number | undefined
  readonly liveSizeBytes: number | undefined
  /** Only when the packages differ and both can be looked into. */
  readonly files: FileDiff | undefined
}

export function planDeployment(wanted: Wanted, known: Known): Plan {
  const tag = wanted.tags[0] ?? LATEST
  const live = known.holders.get(tag)
  const codeRow = planCode(wanted.code, live)
  return {
    ...conclude([
      ...planFunction(wanted.function, known.function),
      codeRow,
      ...diffSettings({
        live: live?.spec,
        after: wanted.spec,
        folderId: known.folderId,
        seesEnvironment: [...known.holders.values()].some(({ spec }) => spec.environment),
      }),
      ...planTags(wanted.tags, { live, holders: known.holders }),
      ...planExposure(wanted, known.exposure),
    ]),
    isCompared: true,
    uncomparedFor: '',
    live: live && describeLive(live, tag),
    package: planPackage(wanted.code, codeRow.verdict === 'unchanged' ? undefined : known),
    tagsToMove: wanted.tags.filter((tag) => !live || known.holders.get(tag)?.id !== live.id),
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
  return [
    ...(live ? [] : [compare({ ...row, name: 'function', live: undefined, after: 'new' })]),
    ...(description === undefined
      ? []
      : [
          compare({
            ...row,
            name: 'function-description',
            live: live?.description,
            after: description,
          }),
        ]),
    ...(labels === undefined
      ? []
      : compareMaps({
          ...row,
          name: 'function-labels',
          live: new Map(Object.entries(live?.labels ?? {})),
          after: new Map(Object.entries(labels)),
        })),
  ]
}

function planCode(code: WantedCode, live: Version | undefined): Row {
  const row = { area: 'code', name: 'package', visibility: 'anyone' } as const
  const values = { live: undefined, after: undefined }
  if (!live) return { ...row, ...values, verdict: 'added' }
  const fingerprint = readFingerprint(live.description)
  const isItsOwn =
    code.kind === 'version' && [live.id, fingerprint?.fromVersionId].includes(code.versionId)
  if (isItsOwn) return { ...row, ...values, verdict: 'unchanged' }
  if (fingerprint?.sha256 === undefined || code.sha256 === undefined) {
    return { ...row, ...values, verdict: 'unknown' }
  }
  const isSame = fingerprint.sha256 === code.sha256
  return { ...row, ...values, verdict: isSame ? 'unchanged' : 'changed' }
}

function planPackage(code: WantedCode, known: Known | undefined): PackagePlan {
  const livePackage = known?.livePackage
  const isPackage = code.kind === 'package'
  return {
    sha256: isPackage ? code.sha256 : undefined,
    sizeBytes: isPackage ? code.sizeBytes : undefined,
    liveSizeBytes: livePackage?.sizeBytes,
    files: isPackage && livePackage ? diffFiles(livePackage.files, code.files) : undefined,
  }
}

/** A tag that is on the live version goes on to what follows it, which is no change. */
function planTags(
  tags: readonly string[],
  { live, holders }: { live: Version | undefined; holders: Known['holders'] },
): readonly Row[] {
  return tags.map((tag) =>
    compare({
      area: 'tags',
      name: `tags.${tag}`,
      visibility: 'anyone',
      live: holders.get(tag)?.id,
      after: live && holders.get(tag)?.id === live.id ? live.id : 'this version',
    }),
  )
}
