/** `npm run step`: a step of a file, run on this machine. */

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { useEmulator } from '../support/cloud.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const TSX = path.join('node_modules', 'tsx', 'dist', 'cli.mjs')

const folder = mkdtempSync(path.join(tmpdir(), 'try-step-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const cloud = useEmulator()

interface Tried {
  readonly code: number | null
  readonly out: string
}

/** What the command prints and exits with for a file with this text. */
function tryStep(
  text: string,
  {
    args = [],
    env = {},
  }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Tried> {
  const file = path.join(folder, 'with.yml')
  writeFileSync(file, text)
  const workspace = makeWorkspace(HELLO)
  const child = spawn(
    process.execPath,
    [TSX, 'scripts/try/try-step.ts', file, '--workspace', workspace, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code, out })
    })
  })
}

const EVERYTHING_NAMED = `
- uses: OWNER/deploy-yandex-cloud-function@v1
  with:
    yc-sa-json-credentials: \${{ secrets.YC_SA_JSON_CREDENTIALS }}
    folder-id: \${{ vars.FOLDER_ID }}
    function-name: hello
    runtime: nodejs22
    entrypoint: index.handler
    memory: 256Mb
    execution-timeout: 10
    service-account-name: runtime
    network-name: default
    bucket: packages
    secrets: |
      # of the database
      PASSWORD=database/latest/password
      LOGIN=database/latest/login
    mounts: data:files/here:ro
`

describe('npm run step', () => {
  test('deploys to an emulator that has all that the step names', async () => {
    const { code, out } = await tryStep(EVERYTHING_NAMED)
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('### Deployed hello') })
    const [, log = '', outputs = ''] = out.split(/^===== \w.* =====$/m)
    expect(log).toMatch(/Deployed in \d+\.\d s: http/)
    expect(outputs).toMatch(/^version-id=d4e/m)
    expect(outputs).toMatch(/^object-name=/m)
  })

  test('ends as the step does', async () => {
    const { code, out } = await tryStep('function-name: hello\nruntime: nodejs22\n')
    expect(code).toBe(1)
    expect(out).toContain('INPUT_INVALID: entrypoint')
  })

  test('takes a cloud at its word, with the secrets of the environment', async () => {
    const emulator = cloud()
    const text = `
yc-sa-json-credentials: \${{ secrets.KEY }}
api-endpoint: ${emulator.endpoint}
folder-id: \${{ vars.FOLDER_ID }}
function-name: really
runtime: nodejs22
entrypoint: index.handler
`
    const env = { KEY: emulator.keyJson, FOLDER_ID: emulator.folderId }
    const { code } = await tryStep(text, { args: ['--real'], env })
    expect(code).toBe(0)
    expect(emulator.functions().map(({ name }) => name)).toContain('really')
  })

  test.each([
    ['a: [1]', [], '`a` is not a text'],
    ['just text', [], 'has no inputs'],
    ['a: ${{ secrets.MISSING_HERE }}', ['--real'], 'set the environment variable MISSING_HERE'],
    ['a: ${{ github.sha }}', ['--real'], 'only GitHub evaluates ${{ github.sha }}'],
  ])('says what is wrong with the file: %s', async (text, args, message) => {
    const { code, out } = await tryStep(text, { args })
    expect(code).toBe(2)
    expect(out).toContain(message)
    expect(out).toContain('Usage: npm run step')
  })
})
