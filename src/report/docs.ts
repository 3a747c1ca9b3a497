/** Where a failure is explained: the exact section of the documentation. Pure. */

import type { DeployError } from '../errors.ts'

/** An address, or a path where the action does not come from GitHub. `actionRoot` is that of `RunContext`. */
export function docsLink(error: DeployError, actionRoot: string): string {
  const { code, topic, inputs } = error
  const [input] = inputs
  if (topic === undefined && input !== undefined) {
    return `${actionRoot}/README.md#${inputs.length === 1 ? input : 'inputs'}`
  }
  return `${actionRoot}/docs/TROUBLESHOOTING.md#${topic ?? code.toLowerCase()}`
}
