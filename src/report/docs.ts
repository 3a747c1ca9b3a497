/** Where a failure is explained: the exact section of the documentation. Pure. */

import type { DeployError } from '../errors.ts'

/** Which action runs: that of the root, or one of those beside it. */
export type Action = 'deploy' | 'rollback' | 'cleanup'

/** Where to look: `root` is `RunContext.actionRoot`. */
export interface DocsPlace {
  readonly root: string
  readonly action: Action
}

/** An address, or a path where the action does not come from GitHub. */
export function docsLink(error: DeployError, { root, action }: DocsPlace): string {
  const { code, topic, inputs } = error
  const [input] = inputs
  if (topic === undefined && input !== undefined) {
    return `${root}/README.md#${anchorOf(action, inputs.length === 1 ? input : 'inputs')}`
  }
  return `${root}/docs/TROUBLESHOOTING.md#${topic ?? code.toLowerCase()}`
}

/** Inputs of the same name have an anchor for each action. */
function anchorOf(action: Action, name: string): string {
  return action === 'deploy' ? name : `${action}-${name}`
}
