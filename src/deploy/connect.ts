/** From the credential inputs to a connection: GitHub's part of signing in. */

import { readIdToken } from '../github/id-token.ts'
import { DeployError } from '../errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { CredentialInputs } from '../inputs/credentials.ts'
import type { Runner } from '../ports.ts'
import { quote } from '../text.ts'
import { openCloud, type Cloud, type CloudDeps } from '../yandex/cloud.ts'
import type { Credentials } from '../yandex/iam/token-source.ts'

/** Where a Yandex Compute VM has its metadata: https://yandex.cloud/en/docs/compute/concepts/vm-metadata */
const METADATA_ADDRESS = '169.254.169.254'

/** What signing in takes from the world. */
export interface ConnectDeps extends Omit<CloudDeps, 'mask'> {
  readonly runner: Runner
  /** `host[:port]` in place of the usual address of the metadata service. */
  readonly metadataAddress: string | undefined
}

/** The cloud as long as a run lasts. */
export interface Connection {
  readonly cloud: Cloud
  /** Ends every call that is still under way. */
  readonly close: () => void
}

/**
 * Nothing is sent yet. Undefined when a dry run has nothing to sign in with, as in the pull request of a fork: secrets
 * arrive empty there, and the job gets no OIDC token.
 */
export function connect(
  { credentials, endpoint, release }: Pick<Inputs, 'credentials' | 'endpoint' | 'release'>,
  deps: ConnectDeps,
): Connection | undefined {
  const hasToken = credentials?.kind !== 'federation' || deps.runner.idTokenRequest !== undefined
  if (!credentials || (release.isDryRun && !hasToken)) return undefined
  return openConnection({ credentials, endpoint }, deps)
}

/** Nothing is sent yet. Throws DeployError INPUT_INVALID for an address that is none. */
export function openConnection(
  { credentials, endpoint }: { credentials: CredentialInputs; endpoint: URL },
  deps: ConnectDeps,
): Connection {
  const { runner } = deps
  const end = new AbortController()
  const cloud = openCloud(
    { credentials: toCredentials(credentials, deps), endpoint },
    {
      ...deps,
      signal: AbortSignal.any([deps.signal, end.signal]),
      mask: (value) => {
        runner.mask(value)
      },
    },
  )
  return {
    cloud,
    close: () => {
      end.abort()
    },
  }
}

function toCredentials(
  credentials: CredentialInputs,
  { runner, metadataAddress }: ConnectDeps,
): Credentials {
  switch (credentials.kind) {
    case 'key':
    case 'token':
      return credentials
    case 'federation':
      return {
        ...credentials,
        subjectToken: ({ send }) => readIdToken(credentials.audience, { runner, send }),
      }
    case 'metadata':
      return { kind: 'metadata', address: metadataUrl(metadataAddress) }
  }
}

function metadataUrl(given = ''): URL {
  const address = given === '' ? METADATA_ADDRESS : given
  const url = address.includes('://') ? address : `http://${address}`
  if (URL.canParse(url)) return new URL(url)
  throw new DeployError(
    'INPUT_INVALID',
    `YC_METADATA_ADDR is ${quote(address)}, not host[:port].`,
    { hint: 'Correct the environment variable, or leave it out for the usual address.' },
  )
}
