/** Every way to sign in and every way to fail, searched for anything that gives access. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../../emulator/index.ts'
import { runStep, type StepResult } from '../../../scripts/step.ts'
import { helloInputs, helloWorkspace, startRichEmulator, type Texts } from '../../support/faults.ts'
import { readCommands } from '../../support/faults-commands.ts'

type Credential = 'key' | 'token' | 'federation' | 'metadata'

const CREDENTIALS: Readonly<Record<Credential, (emulator: Emulator) => Texts>> = {
  key: ({ keyJson }) => ({ 'yc-sa-json-credentials': keyJson }),
  token: (emulator) => ({ 'yc-iam-token': emulator.mintToken() }),
  federation: ({ serviceAccountId }) => ({ 'yc-sa-id': serviceAccountId }),
  metadata: () => ({ 'yc-instance-metadata': 'true' }),
}

/** Values of a workflow that look like secrets; the action has no reason to print one. */
const ENVIRONMENT = {
  API_KEY: 'AQVNexampleexampleexample',
  DATABASE_URL: 'postgres://user:hunter2hunter2@db.test/app',
}
const LOG_QUERY = 'X-Amz-Credential=YCAJEexample&X-Amz-Signature=0badc0ffee0badc0ffee'

/** Secrets put where they do not belong, and one of several lines. */
const PASTED = [
  'sk-live-0123456789abcdef',
  'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC7==',
  'y0_AgAAAAAexampleexample',
]

/** A way for a run to end, and its error code; none for a success. */
interface Ending {
  readonly ending: string
  readonly code?: string
  readonly prepare?: (emulator: Emulator) => Texts | undefined
  /** The server says what it was told. */
  readonly isRepeated?: true
}

const status =
  (path: RegExp, effect: { status: number; body?: string | object }) =>
  (emulator: Emulator): undefined => {
    emulator.fault({ path, times: Infinity, effect: { kind: 'status', ...effect } })
  }

const ENDINGS: readonly Ending[] = [
  { ending: 'a success' },
  {
    ending: 'bad inputs',
    code: 'INPUT_INVALID',
    prepare: () => ({
      memory: '1',
      environment: `${pairs(ENVIRONMENT)}\nPEM=x\n${PASTED.join('\n')}\nPEM=y`,
      secrets: PASTED.flatMap((secret) => [secret, `API_KEY=${secret}`]).join('\n'),
    }),
  },
  {
    ending: 'a credential that is another one',
    code: 'INPUT_INVALID',
    prepare: ({ keyJson }) => ({
      'yc-sa-json-credentials': keyJson.slice(1),
      'yc-iam-token': PASTED.join(' '),
    }),
  },
  {
    ending: 'a refused token',
    code: 'AUTH_FAILED',
    prepare: status(/^\/(iam\/v1\/tokens|oauth\/token|computeMetadata.*|functions.*)$/, {
      status: 401,
      body: { code: 16, message: 'The token is invalid' },
    }),
  },
  {
    ending: 'a refusal by a gateway that repeats what it was sent',
    code: 'API_REJECTED',
    isRepeated: true,
    prepare: (emulator) => {
      const token = emulator.mintToken()
      status(/^\/functions\/v1\/versions$/, { status: 400, body: `Bearer ${token}` })(emulator)
      return {
        'yc-iam-token': token,
        'yc-sa-json-credentials': '',
        'yc-sa-id': '',
        'yc-instance-metadata': '',
      }
    },
  },
  { ending: 'no files', code: 'SOURCE_EMPTY', prepare: () => ({ exclude: '**' }) },
  { ending: 'a key in the package', code: 'SOURCE_UNSAFE', prepare: () => ({ exclude: '' }) },
  {
    ending: 'trouble that does not pass',
    code: 'CANCELLED',
    prepare: status(/^\/functions\/v1\/versions$/, { status: 503 }),
  },
  {
    ending: 'a failed build',
    code: 'OPERATION_FAILED',
    prepare: (emulator) => {
      const link = `${emulator.storageEndpoint}/build-logs/1.log?${LOG_QUERY}`
      emulator.buildLogs.set('1.log', 'npm ERR! see above')
      emulator.failNextBuild({ code: 3, message: `Build failed: ${link}` })
      return undefined
    },
  },
  {
    ending: 'a wait that is too long',
    code: 'OPERATION_TIMEOUT',
    prepare: (emulator) => {
      emulator.fault({
        path: /^\/operations\//,
        skip: 2,
        times: Infinity,
        effect: { kind: 'status', status: 200, body: { id: 'd4e1' } },
      })
      return { 'wait-timeout': '1s' }
    },
  },
  {
    ending: 'an answer that is none',
    code: 'API_UNEXPECTED',
    prepare: status(/^\/endpoints$/, { status: 200, body: { endpoints: [] } }),
  },
]

const searched = { runs: 0, values: 0, bytes: 0, found: 0 }

afterAll(() => {
  process.stdout.write(
    `runs searched for secrets ${searched.runs}, values looked for ${searched.values}, bytes searched ${searched.bytes}, found ${searched.found}\n`,
  )
})

describe.each(Object.keys(CREDENTIALS) as Credential[])('signing in with %s', (credential) => {
  test.each(ENDINGS)('shows no secret in $ending', async ({ code, prepare, isRepeated }) => {
    const emulator = await startRichEmulator({ buildMs: code === 'OPERATION_TIMEOUT' ? 5_000 : 20 })
    const workspace = helloWorkspace({ 'keys/sa.json': emulator.keyJson })
    const temp = mkdtempSync(path.join(tmpdir(), 'runner-temp-'))
    try {
      const inputs = {
        ...helloInputs(emulator, 'hello'),
        'yc-sa-json-credentials': '',
        ...CREDENTIALS[credential](emulator),
        exclude: 'keys',
        environment: pairs(ENVIRONMENT),
        secrets: 'PASSWORD=database/latest/password',
        'service-account-name': 'runtime',
        ...prepare?.(emulator),
      }
      let kill = (): unknown => undefined
      const step = await runStep(inputs, {
        workspace,
        env: {
          ACTIONS_ID_TOKEN_REQUEST_URL: emulator.githubOidc.url,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: emulator.githubOidc.requestToken,
          YC_METADATA_ADDR: emulator.metadataAddress,
          RUNNER_DEBUG: '1',
          ACTIONS_STEP_DEBUG: 'true',
          RUNNER_TEMP: temp,
          TMPDIR: temp,
        },
        onStart: (child) => (kill = () => child.kill('SIGINT')),
        onOutput: (text) => {
          if (code === 'CANCELLED' && text.includes('trying again')) kill()
        },
      })
      expect(step.exitCode).toBe(code === undefined ? 0 : 1)
      expect(step.annotations.map(({ properties }) => properties.title?.split(':')[0])).toEqual(
        code === undefined ? [] : [code],
      )
      const masks = maskedBy(step)
      const hide = (text: string) =>
        masks.reduce((rest, mask) => rest.replaceAll(mask, '***'), text)
      const files = readdirSync(temp, { recursive: true, encoding: 'utf8' }).map((name) =>
        readFileSync(path.join(temp, name), 'utf8'),
      )
      const printed = step.stdout.replace(/^::add-mask::.*$/gm, '')
      const outputs = JSON.stringify(step.outputs)
      const texts = [printed, step.stderr, outputs, step.summary, ...files]
      const secrets = secretsOf(emulator)
      for (const text of texts) {
        // What a server repeats cannot be kept out of its message, but the runner hides it.
        const shown = isRepeated ? hide(text) : text
        const found = secrets.filter((secret) => shown.includes(secret))
        searched.found += found.length
        expect(found).toEqual([])
        searched.bytes += Buffer.byteLength(text)
      }
      searched.runs += 1
      searched.values += secrets.length
    } finally {
      await emulator.close()
      for (const folder of [workspace, temp]) rmSync(folder, { recursive: true })
    }
  })
})

function pairs(values: Texts): string {
  return Object.entries(values)
    .map((pair) => pair.join('='))
    .join('\n')
}

function maskedBy({ stdout }: StepResult): readonly string[] {
  return readCommands(stdout)
    .filter(({ name }) => name === 'add-mask')
    .map(({ data }) => data.replaceAll('%25', '%'))
}

/** Everything in an emulator and in the workflow that gives access to something. */
function secretsOf(emulator: Emulator): readonly string[] {
  const key = JSON.parse(emulator.keyJson) as { private_key: string }
  const jwts = emulator.requests.flatMap(({ body }) => {
    const jwt = (body as { jwt?: unknown } | undefined)?.jwt
    return typeof jwt === 'string' ? [jwt] : []
  })
  return [
    ...key.private_key.split('\n').filter((line) => /^[\w+/=]{16,}$/.test(line)),
    ...jwts,
    ...jwts.flatMap((jwt) => jwt.split('.').slice(2)),
    ...emulator.issuedTokens,
    emulator.githubOidc.requestToken,
    ...LOG_QUERY.split('&').map((pair) => pair.split('=')[1] ?? ''),
    ...Object.values(ENVIRONMENT),
    ...PASTED,
    'hunter2',
    'correct horse battery staple',
  ]
}
