/** Plans for tests, made as a deployment makes them. */

import { planDeployment, type Known, type Plan, type Wanted } from '../../src/deploy/plan/plan.ts'
import { UNEXPOSED } from '../../src/deploy/plan/exposure.ts'
import { LATEST } from '../../src/yandex/functions/versions.ts'
import type { CloudFunction } from '../../src/yandex/functions/functions.ts'
import { FOLDER_ID, shown, specOf } from './versions.ts'

export const FUNCTION: CloudFunction = {
  id: 'd4f1',
  folderId: FOLDER_ID,
  name: 'hello',
  description: '',
  labels: {},
  httpInvokeUrl: '',
  status: 'ACTIVE',
}

/** The plan of a step with these inputs over a version with those; each has a package of its own. */
export function planOf({
  live,
  after,
  known,
  wanted,
}: {
  live?: Readonly<Record<string, string>> | undefined
  after?: Readonly<Record<string, string>>
  known?: Partial<Known>
  wanted?: Partial<Wanted>
}): Plan {
  const version = live && {
    ...shown(specOf(live), {
      id: 'd4e00000000000000001',
      description: `mine [sha256:${'ab'.repeat(32)} run:1]`,
      createdAt: '2026-01-01T00:00:00Z',
    }),
  }
  const tags = wanted?.tags ?? []
  return planDeployment(
    {
      function: { description: undefined, labels: undefined },
      code: { kind: 'package', sha256: 'cd'.repeat(32), sizeBytes: 54_272, files: [] },
      spec: specOf(after),
      tags,
      exposure: { isPublic: undefined, scaling: undefined },
      ...wanted,
    },
    {
      function: live && FUNCTION,
      folderId: FOLDER_ID,
      holders: new Map(version ? [[tags[0] ?? LATEST, version]] : []),
      livePackage: undefined,
      exposure: UNEXPOSED,
      ...known,
    },
  )
}
