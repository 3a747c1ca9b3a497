/** The GitHub runner: inputs, log, annotations, outputs, summary. The only importer of `@actions/core`. */

import * as core from '@actions/core'
import type { Annotation, IdTokenRequest, Runner } from './ports.ts'
import { Secret } from './secret.ts'
import { logText, markdownText, oneLine, plain } from './text.ts'

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
  const masked = new Set<string>()
  // The runner of GitHub hides them as well; an answer that echoes a token should not rely on that.
  const hide = (text: string): string =>
    [...masked]
      // A secret may begin another one, whose rest must not stay.
      .sort((a, b) => b.length - a.length)
      .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
  return {
    context: {
      workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
      repository: env.GITHUB_REPOSITORY,
      sha: env.GITHUB_SHA,
      runId: env.GITHUB_RUN_ID,
      docsUrl: docsUrl(env),
    },
    idTokenRequest: idTokenRequest(env),
    info: (message) => {
      core.info(logText(hide(message)))
    },
    debug: (message) => {
      core.debug(logText(hide(message)))
    },
    notice: (annotation) => {
      core.notice(plain(hide(annotation.message)), properties(annotation))
    },
    warning: (annotation) => {
      core.warning(plain(hide(annotation.message)), properties(annotation))
    },
    error: (annotation) => {
      core.error(plain(hide(annotation.message)), properties(annotation))
    },
    group: (title, lines) => {
      core.startGroup(oneLine(title))
      for (const line of lines) core.info(logText(hide(line)))
      core.endGroup()
    },
    mask: (value) => {
      masked.add(value).add(markdownText(value))
      core.setSecret(value)
    },
    setOutput: (name, value) => {
      core.setOutput(name, value)
    },
    writeSummary: async (markdown) => {
      await core.summary.addRaw(hide(markdown), true).write()
    },
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

function idTokenRequest(env: Environment): IdTokenRequest | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env
  return url && token ? { url, token: new Secret(token) } : undefined
}
