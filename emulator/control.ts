/** What tests do with a running emulator behind its API's back: look into it, put things into it, disturb it. */

import { timestamp } from './clock.ts'
import type { Emulator } from './emulator.ts'
import { purgeVersions, retireVersions } from './functions/retention.ts'
import { versionJson } from './functions/version-json.ts'
import type { Hub } from './http/listener.ts'
import { newId } from './id.ts'
import type { KeyPair } from './identity/jwt.ts'
import { keyFile } from './identity/key-file.ts'
import { expireTokens, issueToken } from './identity/tokens.ts'
import type { Trust } from './routes.ts'
import { addNetwork, addSecret, addServiceAccount, setRoles } from './seed.ts'
import type { Cloud } from './state.ts'

/** The part of an emulator that is about its content and its behaviour. */
export type Controls = Omit<
  Emulator,
  | 'endpoint'
  | 'tokenExchangeUrl'
  | 'metadataAddress'
  | 'storageEndpoint'
  | 'githubOidc'
  | 'folderId'
  | 'serviceAccountId'
  | 'keyJson'
  | 'close'
>

/** What the controls reach beside the cloud. */
export interface Levers {
  readonly hub: Hub
  readonly trust: Trust
  readonly keys: KeyPair
}

/** Makes the controls of a cloud. */
export function controls(cloud: Cloud, { hub, trust, keys }: Levers): Controls {
  const deployer = trust.vmServiceAccountId
  return {
    requests: hub.requests,
    issuedTokens: cloud.issuedTokens,
    buildLogs: cloud.buildLogs,
    fault: (spec) => {
      hub.faults.add(spec)
    },
    clearFaults: () => {
      hub.faults.clear()
      cloud.propagationMs = 0
    },
    delayPropagation: (ms) => {
      cloud.propagationMs = ms
    },
    failNextBuild: (status) => {
      cloud.plannedFailures.push(status)
    },
    mintToken: (serviceAccountId = deployer) => issueToken(cloud, serviceAccountId).token,
    expireTokens: () => {
      expireTokens(cloud)
    },
    keyJsonOf: (serviceAccountId) => {
      const key = { id: newId('aje'), serviceAccountId, publicKey: keys.publicKey }
      trust.keys.set(key.id, key)
      return keyFile(keys, { ...key, createdAt: timestamp(cloud) })
    },
    bindSubject: ({ serviceAccountId, subject = trust.provider.subject }) => {
      trust.federation.credentials.push({ serviceAccountId, subject })
    },
    addServiceAccount: (account) => addServiceAccount(cloud, account),
    setRoles: (roles) => {
      setRoles(cloud, roles)
    },
    addNetwork: (network) => addNetwork(cloud, network),
    addSecret: (secret) => addSecret(cloud, secret),
    addBucket: ({ name }) => {
      cloud.buckets.set(name, new Map())
    },
    deleteObject: ({ bucket, name }) => {
      cloud.buckets.get(bucket)?.delete(name)
    },
    addAudience: (audience) => {
      trust.federation.audiences.add(audience)
    },
    setAccessBindings: (functionId, bindings) => {
      cloud.accessBindings.set(functionId, [...bindings])
    },
    retireVersions: (which) => retireVersions(cloud, which),
    purgeVersions: (which) => purgeVersions(cloud, which),
    functions: () => [...cloud.functions.values()].map((stored) => ({ ...stored })),
    versions: (functionId) =>
      [...cloud.versions.values()]
        .filter((version) => version.functionId === functionId)
        .map((version) => {
          const { id, status, tags, zip } = version
          return { ...versionJson(version), id, functionId, status, tags, zip }
        }),
    accessBindings: (functionId) => [...(cloud.accessBindings.get(functionId) ?? [])],
    scalingPolicies: (functionId) => [...(cloud.scalingPolicies.get(functionId) ?? [])],
    tagHistory: (functionId) =>
      cloud.tagHistory
        .filter((record) => record.functionId === functionId)
        .map((record) => ({ ...record })),
    objects: (bucket) => {
      const objects = cloud.buckets.get(bucket)
      if (!objects) throw new TypeError(`there is no bucket ${bucket}`)
      return new Map([...objects].map(([name, { bytes }]) => [name, bytes]))
    },
  }
}
