/** The bundle behind a proxy that alone can reach the cloud, with TLS from end to end. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../../emulator/index.ts'
import { runStep, type StepOptions, type StepResult } from '../../../scripts/step.ts'
import {
  helloInputs,
  helloWorkspace,
  RICH_INPUTS,
  startRichEmulator,
  type Texts,
} from '../../support/faults.ts'
import { startProxy, startTlsCloud, type Proxy, type TlsCloud } from '../../support/proxy.ts'

let emulator: Emulator
let cloud: TlsCloud
let proxy: Proxy
let workspace = ''
let folder = ''

beforeAll(async () => {
  emulator = await startRichEmulator()
  cloud = await startTlsCloud(emulator)
  proxy = await startProxy(cloud)
  workspace = helloWorkspace()
  folder = mkdtempSync(path.join(tmpdir(), 'ca-'))
  writeFileSync(path.join(folder, 'ca.pem'), cloud.ca)
})

afterAll(async () => {
  await Promise.all([proxy.close(), cloud.close(), emulator.close()])
  for (const made of [workspace, folder]) rmSync(made, { recursive: true })
})

beforeEach(() => {
  proxy.tunnels.length = 0
  cloud.hosts.length = 0
})

function run(
  env: Texts,
  { inputs, ...options }: Partial<StepOptions> & { inputs?: Texts } = {},
): Promise<StepResult> {
  return runStep(
    {
      ...helloInputs(emulator, 'hello'),
      'api-endpoint': 'api.cloud.test:443',
      'token-exchange-url': 'https://auth.cloud.test/oauth/token',
      ...inputs,
    },
    {
      workspace,
      env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), ...env },
      ...options,
    },
  )
}

describe('a deployment through a proxy', () => {
  test.each(['https_proxy', 'HTTPS_PROXY'])(
    'named by %s reaches every service by its name',
    async (name) => {
      const result = await run({ [name]: proxy.url }, { inputs: RICH_INPUTS })
      expect(result.annotations).toEqual([])
      expect(result.exitCode).toBe(0)
      const services = [
        'api',
        'iam',
        'serverless-functions',
        'storage',
        'lockbox',
        'vpc',
        'operation',
      ]
      const names = services.map((service) => `${service}.cloud.test`)
      expect([...new Set(cloud.hosts)].sort()).toEqual(names.toSorted())
      expect([...new Set(proxy.tunnels)].sort()).toEqual(
        names.map((host) => `${host}:443`).toSorted(),
      )
    },
  )

  test('exchanges the OIDC token of GitHub through it, too', async () => {
    const { url, requestToken } = emulator.githubOidc
    const result = await run(
      {
        https_proxy: proxy.url,
        ACTIONS_ID_TOKEN_REQUEST_URL: url.replace(emulator.endpoint, 'https://oidc.cloud.test'),
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      },
      { inputs: { 'yc-sa-json-credentials': '', 'yc-sa-id': emulator.serviceAccountId } },
    )
    expect(result.annotations).toEqual([])
    expect(cloud.hosts).toEqual(expect.arrayContaining(['oidc.cloud.test', 'auth.cloud.test']))
  })

  test('gives the user and password of its address, which nobody sees', async () => {
    const strict = await startProxy({ port: cloud.port, credentials: 'robot:p%40ss' })
    try {
      const result = await run({ https_proxy: strict.url.replace('//', '//robot:p%2540ss@') })
      expect(result.annotations).toEqual([])
      expect(result.stdout + result.stderr + result.summary).not.toContain('p%2540ss')
    } finally {
      await strict.close()
    }
  })
})

describe('a proxy that refuses', () => {
  test.each([
    ['407', { credentials: 'robot:secret' }, /proxy.*HTTP 407/s, /https_proxy/],
    ['403', { refusal: 403 }, /proxy.*HTTP 403/s, /https_proxy/],
  ])('with %s is named at once', async (_, options, message, hint) => {
    const strict = await startProxy({ port: cloud.port, ...options })
    try {
      const result = await run({ https_proxy: strict.url.replace('//', '//robot:guess@') })
      const [annotation] = result.annotations
      expect(annotation?.properties.title).toMatch(/^API_UNREACHABLE/)
      expect(annotation?.message).toMatch(message)
      expect(annotation?.message).toMatch(hint)
      expect(result.stdout + result.summary).not.toContain('guess')
      expect(strict.tunnels).toHaveLength(1)
      expect(result.durationMs).toBeLessThan(10_000)
    } finally {
      await strict.close()
    }
  })

  test('with 502 is asked again', async () => {
    const broken = await startProxy({ port: cloud.port, refusal: 502 })
    try {
      const result = await run({ https_proxy: broken.url }, cancelledAt('trying again'))
      expect(result.annotations[0]?.properties.title).toMatch(/^CANCELLED/)
    } finally {
      await broken.close()
    }
  })
})

describe('a proxy that cannot be used', () => {
  test.each([
    ['https_proxy', 'socks5://robot:guess@127.0.0.1:1080'],
    ['HTTPS_PROXY', 'ftp://robot:guess@127.0.0.1'],
    ['https_proxy', 'http://robot:guess@127.0.0.1:99999'],
    ['https_proxy', 'http://robot:guess%@127.0.0.1:1'],
    ['HTTPS_PROXY', 'http://'],
    ['https_proxy', 'robot:guess@:1'],
  ])('fails the step at once, named by its variable: %s=%s', async (name, value) => {
    const result = await run({ [name]: value })
    expect(result.exitCode).toBe(1)
    expect(result.annotations).toHaveLength(1)
    expect(result.annotations[0]?.properties.title).toMatch(/^INPUT_INVALID/)
    expect(result.annotations[0]?.message).toContain(`environment variable ${name} does not hold`)
    expect(result.stdout + result.stderr + result.summary).not.toContain('guess')
    expect(result.stdout).not.toContain('trying again')
  })

  test('fails the exchange of the OIDC token of GitHub, too', async () => {
    const result = await run(
      {
        https_proxy: 'socks5://127.0.0.1:1080',
        ACTIONS_ID_TOKEN_REQUEST_URL: 'https://oidc.cloud.test/token',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'right',
      },
      {
        inputs: {
          'api-endpoint': '',
          'yc-sa-json-credentials': '',
          'yc-sa-id': emulator.serviceAccountId,
        },
      },
    )
    expect(result.annotations[0]?.properties.title).toMatch(/^INPUT_INVALID/)
  })
})

test('a proxy without a scheme is an HTTP proxy', async () => {
  const result = await run({ https_proxy: new URL(proxy.url).host })
  expect(result.annotations).toEqual([])
  expect(proxy.tunnels).not.toEqual([])
})

describe('no proxy', () => {
  test.each([
    ['no_proxy', '.cloud.test'],
    ['NO_PROXY', 'elsewhere.test,api.cloud.test:443'],
    ['no_proxy', '*'],
  ])('is asked where %s is %s', async (name, value) => {
    const result = await run({ https_proxy: proxy.url, [name]: value }, cancelledAt('trying again'))
    expect(result.stdout).toMatch(/ENOTFOUND|EAI_AGAIN/)
    expect(proxy.tunnels).toEqual([])
  })

  test('is asked for the loopback address', async () => {
    const result = await run(
      { https_proxy: proxy.url, http_proxy: proxy.url },
      { inputs: { 'api-endpoint': emulator.endpoint } },
    )
    expect(result.annotations).toEqual([])
    expect(proxy.tunnels).toEqual([])
  })

  test('is asked for the metadata service', async () => {
    const result = await run(
      { https_proxy: proxy.url, http_proxy: proxy.url, YC_METADATA_ADDR: emulator.metadataAddress },
      { inputs: { 'yc-sa-json-credentials': '', 'yc-instance-metadata': 'true' } },
    )
    expect(result.annotations).toEqual([])
    expect(emulator.requests.some((request) => request.service === 'metadata')).toBe(true)
    expect(proxy.tunnels.every((tunnel) => tunnel.endsWith('.cloud.test:443'))).toBe(true)
  })
})

describe('a certificate', () => {
  test('of an unknown authority is refused at once, with the variable that makes it known', async () => {
    const result = await run({ https_proxy: proxy.url, NODE_EXTRA_CA_CERTS: '' })
    const [annotation] = result.annotations
    expect(annotation?.properties.title).toMatch(/^API_UNREACHABLE/)
    expect(annotation?.message).toMatch(/certificate/i)
    expect(annotation?.message).toContain('NODE_EXTRA_CA_CERTS')
    expect(result.stdout).not.toContain('trying again')
    expect(cloud.hosts).toEqual([])
    expect(result.durationMs).toBeLessThan(10_000)
  })

  test('for another name is refused at once', async () => {
    const result = await run(
      { https_proxy: proxy.url },
      { inputs: { 'api-endpoint': 'api.cloud.example:443' } },
    )
    expect(result.annotations[0]?.message).toMatch(/certificate/i)
    expect(result.stdout).not.toContain('trying again')
    expect(cloud.hosts).toEqual([])
  })
})

/** Stops a run that would go on for minutes as soon as it has printed a text. */
function cancelledAt(text: string): Pick<StepOptions, 'onStart' | 'onOutput'> {
  let kill = (): void => undefined
  return {
    onStart: (child) => (kill = () => child.kill('SIGINT')),
    onOutput: (printed) => {
      if (printed.includes(text)) kill()
    },
  }
}
