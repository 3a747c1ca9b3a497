/** What reaches the cloud: the request for a version field by field, look-ups before changes, uploads. */

import { describe, expect, test } from '@jest/globals'
import type { RecordedRequest } from '../../emulator/index.ts'
import { runStep } from '../../scripts/step.ts'
import { mutations, requiredInputs, useEmulator } from '../support/cloud.ts'
import { roundTrip } from '../support/sdk.ts'
import { HELLO, makeWorkspace } from '../support/workspace.ts'

const MIB = 1024 ** 2

const cloud = useEmulator({ buildMs: 0 })

function run(changes: Record<string, string> = {}) {
  return runStep({ ...requiredInputs(cloud()), ...changes }, { workspace: makeWorkspace(HELLO) })
}

/** Bodies of createVersion since a number of requests. */
function versionBodies(since = 0): unknown[] {
  return cloud()
    .requests.slice(since)
    .filter(({ path, method }) => path === '/functions/v1/versions' && method === 'POST')
    .map(({ body }) => body)
}

describe('the request for a version', () => {
  test('has the required fields and the package, nothing more, for a step with the required inputs', async () => {
    const { outputs } = await run()

    const [body] = versionBodies().slice(-1)
    expect(body).toEqual({
      functionId: outputs['function-id'],
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      description: `octo-org/hello@5f3c9d0, run 42 [sha256:${outputs['package-sha256'] ?? ''} run:42]`,
      resources: { memory: String(128 * MIB) },
      executionTimeout: '5s',
      content: cloud()
        .versions(outputs['function-id'] ?? '')[0]
        ?.zip.toString('base64'),
    })
    expect(roundTrip(body)).toEqual(body)
  })

  test('has every field of the contract for a step with every input', async () => {
    const emulator = cloud()
    const runtime = emulator.addServiceAccount({ name: 'all-runtime' })
    const named = emulator.addServiceAccount({ name: 'all-named' })
    const network = emulator.addNetwork({ name: 'all-network' })
    const secret = emulator.addSecret({
      name: 'all-secret',
      versions: [{ password: 'old' }, { password: 'new' }],
      current: 0,
    })
    emulator.addBucket({ name: 'all.bucket' })
    const step = await run({
      'function-description': 'Everything',
      'function-labels': 'team=backend\nstage=test',
      bucket: 'all.bucket',
      'bucket-prefix': 'some folder/',
      memory: '2 GiB',
      'execution-timeout': '10m',
      description: 'All of it',
      environment: 'A=1\nB==2 \nBLOCK<<END\n  two\n lines \nEND',
      secrets: `ONE=${secret.id}/latest/password\nTWO=all-secret/${secret.versionIds[1] ?? ''}/password`,
      'service-account-name': 'all-runtime',
      'named-service-accounts': `reports=${named.id}`,
      'network-name': 'all-network',
      tags: 'one\ntwo',
      concurrency: '4',
      'tmpfs-size': '512Mb',
      mounts: 'data:all.bucket/a/b:ro\nout:all.bucket',
      'ephemeral-disk': 'scratch:10GB:4096',
      'logs-group-id': 'e230000000000group00',
      'log-level': 'warn',
      async: 'true',
      'async-sa-name': 'all-runtime',
      'async-retries-count': '7',
      'async-success-ymq-arn': 'yrn:yc:ymq:ru-central1:b1g:ok',
      'async-success-sa-id': runtime.id,
      'async-failure-ymq-arn': 'yrn:yc:ymq:ru-central1:b1g:failed',
      'async-failure-sa-name': 'all-named',
      'metadata-gce': 'true',
      'metadata-aws-v1': 'false',
    })

    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    const functionId = step.outputs['function-id'] ?? ''
    const sha256 = step.outputs['package-sha256'] ?? ''
    const [body] = versionBodies().slice(-1)
    expect(body).toEqual({
      functionId,
      runtime: 'nodejs22',
      entrypoint: 'index.handler',
      description: `All of it [sha256:${sha256} run:42]`,
      resources: { memory: String(2048 * MIB) },
      executionTimeout: '600s',
      package: {
        bucketName: 'all.bucket',
        objectName: `some folder/${functionId}/${sha256}.zip`,
        sha256,
      },
      environment: { A: '1', B: '=2', BLOCK: '  two\n lines ' },
      secrets: [
        {
          id: secret.id,
          versionId: secret.versionIds[0],
          key: 'password',
          environmentVariable: 'ONE',
        },
        {
          id: secret.id,
          versionId: secret.versionIds[1],
          key: 'password',
          environmentVariable: 'TWO',
        },
      ],
      serviceAccountId: runtime.id,
      namedServiceAccounts: { reports: named.id },
      connectivity: { networkId: network.id },
      tag: ['one', 'two'],
      concurrency: '4',
      tmpfsSize: String(512 * MIB),
      mounts: [
        {
          name: 'data',
          mode: 'READ_ONLY',
          objectStorage: { bucketId: 'all.bucket', prefix: 'a/b' },
        },
        { name: 'out', mode: 'READ_WRITE', objectStorage: { bucketId: 'all.bucket' } },
        {
          name: 'scratch',
          mode: 'READ_WRITE',
          ephemeralDiskSpec: { size: String(10 * 1024 * MIB), blockSize: '4096' },
        },
      ],
      logOptions: { logGroupId: 'e230000000000group00', minLevel: 'WARN' },
      asyncInvocationConfig: {
        retriesCount: '7',
        successTarget: {
          ymqTarget: { queueArn: 'yrn:yc:ymq:ru-central1:b1g:ok', serviceAccountId: runtime.id },
        },
        failureTarget: {
          ymqTarget: { queueArn: 'yrn:yc:ymq:ru-central1:b1g:failed', serviceAccountId: named.id },
        },
        serviceAccountId: runtime.id,
      },
      metadataOptions: { gceHttpEndpoint: 'ENABLED', awsV1HttpEndpoint: 'DISABLED' },
    })
    expect(step.outputs['object-name']).toBe(`some folder/${functionId}/${sha256}.zip`)
    expect(emulator.functions().find(({ id }) => id === functionId)).toMatchObject({
      description: 'Everything',
      labels: { team: 'backend', stage: 'test' },
    })
  })

  test('takes the code of another version without sending a package', async () => {
    const inputs = requiredInputs(cloud())
    const workspace = makeWorkspace(HELLO)
    const first = await runStep(inputs, { workspace })
    const second = await runStep(
      { ...inputs, 'source-version-id': first.outputs['version-id'] ?? '' },
      { workspace: makeWorkspace({}) },
    )

    expect(second.exitCode).toBe(0)
    expect(versionBodies().at(-1)).toMatchObject({ versionId: first.outputs['version-id'] })
    expect(versionBodies().at(-1)).not.toHaveProperty('content')
    expect(second.outputs).not.toHaveProperty('package-sha256')
    const answer = await fetch(second.outputs['function-url'] ?? '', {
      headers: { authorization: `Bearer ${cloud().mintToken()}` },
    })
    expect(await answer.json()).toMatchObject({ version: second.outputs['version-id'] })
  })
})

describe('what does not exist', () => {
  const wrong = {
    'a secret': [
      { secrets: 'A=wrong-secrt/latest/key', 'service-account-name': 'wrong-account' },
      'wrong-secret',
    ],
    'a key of a secret': [
      { secrets: 'A=wrong-secret/latest/kee', 'service-account-name': 'wrong-account' },
      '"key"',
    ],
    'a version of a secret': [
      { secrets: 'A=wrong-secret/e6qmissing/key', 'service-account-name': 'wrong-account' },
      'e6qmissing',
    ],
    'a service account': [{ 'service-account-name': 'wrong-acount' }, 'wrong-account'],
    'an account of a queue': [
      {
        async: 'true',
        'async-success-ymq-arn': 'yrn:yc:ymq:ru-central1:b1g:ok',
        'async-success-sa-name': 'wrong-acount',
      },
      'wrong-account',
    ],
    'a network': [{ 'network-name': 'wrong-netwrk' }, 'wrong-network'],
    'a runtime': [{ runtime: 'nodejs21' }, 'Did you mean "nodejs22"'],
    'an account that is not the one of the id': [
      { 'service-account': 'ajenotthisone1', 'service-account-name': 'wrong-account' },
      'ajenotthisone1',
    ],
  } as const satisfies Record<string, readonly [Record<string, string>, string]>

  test.each(Object.entries(wrong))(
    '%s is found out before anything is changed',
    async (_, [inputs, near]) => {
      const emulator = cloud()
      emulator.addSecret({ name: 'wrong-secret', versions: [{ key: 'value' }] })
      emulator.addServiceAccount({ name: 'wrong-account' })
      emulator.addNetwork({ name: 'wrong-network' })
      emulator.addBucket({ name: 'wrong-bucket' })
      const before = mutations(emulator).length
      const step = await run({ ...inputs, bucket: 'wrong-bucket' })

      expect(step.exitCode).toBe(1)
      expect(step.annotations).toHaveLength(1)
      expect(step.annotations[0]?.properties.title).toMatch(/^INPUT_INVALID/)
      expect(step.annotations[0]?.message).toContain(near)
      expect(mutations(emulator)).toHaveLength(before)
    },
  )

  test('is told for all names at once', async () => {
    const step = await run({
      secrets: 'A=none/latest/key',
      'service-account-name': 'nobody',
      'network-name': 'nowhere',
      runtime: 'nonesuch',
    })

    const message = step.annotations[0]?.message ?? ''
    for (const name of ['"none"', '"nobody"', '"nowhere"', '"nonesuch"']) {
      expect(message).toContain(name)
    }
  })
})

describe('a runtime that is no longer supported', () => {
  test('is deployed with a warning', async () => {
    const step = await run({ runtime: 'nodejs18' })

    expect(step.exitCode).toBe(0)
    expect(step.annotations.map(({ level, properties }) => [level, properties.title])).toEqual([
      ['warning', 'Inputs: runtime'],
    ])
    expect(step.annotations.map(({ level, message }) => [level, message])).toEqual([
      [
        'warning',
        expect.stringContaining('no longer supports "nodejs18". Did you mean "nodejs22"?'),
      ],
    ])
  })
})

describe('a function that is not there', () => {
  test('is created with a notice of the names near it, and marked in the summary', async () => {
    const inputs = { ...requiredInputs(cloud()), 'function-name': 'notice-of-orders' }
    const workspace = makeWorkspace(HELLO)
    const first = await runStep(inputs, { workspace })
    const second = await runStep({ ...inputs, 'function-name': 'notice-of-order' }, { workspace })
    const third = await runStep(inputs, { workspace })

    expect(second.exitCode).toBe(0)
    expect(second.stdout).toContain('There was no function "notice-of-order" in the folder')
    expect(second.stdout).toMatch(
      /^::notice title=New function::.* Did you mean "notice-of-orders"/m,
    )
    const marked = [first, second, third].map(({ summary }) =>
      summary.includes('the function is new'),
    )
    expect(marked).toEqual([true, true, false])
    expect(third.stdout).not.toContain('::notice')
  })
})

describe('a function that is there', () => {
  test('is changed only where it differs from what was given', async () => {
    const inputs = { ...requiredInputs(cloud()), 'function-labels': 'a=1' }
    const workspace = makeWorkspace(HELLO)
    await runStep({ ...inputs, 'function-description': 'first' }, { workspace })
    const before = cloud().requests.length
    const patches = (): unknown[] =>
      cloud()
        .requests.slice(before)
        .filter(({ method }) => method === 'PATCH')
        .map(({ body }) => body)

    await runStep({ ...inputs, 'function-description': 'first' }, { workspace })
    expect(patches()).toEqual([])
    await runStep({ ...inputs, 'function-description': 'second' }, { workspace })
    expect(patches()).toEqual([{ updateMask: 'description', description: 'second' }])
    await runStep(inputs, { workspace })
    expect(patches()).toHaveLength(1)
  })
})

describe('a step that does not wait', () => {
  test('fails all the same when the answer says that the build has failed', async () => {
    cloud().failNextBuild({ code: 3, message: 'the build broke at once', details: [] })
    const step = await run({ wait: 'false' })

    expect(step.exitCode).toBe(1)
    expect(step.annotations).toHaveLength(1)
    expect(step.annotations[0]?.message).toContain('the build broke at once')
    expect(step.outputs).not.toHaveProperty('version-id')
  })
})

describe('a package through a bucket', () => {
  test('is uploaded once for the same sources', async () => {
    const emulator = cloud()
    emulator.addBucket({ name: 'once.bucket' })
    const inputs = { ...requiredInputs(emulator), bucket: 'once.bucket' }
    const steps = [
      await runStep(inputs, { workspace: makeWorkspace(HELLO) }),
      await runStep(inputs, { workspace: makeWorkspace(HELLO) }),
    ]

    expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    const uploads = emulator.requests.filter(
      ({ method, path }) => method === 'PUT' && path.startsWith('/once.bucket/'),
    )
    expect(uploads).toHaveLength(1)
    expect(emulator.versions(steps[0]?.outputs['function-id'] ?? '')).toHaveLength(2)
    expect([...emulator.objects('once.bucket').keys()]).toEqual([steps[0]?.outputs['object-name']])
  })

  test('that does not exist fails with the code of the storage and no version', async () => {
    const step = await run({ bucket: 'no-such-bucket' })

    expect(step.exitCode).toBe(1)
    expect(step.annotations[0]?.message).toContain('NoSuchBucket')
    expect(step.outputs).not.toHaveProperty('version-id')
  })
})

describe('with 50 ms for every call', () => {
  const slow = useEmulator({ buildMs: 0, latencyMs: 50 })

  test('a deployment waits for at most six round trips before it creates the version', async () => {
    const emulator = slow()
    emulator.addServiceAccount({ name: 'runtime' })
    emulator.addNetwork({ name: 'network' })
    emulator.addBucket({ name: 'bucket' })
    for (const name of ['first', 'second']) {
      emulator.addSecret({ name, versions: [{ key: 'value' }] })
    }
    const inputs = { ...requiredInputs(emulator), bucket: 'bucket' }
    await runStep(inputs, { workspace: makeWorkspace(HELLO) })
    const before = emulator.requests.length
    const step = await runStep(
      {
        ...inputs,
        secrets: 'ONE=first/latest/key\nTWO=second/latest/key',
        'service-account-name': 'runtime',
        'network-name': 'network',
      },
      { workspace: makeWorkspace({ ...HELLO, 'changed.js': '' }) },
    )

    expect(step.exitCode).toBe(0)
    const requests = emulator.requests.slice(before)
    const create = requests.findIndex(
      ({ path, method }) => method === 'POST' && path === '/functions/v1/versions',
    )
    expect(
      requests
        .slice(0, create)
        .map(({ service }) => service)
        .sort(),
    ).toEqual([
      'endpoint',
      'iam',
      'iam',
      'lockbox',
      'serverless-functions',
      'serverless-functions',
      // What is live, and the end of its package.
      'serverless-functions',
      'storage',
      'storage',
      'storage',
      'vpc',
    ])
    expect(longestChain(requests.slice(0, create))).toBeLessThanOrEqual(6)
  })
})

/** How many of the requests had to wait for each other, one after the other. */
function longestChain(requests: readonly RecordedRequest[]): number {
  const depths: { endMs: number; depth: number }[] = []
  for (const { atMs, durationMs } of requests.toSorted((a, b) => a.atMs - b.atMs)) {
    const before = depths.filter(({ endMs }) => endMs <= atMs).map(({ depth }) => depth)
    depths.push({ endMs: atMs + durationMs, depth: 1 + Math.max(0, ...before) })
  }
  return Math.max(...depths.map(({ depth }) => depth))
}
