/** Tokens without a key: GitHub's OIDC token exchanged, and the metadata service of a VM. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/index.ts'
import { read, text } from './harness.ts'

let emulator: Emulator
let nowMs = Date.now()
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => nowMs })
})
afterAll(() => emulator.close())

async function githubToken(audience?: string): Promise<string> {
  const { url, requestToken } = emulator.githubOidc
  const query = audience === undefined ? '' : `&audience=${encodeURIComponent(audience)}`
  const headers = { authorization: `Bearer ${requestToken}` }
  const { json } = await read(await fetch(url + query, { headers }))
  return text(json.value)
}

async function exchange(changes: Readonly<Record<string, string>> = {}) {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: emulator.serviceAccountId,
    subject_token: await githubToken(),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    ...changes,
  }
  return read(
    await fetch(emulator.tokenExchangeUrl, { method: 'POST', body: new URLSearchParams(form) }),
  )
}

const canList = async (token: unknown) =>
  (
    await fetch(`${emulator.endpoint}/functions/v1/functions?folderId=${emulator.folderId}`, {
      headers: { authorization: `Bearer ${text(token)}` },
    })
  ).ok

describe('the OIDC token of a job', () => {
  test('names the repository, and the owner as its audience by default', async () => {
    const token = await githubToken()
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const claims: unknown = JSON.parse(payload)
    const { issuer, subject } = emulator.githubOidc
    expect(claims).toMatchObject({ iss: issuer, sub: subject, aud: 'https://github.com/octo-org' })
    expect(emulator.issuedTokens).toContain(token)
  })

  test('needs the request token', async () => {
    expect((await fetch(emulator.githubOidc.url)).status).toBe(401)
  })
})

describe('an exchange', () => {
  test('gives an IAM token that works', async () => {
    const { status, json } = await exchange()
    expect(status).toBe(200)
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 43_200 })
    await expect(canList(json.access_token)).resolves.toBe(true)
  })

  test('takes another audience once the federation does', async () => {
    const token = { subject_token: await githubToken('deploy') }
    expect((await exchange(token)).status).toBe(400)
    emulator.addAudience('deploy')
    expect((await exchange(token)).status).toBe(200)
  })

  const bad: [string, Readonly<Record<string, string>>][] = [
    ['another grant type', { grant_type: 'client_credentials' }],
    ['another requested type', { requested_token_type: 'access_token' }],
    ['another subject type', { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }],
    ['an unknown service account', { audience: 'aje1' }],
    ['no token', { subject_token: '' }],
    ['a token that is no JWT', { subject_token: 'a.b.c' }],
  ]
  test.each(bad)('is refused with %s', async (_, changes) => {
    expect(await exchange(changes)).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant', error_description: expect.any(String) },
    })
  })

  test('is refused for an account without a federated credential for the subject', async () => {
    const { id } = emulator.addServiceAccount({ name: 'other' })
    const { status, json } = await exchange({ audience: id })
    expect(status).toBe(400)
    expect(json.error_description).toContain(emulator.githubOidc.subject)
  })

  test('is refused with a token whose signature does not fit', async () => {
    const [header = '', claims = '', signature = ''] = (await githubToken()).split('.')
    const changed = claims.slice(0, -2) + (claims.endsWith('A') ? 'BB' : 'AA')
    const tokens = [`${header}.${changed}.${signature}`, `${header}.${claims}.${'A'.repeat(342)}`]
    for (const token of tokens) expect((await exchange({ subject_token: token })).status).toBe(400)
  })

  test('is refused with a token that has expired', async () => {
    const token = await githubToken()
    nowMs += 301_000
    expect((await exchange({ subject_token: token })).status).toBe(400)
  })

  test('is refused as JSON', async () => {
    const answer = await fetch(emulator.tokenExchangeUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(answer.status).toBe(400)
  })
})

describe('the metadata service', () => {
  const PATH = '/computeMetadata/v1/instance/service-accounts/default/token'
  const get = (headers: Readonly<Record<string, string>>) =>
    fetch(`http://${emulator.metadataAddress}${PATH}`, { headers })

  test('gives an IAM token that works', async () => {
    const { json } = await read(await get({ 'metadata-flavor': 'Google' }))
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 43_200 })
    await expect(canList(json.access_token)).resolves.toBe(true)
  })

  test.each([{}, { 'metadata-flavor': 'google' }])(
    'refuses a request without its header: %j',
    async (headers) => {
      expect((await get(headers)).status).toBe(403)
    },
  )
})
