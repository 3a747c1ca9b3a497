/** Runs of the bundle against the emulator whose summaries and comments are worth a picture. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmulator, startGithub, type Emulator } from '../../emulator/index.ts'
import { runStep } from '../step.ts'

type Texts = Readonly<Record<string, string>>

/** The Markdown that a run leaves behind, without addresses of this machine. */
export interface Scene {
  readonly name: string
  readonly markdown: string
}

const RUN = {
  GITHUB_ACTION_REPOSITORY: 'octo-org/deploy-yandex-cloud-function',
  GITHUB_ACTION_REF: 'v1',
  GITHUB_EVENT_NAME: 'push',
}
const PULL_REQUEST = 12

/** All scenes, each in a cloud of its own; in a few seconds each. */
export async function playScenes(): Promise<readonly Scene[]> {
  return [
    ...(await playReleases()),
    await playFailedBuild(),
    await playFailedCheck(),
    await playBadInputs(),
    await playManyFiles(),
  ]
}

/** A function that is live, then planned, deployed and planned once more with other settings. */
async function playReleases(): Promise<readonly Scene[]> {
  const before = { ...SERVICE, 'lib/legacy.js': source('legacy', 40) }
  const after = {
    ...SERVICE,
    'index.js': `${source('index', 90)}\n${HANDLER}`,
    'lib/retry.js': source('retry', 30),
  }
  const github = await startGithub({ issues: [PULL_REQUEST] })
  try {
    return await withStage(async (stage) => {
      const usual = {
        'function-name': 'orders-api',
        bucket: 'packages',
        memory: '128Mb',
        tags: 'stable',
        environment: 'LOG_LEVEL=info\nREGION=ru-central1\nTIMEOUT=5',
        'service-account-name': 'orders-runtime',
        secrets: 'DB_PASSWORD=orders/latest/password',
      }
      const next = {
        ...usual,
        memory: '256Mb',
        concurrency: '4',
        environment: 'LOG_LEVEL=warn\nREGION=ru-central1\nRETRIES=3',
        check: 'true',
        'previous-tag': 'previous',
      }
      const comment = { comment: 'true', 'github-token': github.token }
      const env = {
        ...RUN,
        GITHUB_API_URL: github.apiUrl,
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: stage.write('event.json', EVENT),
        GITHUB_WORKFLOW_REF: 'octo-org/hello/.github/workflows/plan.yml@refs/pull/12/merge',
        GITHUB_JOB: 'plan',
      }
      await stage.step(usual, before)
      const plan = await stage.step({ ...next, ...comment, 'dry-run': 'true' }, after, env)
      const [posted] = github.comments(PULL_REQUEST)
      const deployed = await stage.step(next, after)
      const unchanged = await stage.step({ ...next, 'dry-run': 'true' }, after)
      return [
        { name: 'summary', markdown: deployed },
        { name: 'comment', markdown: stage.clean(posted?.body ?? '') },
        { name: 'plan', markdown: plan },
        { name: 'plan-no-changes', markdown: unchanged },
      ]
    })
  } finally {
    await github.close()
  }
}

const EVENT = JSON.stringify({
  number: PULL_REQUEST,
  pull_request: {
    number: PULL_REQUEST,
    head: { sha: '5f3c9d0b7a1e4c2d8f6a9b0c1d2e3f4a5b6c7d8e' },
  },
})

function playFailedBuild(): Promise<Scene> {
  return withStage(async (stage) => {
    const { cloud } = stage
    const lines = Array.from({ length: 30 }, (_, at) => `npm http fetch GET 200 package-${at + 1}`)
    cloud.buildLogs.set('build.log', [...lines, ...NPM_ERROR].join('\n'))
    cloud.failNextBuild({
      code: 3,
      message: `Build failed: npm ci can only install packages when your package.json and package-lock.json are in sync. See the build log at ${cloud.storageEndpoint}/build-logs/build.log?X-Amz-Signature=0123456789abcdef`,
      details: [],
    })
    const inputs = { 'function-name': 'orders-api', bucket: 'packages' }
    return { name: 'failure', markdown: await stage.step(inputs, SERVICE) }
  })
}

const NPM_ERROR = [
  'npm error code EUSAGE',
  'npm error',
  'npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.',
  'npm error',
  'npm error Missing: pg@8.16.3 from lock file',
  'npm error Missing: pg-pool@3.10.1 from lock file',
  'npm error',
  'npm error Run "npm help ci" for more info',
  '',
]

/** A version that does not answer as it should, and what is live instead. */
function playFailedCheck(): Promise<Scene> {
  return withStage(async (stage) => {
    const answering = (text: string) => ({ 'index.js': `exports.handler = async () => ${text}\n` })
    const inputs = { 'function-name': 'orders-api', tags: 'stable' }
    await stage.step(inputs, answering("({ statusCode: 200, body: 'ok' })"))
    const broken = answering("{ throw new TypeError('orders is not iterable') }")
    return {
      name: 'failed-check',
      markdown: await stage.step({ ...inputs, check: 'true' }, broken),
    }
  })
}

function playBadInputs(): Promise<Scene> {
  return withStage(async (stage) => {
    const inputs = {
      'function-name': 'Orders',
      memory: '100',
      entrypont: 'index.handler',
      tags: 'V1',
    }
    return { name: 'bad-inputs', markdown: await stage.step(inputs, SERVICE) }
  })
}

function playManyFiles(): Promise<Scene> {
  return withStage(async (stage) => {
    const files: Record<string, string> = { 'index.js': source('index', 60) }
    for (let at = 0; at < 15_000; at += 1) {
      const name = `node_modules/${at % 9 === 0 ? '@aws-sdk/' : ''}package-${at % 299}/dist/file-${at}.js`
      files[name] = source(`file${at}`, 1 + (at % 7) + (at % 299 < 5 ? 20 : 0))
    }
    const inputs = { 'function-name': 'orders-api', bucket: 'packages' }
    return { name: 'many-files', markdown: await stage.step(inputs, files) }
  })
}

interface Stage {
  readonly cloud: Emulator
  /** The summary of a step that finds these files and no others. */
  readonly step: (inputs: Texts, files: Texts, env?: Texts) => Promise<string>
  /** Puts a file beside the workspace; gives its path. */
  readonly write: (name: string, text: string) => string
  /** The text as a user of the real cloud would see it. */
  readonly clean: (text: string) => string
}

async function withStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const cloud = await startEmulator({ buildMs: 6_000, latencyMs: 40 })
  cloud.addBucket({ name: 'packages' })
  cloud.addServiceAccount({ name: 'orders-runtime' })
  cloud.addSecret({ name: 'orders', versions: [{ password: 'correct horse battery staple' }] })
  const folder = mkdtempSync(path.join(tmpdir(), 'scene-'))
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  const clean = (text: string): string =>
    text
      // Where the emulator runs functions, in the trace of one.
      .replace(/^.*sandbox&#46;mjs.*\n/gm, '')
      .replace(/\/tmp\/yandex&#45;cloud&#45;emulator&#45;\w+/g, '/function/code')
      .replaceAll(cloud.storageEndpoint, 'https://storage.yandexcloud.net')
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://functions.yandexcloud.net')
      .replace(
        /http&#58;\/\/127&#46;0&#46;0&#46;1&#58;\d+/g,
        'https&#58;//storage&#46;yandexcloud&#46;net',
      )
  try {
    return await play({
      cloud,
      write,
      clean,
      step: async (inputs, files, env = RUN) => {
        const workspace = path.join(folder, 'workspace')
        rmSync(workspace, { recursive: true, force: true })
        for (const [name, text] of Object.entries(files)) write(`workspace/${name}`, text)
        const { summary } = await runStep(
          {
            'yc-sa-json-credentials': cloud.keyJson,
            'api-endpoint': cloud.endpoint,
            'folder-id': cloud.folderId,
            runtime: 'nodejs22',
            entrypoint: 'index.handler',
            ...inputs,
          },
          { workspace, env },
        )
        return clean(summary)
      },
    })
  } finally {
    await cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const HANDLER = "exports.handler = async () => ({ statusCode: 200, body: 'ok' })\n"

/** A small service with what it depends on. */
const SERVICE: Texts = {
  'index.js': source('index', 80),
  'lib/orders.js': source('orders', 120),
  'lib/http.js': source('http', 60),
  'package.json': '{"name":"orders-api"}\n',
  ...Object.fromEntries(
    ['pg', 'pg-pool', 'pg-protocol', 'zod', 'undici', 'pino', 'uuid', 'ms'].flatMap((name, at) =>
      Array.from({ length: 4 + at * 3 }, (_, file) => [
        `node_modules/${name}/lib/${file}.js`,
        source(`${name}${file}`, 10 + ((at * 37) % 90)),
      ]),
    ),
  ),
}

/** A file of so many lines which differ, so that it packs as code does. */
function source(name: string, lines: number): string {
  const seed = Buffer.from(name).reduce((sum, byte) => sum + byte, 7)
  return Array.from({ length: lines }, (_, at) => {
    const value = ((seed * (at + 3) * 2_654_435_761) % 2 ** 32).toString(36)
    return `exports.${name.replace(/\W/g, '_')}_${at} = (request) => handle(request, '${value}')`
  }).join('\n')
}
