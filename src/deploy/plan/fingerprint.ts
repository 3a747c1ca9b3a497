/** The fingerprint at the end of a version's description: which package the version runs, and which run made it. */

/** What a version says about its code. */
export interface Fingerprint {
  /** Hex, of the package; undefined where the code was taken from a version that did not say. */
  readonly sha256: string | undefined
  /** The workflow run that made the version. */
  readonly runId: string
  /** The version whose code was taken. */
  readonly fromVersionId: string | undefined
}

/**
 * 600: https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function_service.proto,
 * CreateFunctionVersionRequest). Older documentation has 256, which a description of ours keeps to.
 */
const MAX_CHARACTERS = 600
const MAX_DEFAULT_CHARACTERS = 255

const FINGERPRINT =
  /(?:^| )\[(?:sha256:([0-9a-f]{64}) )?run:([0-9A-Za-z_-]{1,50})(?: from:([0-9A-Za-z_-]{1,50}))?\]$/

/** The fingerprint that a description ends in; undefined, which means unknown, for anything else. */
export function readFingerprint(description: string): Fingerprint | undefined {
  const [found, sha256, runId = '', fromVersionId] = FINGERPRINT.exec(description) ?? []
  // Without either it would tell nothing about the code.
  if (found === undefined || (sha256 ?? fromVersionId) === undefined) return undefined
  return { sha256, runId, fromVersionId }
}

/** A description without the fingerprint that it ends in. */
export function withoutFingerprint(description: string): string {
  return readFingerprint(description) ? description.replace(FINGERPRINT, '') : description
}

/**
 * The description to send, with the fingerprint at its end: the author's own, or ours, which may be cut. An own text
 * that leaves no room for the fingerprint is sent as it is, `isMarked` is false then. A fingerprint that the text ends
 * in already is of another version, and is left out.
 */
export function describeVersion(
  { text, isOwn }: { text: string; isOwn: boolean },
  fingerprint: Fingerprint,
): { description: string; isMarked: boolean } {
  const mark = write(fingerprint)
  const plain = withoutFingerprint(text)
  // A character may take two units of a string.
  const characters = Array.from(plain)
  const room = (isOwn ? MAX_CHARACTERS : MAX_DEFAULT_CHARACTERS) - mark.length - 1
  if (isOwn && characters.length > room) return { description: plain, isMarked: false }
  const kept = characters.slice(0, room).join('').trimEnd()
  return { description: [kept, mark].filter((part) => part !== '').join(' '), isMarked: true }
}

function write({ sha256, runId, fromVersionId }: Fingerprint): string {
  const digest = sha256 === undefined ? '' : `sha256:${sha256} `
  const source = fromVersionId === undefined ? '' : ` from:${fromVersionId}`
  return `[${digest}run:${runId}${source}]`
}
