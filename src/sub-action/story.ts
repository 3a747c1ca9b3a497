/** The story of an action beside the one that deploys: parse the inputs, connect, work, and tell all of it. */

import { openConnection, type ConnectDeps } from '../deploy/connect.ts'
import { Progress, type FactOf, type Notice } from '../deploy/progress.ts'
import { maskCredentials } from '../inputs/credentials.ts'
import type { RawInputs } from '../inputs/reader.ts'
import type { RunContext } from '../ports.ts'
import type { Action } from '../report/failure.ts'
import { shortFailure, shortSummary, type ShortEnd } from '../report/summary/short.ts'
import { seconds } from '../report/summary/times.ts'
import { Teller, type Told } from '../report/teller.ts'
import type { Cloud } from '../yandex/cloud.ts'
import type { CommonInputs } from './inputs.ts'

/** Everything that a run takes from the world. */
export type World = Omit<ConnectDeps, 'log'>

/** What the work of an action takes. */
export interface WorkDeps<Facts extends object> {
  readonly cloud: Cloud
  readonly context: RunContext
  readonly progress: Progress<Facts>
}

/** What a run came to. */
export interface Ending extends ShortEnd {
  /** One line of Markdown; only for a run that succeeded, as are the next two. */
  readonly title: string
  /** Begins the last line of the log; left to the story in a dry run. */
  readonly did: string
  readonly notice?: Notice | undefined
}

/** An action: its steps, and the words for them. */
export interface SubAction<Inputs extends CommonInputs, Facts extends object> {
  readonly name: Action
  /** Continues "The", and "is done" follows. */
  readonly noun: string
  readonly parse: (raw: RawInputs) => Inputs
  /** Reads everything, then changes the cloud; records what becomes true. */
  readonly work: (inputs: Inputs, deps: WorkDeps<Facts>) => Promise<void>
  readonly tell: (fact: FactOf<Facts>) => Told
  readonly sumUp: (inputs: Inputs, known: Readonly<Partial<Facts>>) => Ending
}

const NOTHING_KNOWN: ShortEnd = { function: undefined, fields: [] }

/** The story resolves to the exit code, whatever happens. */
export function storyOf<Inputs extends CommonInputs, Facts extends object>(
  action: SubAction<Inputs, Facts>,
): (raw: RawInputs, world: World) => Promise<0 | 1> {
  return async (raw, world) => {
    const { runner } = world
    const teller = new Teller(action.name, world)
    const time = (): string => seconds(teller.durationMs)
    const timed = (end: ShortEnd): ShortEnd => ({
      ...end,
      fields: [...end.fields, ['Time', time()]],
    })
    const progress = new Progress<Facts>((fact) => {
      teller.tell(action.tell(fact))
    })
    let inputs: Inputs | undefined
    try {
      maskCredentials(raw, runner)
      inputs = action.parse(raw)
      teller.warn('Inputs', inputs.warnings)
      const log = (message: string): void => {
        teller.log(message)
      }
      const { cloud, close } = openConnection(inputs, { ...world, log })
      const { context } = runner
      await action.work(inputs, { cloud, progress, context }).finally(close)
      const end = action.sumUp(inputs, progress.known)
      if (end.notice) teller.notice(end.notice)
      await teller.succeeded({
        done: `The ${action.noun} is done`,
        summary: () => shortSummary(end.title, timed(end)),
      })
      const { isDryRun } = inputs
      runner.info(
        isDryRun ? `Planned in ${time()}; nothing was changed` : `${end.did} in ${time()}`,
        'done',
      )
      return 0
    } catch (thrown) {
      const end = (): ShortEnd => (inputs ? action.sumUp(inputs, progress.known) : NOTHING_KNOWN)
      await teller.failed(thrown, {
        known: {},
        summary: (shown) => shortFailure(shown, timed(end())),
      })
      return 1
    }
  }
}
