/** Where a token may go: only to addresses that the root of the API can vouch for. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Emulator } from '../../../emulator/index.ts'
import { deploy, helloInputs, startRichEmulator } from '../../support/faults.ts'

let emulator: Emulator
let elsewhere: Emulator

beforeAll(async () => {
  ;[emulator, elsewhere] = await Promise.all([startRichEmulator(), startRichEmulator()])
})

afterAll(() => Promise.all([emulator.close(), elsewhere.close()]))

beforeEach(() => {
  emulator.clearFaults()
})

describe('an address that discovery gives', () => {
  test.each([
    ['with a user', (at: string) => `user@${at}`],
    ['with a user and a password', (at: string) => `user:password@${at}`],
    ['with a path', (at: string) => `${at}/path`],
    ['with a query', (at: string) => `${at}?a=b`],
    ['with a fragment', (at: string) => `${at}#a`],
    ['with a scheme', (at: string) => `http://${at}`],
    ['with a backslash', (at: string) => `${at}\\@evil.test`],
    ['with a line break', (at: string) => `${at}\r\nX-Evil: 1`],
    ['on another machine than the http:// root', () => 'evil.test:80'],
    ['that looks like this machine', () => '127.0.0.1.evil.test:80'],
    ['that looks like the name of this machine', () => 'localhost.evil.test:80'],
    ['of all interfaces', () => '0.0.0.0:80'],
    ['of a port out of range', () => '127.0.0.1:99999'],
    ['that is empty', () => ''],
  ])('%s never gets a token', async (_, spoil) => {
    const address = spoil(new URL(elsewhere.endpoint).host)
    const ids = ['iam', 'serverless-functions', 'operation', 'storage', 'lockbox', 'vpc']
    const body = { endpoints: ids.map((id) => ({ id, address })) }
    emulator.fault({
      path: /^\/endpoints$/,
      times: Infinity,
      effect: { kind: 'status', status: 200, body },
    })
    const { exitCode, errors } = await deploy(helloInputs(emulator, 'hello'), { emulator })
    expect(exitCode).toBe(1)
    expect(errors.map(({ title }) => title.split(':')[0])).toEqual(['API_UNEXPECTED'])
    expect(elsewhere.requests).toEqual([])
    expect(emulator.requests.filter((request) => request.path !== '/endpoints')).toEqual([])
  })

  test('of one service alone gets nothing, whatever the others get', async () => {
    const at = new URL(emulator.endpoint).host
    const ids = ['iam', 'serverless-functions', 'operation', 'lockbox', 'vpc']
    const endpoints = ids.map((id) => ({ id, address: at }))
    const body = { endpoints: [...endpoints, { id: 'storage', address: 'evil.test:80' }] }
    emulator.fault({ path: /^\/endpoints$/, effect: { kind: 'status', status: 200, body } })
    const before = emulator.requests.length
    const { errors } = await deploy(
      { ...helloInputs(emulator, 'hello'), bucket: 'packages' },
      { emulator },
    )
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('evil.test')])
    const services = emulator.requests.slice(before).map(({ service }) => service)
    expect(services).not.toContain('storage')
  })
})

describe('an http:// address in an input', () => {
  test.each([
    ['api-endpoint', 'http://api.cloud.test:80'],
    ['api-endpoint', 'http://127.0.0.1.evil.test'],
    ['api-endpoint', 'http://10.0.0.1:8080'],
    ['api-endpoint', 'http://127.0.0.1:80@evil.test'],
    ['token-exchange-url', 'http://auth.cloud.test/oauth/token'],
  ])('of %s, %s, is refused before any request', async (name, value) => {
    const before = emulator.requests.length
    const { exitCode, errors } = await deploy(
      { ...helloInputs(emulator, 'hello'), [name]: value },
      { emulator },
    )
    expect(exitCode).toBe(1)
    expect(errors).toHaveLength(1)
    expect(errors[0]?.title).toMatch(/^INPUT_INVALID/)
    expect(errors[0]?.message).toContain(name)
    expect(emulator.requests).toHaveLength(before)
  })
})
