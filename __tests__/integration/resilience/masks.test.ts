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
