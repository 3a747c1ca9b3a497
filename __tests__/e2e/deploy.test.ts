/** Deployments with the bundle as a child process, as the runner starts it. */

import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { unzip } from '../../emulator/functions/unzip.ts'
import { textOf } from '../support/html.ts'
import { runStep } from '../../scripts/step.ts'
import { mutations, requiredInputs, useEmulator } from '../support/cloud.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const cloud = useEmulator()

/** Runs a step and looks at what it left in the cloud. */
async function deploy(changes: Record<string, string> = {}, files: Record<string, string> = HELLO) {
  const inputs = { ...requiredInputs(cloud()), ...changes }
  const before = cloud().requests.length
  const step = await runStep(inputs, { workspace: makeWorkspace(files) })
  const functionId = step.outputs['function-id'] ?? ''
  return {
    step,
    inputs,
    requests: cloud().requests.slice(before),
    versions: functionId === '' ? [] : cloud().versions(functionId),
  }
}

describe('a deployment', () => {
  test('creates the function, builds the version, and the function answers with it', async () => {
    const { step, inputs, versions } = await deploy({ environment: 'GREETING=hi' })

    expect(step).toMatchObject({ exitCode: 0, stderr: '', annotations: [] })
    const [version] = versions
    expect(versions).toHaveLength(1)
    expect(version).toMatchObject({ status: 'ACTIVE', id: step.outputs['version-id'] })
    expect(
      cloud()
        .functions()
        .filter(({ name }) => name === inputs['function-name']),
    ).toHaveLength(1)

    const answer = await fetch(step.outputs['function-url'] ?? '', {
      headers: { authorization: `Bearer ${cloud().mintToken()}` },
    })
    expect(await answer.json()).toEqual({ version: version?.id, greeting: 'hi' })
  })

  test('sends the files of the workspace and tells size and digest of what it sent', async () => {
    const files = { ...HELLO, 'lib/a.js': 'exports.a = 1\n', 'lib/.hidden': '' }
    const { step, versions } = await deploy({}, files)

    const zip = versions[0]?.zip ?? Buffer.alloc(0)
    const entries: Record<string, string> = {}
    for await (const { name, bytes } of unzip(zip, 1e6)) entries[name] = bytes.toString()
    expect(entries).toEqual(files)
    expect(step.outputs).toMatchObject({
      'package-size': String(zip.length),
      'package-sha256': createHash('sha256').update(zip).digest('hex'),
    })
    expect(step.outputs).not.toHaveProperty('object-name')
  })

  test('deploys the next version to the function that is there', async () => {
    const first = await deploy()
    const second = await deploy({ 'function-name': first.inputs['function-name'] ?? '' })

    expect(second.step.outputs['function-id']).toBe(first.step.outputs['function-id'])
    expect(second.versions.map(({ id }) => id)).toEqual([
      first.step.outputs['version-id'],
      second.step.outputs['version-id'],
    ])
  })

  test('takes a function id without a folder', async () => {
    const first = await deploy()
    const functionId = first.step.outputs['function-id'] ?? ''
    const second = await deploy({ 'function-id': functionId, 'folder-id': '', 'function-name': '' })

    expect(second.step.exitCode).toBe(0)
    expect(second.versions).toHaveLength(2)
  })

  test('takes an IAM token that was made elsewhere', async () => {
    const { step, requests } = await deploy({
      'yc-sa-json-credentials': '',
      'yc-iam-token': cloud().mintToken(),
    })

    expect(step.exitCode).toBe(0)
    expect(requests.map(({ service }) => service)).not.toContain('iam')
  })

  test('mends a key whose line breaks became the two characters of their escape', async () => {
    const damaged = cloud().keyJson.replaceAll('\\n', '\\\\n')
    expect(damaged).not.toBe(cloud().keyJson)
    const { step } = await deploy({ 'yc-sa-json-credentials': damaged })

    expect(step.exitCode).toBe(0)
  })

  test('describes the version by the commit, the run and the package', async () => {
    const { versions, step } = await deploy()

    const sha256 = step.outputs['package-sha256'] ?? ''
    expect(versions[0]).toMatchObject({
      description: `octo-org/hello@5f3c9d0, run 42 [sha256:${sha256} run:42]`,
    })
  })

  test('moves its tags from the version that had them', async () => {
    const first = await deploy({ tags: 'stable' })
    const second = await deploy({
      'function-name': first.inputs['function-name'] ?? '',
      tags: 'stable',
    })

    expect(second.versions.map(({ tags }) => [...tags].sort())).toEqual([[], ['$latest', 'stable']])
  })

  test('gives the same digest for the same sources with other times', async () => {
    const [first, second] = [makeWorkspace(HELLO), makeWorkspace(HELLO)]
    utimesSync(path.join(second, 'index.js'), new Date(0), new Date(86_400_000))
    const inputs = requiredInputs(cloud())
    const digests = await Promise.all(
      [first, second].map(async (workspace) => {
        const { outputs } = await runStep({ ...inputs, tags: '' }, { workspace })
        return outputs['package-sha256']
      }),
    )

    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(digests[1]).toBe(digests[0])
  })

  test('does not wait for the build when asked not to', async () => {
    const { step } = await deploy({ wait: 'false' })

    expect(step.exitCode).toBe(0)
    expect(step.outputs['version-id']).toMatch(/^d4e/)
    expect(step.summary).toContain('Accepted a version')
  })

  test('succeeds though its summary cannot be written', async () => {
    const summaryFile = makeWorkspace({})
    mkdirSync(path.join(summaryFile, 'a-folder'))
    const step = await runStep(requiredInputs(cloud()), {
      workspace: makeWorkspace(HELLO),
      summaryFile: path.join(summaryFile, 'a-folder'),
    })

    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(step.outputs).toHaveProperty('version-id')
  })

  test('masks the token before anything is sent with it', async () => {
    const { step } = await deploy()

    const token = cloud().issuedTokens.at(-1) ?? ''
    expect(step.stdout.indexOf(`::add-mask::${token}`)).toBeGreaterThanOrEqual(0)
    expect(step.stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(token)
  })
})

describe('a failure', () => {
  test('of the build is one annotation with the reason, and no version id', async () => {
    cloud().failNextBuild({ code: 3, message: 'npm ci: package-lock.json is missing', details: [] })
    const { step, versions } = await deploy()

    expect(step.exitCode).toBe(1)
    expect(step.annotations).toHaveLength(1)
    expect(step.annotations[0]?.properties.title).toContain('OPERATION_FAILED')
    expect(step.annotations[0]?.message).toContain('npm ci: package-lock.json is missing')
    expect(step.outputs).not.toHaveProperty('version-id')
    expect(step.outputs).toHaveProperty('operation-id')
    expect(textOf(step.summary)).toContain('npm ci: package-lock.json is missing')
    expect(versions).toHaveLength(0)
  })

  test('of five inputs is one annotation that names all of them, and no request', async () => {
    const { step, requests } = await deploy({
      memory: '100',
      'execution-timeout': '10x',
      tags: 'Bad',
      environment: 'no equals sign',
      'function-name': 'X',
    })

    expect(step.exitCode).toBe(1)
    expect(step.annotations).toHaveLength(1)
    const message = step.annotations[0]?.message ?? ''
    for (const name of ['memory', 'execution-timeout', 'tags', 'environment', 'function-name']) {
      expect(message).toMatch(new RegExp(`^- "?${name}"? `, 'm'))
    }
    expect(requests).toHaveLength(0)
  })

  test('of a misspelt input says which one was meant', async () => {
    const { step } = await deploy({ entrypoint: '', entrypont: 'index.handler' })

    expect(step.annotations[0]?.message).toContain('did you mean "entrypoint"?')
  })

  test.each([
    ['no file matches', { include: 'index.js\nmissing/**' }, 'SOURCE_EMPTY', 'missing/**'],
    ['everything is excluded', { exclude: '**' }, 'SOURCE_EMPTY', 'exclude'],
    ['the entrypoint has no file', { entrypoint: 'main.handler' }, 'INPUT_INVALID', 'main.js'],
    ['the folder is unknown', { 'folder-id': 'b1gmissing' }, 'API_REJECTED', 'b1gmissing'],
    [
      'the function may not be created',
      { 'create-function': 'false' },
      'INPUT_INVALID',
      'create-function',
    ],
    [
      'there is no credential',
      { 'yc-sa-json-credentials': '' },
      'INPUT_INVALID',
      'yc-sa-json-credentials',
    ],
    [
      'the token is refused',
      { 'yc-sa-json-credentials': '', 'yc-iam-token': 't1.no' },
      'AUTH_FAILED',
      '401',
    ],
  ])('when %s changes nothing in the cloud', async (_, changes, code, detail) => {
    const before = mutations(cloud()).length
    const { step } = await deploy(changes)

    expect(step.exitCode).toBe(1)
    expect(step.annotations).toHaveLength(1)
    expect(step.annotations[0]?.properties.title).toMatch(new RegExp(`^${code}: `))
    expect(step.annotations[0]?.message).toContain(detail)
    expect(step.summary).toContain(code)
    expect(mutations(cloud())).toHaveLength(before)
  })

  test('of a package above the inline limit names the largest files', async () => {
    const noise = (bytes: number): string =>
      createHash('shake256', { outputLength: bytes }).update('x').digest().toString('latin1')
    const { step } = await deploy({}, { ...HELLO, 'data/large.bin': noise(4_000_000) })

    expect(step.exitCode).toBe(1)
    expect(step.annotations[0]?.properties.title).toContain('SOURCE_TOO_LARGE')
    expect(step.annotations[0]?.message).toContain('data/large.bin')
    expect(step.annotations[0]?.message).toContain('bucket')
    expect(step.summary).toContain('| <code>data/large&#46;bin</code> | 100% ▪')
  })

  test('of the wait carries the id of the operation', async () => {
    const first = await deploy()
    cloud().fault({
      path: /^\/operations\//,
      times: Infinity,
      effect: { kind: 'status', status: 503 },
    })
    const { step } = await deploy({
      'function-name': first.inputs['function-name'] ?? '',
      'wait-timeout': '1s',
    })

    expect(step.exitCode).toBe(1)
    expect(step.annotations[0]?.properties.title).toContain('OPERATION_TIMEOUT')
    expect(step.annotations[0]?.message).toContain(step.outputs['operation-id'])
    expect(step.annotations[0]?.message).toContain('wait-timeout is 1s.')
    expect(step.outputs).not.toHaveProperty('version-id')
  })
})
