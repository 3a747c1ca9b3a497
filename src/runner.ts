/** The GitHub runner: inputs, log, annotations, outputs, summary, OIDC token. The only importer of `@actions/core`. */

import * as core from '@actions/core'
import { DeployError, isError } from './errors.ts'
import type { Annotation, Runner } from './ports.ts'
import { logText, oneLine, plain } from './text.ts'

/** The environment that the runner gives to a step. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The raw inputs of the step: `INPUT_FUNCTION-NAME` becomes `function-name`. */
export function rawInputs(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => name.startsWith('INPUT_'))
      .map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value ?? '']),
  )
}

export function createRunner(env: Environment): Runner {
  return {
    context: {
      workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
      repository: env.GITHUB_REPOSITORY,
      sha: env.GITHUB_SHA,
      runId: env.GITHUB_RUN_ID,
      docsUrl: docsUrl(env),
    },
    info: (message) => {
      core.info(logText(message))
    },
    debug: (message) => {
      core.debug(logText(message))
    },
    warning: (annotation) => {
      core.warning(plain(annotation.message), properties(annotation))
    },
    error: (annotation) => {
      core.error(plain(annotation.message), properties(annotation))
    },
    group: (title, lines) => {
      core.startGroup(oneLine(title))
      for (const line of lines) core.info(logText(line))
      core.endGroup()
    },
    mask: (value) => {
      core.setSecret(value)
    },
    setOutput: (name, value) => {
      core.setOutput(name, value)
    },
    writeSummary: async (markdown) => {
      await core.summary.addRaw(markdown, true).write()
    },
    idToken: (audience) => idToken(env, audience),
  }
}

/** Docs of the revision that runs; beside the code where there is no such repository, as in a local run. */
function docsUrl(env: Environment): string {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref } = env
  if (!repository || !ref) return 'docs'
  return `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/blob/${ref}/docs`
}

function properties({ title, file, line }: Annotation): core.AnnotationProperties {
  return {
    title: oneLine(title),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { startLine: line }),
  }
}

async function idToken(env: Environment, audience: string | undefined): Promise<string> {
  if (!env.ACTIONS_ID_TOKEN_REQUEST_URL || !env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
    throw new DeployError('AUTH_FAILED', 'GitHub gives this job no OIDC token for `yc-sa-id`.', {
      hint: 'Add to the job (pull requests from forks cannot have it):\npermissions:\n  id-token: write\n  contents: read',
    })
  }
  try {
    return await core.getIDToken(audience)
  } catch (cause) {
    throw new DeployError(
      'AUTH_FAILED',
      `GitHub did not give an OIDC token: ${isError(cause) ? oneLine(cause.message) : 'no reason was given'}`,
      {
        cause,
        hint: 'Run the job again; if it persists, check `oidc-audience` and the status of GitHub.',
      },
    )
  }
}
