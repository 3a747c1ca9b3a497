/** What the stand-in for GitHub knows: a repository, its issues, their comments, and who holds which token. */

/** A comment, as tests see it. */
export interface GithubComment {
  readonly id: number
  readonly issue: number
  /** Login of the author, such as `github-actions[bot]`. */
  readonly login: string
  body: string
  readonly createdAt: string
  updatedAt: string
}

/** What a token may do with comments of issues and pull requests. */
export type CommentRight = 'write' | 'read' | 'none'

/** Whose a token is. A login that ends in `[bot]` is that of an app, whose tokens act for no user. */
export interface Holder {
  readonly login: string
  readonly right: CommentRight
}

/** One repository. */
export interface GithubState {
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId: number
  readonly tokens: Map<string, Holder>
  /** Numbers of the issues and pull requests; those whose conversation is locked. */
  readonly issues: Set<number>
  readonly locked: Set<number>
  /** By id, in the order of creation. */
  readonly comments: Map<number, GithubComment>
  readonly clock: () => number
  nextCommentId: number
}

/** Adds a comment. */
export function addComment(
  state: GithubState,
  { issue, login, body }: Pick<GithubComment, 'issue' | 'login' | 'body'>,
): GithubComment {
  const now = moment(state)
  const id = state.nextCommentId
  state.nextCommentId += 1
  const comment = { id, issue, login, body, createdAt: now, updatedAt: now }
  state.comments.set(id, comment)
  return comment
}

/** The current time as GitHub writes it: whole seconds. */
export function moment({ clock }: GithubState): string {
  return new Date(clock()).toISOString().replace(/\.\d+Z$/, 'Z')
}
