/** What to write in place of a text that cannot be a tag. Pure. */

const FORM = 'a tag has lower-case letters, digits, - and _, and starts with a letter'

/** Ends the sentence "`tags` is …"; names the nearest tag where it can be told. */
export function tagAdvice(text: string): string {
  if (/^[a-z][-_0-9a-z]*(?:[,\s]+[a-z][-_0-9a-z]*)+,?$/.test(text)) return 'write one tag per line'
  if (/^[0-9a-f]{40}$/.test(text)) {
    return `${FORM}; a commit needs no tag: the description of the version contains it`
  }
  if (text === '$latest') return 'Yandex Cloud sets this tag itself: write another tag or none'
  const near = text
    .toLowerCase()
    .replaceAll(/[^-_0-9a-z]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
  if (near === '') return FORM
  return `${FORM}: write ${/^\d/.test(near) ? `v${near}` : near}`
}
