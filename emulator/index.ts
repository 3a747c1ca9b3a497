/** A local Yandex Cloud over REST, in memory: start it, look into it, disturb it. */

import { setMaxListeners } from 'node:events'
import { timestamp } from './clock.ts'
import { controls } from './control.ts'
import type { Emulator, EmulatorOptions } from './emulator.ts'
import { Faults } from './http/faults.ts'
import { listen } from './http/listener.ts'
import { newId } from './id.ts'
import { defaultAudience, githubProvider } from './identity/github-oidc.ts'
import { keyPair } from './identity/jwt.ts'
import { keyFile } from './identity/key-file.ts'
import { invocation, invocationRefusal } from './invocation/invoke.ts'
import { Sandbox } from './invocation/sandbox.ts'
import { DEFAULT_QUOTAS } from './quotas.ts'
import { api, apiRefusal, apiService, type Trust } from './routes.ts'
import { addServiceAccount, makeFolderPublic, newCloud } from './seed.ts'
import { storageRefusal } from './services/storage-error.ts'
import { storage, storageService } from './services/storage.ts'

export type { Emulator, EmulatorOptions, FunctionRecord, VersionRecord } from './emulator.ts'
export type { FaultEffect, FaultSpec } from './http/faults.ts'
export type { AccessBinding, Quotas, ScalingPolicy, TagRecord } from './state.ts'
export { startGithub } from './github/index.ts'
export type { Github, GithubComment, GithubOptions } from './github/index.ts'
export type { NewSecret, NewServiceAccount } from './seed.ts'
export type { RecordedRequest } from './http/request.ts'
export type { Status } from './http/status.ts'

/** Starts a cloud with one folder and one service account, on three ports of the loopback address. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const closing = new AbortController()
  // Every waiting request and operation listens to it.
  setMaxListeners(0, closing.signal)
  const settings = {
    buildMs: options.buildMs ?? 300,
    checkPackages: options.checkPackages ?? true,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 43_200,
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
    clock: options.clock ?? Date.now,
    showsDefaults: options.showsDefaults ?? true,
    openEffectiveTo: options.openEffectiveTo ?? 'absent',
    repeatedBindings: options.repeatedBindings ?? 'refused',
  }
  const cloud = newCloud(settings, closing.signal)
  const [keys, githubKeys] = await Promise.all([keyPair('deployer'), keyPair('github')])
  const serviceAccountId = addServiceAccount(cloud, { name: 'deployer', roles: ['admin'] }).id
  if (options.publicFunctions) makeFolderPublic(cloud)
  const key = { id: newId('aje'), serviceAccountId, publicKey: keys.publicKey }
  const provider = githubProvider(githubKeys, options.job)
  const federation = {
    audiences: new Set([defaultAudience(provider)]),
    credentials: [{ serviceAccountId, subject: provider.subject }],
  }
  const trust: Trust = {
    keys: new Map([[key.id, key]]),
    provider,
    federation,
    vmServiceAccountId: serviceAccountId,
  }

  const hub = { requests: [], faults: new Faults(), closing: closing.signal }
  const latencyMs = options.latencyMs ?? 0
  const sandbox = new Sandbox()
  // First the one whose port may be taken, so that a refusal leaves nothing open.
  const apiListener = await listen({
    hub,
    port: options.port ?? 0,
    latencyMs,
    service: apiService,
    answer: api(cloud, trust),
    refusal: apiRefusal,
  })
  const storageListener = await listen({
    hub,
    port: 0,
    latencyMs,
    service: storageService,
    answer: storage(cloud),
    refusal: storageRefusal,
  })
  const invocationListener = await listen({
    hub,
    port: 0,
    latencyMs: 0,
    service: () => 'invocation',
    answer: invocation(cloud, sandbox),
    refusal: invocationRefusal,
  })
  const listeners = [apiListener, storageListener, invocationListener]
  cloud.addresses.api = apiListener.address
  cloud.addresses.storage = storageListener.address
  cloud.addresses.invocation = invocationListener.address
  const endpoint = `http://${apiListener.address}`

  return {
    endpoint,
    tokenExchangeUrl: `${endpoint}/oauth/token`,
    metadataAddress: apiListener.address,
    storageEndpoint: `http://${storageListener.address}`,
    githubOidc: {
      url: `${endpoint}/github/oidc/token?api-version=2.0`,
      requestToken: provider.requestToken,
      subject: provider.subject,
      issuer: provider.issuer,
    },
    folderId: cloud.folderId,
    serviceAccountId,
    keyJson: keyFile(keys, { ...key, createdAt: timestamp(cloud) }),
    ...controls(cloud, { hub, trust, keys }),
    close: async () => {
      closing.abort()
      await Promise.all(listeners.map((listener) => listener.close()))
      await sandbox.close()
    },
  }
}
