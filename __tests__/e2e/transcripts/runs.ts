/** The runs whose transcripts lie beside this file. One more is one more entry, then `npm run transcripts`. */

import type { RecordedRequest } from '../../../emulator/http/request.ts'
import type { Emulator } from '../../../emulator/index.ts'
import type { ActionFolder } from '../../../scripts/step.ts'

/** A step that has run before. */
export interface PastStep {
  readonly action?: ActionFolder
  readonly inputs: Readonly<Record<string, string>>
}

export interface Run {
  /** That of its file, without `.txt`. */
  readonly name: string
  /** What happens in it, for the first line of the file. */
  readonly about: string
  /** Added to the inputs of a step that deploys the function `hello`; an empty text takes one away. */
  readonly inputs?: Readonly<Record<string, string>>
  /** What is in `index.js` when the step starts, where it matters; of the steps before something else is. */
  readonly code?: string
  /** The action that runs; the one that deploys when left out. */
  readonly action?: ActionFolder
  /** Inputs of a step that has deployed the same function before. */
  readonly before?: Readonly<Record<string, string>>
  /** Steps before that, oldest first. */
  readonly past?: readonly PastStep[]
  /** How long a build takes, in milliseconds. */
  readonly buildMs?: number
  /** Changes the cloud before the step starts. */
  readonly arrange?: (cloud: Emulator) => void
  /** The step is cancelled as soon as this holds. */
  readonly cancelWhen?: (seen: { log: string; requests: readonly RecordedRequest[] }) => boolean
}

const FINE = "exports.handler = () => ({ statusCode: 200, body: 'Hello' })\n"
const THROWS = "exports.handler = () => { throw new TypeError('no database') }\n"

export const RUNS: readonly Run[] = [
  {
    name: 'first-deployment',
    about: 'The function does not exist: it is created and gets its first version.',
    inputs: { tags: 'stable', environment: 'GREETING=hi' },
  },
  {
    name: 'redeployment',
    about: 'The function exists: its description changes, and it gets another version.',
    before: { tags: 'stable', 'function-description': 'Says nothing' },
    inputs: { tags: 'stable', 'function-description': 'Says hello' },
  },
  {
    name: 'through-a-bucket',
    about: 'The package is uploaded to a bucket, and the version refers to it.',
    inputs: { bucket: 'packages', 'bucket-prefix': 'builds/' },
  },
  {
    name: 'plan',
    about: 'A dry run: one variable changes and another goes, a tag comes; nothing is changed.',
    before: { tags: 'stable', environment: 'GREETING=hi\nLEVEL=info' },
    inputs: { tags: 'stable\nnext', environment: 'GREETING=hello', 'dry-run': 'true' },
  },
  {
    name: 'unchanged',
    about: 'The live version is what the step asks for: a tag is moved to it, and none is created.',
    before: { tags: 'stable' },
    inputs: { tags: 'stable\nnext', 'skip-unchanged': 'true' },
  },
  {
    name: 'reused-code',
    about: 'Only a setting changes: the version is made of the code of the live one.',
    before: { memory: '128MB' },
    inputs: { memory: '256MB', 'reuse-code': 'true' },
  },
  {
    name: 'release',
    about:
      'The version is called before anybody gets it and passes; then its tags are moved, and the version before keeps one.',
    before: { tags: 'stable\nnext' },
    code: FINE,
    inputs: {
      tags: 'stable\nnext',
      check: 'true',
      'check-query': 'name=Ada',
      'check-contains': 'Hello',
      'previous-tag': 'previous',
    },
  },
  {
    name: 'release-whose-check-fails',
    about:
      'The version is called before anybody gets it and throws: tags stay, and `$latest` is restored.',
    before: { tags: 'stable\nnext', environment: 'GREETING=hi' },
    code: THROWS,
    inputs: {
      tags: 'stable\nnext',
      environment: 'GREETING=hello',
      check: 'true',
      'check-attempts': '2',
      'previous-tag': 'previous',
    },
  },
  {
    name: 'release-whose-promotion-fails',
    about:
      'The version passes its check, but the second tag cannot be moved: the first one goes back.',
    before: { tags: 'stable\nnext' },
    code: FINE,
    inputs: { tags: 'stable\nnext', check: 'true' },
    arrange: refuseSecondMove,
  },
  {
    name: 'public-and-scaled',
    about:
      'The version is live: then anyone may call the function, and a limit of its tag changes.',
    before: { tags: 'stable', 'zone-instances-limit': '5', 'zone-requests-limit': '20' },
    inputs: { tags: 'stable', public: 'true', 'zone-instances-limit': '8' },
  },
  {
    name: 'not-public',
    about: 'The version is live, but its deployer may not decide who calls the function.',
    before: { tags: 'stable' },
    inputs: { tags: 'stable', public: 'true', 'zone-instances-limit': '8' },
    arrange: (cloud) => {
      cloud.setRoles({ serviceAccountId: cloud.serviceAccountId, roles: ['functions.editor'] })
    },
  },
  {
    name: 'failed-build',
    about: 'The build fails; its log points to a line of the repository.',
    arrange: (cloud) => {
      cloud.buildLogs.set(
        'build.log',
        'npm ci\n./index.js:1:7: error: unexpected token\nnpm error code 1\n',
      )
      cloud.failNextBuild({
        code: 3,
        message: `Build failed, see ${cloud.storageEndpoint}/build-logs/build.log?X-Amz-Signature=0123456789abcdef`,
        details: [],
      })
    },
  },
  {
    name: 'bad-inputs',
    about: 'Three inputs are wrong and one is misspelt: all are reported, and nothing is sent.',
    inputs: { memory: '100', tags: 'Bad', entrypoint: '', entrypont: 'index.handler' },
  },
  {
    name: 'cancelled',
    about: 'The run is cancelled during the build: the build is cancelled, too.',
    buildMs: 60_000,
    cancelWhen: ({ log, requests }) => {
      const [, operationId] = /Operation (\w+)/.exec(log) ?? []
      return requests.some(({ path }) => path === `/operations/${operationId ?? '-'}`)
    },
  },
  {
    name: 'rollback',
    about: 'A bad version was released: the tags go back to the version that held each before.',
    action: 'rollback',
    past: [
      { inputs: { tags: 'stable', description: 'First release' } },
      { inputs: { tags: 'stable\nnext', description: 'Second release' } },
    ],
    before: { tags: 'stable\nnext', description: 'Third release, which is bad' },
    inputs: { tags: 'stable\nnext' },
  },
  {
    name: 'rollback-of-the-rollback',
    about: 'The version before is no better: the tag goes back one further.',
    action: 'rollback',
    past: [
      { inputs: { tags: 'stable', description: 'First release' } },
      { inputs: { tags: 'stable', description: 'Second release' } },
      { inputs: { tags: 'stable', description: 'Third release' } },
      { action: 'rollback', inputs: { tags: 'stable' } },
    ],
    inputs: { tags: 'stable' },
  },
  {
    name: 'rollback-nowhere',
    about: 'There is no version before: nothing is changed, and the versions are listed.',
    action: 'rollback',
    past: [{ inputs: { tags: 'stable', description: 'First release' } }],
    before: { description: 'Second release' },
    inputs: { tags: 'stable' },
  },
  {
    name: 'rollback-without-tags',
    about: 'Callers without a tag get a copy of the version before.',
    action: 'rollback',
    past: [{ inputs: { memory: '256MB', environment: 'GREETING=hi' } }],
    before: { environment: 'GREETING=hello' },
  },
  {
    name: 'rollback-that-fails',
    about: 'The second tag cannot be moved: the first one goes back.',
    action: 'rollback',
    past: [{ inputs: { tags: 'stable\nnext' } }],
    before: { tags: 'stable\nnext' },
    inputs: { tags: 'stable\nnext' },
    arrange: refuseSecondMove,
  },
  {
    name: 'rollback-cancelled',
    about: 'The run is cancelled after the first tag was moved: that one goes back.',
    action: 'rollback',
    past: [{ inputs: { tags: 'stable\nnext' } }],
    before: { tags: 'stable\nnext' },
    inputs: { tags: 'stable\nnext' },
    arrange: (cloud) => {
      const effect = { kind: 'delay', ms: 60_000 } as const
      cloud.fault({ method: 'POST', path: /:setTag$/, skip: 1, effect })
    },
    cancelWhen: ({ requests }) =>
      requests.filter(({ path }) => path.endsWith(':setTag')).length === 2,
  },
  {
    name: 'cleanup-of-tags',
    about:
      'The tag of a pull request that is closed is removed; another one is not there any more.',
    action: 'cleanup',
    before: { tags: 'pr-12\nstable' },
    inputs: { 'remove-tags': 'pr-12\npr-7' },
  },
  {
    name: 'cleanup-of-a-function',
    about: 'The function of a pull request that is closed is deleted.',
    action: 'cleanup',
    before: { tags: 'stable' },
    inputs: { 'delete-function': 'true' },
  },
]

function refuseSecondMove(cloud: Emulator): void {
  const effect = {
    kind: 'status',
    status: 403,
    body: { code: 7, message: 'Permission denied' },
  } as const
  cloud.fault({ method: 'POST', path: /:setTag$/, skip: 1, effect })
}
