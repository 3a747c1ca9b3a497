/** The two sides of a plan: what the step asks for, and what is in the cloud. */

import type { FileSum } from '../../source/source.ts'
import type { VersionSpec } from '../../yandex/functions/version-request.ts'
import type { Version } from '../../yandex/functions/versions.ts'
import type { CloudFunction } from '../../yandex/functions/functions.ts'
import type { LiveExposure, WantedExposure } from './exposure.ts'

/** What the step asks for, with all names resolved. */
export interface Wanted extends WantedExposure {
  /** Brought up to date only where given. */
  readonly function: {
    readonly description: string | undefined
    readonly labels: Readonly<Record<string, string>> | undefined
  }
  readonly code: WantedCode
  readonly spec: VersionSpec
}

/** The code that the version shall run: a package, or that of another version. */
export type WantedCode =
  | ({ readonly kind: 'package'; readonly sha256: string } & Package)
  | {
      readonly kind: 'version'
      readonly versionId: string
      /** Of its package, as far as its fingerprint says. */
      readonly sha256: string | undefined
    }

/** The size of a zip, and what is in it. */
export interface Package {
  readonly sizeBytes: number
  readonly files: readonly FileSum[]
}

/** What is in the cloud. */
export interface Known {
  /** Undefined when it is to be created. */
  readonly function: CloudFunction | undefined
  readonly folderId: string
  /** Who holds each of the tags, and `$latest`. */
  readonly holders: ReadonlyMap<string, Version>
  /** The package that is live, where it can still be read. */
  readonly livePackage: Package | undefined
  readonly exposure: LiveExposure
}
