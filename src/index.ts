/** Entry of the action that deploys: `dist/index.js`. */

import { start } from './entry.ts'
import { readPullRequest } from './github/pull-request.ts'
import { main } from './main.ts'

await start((raw, world) =>
  main(raw, {
    ...world,
    tellPullRequest: async (news, token) => {
      const pullRequest = await readPullRequest(process.env)
      if (!pullRequest) return undefined
      // A file of its own in the bundle, with `@actions/github`: other steps do not load it.
      const { tellPullRequest } = await import('./comment.ts')
      const { transport, clock, signal, runner } = world
      return tellPullRequest(
        { news, pullRequest },
        { transport, clock, token, signal, hide: (text) => runner.hide(text) },
      )
    },
  }),
)
