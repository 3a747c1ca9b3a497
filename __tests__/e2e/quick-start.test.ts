/** The quick start of README.md, from nothing to a function that answers, with nothing but its text. */

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { runStep } from '../../scripts/step.ts'
import { useEmulator } from '../support/cloud.ts'
import { actionSteps, codeBlocks } from '../support/examples.ts'
import { makeWorkspace } from '../support/workspace.ts'

const SUBJECT = 'repo:octocat@583231/hello@1296269:environment:production'

const cloud = useEmulator({ buildMs: 0, job: { repository: 'octocat/hello', subject: SUBJECT } })

const shell = codeBlocks('README.md', 'sh')
const setUp = shell.find((block) => block.includes('yc iam service-account create')) ?? ''
const storedKey = shell.find((block) => block.includes('yc iam key create')) ?? ''
const program = codeBlocks('README.md', 'js')[0] ?? ''
const [oidcStep, keyStep] = actionSteps().filter(({ file }) => file === 'README.md')

/** Whole commands: lines that `\` joins are one. */
const commandsOf = (block: string): string[] =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '')

/** A call of a command-line tool: its words, and its flags. */
interface Call {
  readonly words: string
  readonly flags: Readonly<Record<string, string>>
}

/**
 * Runs commands in bash, with a `yc` and a `gh` that answer look-ups by `answers` and write down every call. They stand
 * for the real tools as far as the text goes: what it passes on to them, and what it makes of what they print.
 */
function run(block: string, answers: Readonly<Record<string, string>>): Call[] {
  const folder = makeWorkspace({ 'calls.jsonl': '', 'answers.json': JSON.stringify(answers) })
  const bin = path.join(folder, 'bin')
  mkdirSync(bin)
  for (const tool of ['yc', 'gh']) {
    const file = path.join(bin, tool)
    writeFileSync(
      file,
      `#!${process.execPath}
const fs = require('node:fs')
const argv = ['${tool}', ...process.argv.slice(2)]
fs.appendFileSync(${JSON.stringify(path.join(folder, 'calls.jsonl'))}, JSON.stringify(argv) + '\\n')
const answers = JSON.parse(fs.readFileSync(${JSON.stringify(path.join(folder, 'answers.json'))}))
const answer = answers[argv.join(' ')]
if (answer !== undefined) process.stdout.write(answer + '\\n')
if (argv.includes('--output')) fs.writeFileSync(argv[argv.indexOf('--output') + 1], 'a key')
`,
    )
    chmodSync(file, 0o755)
  }
  const bash = spawnSync('bash', ['--norc', '--noprofile', '-euo', 'pipefail', '-c', block], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
  })
  expect({ status: bash.status, stderr: bash.stderr }).toEqual({ status: 0, stderr: '' })
  return readFileSync(path.join(folder, 'calls.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => callOf(JSON.parse(line) as string[]))
}

function callOf(argv: readonly string[]): Call {
  const at = argv.findIndex((word) => word.startsWith('--'))
  const words = at < 0 ? argv : argv.slice(0, at)
  const flags = at < 0 ? [] : argv.slice(at)
  return {
    words: words.join(' '),
    flags: Object.fromEntries(
      flags.flatMap((flag, index) =>
        flag.startsWith('--') ? [[flag.slice(2), flags[index + 1] ?? '']] : [],
      ),
    ),
  }
}

const evaluated = (
  inputs: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ (\S+) \}\}/g, (_, expression: string) => values[expression] ?? ''),
    ]),
  )

describe('the quick start', () => {
  test('has the commands of AUTHENTICATION.md, word for word', () => {
    const known = new Set(codeBlocks('docs/AUTHENTICATION.md', 'sh').flatMap(commandsOf))
    const mine = [setUp, storedKey].flatMap(commandsOf)
    expect(mine.length).toBeGreaterThan(10)
    expect(mine.filter((command) => !known.has(command))).toEqual([])
  })

  // The commands are for bash.
  const onUnix = process.platform === 'win32' ? describe.skip : describe
  onUnix('with OIDC', () => {
    test('leads from nothing to a function that answers', async () => {
      const emulator = cloud()
      const { id: deployer } = emulator.addServiceAccount({ name: 'quick-start' })
      const calls = run(setUp, {
        'yc config get folder-id': emulator.folderId,
        'yc iam service-account get deployer --format json': JSON.stringify({ id: deployer }),
        'yc iam workload-identity oidc federation get github --format json': '{"id":"aje1"}',
        'gh api repos/octocat/hello --jq .owner.id': '583231',
        'gh api repos/octocat/hello --jq .id': '1296269',
      })
      const call = (words: string): Call['flags'] => {
        const found = calls.find((one) => one.words === words)
        if (!found) throw new TypeError(`no call of ${words}`)
        return found.flags
      }
      const variables = Object.fromEntries(
        calls
          .filter(({ words }) => words.startsWith('gh variable set'))
          .map(({ words, flags }) => [`vars.${words.split(' ')[3] ?? ''}`, flags.body ?? '']),
      )
      const deploy = async () =>
        runStep(
          {
            'api-endpoint': emulator.endpoint,
            'token-exchange-url': emulator.tokenExchangeUrl,
            ...evaluated(oidcStep?.with ?? {}, variables),
          },
          {
            workspace: makeWorkspace({ 'index.js': program }),
            env: {
              ACTIONS_ID_TOKEN_REQUEST_URL: emulator.githubOidc.url,
              ACTIONS_ID_TOKEN_REQUEST_TOKEN: emulator.githubOidc.requestToken,
            },
          },
        )

      expect(call('yc iam service-account create').name).toBe('deployer')
      expect(call('yc iam workload-identity oidc federation create')).toMatchObject({
        name: 'github',
        issuer: emulator.githubOidc.issuer,
        'jwks-url': `${emulator.githubOidc.issuer}/.well-known/jwks`,
        audiences: 'https://github.com/octocat',
      })

      // Without the credential and the role a deployment is refused: both commands are needed.
      expect((await deploy()).annotations[0]?.properties.title).toContain('AUTH_FAILED')
      const credential = call('yc iam workload-identity federated-credential create')
      expect(credential['federation-id']).toBe('aje1')
      emulator.bindSubject({
        serviceAccountId: credential['service-account-id'] ?? '',
        subject: credential['external-subject-id'] ?? '',
      })
      expect((await deploy()).annotations[0]?.properties.title).toContain('API_REJECTED')
      const binding = call(`yc resource-manager folder add-access-binding ${emulator.folderId}`)
      expect(binding.subject).toBe(`serviceAccount:${deployer}`)
      emulator.setRoles({ serviceAccountId: deployer, roles: [binding.role ?? ''] })

      const step = await deploy()
      expect(step.annotations).toEqual([])
      const answer = await fetch(step.outputs['function-url'] ?? '', {
        headers: { Authorization: `Bearer ${emulator.mintToken()}` },
      })
      expect(await answer.text()).toBe('Hello, world!')
    })
  })

  onUnix('with a stored key', () => {
    test('stores the key as the secret that the step asks for, and leaves no file', () => {
      const calls = run(`${storedKey}\ntest ! -e key.json`, {})
      expect(calls).toEqual([
        {
          words: 'yc iam key create',
          flags: { 'service-account-name': 'deployer', output: 'key.json' },
        },
        { words: 'gh secret set YC_SA_JSON_CREDENTIALS', flags: {} },
      ])
      expect(keyStep?.with['yc-sa-json-credentials']).toBe('${{ secrets.YC_SA_JSON_CREDENTIALS }}')
    })
  })
})
