/** What differs between the settings of two versions, each a row; pure. */

import type { VersionSpec } from '../../yandex/functions/version-request.ts'
import { compare, compareMaps, type Row } from './row.ts'
import { SETTINGS, type Setting } from './settings.ts'

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
  return Object.entries(SETTINGS).flatMap(([name, setting]) =>
    name === 'environment' && isHidden(sides)
      ? [hiddenEnvironment]
      : rowsOf({ ...sides, name, setting }),
  )
}

function rowsOf({
  live,
  after,
  folderId,
  name,
  setting,
}: SettingSides & { name: string; setting: Setting }): readonly Row[] {
  const row = { area: 'settings', name, visibility: setting.visibility } as const
  if ('many' in setting) {
    return compareMaps({
      ...row,
      live: new Map(live && setting.many(live)),
      after: new Map(setting.many(after, live)),
    })
  }
  const now = live && setting.one(live, { folderId })
  const next = setting.one(after, { folderId })
  if (now === undefined && next === undefined) return []
  return [
    compare({
      ...row,
      live: live && (now ?? setting.absent),
      after: next ?? (live && setting.absent),
    }),
  ]
}

/** Variables that are not shown look like no variables. */
function isHidden({ live, after, seesEnvironment }: SettingSides): boolean {
  const isUnseen = live !== undefined && live.environment === undefined && !seesEnvironment
  return isUnseen && Object.keys(after.environment ?? {}).length > 0
}

const hiddenEnvironment: Row = {
  area: 'settings',
  name: 'environment',
  verdict: 'unknown',
  visibility: 'nobody',
  live: undefined,
  after: undefined,
}
