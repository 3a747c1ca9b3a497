/** The last steps of a deployment: public access and scaling, once the version is live. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { listAccessBindings } from '../../yandex/functions/access.ts'
import { scaledTags } from '../plan/exposure.ts'
import type { Preparation } from '../prepare.ts'
import type { Progress } from '../progress.ts'
import { setPublicAccess } from './access.ts'
import { notPublic, notScaled } from './not-exposed.ts'
import { scaleTags, type TagScaling } from './scaling.ts'

/** What to bring up to date, on which function. */
export interface Exposure {
  readonly inputs: Inputs
  readonly prepared: Preparation
  readonly functionId: string
}

export interface ExposureDeps {
  readonly cloud: Cloud
  readonly progress: Progress
}

/** Changes what the inputs ask for and what differs; nothing is sent without them. Throws DeployError. */
export async function expose(exposure: Exposure, deps: ExposureDeps): Promise<void> {
  await setAccess(exposure, deps)
  await setScaling(exposure, deps)
}

async function setAccess(exposure: Exposure, { cloud, progress }: ExposureDeps): Promise<void> {
  const { inputs, functionId } = exposure
  const { isPublic } = inputs.exposure
  if (isPublic === undefined) return
  const deadlineMs = deadlineOf(inputs, cloud)
  try {
    // Read anew: the build took a while, and somebody may have changed them.
    const seen = await listAccessBindings(functionId, cloud)
    const access = await setPublicAccess({ functionId, isPublic, seen, deadlineMs }, cloud)
    progress.record('access', access)
  } catch (error) {
    throw notPublic(error, { ...exposure, known: progress.known })
  }
}

async function setScaling(exposure: Exposure, { cloud, progress }: ExposureDeps): Promise<void> {
  const { inputs, prepared, functionId } = exposure
  const { scaling } = inputs.exposure
  if (!scaling || !prepared.plan.changes.includes('scaling')) return
  const tags = scaledTags(inputs.settings.tags)
  const deadlineMs = deadlineOf(inputs, cloud)
  const scaled: TagScaling[] = []
  const done = (tag: TagScaling): void => {
    scaled.push(tag)
  }
  try {
    await scaleTags({ functionId, tags, scaling, deadlineMs }, { cloud, done })
  } catch (error) {
    throw notScaled(error, { ...exposure, known: progress.known, scaled })
  } finally {
    // What was done for the first tags is done, whatever comes of the others.
    if (scaled.length > 0) progress.record('scaling', scaled)
  }
}

function deadlineOf({ wait }: Inputs, { clock }: Cloud): number {
  return clock.now() + wait.timeoutSeconds * 1000
}
