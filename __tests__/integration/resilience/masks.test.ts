/** Nothing secret leaves before the runner has been told to hide it. */

import { expect, test } from '@jest/globals'
import type { Emulator } from '../../../emulator/index.ts'
import type { HttpRequest } from '../../../src/ports.ts'
import {
  deploy,
  helloInputs,
  NETWORK,
  RICH_INPUTS,
  startRichEmulator,
  type Texts,
} from '../../support/faults.ts'

test.each<[string, (emulator: Emulator) => Texts]>([
  ['a key', ({ keyJson }) => ({ 'yc-sa-json-credentials': keyJson })],
  ['a token', (emulator) => ({ 'yc-iam-token': emulator.mintToken() })],
  ['an OIDC token', ({ serviceAccountId }) => ({ 'yc-sa-id': serviceAccountId })],
  ['the metadata service', () => ({ 'yc-instance-metadata': 'true' })],
])('signing in with %s, every secret is masked before it is sent', async (_, credential) => {
  const emulator = await startRichEmulator()
  try {
    const masks = new Set<string>()
    const sent: string[] = []
    const unmasked: string[] = []
    const link = `${emulator.storageEndpoint}/build-logs/1.log?X-Amz-Signature=0badc0ffee`
    emulator.buildLogs.set('1.log', 'failed')
    emulator.failNextBuild({ code: 3, message: link })
    await deploy(
      {
        ...helloInputs(emulator, 'hello'),
        'yc-sa-json-credentials': '',
        ...RICH_INPUTS,
        ...credential(emulator),
      },
      {
        emulator,
        runner: { mask: (value) => masks.add(value) },
        transport: (request) => {
          const secrets = secretsIn(request)
          sent.push(...secrets)
          unmasked.push(...secrets.filter((secret) => !masks.has(secret)))
          return NETWORK(request)
        },
      },
    )
    expect(unmasked).toEqual([])
    expect(new Set(sent).size).toBeGreaterThanOrEqual(2)
    expect(sent).toContain('X-Amz-Signature=0badc0ffee')
  } finally {
    await emulator.close()
  }
})

const TOKEN = `t1.${'Ab1_-x'.repeat(30)}`

test.each<[string, RegExp, (emulator: Emulator) => Texts]>([
  ['IAM', /^\/iam\/v1\/tokens$/, ({ keyJson }) => ({ 'yc-sa-json-credentials': keyJson })],
  [
    'GitHub',
    /^\/github\/oidc\/token$/,
    ({ serviceAccountId }) => ({ 'yc-sa-id': serviceAccountId }),
  ],
  [
    'the exchange',
    /^\/oauth\/token$/,
    ({ serviceAccountId }) => ({ 'yc-sa-id': serviceAccountId }),
  ],
  ['the metadata', /^\/computeMetadata\//, () => ({ 'yc-instance-metadata': 'true' })],
])(
  'an unreadable answer of %s with a fresh token is not shown, not even to debug',
  async (_, path, credential) => {
    const emulator = await startRichEmulator()
    try {
      const body = `{"iamToken":"${TOKEN}","access_token":"${TOKEN}","value":"${TOKEN}"`
      emulator.fault({ path, times: Infinity, effect: { kind: 'status', status: 200, body } })
      const outcome = await deploy(
        {
          ...helloInputs(emulator, 'hello'),
          'yc-sa-json-credentials': '',
          ...credential(emulator),
        },
        { emulator, retry: { totalMs: 0 } },
      )
      expect(outcome.exitCode).toBe(1)
      expect(outcome.errors[0]?.message).toContain(`${body.length} bytes`)
      // The masks are random text, in which any few characters turn up at times.
      expect(JSON.stringify({ ...outcome, masks: [] })).not.toContain('Ab1')
    } finally {
      await emulator.close()
    }
  },
)

test('signed links in a failed build are shown without what gives access', async () => {
  const emulator = await startRichEmulator()
  try {
    const signed = 'X-Amz-Credential=1&X-Amz-Signature=0badc0ffee0badc0ffee'
    const link = `${emulator.storageEndpoint}/build-logs/1.log?${signed}`
    const others = [
      `https://u:0badc0ffee@s3.example/a?${signed}`,
      `https://s3.example/a?${signed.replace('&', '&amp;')}`,
      `https://s3.example/a?${signed.replace('&', '\\u0026')}`,
    ]
    emulator.buildLogs.set('1.log', [link, ...others, `index.js:1:1: ${link}`].join('\n'))
    emulator.failNextBuild({ code: 3, message: [link, ...others].join(' ') })
    const outcome = await deploy(helloInputs(emulator, 'hello'), { emulator })
    expect(outcome.log).toContain('The build log ends with:')
    expect(JSON.stringify({ ...outcome, masks: [] })).not.toContain('0badc0ffee')
    expect(outcome.summary).not.toContain('Signature')
  } finally {
    await emulator.close()
  }
})

test('signed links in a refusal are shown without what gives access', async () => {
  const emulator = await startRichEmulator()
  try {
    const message = `see https://s3.example/a?X-Amz-Signature=0badc0ffee&amp;b=0badc0ffee`
    emulator.fault({
      path: /^\/functions\/v1\/versions$/,
      effect: { kind: 'status', status: 400, body: { code: 3, message } },
    })
    const outcome = await deploy(helloInputs(emulator, 'hello'), { emulator })
    expect(outcome.errors[0]?.message).toContain('see https://s3.example/a?***')
    expect(JSON.stringify({ ...outcome, masks: [] })).not.toContain('0badc0ffee')
  } finally {
    await emulator.close()
  }
})

/** Bearer tokens, JWTs, and what makes a link one that is signed. */
function secretsIn({ headers, body, url }: HttpRequest): readonly string[] {
  const text = Buffer.concat(body ?? []).toString()
  return [
    headers.authorization?.replace('Bearer ', ''),
    /^\{"jwt":"([^"]+)"\}$/.exec(text)?.[1],
    new URLSearchParams(text).get('subject_token') ?? undefined,
    url.search.includes('Signature') ? url.search.slice(1) : undefined,
  ].filter((secret) => secret !== undefined)
}
