/** `npm run emulator`, as a process of its own. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { object } from './harness.ts'

const TSX = join('node_modules', 'tsx', 'dist', 'cli.mjs')

test('says where it is, writes a key that only its owner can read, and stops when told to', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'emulator-cli-'))
  const keyFile = join(directory, 'deep', 'key.json')
  const child = spawn(process.execPath, [TSX, 'emulator/cli.ts', '--key-file', keyFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let output = ''
    const exited = once(child, 'exit')
    for await (const chunk of child.stdout) {
      output += String(chunk)
      if (output.includes('Ctrl+C') && !child.killed) {
        const endpoint = /api-endpoint: (\S+)/.exec(output)?.[1] ?? ''
        expect((await fetch(`${endpoint}/endpoints`)).status).toBe(200)
        const key = object(JSON.parse(await readFile(keyFile, 'utf8')))
        expect(key.service_account_id).toMatch(/^aje/)
        if (process.platform !== 'win32') expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
        child.kill('SIGTERM')
      }
    }
    expect(output).toMatch(/folder-id: b1g\w{17}\n/)
    if (process.platform !== 'win32') expect(await exited).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
})

test.each([
  ['--port', '70000'],
  ['--port', 'x'],
  ['--prot', '1'],
])('says what is wrong with its options: %s %s', async (flag, value) => {
  const child = spawn(process.execPath, [TSX, 'emulator/cli.ts', `${flag}=${value}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
  })
  const exited = once(child, 'exit')
  let errors = ''
  for await (const chunk of child.stderr) errors += String(chunk)
  expect(errors).toContain(value === '1' ? flag : value)
  expect(errors).toContain('Usage: npm run emulator')
  expect(await exited).toEqual([1, null])
})
