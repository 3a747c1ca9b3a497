/** How to go back to what was live before, ready to be copied. */

import type { KnownFacts } from '../../deploy/progress.ts'
import { isId } from '../../text.ts'
import type { Section } from './end.ts'
import { copyable, folded } from './markup.ts'

export const rollbackSection: Section = ({ known, context }) => {
  const { version, previous, skipped } = known
  if (!version || !previous || skipped || !isId(previous.id)) return []
  const holders = holdersOf(known)
  const commands = holders.map(
    ({ tag, versionId }) => `yc serverless function version set-tag --id ${versionId} --tag ${tag}`,
  )
  const step = stepOf(known, { actionRoot: context.actionRoot, holders })
  const lines = [
    ...(commands.length > 0
      ? ['With the command line of Yandex Cloud:', '', ...copyable('sh', commands), '']
      : []),
    ...(step.length > 0 ? ['With a step:', '', ...copyable('yaml', step)] : []),
    ...(step.length > 0 && commands.length > 0
      ? [
          '',
          'That moves the tags. Callers without a tag get the version before when <code>tags</code> is left out.',
        ]
      : []),
  ]
  const again = `Deploy again with <code>source-version-id: ${previous.id}</code>.`
  return folded('Roll back', lines.length > 0 ? lines : [again])
}

/** A tag, and the version that held it before. */
interface Holder {
  readonly tag: string
  readonly versionId: string
}

/** Tags that were on a version before; a new one has nowhere to go back to. */
function holdersOf({ plan }: KnownFacts): readonly Holder[] {
  const rows = plan?.rows.filter(({ area }) => area === 'tags') ?? []
  return rows.flatMap(({ name, live = '' }) => {
    const tag = name.startsWith('tags.') ? name.slice('tags.'.length) : ''
    return isId(live) && isId(tag) ? [{ tag, versionId: live }] : []
  })
}

/** A step with the revision of the action that runs; none where that lies in a folder. */
function stepOf(
  { function: target }: KnownFacts,
  { actionRoot, holders }: { actionRoot: string; holders: readonly Holder[] },
): readonly string[] {
  const functionId = target?.function.id ?? ''
  const [, name, ref] =
    /^https?:\/\/[^/]+\/([\w.-]+\/[\w.-]+)\/blob\/([\w./-]+)$/.exec(actionRoot) ?? []
  if (name === undefined || ref === undefined || !isId(functionId)) return []
  return [
    `- uses: ${name}/rollback@${ref}`,
    '  with:',
    `    function-id: ${functionId}`,
    ...(holders.length === 0 ? [] : ['    tags: |', ...holders.map(({ tag }) => `      ${tag}`)]),
    '    # and the credentials of this step',
  ]
}
