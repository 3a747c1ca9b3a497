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
  const commands = commandsOf(known)
  const tags = known.inputs?.settings.tags ?? []
  return folded('Roll back', [
    ...(commands.length > 0
      ? ['With the command line of Yandex Cloud:', '', ...copyable('sh', commands), '']
      : []),
    ...(action !== undefined && isId(functionId)
      ? ['With a step:', '', ...copyable('yaml', stepOf({ action, functionId, tags }))]
      : []),
    ...(action === undefined && commands.length === 0
      ? [`Deploy again with <code>source-version-id: ${previous.id}</code>.`]
      : []),
  ])
}

/** Tags can go back by a command each; callers without a tag need a new version. */
function commandsOf({ plan }: KnownFacts): readonly string[] {
  const rows = plan?.rows.filter(({ area }) => area === 'tags') ?? []
  return rows.flatMap(({ name, live = '' }) => {
    const tag = name.slice('tags.'.length)
    return isId(live) && isId(tag)
      ? [`yc serverless function version set-tag --id ${live} --tag ${tag}`]
      : []
  })
}

/** `owner/repo` and the revision of the action that runs; undefined where it lies in a folder. */
function actionOf(root: string): { readonly name: string; readonly ref: string } | undefined {
  const [, name, ref] = /^https?:\/\/[^/]+\/([\w.-]+\/[\w.-]+)\/blob\/([\w./-]+)$/.exec(root) ?? []
  return name === undefined || ref === undefined ? undefined : { name, ref }
}

function stepOf({
  action: { name, ref },
  functionId,
  tags,
}: {
  action: { name: string; ref: string }
  functionId: string
  tags: readonly string[]
}): readonly string[] {
  return [
    `- uses: ${name}/rollback@${ref}`,
    '  with:',
    `    function-id: ${functionId}`,
    ...(tags.length === 0 ? [] : ['    tags: |', ...tags.map((tag) => `      ${tag}`)]),
    '    # and the credentials of this step',
  ]
}
