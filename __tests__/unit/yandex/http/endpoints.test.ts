/** Where the services are: published addresses, discovered ones, and those that no token is sent to. */

import { describe, expect, test } from '@jest/globals'
import type { DeployError } from '../../../../src/errors.ts'
import { advise } from '../../../../src/report/advice.ts'
import {
  createEndpoints,
  DEFAULT_ENDPOINT,
  isLoopback,
} from '../../../../src/yandex/http/endpoints.ts'
import type { ServiceId } from '../../../../src/yandex/http/services.ts'
import { answer, fakeCloud, json, refusal, rejection, type Step } from '../../../support/fakes.ts'

function endpoints(root: string, ...steps: Step[]) {
  const { cloud, transport } = fakeCloud(steps)
  return { find: createEndpoints(new URL(root), cloud), transport }
}

const listOf = (address: string): Step => json({ endpoints: [{ id: 'iam', address }] })

describe('at the usual root', () => {
  test.each<[ServiceId, string]>([
    ['iam', 'https://iam.api.cloud.yandex.net/'],
    ['serverless-functions', 'https://serverless-functions.api.cloud.yandex.net/'],
    ['operation', 'https://operation.api.cloud.yandex.net/'],
    ['storage', 'https://storage.yandexcloud.net/'],
    ['lockbox', 'https://lockbox.api.cloud.yandex.net/'],
    ['vpc', 'https://vpc.api.cloud.yandex.net/'],
  ])('%s is at its published address, and nobody is asked', async (service, url) => {
    const { find, transport } = endpoints(DEFAULT_ENDPOINT)
    expect((await find(service)).href).toBe(url)
    expect(transport.requests).toEqual([])
  })

  test('a port that is the usual one makes no other root', async () => {
    const { find, transport } = endpoints('https://api.cloud.yandex.net:443')
    await find('iam')
    expect(transport.requests).toEqual([])
  })
})

describe('at another root', () => {
  test('the list is read once, without a token', async () => {
    const { find, transport } = endpoints('https://api.yandexcloud.kz', listOf('iam.kz:443'))
    const [a, b] = await Promise.all([find('iam'), find('iam')])
    expect([a.href, b.href, (await find('iam')).href]).toEqual(Array(3).fill('https://iam.kz/'))
    expect(transport.requests).toHaveLength(1)
    expect(transport.requests[0]).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/json' },
    })
    expect(transport.requests[0]?.url.href).toBe('https://api.yandexcloud.kz/endpoints')
  })

  test('the list is read over all pages, once', async () => {
    const { find, transport } = endpoints(
      'https://root.example',
      json({ endpoints: [{ id: 'iam', address: 'iam.example' }], nextPageToken: 'p 2' }),
      json({ endpoints: [{ id: 'vpc', address: 'vpc.example' }], nextPageToken: 'p3' }),
      json({ endpoints: [{ id: 'lockbox', address: 'lockbox.example' }] }),
    )
    const services = ['lockbox', 'iam', 'vpc'] as const
    const urls = await Promise.all(services.map(find))
    expect(urls.map(({ host }) => host)).toEqual(['lockbox.example', 'iam.example', 'vpc.example'])
    expect(transport.lines).toEqual([
      'GET /endpoints',
      'GET /endpoints?pageToken=p+2',
      'GET /endpoints?pageToken=p3',
    ])
  })

  test.each<[string, (at: number) => string, number]>([
    ['the list has more than 200 pages', (at) => `p${at}`, 200],
    ['the API returned the same page token twice', () => 'again', 2],
  ])('a list that does not end is given up: %s', async (reason, token, requests) => {
    let at = 0
    const { find, transport } = endpoints('https://root.example', () =>
      json({ nextPageToken: token(at++) }),
    )
    expect(await rejection(find('iam'))).toMatchObject({
      code: 'API_UNEXPECTED',
      message: `Could not read the list of API endpoints: ${reason}.`,
    })
    expect(transport.requests).toHaveLength(requests)
  })

  test.each([
    ['https://root.example', 'host', 'https://host/'],
    ['https://root.example', 'a-b.c_d.example:8443', 'https://a-b.c_d.example:8443/'],
    ['https://root.example', '10.0.0.1:1', 'https://10.0.0.1:1/'],
    ['https://root.example', '[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/'],
    ['https://root.example', '[::1]', 'https://[::1]/'],
    ['http://127.0.0.1:1', '127.0.0.1:2', 'http://127.0.0.1:2/'],
    ['http://127.0.0.1:1', '127.9.9.9:2', 'http://127.9.9.9:2/'],
    ['http://localhost:1', 'localhost:2', 'http://localhost:2/'],
    ['http://[::1]:1', '[::1]:2', 'http://[::1]:2/'],
    ['http://[::1]:1', '[0:0:0:0:0:0:0:1]:2', 'http://[::1]:2/'],
  ])('of %s the address %s is taken', async (root, address, url) => {
    expect((await endpoints(root, listOf(address)).find('iam')).href).toBe(url)
  })

  test.each([
    ['https://root.example', ''],
    ['https://root.example', 'host:99999'],
    ['https://root.example', 'host:'],
    ['https://root.example', 'host:x'],
    ['https://root.example', 'https://host:443'],
    ['https://root.example', 'host/path'],
    ['https://root.example', 'host?query'],
    ['https://root.example', 'host#x'],
    ['https://root.example', 'user@host'],
    ['https://root.example', 'good.example:443@evil.example'],
    ['https://root.example', 'host\nevil'],
    ['https://root.example', ' host'],
    ['https://root.example', '[::1'],
    ['https://root.example', '[zz]:1'],
    ['https://root.example', '[:::]'],
    ['http://127.0.0.1:1', 'evil.example:80'],
    ['http://127.0.0.1:1', '10.0.0.1:80'],
    ['http://127.0.0.1:1', '[::2]:80'],
    ['http://127.0.0.1:1', '127.0.0.1.evil.example:80'],
    ['http://127.0.0.1:1', 'localhost.evil.example'],
  ])('of %s the address %j is refused before a token is sent', async (root, address) => {
    const { find, transport } = endpoints(root, listOf(address))
    const error = await rejection(find('iam'))
    expect(error).toMatchObject({ code: 'API_UNEXPECTED' })
    expect((error as Error).message).toBe(
      `${new URL(root).href}endpoints has the unusable address ${JSON.stringify(address)} for the service "iam".`,
    )
    expect(transport.requests).toHaveLength(1)
  })

  test('a service that is not listed is named', async () => {
    const { find } = endpoints('https://root.example', listOf('iam.example'))
    const error = (await rejection(find('vpc'))) as DeployError
    expect(error).toMatchObject({
      code: 'API_UNEXPECTED',
      message: 'https://root.example/endpoints has no address for the service "vpc".',
    })
    expect(advise(error).hint).toContain('`api-endpoint`')
  })

  test.each([
    ['no list', json({}), 'has no address for the service "iam"'],
    ['items that are none', json({ endpoints: [1, null, 'x', []] }), 'has no address'],
    ['another kind of list', json([]), 'unreadable body'],
    ['a list that is none', json({ endpoints: 'x' }), 'unreadable body'],
    ['a page token that is none', json({ endpoints: [], nextPageToken: 1 }), 'unreadable body'],
    ['an id that is none', json({ endpoints: [{ id: 1 }] }), 'unreadable body'],
    ['HTML', answer(200, '<html>'), 'unreadable body'],
  ])('%s is API_UNEXPECTED', async (_, list, message) => {
    const { find } = endpoints('https://root.example', list)
    expect(await rejection(find('iam'))).toMatchObject({
      code: 'API_UNEXPECTED',
      message: expect.stringContaining(message),
    })
  })

  test('a refusal is told', async () => {
    const { find } = endpoints('https://root.example', refusal(12, 'no such method'))
    expect(await rejection(find('iam'))).toMatchObject({
      code: 'API_REJECTED',
      message: expect.stringContaining('read the list of API endpoints'),
    })
  })
})

describe('this machine', () => {
  test.each(['localhost', '127.0.0.1', '127.255.0.7', '[::1]'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true)
  })

  test.each([
    '',
    'localhost.',
    'xlocalhost',
    '128.0.0.1',
    '127.0.0',
    '127.0.0.1.example',
    '0.0.0.0',
    '::1',
    '[::2]',
  ])('is not %j', (host) => {
    expect(isLoopback(host)).toBe(false)
  })
})
