/** The last steps of a deployment: public access and scaling, once the version is live. */

import type { Inputs } from '../../inputs/inputs.ts'
import type { Cloud } from '../../yandex/cloud.ts'
import { scaledTags } from '../plan/exposure.ts'
import type { DeployDeps, Deployment } from '../prepare.ts'
import { setPublicAccess } from './access.ts'
import { notPublic, notScaled } from './not-exposed.ts'
import { scaleTags, type TagScaling } from './scaling.ts'

/** Changes what the inputs ask for and what differs; nothing is sent without them. Throws DeployError. */
export async function expose(deployment: Deployment, deps: DeployDeps): Promise<void> {
  await setAccess(deployment, deps)
  await setScaling(deployment, deps)
}

async function setAccess(deployment: Deployment, { cloud, progress }: DeployDeps): Promise<void> {
  const { inputs, functionId } = deployment
  const { isPublic } = inputs.exposure
  if (isPublic === undefined) return
  const deadlineMs = deadlineOf(inputs, cloud)
  try {
    progress.record('access', await setPublicAccess({ functionId, isPublic, deadlineMs }, cloud))
  } catch (error) {
    throw notPublic(error, { deployment, version: progress.known.version })
  }
}

async function setScaling(deployment: Deployment, { cloud, progress }: DeployDeps): Promise<void> {
  const { inputs, prepared, functionId } = deployment
  const { scaling } = inputs.exposure
  if (!scaling || !prepared.plan.changes.includes('scaling')) return
  const tags = scaledTags(inputs.settings.tags)
  const deadlineMs = deadlineOf(inputs, cloud)
  const scaled: TagScaling[] = []
  try {
    for await (const tag of scaleTags({ functionId, tags, scaling, deadlineMs }, cloud)) {
      scaled.push(tag)
    }
  } catch (error) {
    throw notScaled(error, { deployment, version: progress.known.version, scaled })
  } finally {
    // What was done for the first tags is done, whatever comes of the others.
    if (scaled.length > 0) progress.record('scaling', scaled)
  }
}

function deadlineOf({ wait }: Inputs, { clock }: Cloud): number {
  return clock.now() + wait.timeoutSeconds * 1000
}
