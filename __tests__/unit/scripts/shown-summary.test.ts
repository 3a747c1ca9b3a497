/** A summary in a terminal. */

import { expect, test } from '@jest/globals'
import { shownSummary } from '../../../scripts/step.ts'

test.each([
  ['a row of a table', '<tr><th align="left">Time</th><td>1&nbsp;s</td></tr>', 'Time: 1 s'],
  ['what is folded', '<details><summary>Ids</summary>\n\n- x\n\n</details>', '▶ Ids\n\n- x'],
  ['escaped characters', 'a&#44; b&lt;c&gt; &quot;d&quot; &amp;lt;', 'a, b<c> "d" &lt;'],
  ['an unknown entity', '&copy;', '&copy;'],
  ['Markdown', '### Deployed hello\n\n\n\n| a |', '### Deployed hello\n\n| a |'],
])('has no HTML: %s', (_, markdown, shown) => {
  expect(shownSummary(markdown)).toBe(shown)
})
