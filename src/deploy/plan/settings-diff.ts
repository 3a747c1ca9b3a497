/** What differs between the settings of two versions, each a row; pure. */

import type { VersionSpec } from '../../yandex/functions/version-request.ts'
import { compare, compareMaps, type Row } from './row.ts'
import { SETTINGS } from './settings.ts'

/** What is compared, and what is known beside it. */
export interface SettingSides {
  /** Undefined where nothing is live: everything that is asked for is added then. */
  readonly live: VersionSpec | undefined
  readonly after: VersionSpec
  /** Of the function. */
  readonly folderId: string
  /** Whether the account is known to be shown environment variables; without any, `live` alone cannot tell. */
  readonly seesEnvironment: boolean
}

/** A row for every setting that either side has, in the order of {@link SETTINGS}. */
export function diffSettings(sides: SettingSides): readonly Row[] {
  const { live, after, folderId } = sides
  return Object.entries(SETTINGS).flatMap(([name, setting]) => {
    const row = { area: 'settings', name, visibility: setting.visibility } as const
    if (name === 'environment' && isHidden(sides)) {
      return [{ ...row, verdict: 'unknown', live: undefined, after: undefined }]
    }
    if ('many' in setting) {
      const before = live ? setting.many(live) : []
      return compareMaps({ ...row, live: before, after: setting.many(after, live) })
    }
    const now = live && setting.one(live, { folderId })
    const next = setting.one(after, { folderId })
    if (now === undefined && next === undefined) return []
    const absent = live && setting.absent
    return [compare({ ...row, live: now ?? absent, after: next ?? absent })]
  })
}

/** Variables that are not shown look like no variables. */
function isHidden({ live, after, seesEnvironment }: SettingSides): boolean {
  const isUnseen = live !== undefined && live.environment === undefined && !seesEnvironment
  return isUnseen && Object.keys(after.environment ?? {}).length > 0
}
