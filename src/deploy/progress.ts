/** What becomes true in the course of a run: remembered for later steps, and reported as it happens. */

import type { Inputs, Subject } from '../inputs/inputs.ts'
import type { Target } from './function.ts'
import type { PackedCode, UploadedCode } from './code.ts'
import type { LiveVersion, Plan } from './plan/plan.ts'
import type { Build, DeployedVersion } from './build.ts'
import type { CheckEnd } from './release/check.ts'
import type { Move } from './release/move.ts'
import type { PublicAccess } from './exposure/access.ts'
import type { TagScaling } from './exposure/scaling.ts'

/** The facts of a run, by name, in the order in which they become true. */
export interface Facts {
  /** Known even where the inputs are not. */
  readonly subject: Subject
  readonly inputs: Inputs
  /** What the reads found out about the inputs, though the step goes on. */
  readonly warnings: readonly string[]
  /** Absent when the code of an existing version is taken. */
  readonly package: PackedCode
  /** What the run would change, or changes. */
  readonly plan: Plan
  /** What was live before the run changed anything. */
  readonly previous: Pick<LiveVersion, 'id'>
  readonly function: Target
  /** Whether the live version is what is asked for, so that none is created. */
  readonly skipped: boolean
  readonly code: UploadedCode
  readonly build: Build
  readonly version: DeployedVersion
  /** How the check of the version ended. */
  readonly checked: CheckEnd
  /** The tags that were moved to the version. */
  readonly promotion: { readonly versionId: string; readonly moves: readonly Move[] }
  /** The version that callers without a tag get after a failed check, and the one that it is a copy of. */
  readonly restored: { readonly versionId: string; readonly fromId: string }
  readonly access: PublicAccess
  readonly scaling: readonly TagScaling[]
  /** What the author should know; may be told more than once. */
  readonly notice: Notice
}

/** A remark with a title. */
export interface Notice {
  readonly title: string
  readonly message: string
}

/** One of some facts, as the sinks of a report take it. */
export type FactOf<All> = { [Name in keyof All]: { name: Name; value: All[Name] } }[keyof All]

/** One fact of a deployment. */
export type Fact = FactOf<Facts>

export type KnownFacts = Readonly<Partial<Facts>>

/** The facts of a deployment, unless another action names its own. */
export class Progress<All extends object = Facts> {
  // That nothing is known is right for any facts, which the compiler does not see.
  #known = {} as Readonly<Partial<All>>
  readonly #tell: (fact: FactOf<All>) => void

  constructor(tell: (fact: FactOf<All>) => void) {
    this.#tell = tell
  }

  /** What is true so far. */
  get known(): Readonly<Partial<All>> {
    return this.#known
  }

  /** Remembers and reports a fact; gives it back. */
  record<Name extends keyof All>(name: Name, value: All[Name]): All[Name] {
    this.#known = { ...this.#known, [name]: value }
    this.#tell({ name, value })
    return value
  }

  /** Forgets what has come to nothing and is done in another way. */
  forget(...names: readonly (keyof All)[]): void {
    const nothing = names.map((name) => [name, undefined] as const)
    this.#known = { ...this.#known, ...Object.fromEntries(nothing) }
  }
}
