/** Whether the cloud has the runtime of a step, found out before anything is created. */

import { DeployError } from '../errors.ts'
import { quote } from '../text.ts'
import type { Cloud } from '../yandex/cloud.ts'
import { listRuntimes } from '../yandex/functions/functions.ts'
import { didYouMean } from './not-found.ts'

/**
 * Runtimes that are documented as no longer supported: https://yandex.cloud/en/docs/functions/concepts/runtime/
 * The list of the API does not tell them apart, and need not have them.
 */
const UNSUPPORTED: readonly string[] = [
  ...['nodejs10', 'nodejs12', 'nodejs14', 'nodejs16', 'nodejs18'],
  ...['python37', 'python38', 'python39', 'python311', 'php74', 'php8'],
  ...['golang116', 'golang117', 'golang118', 'golang119', 'golang121'],
  ...['java11', 'java17', 'dotnetcore31', 'dotnet6', 'r42', 'bash'],
]

/** Resolves to what there is to say; throws DeployError INPUT_INVALID for a runtime that the cloud does not have. */
export async function checkRuntime(runtime: string, cloud: Cloud): Promise<readonly string[]> {
  const listed = await listRuntimes(cloud).catch((): readonly string[] => [])
  const supported = listed.filter((one) => !UNSUPPORTED.includes(one))
  const near = didYouMean(runtime.toLowerCase(), supported)
  if (UNSUPPORTED.includes(runtime)) {
    return [`\`runtime\`: Yandex Cloud no longer supports ${quote(runtime)}.${near}`]
  }
  // A list that cannot be read says nothing about the runtime.
  if (supported.length === 0 || listed.includes(runtime)) return []
  throw new DeployError(
    'INPUT_INVALID',
    `\`runtime\`: Yandex Cloud has no runtime ${quote(runtime)}.${
      near === '' ? ` It has ${supported.map(quote).join(', ')}.` : near
    }`,
    {
      inputs: ['runtime'],
      topic: 'runtime-unknown',
      hint: 'Correct `runtime`; `yc serverless function runtime list` prints what there is.',
    },
  )
}
