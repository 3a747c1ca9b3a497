/** Markdown as a page that looks as GitHub shows it: rules of our own, for the elements that summaries and comments have. */

import { marked } from 'marked'

export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What is around the text. */
export type Frame = 'summary' | 'comment'

const COLOURS: Readonly<Record<Theme, Readonly<Record<string, string>>>> = {
  light: {
    page: '#ffffff',
    text: '#1f2328',
    muted: '#59636e',
    border: '#d1d9e0',
    header: '#f6f8fa',
    stripe: '#f6f8fa',
    code: '#818b981f',
    block: '#f6f8fa',
    link: '#0969da',
  },
  dark: {
    page: '#0d1117',
    text: '#f0f6fc',
    muted: '#9198a1',
    border: '#3d444d',
    header: '#151b23',
    stripe: '#151b23',
    code: '#656c7633',
    block: '#151b23',
    link: '#4493f8',
  },
}

const TITLES: Readonly<Record<Frame, string>> = {
  summary: 'deploy summary',
  comment: '<b>github-actions</b> <span class="bot">bot</span> commented now',
}

/** A page of that width, in CSS pixels, which says in its own element `data-height` how high it is. */
export function pageOf(
  markdown: string,
  { theme, frame, width }: { theme: Theme; frame: Frame; width: number },
): string {
  const html = marked.parse(markdown, { async: false, gfm: true })
  const variables = Object.entries(COLOURS[theme]).map(([name, value]) => `--${name}: ${value};`)
  return `<!doctype html>
<html><head><meta charset="utf-8"><style>
:root { ${variables.join(' ')} color-scheme: ${theme}; }
${RULES}
.page { width: ${width}px; }
</style></head>
<body><div class="page"><div class="card"><div class="header ${frame}">${TITLES[frame]}</div>
<article>${html}</article></div></div>
<script>document.documentElement.dataset.height = Math.ceil(document.querySelector('.page').getBoundingClientRect().height)</script>
</body></html>`
}

const RULES = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 "Noto Sans", Helvetica, Arial, sans-serif; }
.page { padding: 12px; background: var(--page); }
.card { border: 1px solid var(--border); border-radius: 6px; overflow: hidden; }
.header { padding: 8px 16px; font-size: 14px; background: var(--header);
  border-bottom: 1px solid var(--border); color: var(--muted); }
.header.summary { background: none; border: 0; color: var(--text); font-weight: 600; padding-top: 16px; }
.header b { color: var(--text); }
.bot { border: 1px solid var(--border); border-radius: 2em; padding: 0 6px; font-size: 12px; }
article { padding: 16px; overflow-wrap: break-word; }
article > :first-child { margin-top: 0; }
article > :last-child { margin-bottom: 0; }
p, pre, table, ul, details { margin: 0 0 16px; }
details > :last-child { margin-bottom: 0; }
h3, h4 { margin: 24px 0 16px; font-weight: 600; line-height: 1.25; }
h3 { font-size: 20px; }
h4 { font-size: 16px; }
a { color: var(--link); }
ul { padding-left: 2em; }
sub { font-size: 75%; line-height: 0; color: var(--muted); }
code, pre { font-family: "Noto Sans Mono", "DejaVu Sans Mono", monospace; font-size: 85%; }
code { padding: .2em .4em; border-radius: 6px; background: var(--code); white-space: break-spaces; }
pre { padding: 16px; border-radius: 6px; background: var(--block); overflow: auto; line-height: 1.45;
  font-size: 13.6px; }
pre code { padding: 0; background: none; white-space: pre; font-size: 100%; }
table { display: block; width: max-content; max-width: 100%; overflow: auto;
  border-spacing: 0; border-collapse: collapse; font-variant: tabular-nums; }
th, td { padding: 6px 13px; border: 1px solid var(--border); }
th { font-weight: 600; }
tr { border-top: 1px solid var(--border); background: var(--page); }
tr:nth-child(2n) { background: var(--stripe); }
summary { cursor: default; }
::-webkit-scrollbar { height: 8px; background: transparent; }
::-webkit-scrollbar-thumb { background: var(--border); border-radius: 4px; }
`
