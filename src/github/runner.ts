/** The GitHub runner: inputs, log, annotations, outputs, summary. */

import path from 'node:path'
import * as core from './core.ts'
import { Masks } from './masks.ts'
import type { Annotation, IdTokenRequest, Runner, Tone } from '../ports.ts'
import { Secret } from '../secret.ts'
import { hideLinks, logText, oneLine, plain, urlPart } from '../text.ts'

/** The raw inputs of the step: `INPUT_FUNCTION-NAME` becomes `function-name`. */
export function rawInputs(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => name.startsWith('INPUT_'))
      .map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value ?? '']),
  )
}

/** As the runner of GitHub shows them in a log: https://en.wikipedia.org/wiki/ANSI_escape_code */
const COLOURS: Readonly<Record<Tone, string>> = {
  added: '32',
  removed: '31',
  changed: '33',
  done: '1;32',
}

export function createRunner(env: NodeJS.ProcessEnv): Runner {
  // The runner of GitHub hides them as well; an answer that echoes a token should not rely on that.
  const masks = new Masks()
  const hide = (text: string): string => hideLinks(masks.hide(text))
  const hasColours = env.GITHUB_ACTIONS === 'true' && !env.NO_COLOR
  const colour = (line: string, tone: Tone | undefined): string =>
    tone && hasColours ? `\u001b[${COLOURS[tone]}m${line}\u001b[0m` : line
  return {
    context: {
      // Fails where the folder is gone: only when it is asked for, so that the failure can be told.
      get workspace() {
        return env.GITHUB_WORKSPACE ?? process.cwd()
      },
      repository: env.GITHUB_REPOSITORY,
      sha: env.GITHUB_SHA,
      runId: env.GITHUB_RUN_ID,
      serverUrl: env.GITHUB_SERVER_URL,
      event: env.GITHUB_EVENT_NAME,
      ref: env.GITHUB_REF,
      actionRoot: actionRoot(env),
    },
    idTokenRequest: idTokenRequest(env),
    info: (message, tone) => {
      core.print(colour(logText(hide(message)), tone))
    },
    debug: (message) => {
      core.issue('debug', logText(hide(message)))
    },
    notice: ({ message, ...place }) => {
      annotate('notice', { message: hide(message), ...place })
    },
    warning: ({ message, ...place }) => {
      annotate('warning', { message: masks.hide(message), ...place })
    },
    error: ({ message, ...place }) => {
      annotate('error', { message: masks.hide(message), ...place })
    },
    group: (title, lines) => {
      core.issue('group', oneLine(title))
      for (const line of lines) core.print(logText(hide(line)))
      core.issue('endgroup')
    },
    mask: (value) => {
      for (const spelling of masks.add(value)) core.issue('add-mask', spelling)
    },
    hide,
    setOutput: core.setOutput,
    writeSummary: (markdown) => core.writeSummary(masks.hide(markdown)),
  }
}

function annotate(command: string, { message, title, file, line }: Annotation): void {
  core.issue(command, plain(message), { title: oneLine(title), file, line })
}

/** The revision that runs on GitHub; the folder it lies in where it has none, as `uses: ./` or a local run. */
function actionRoot(env: NodeJS.ProcessEnv): string {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref } = env
  if (!repository || !ref) {
    const script = (process.argv[1] ?? '').replaceAll('\\', '/')
    // The bundles of the other actions lie deeper in dist/.
    const end = script.lastIndexOf('/dist/')
    return end < 0 ? path.posix.dirname(path.posix.dirname(script)) : script.slice(0, end)
  }
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com'
  return `${server}/${repository}/blob/${ref.split('/').map(urlPart).join('/')}`
}

function idTokenRequest(env: NodeJS.ProcessEnv): IdTokenRequest | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env
  return url && token ? { url, token: new Secret(token) } : undefined
}
