/** `npm run emulator`: starts a local Yandex Cloud and says how to use it. */

import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from './index.ts'

const USAGE = `Usage: npm run emulator -- [options]

  --port <number>      port of the API; default: any that is free
  --build-ms <number>  how long a build takes; default 2000
  --key-file <path>    where the service-account key is written; default .cache/emulator-key.json
`

try {
  await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'build-ms': { type: 'string', default: '2000' },
      'key-file': { type: 'string', default: '.cache/emulator-key.json' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const keyPath = values['key-file']
  const emulator = await startEmulator({
    port: whole('port', values.port),
    buildMs: whole('build-ms', values['build-ms']),
    publicFunctions: true,
  })
  emulator.addBucket({ name: 'packages' })
  await mkdir(dirname(keyPath), { recursive: true })
  await writeFile(keyPath, emulator.keyJson, { mode: 0o600 })
  // The mode above is for a new file only.
  await chmod(keyPath, 0o600)

  const file = relative('.', keyPath)
  process.stdout.write(`
A local Yandex Cloud is running. Everything is in memory and gone when it stops. Anybody may call its functions.

  API        ${emulator.endpoint}
  Folder     ${emulator.folderId}
  Bucket     packages
  Key file   ${file}

A step that deploys to it:

  with:
    api-endpoint: ${emulator.endpoint}
    yc-sa-json-credentials: <the text of ${file}>
    folder-id: ${emulator.folderId}
    function-name: hello
    runtime: nodejs22
    entrypoint: index.handler

Press Ctrl+C to stop.
`)
  const stop = () => {
    void emulator.close().then(() => {
      process.stdout.write('Stopped.\n')
    })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function whole(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${flag} must be a whole number, not ${text}`)
  return Number(text)
}
