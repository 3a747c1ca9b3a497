/** How to go back to what was live before, ready to be copied. */

import type { KnownFacts } from '../../deploy/progress.ts'
import { isId } from '../../text.ts'
import type { Section } from './end.ts'
import { copyable, folded } from './markup.ts'

export const rollbackSection: Section = ({ known, context }) => {
  const { version, previous, skipped, function: target } = known
  if (!version || !previous || skipped || !isId(previous.id)) return []
  const functionId = target?.function.id ?? ''
  const action = actionOf(context.actionRoot)
  const holders = holdersOf(known)
  const hasTags = holders.length > 0
  const step =
    action !== undefined && isId(functionId) ? { action, functionId, holders } : undefined
  return folded('Roll back', [
    ...(hasTags
      ? [
          'With the command line of Yandex Cloud:',
          '',
          ...copyable('sh', holders.map(commandOf)),
          '',
        ]
      : []),
    ...(step ? ['With a step:', '', ...copyable('yaml', stepOf(step))] : []),
    ...(step && hasTags
      ? [
          '',
          'That moves the tags. Callers without a tag get the version before when <code>tags</code> is left out.',
        ]
      : []),
    ...(!step && !hasTags
      ? [`Deploy again with <code>source-version-id: ${previous.id}</code>.`]
      : []),
  ])
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

function commandOf({ tag, versionId }: Holder): string {
  return `yc serverless function version set-tag --id ${versionId} --tag ${tag}`
}

/** `owner/repo` and the revision of the action that runs; undefined where it lies in a folder. */
function actionOf(root: string): { readonly name: string; readonly ref: string } | undefined {
  const [, name, ref] = /^https?:\/\/[^/]+\/([\w.-]+\/[\w.-]+)\/blob\/([\w./-]+)$/.exec(root) ?? []
  return name === undefined || ref === undefined ? undefined : { name, ref }
}

function stepOf({
  action: { name, ref },
  functionId,
  holders,
}: {
  action: { name: string; ref: string }
  functionId: string
  holders: readonly Holder[]
}): readonly string[] {
  return [
    `- uses: ${name}/rollback@${ref}`,
    '  with:',
    `    function-id: ${functionId}`,
    ...(holders.length === 0 ? [] : ['    tags: |', ...holders.map(({ tag }) => `      ${tag}`)]),
    '    # and the credentials of this step',
  ]
}
