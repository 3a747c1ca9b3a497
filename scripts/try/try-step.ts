/** Runs a step on this machine and shows its log, outputs and summary: `npm run step -- <file>`. */

import path from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from '../../emulator/index.ts'
import { runStep, shownLog, shownSummary } from '../step.ts'
import { furnish } from './furnish.ts'
import { readWithFile, resolveExpressions, type Inputs } from './with-file.ts'

const USAGE = `Usage: npm run step -- <file> [options]

The file has the inputs of a step in YAML, as they stand under \`with:\` in a workflow.

  --workspace <folder>  the repository that is deployed from; default: the current folder
  --real                the cloud that the inputs name, with the credentials that they hold: \${{ secrets.NAME }} is
                        the environment variable NAME. Default: a local emulator that has all that the step names
`

/** Of proxies, which a real cloud may have to be reached through. */
const PROXIES = ['https_proxy', 'http_proxy', 'no_proxy', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      workspace: { type: 'string', default: '.' },
      real: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new Error('Name one file.')
  const inputs = readWithFile(file)
  const workspace = path.resolve(values.workspace)
  if (values.real) return run(resolveExpressions(inputs, process.env), workspace)
  const emulator = await startEmulator({ publicFunctions: true })
  try {
    return await run(furnish(inputs, emulator), workspace)
  } finally {
    await emulator.close()
  }
}

async function run(inputs: Inputs, workspace: string): Promise<number> {
  const proxies = PROXIES.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const { stdout, stderr, outputs, summary, exitCode } = await runStep(inputs, {
    workspace,
    env: Object.fromEntries(proxies),
  })
  show('Log', [shownLog(stdout).trimEnd(), stderr.trim()].join('\n').trimEnd())
  show(
    'Outputs',
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  )
  show('Summary', shownSummary(summary))
  show('Exit code', String(exitCode))
  return exitCode ?? 1
}

function show(title: string, text: string): void {
  console.log(`\n===== ${title} =====\n\n${text === '' ? '(none)' : text}`)
}
