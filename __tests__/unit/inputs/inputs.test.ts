/** The inputs of a step: everything parsed and cross-checked, every problem told at once, no secret echoed. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { parseInputs } from '../../../src/inputs/inputs.ts'
import { INPUT_NAMES } from '../../../src/inputs/names.ts'
import { InputReader } from '../../../src/inputs/reader.ts'
import { ROOT } from '../../support/examples.ts'
import { CONTEXT, keyFile, thrown } from '../../support/fakes.ts'
import { inputsOf, problemsOf, REQUIRED } from '../../support/inputs.ts'

const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { default?: string; required?: boolean }>
}
const DEFAULTS = Object.fromEntries(
  Object.entries(action.inputs).map(([name, field]) => [name, field.default ?? '']),
)
const MIB = 1024 ** 2
const CHECK = { check: 'true' }

describe('the inputs that are read', () => {
  test('are those of action.yml, in its order', () => {
    expect(INPUT_NAMES).toEqual(Object.keys(action.inputs))
  })

  test('are a type, so that a typo does not compile', () => {
    const reader = new InputReader({ memory: '1GB' })
    expect(reader.text('memory')).toBe('1GB')
    // @ts-expect-error: `npm run types` fails when this name is accepted
    expect(reader.text('memroy')).toBeUndefined()
  })

  test.each<[string, Record<string, string>]>([
    ['the required ones', {}],
    ['a named function', { 'function-id': '', 'folder-id': 'b1g1', 'function-name': 'hello' }],
    ['a bucket', { bucket: 'my-bucket' }],
    ['a package', { package: 'x.zip' }],
    ['another version', { 'source-version-id': 'd4e1' }],
    ['a federation', { 'yc-iam-token': '', 'yc-sa-id': 'aje1' }],
    ['async', { async: 'true' }],
    ['a disk', { 'ephemeral-disk': 'tmp:1GB' }],
    ['a check', CHECK],
  ])('have the defaults that action.yml says, with %s', (_, given) => {
    const bare = { ...REQUIRED, ...given }
    expect(parseInputs({ ...DEFAULTS, ...bare }, CONTEXT)).toEqual(parseInputs(bare, CONTEXT))
  })

  test('have the same problems with and without the defaults', () => {
    const given = { ...REQUIRED, 'tmpfs-size': '512Mb' }
    const messages = [given, { ...DEFAULTS, ...given }].map(
      (raw) => (thrown(() => parseInputs(raw, CONTEXT)) as Error).message,
    )
    expect(messages).toEqual(
      Array(2).fill(
        '`tmpfs-size` is 536870912 bytes; it must be 0, or from 512Mb to three quarters of `memory`, which must be at least 1024Mb',
      ),
    )
  })

  test('are complete with the required ones alone', () => {
    expect(inputsOf()).toEqual({
      credentials: { kind: 'token', token: expect.anything() },
      function: {
        target: { kind: 'id', functionId: REQUIRED['function-id'] },
        folderId: undefined,
        description: undefined,
        labels: undefined,
      },
      code: {
        source: { kind: 'files', sourceRoot: '.', include: ['.'], exclude: [] },
        delivery: { kind: 'inline' },
      },
      settings: {
        runtime: 'nodejs22',
        entrypoint: 'index.handler',
        memoryBytes: 128 * MIB,
        timeoutSeconds: 5,
        description: 'octo-org/hello@0123456, run 42',
        hasOwnDescription: false,
        environment: { variables: {}, secrets: [] },
        serviceAccount: undefined,
        namedServiceAccounts: {},
        network: undefined,
        tags: [],
        concurrency: undefined,
        fileSystem: { tmpfsBytes: undefined, buckets: [], disk: undefined },
        logs: { disabled: false, groupId: undefined, folderId: undefined, level: undefined },
        asyncInvocation: undefined,
        metadata: { gce: undefined, awsV1: undefined },
      },
      release: {
        isDryRun: false,
        skipUnchanged: false,
        reuseCode: false,
        check: undefined,
        previousTag: undefined,
        commentToken: undefined,
      },
      exposure: { isPublic: undefined, scaling: undefined },
      wait: { untilReady: true, timeoutSeconds: 900 },
      endpoint: new URL('https://api.cloud.yandex.net/'),
      warnings: [],
    })
  })

  test('count as not given when blank', () => {
    const blank = Object.fromEntries(INPUT_NAMES.map((name) => [name, ' \n']))
    expect(parseInputs({ ...blank, ...REQUIRED }, CONTEXT)).toEqual(inputsOf())
  })
})

describe('the description of a version', () => {
  const descriptionIn = (
    context: Partial<Record<'repository' | 'sha' | 'runId', string | undefined>>,
  ) => parseInputs(REQUIRED, { ...CONTEXT, ...context }).settings.description

  test.each([
    [{ runId: undefined }, 'octo-org/hello@0123456'],
    [{ sha: undefined }, 'octo-org/hello, run 42'],
    [{ repository: undefined, sha: undefined }, 'run 42'],
    [{ repository: undefined, sha: undefined, runId: undefined }, ''],
    [{ repository: `o/${'r'.repeat(700)}` }, `o/${'r'.repeat(254)}`],
  ])('says what is known of the run: %j', (context, description) => {
    expect(descriptionIn(context)).toBe(description)
  })

  test('is that of the step when given', () => {
    expect(inputsOf({ description: ' mine ' }).settings.description).toBe('mine')
    expect(inputsOf({ description: 'x'.repeat(600) }).settings.description).toHaveLength(600)
  })
})

describe('problems', () => {
  test('are all told at once, each with its input', () => {
    expect(
      problemsOf({
        memory: '100',
        'execution-timeout': 'soon',
        tags: 'OK\nv1\nv 2',
        wait: 'perhaps',
        entrypoint: '',
      }),
    ).toEqual([
      '`memory` is "100", which is 100 bytes; write 128Mb (multiples of 128Mb up to 8192Mb are allowed)',
      '`entrypoint` is required (a variable that is not set arrives empty)',
      '`execution-timeout` is "soon", which is not a duration: write seconds as 5, or 90s, 10m, 1h',
      '`tags` line 1 is "OK"; a tag has lower-case letters, digits, - and _, and starts with a letter: write ok',
      '`tags` line 3 is "v 2"; a tag has lower-case letters, digits, - and _, and starts with a letter: write v-2',
      '`wait` is "perhaps"; write true or false',
    ])
  })

  test('are counted', () => {
    const error = thrown(() => inputsOf({ memory: 'x', wait: 'x' })) as Error
    expect(error.message).toMatch(/^2 problems with the inputs:\n- `memory` .*\n- `wait` .*$/)
  })

  test('stand alone when there is one', () => {
    const error = thrown(() => inputsOf({ wait: 'x' })) as Error
    expect(error.message).toBe('`wait` is "x"; write true or false')
  })

  test('of an empty step name all that is required', () => {
    const error = thrown(() => parseInputs({}, CONTEXT)) as Error
    for (const name of ['yc-sa-id', 'function-id', 'runtime', 'entrypoint']) {
      expect(error.message).toContain(`\`${name}\``)
    }
  })
})

/** Inputs that are fine, and what becomes of them. */
const GOOD: [
  input: string,
  value: string,
  more: Record<string, string>,
  path: string,
  expected: unknown,
][] = [
  ['runtime', ' python312 ', {}, 'settings.runtime', 'python312'],
  ['entrypoint', 'src/main.handler', {}, 'settings.entrypoint', 'src/main.handler'],
  ['entrypoint', './index.handler', {}, 'settings.entrypoint', 'index.handler'],
  ['memory', '134217728', {}, 'settings.memoryBytes', 128 * MIB],
  ['memory', '8 GiB', {}, 'settings.memoryBytes', 8192 * MIB],
  ['execution-timeout', '1s', {}, 'settings.timeoutSeconds', 1],
  ['execution-timeout', '1h', {}, 'settings.timeoutSeconds', 3600],
  ['environment', 'A=1\nB<<E\n x\nE', {}, 'settings.environment.variables', { A: '1', B: ' x' }],
  [
    'environment',
    `A=${'x'.repeat(4095)}`,
    {},
    'settings.environment.variables',
    { A: 'x'.repeat(4095) },
  ],
  [
    'secrets',
    'A=db/latest/pw',
    { 'service-account': 'aje1' },
    'settings.environment.secrets',
    [{ environmentVariable: 'A', secret: 'db', version: 'latest', key: 'pw' }],
  ],
  ['service-account', 'aje1', {}, 'settings.serviceAccount', { kind: 'id', id: 'aje1' }],
  ['service-account', 'ajeabcdefghijklmnopq', {}, 'settings.serviceAccount.kind', 'id'],
  [
    'service-account-name',
    'runner',
    { 'service-account': 'aje1' },
    'settings.serviceAccount',
    {
      kind: 'id',
      id: 'aje1',
      alias: {
        kind: 'name',
        name: 'runner',
        resource: 'service account',
        input: 'service-account-name',
      },
    },
  ],
  [
    'service-account-name',
    'runner',
    {},
    'settings.serviceAccount',
    { kind: 'name', name: 'runner', resource: 'service account', input: 'service-account-name' },
  ],
  [
    'named-service-accounts',
    'a=aje1\nb=aje2',
    {},
    'settings.namedServiceAccounts',
    { a: 'aje1', b: 'aje2' },
  ],
  ['network-id', 'enp1', {}, 'settings.network', { kind: 'id', id: 'enp1' }],
  [
    'network-name',
    'Default_1',
    {},
    'settings.network',
    { kind: 'name', name: 'Default_1', resource: 'network', input: 'network-name' },
  ],
  ['tags', 'stable\nv1\nstable\n# no', {}, 'settings.tags', ['stable', 'v1']],
  ['tags', 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj', {}, 'settings.tags.length', 10],
  ['concurrency', '0', {}, 'settings.concurrency', 0],
  ['concurrency', '16', {}, 'settings.concurrency', 16],
  ['tmpfs-size', '0', {}, 'settings.fileSystem.tmpfsBytes', 0],
  ['tmpfs-size', '512Mb', { memory: '1Gb' }, 'settings.fileSystem.tmpfsBytes', 512 * MIB],
  ['tmpfs-size', '768Mb', { memory: '1Gb' }, 'settings.fileSystem.tmpfsBytes', 768 * MIB],
  [
    'mounts',
    'a:bbb/p:ro',
    { 'service-account': 'aje1' },
    'settings.fileSystem.buckets',
    [{ name: 'a', bucket: 'bbb', prefix: 'p', readOnly: true }],
  ],
  [
    'ephemeral-disk',
    'tmp:1GB',
    {},
    'settings.fileSystem.disk',
    { name: 'tmp', sizeBytes: 1024 * MIB, blockSizeBytes: undefined },
  ],
  [
    'ephemeral-disk',
    'tmp:100GB:4KB',
    {},
    'settings.fileSystem.disk',
    { name: 'tmp', sizeBytes: 102_400 * MIB, blockSizeBytes: 4096 },
  ],
  ['logs-disabled', 'TRUE', {}, 'settings.logs.disabled', true],
  ['logs-group-id', 'e23', {}, 'settings.logs.groupId', 'e23'],
  ['logs-folder-id', 'b1g2', {}, 'settings.logs.folderId', 'b1g2'],
  ['log-level', 'warn', {}, 'settings.logs.level', 'WARN'],
  [
    'async',
    'true',
    {},
    'settings.asyncInvocation',
    { retries: 3, success: undefined, failure: undefined, serviceAccount: undefined },
  ],
  ['async-retries-count', '0', { async: 'true' }, 'settings.asyncInvocation.retries', 0],
  ['async-retries-count', '100', { async: 'true' }, 'settings.asyncInvocation.retries', 100],
  [
    'async-sa-id',
    'aje1',
    { async: 'true' },
    'settings.asyncInvocation.serviceAccount',
    { kind: 'id', id: 'aje1' },
  ],
  [
    'async-sa-name',
    'caller',
    { async: 'true' },
    'settings.asyncInvocation.serviceAccount.name',
    'caller',
  ],
  [
    'async-success-ymq-arn',
    'yrn:q',
    { async: 'true', 'async-success-sa-id': 'aje2' },
    'settings.asyncInvocation.success',
    { queueArn: 'yrn:q', serviceAccount: { kind: 'id', id: 'aje2' } },
  ],
  [
    'async-failure-ymq-arn',
    'yrn:q',
    { async: 'true', 'async-failure-sa-name': 'w' },
    'settings.asyncInvocation.failure.serviceAccount.input',
    'async-failure-sa-name',
  ],
  ['metadata-gce', 'true', {}, 'settings.metadata.gce', true],
  ['metadata-aws-v1', 'false', {}, 'settings.metadata.awsV1', false],
  ['dry-run', 'true', {}, 'release.isDryRun', true],
  ['skip-unchanged', 'true', {}, 'release.skipUnchanged', true],
  ['reuse-code', 'true', {}, 'release.reuseCode', true],
  ['comment', 'false', { 'github-token': 'x' }, 'release.commentToken', undefined],
  ['check', 'false', { 'check-tag': 'candidate' }, 'release.check', undefined],
  ['check-tag', 'next_1-a', CHECK, 'release.check.tag', 'next_1-a'],
  ['check-query', '?probe=1&name=a b', CHECK, 'release.check.query', 'probe=1&name=a b'],
  ['check-body', ' {"a":1}\n', CHECK, 'release.check.body', '{"a":1}'],
  ['check-raw', 'true', CHECK, 'release.check.isRaw', true],
  ['check-status', '204', CHECK, 'release.check.statuses', [{ from: 204, to: 204 }]],
  [
    'check-status',
    '404, 200-299\n301-302,',
    CHECK,
    'release.check.statuses',
    [
      { from: 200, to: 299 },
      { from: 301, to: 302 },
      { from: 404, to: 404 },
    ],
  ],
  ['check-contains', 'ok', CHECK, 'release.check.contains', 'ok'],
  ['check-timeout', '1h', CHECK, 'release.check.timeoutSeconds', 3600],
  ['check-attempts', '1', CHECK, 'release.check.attempts', 1],
  ['restore-latest', 'false', CHECK, 'release.check.restoreLatest', false],
  ['previous-tag', 'previous', { tags: 'stable' }, 'release.previousTag', 'previous'],
  ['previous-tag', 'previous', { tags: 'stable', ...CHECK }, 'release.previousTag', 'previous'],
  ['public', 'true', {}, 'exposure.isPublic', true],
  ['public', 'false', { wait: 'false' }, 'exposure.isPublic', false],
  ['provisioned-instances', '0', {}, 'exposure.scaling.provisionedInstancesCount', '0'],
  ['zone-instances-limit', '007', {}, 'exposure.scaling.zoneInstancesLimit', '7'],
  ['zone-requests-limit', '20', {}, 'exposure.scaling', { zoneRequestsLimit: '20' }],
  ['wait', 'false', {}, 'wait.untilReady', false],
  ['wait-timeout', '1', {}, 'wait.timeoutSeconds', 1],
  ['wait-timeout', '24h', {}, 'wait.timeoutSeconds', 86_400],
  ['source-root', 'dist', {}, 'code.source.sourceRoot', 'dist'],
  ['include', '# all\nsrc\n\npackage*.json ', {}, 'code.source.include', ['src', 'package*.json']],
  ['exclude', '**/*.ts\n!x.ts', {}, 'code.source.exclude', ['**/*.ts', '!x.ts']],
  ['package', 'build/x.zip', {}, 'code.source', { kind: 'package', path: 'build/x.zip' }],
  ['source-version-id', 'd4e1', {}, 'code.source', { kind: 'version', versionId: 'd4e1' }],
  ['bucket', 'my.bucket', {}, 'code.delivery', { kind: 'bucket', bucket: 'my.bucket', prefix: '' }],
  ['bucket-prefix', 'fn/', { bucket: 'bbb' }, 'code.delivery.prefix', 'fn/'],
  [
    'function-name',
    'hello',
    { 'function-id': '', 'folder-id': 'b1g1' },
    'function.target',
    { kind: 'name', folderId: 'b1g1', functionName: 'hello', createIfMissing: true },
  ],
  [
    'function-name',
    `a${'-'.repeat(61)}9`,
    { 'function-id': '', 'folder-id': 'b1g1' },
    'function.target.functionName.length',
    63,
  ],
  [
    'create-function',
    'false',
    { 'function-id': '', 'folder-id': 'b1g1', 'function-name': 'abc' },
    'function.target.createIfMissing',
    false,
  ],
  ['folder-id', 'b1g1', {}, 'function.folderId', 'b1g1'],
  ['function-description', 'd', {}, 'function.description', 'd'],
  [
    'function-labels',
    'team=backend\na./\\@-_9=A'.replace('A', ''),
    {},
    'function.labels',
    { team: 'backend', 'a./\\@-_9': '' },
  ],
  [
    'yc-sa-id',
    'aje1',
    { 'yc-iam-token': '' },
    'credentials',
    {
      kind: 'federation',
      serviceAccountId: 'aje1',
      audience: undefined,
      exchangeUrl: new URL('https://auth.yandex.cloud/oauth/token'),
    },
  ],
  [
    'oidc-audience',
    'https://a.example',
    { 'yc-iam-token': '', 'yc-sa-id': 'aje1' },
    'credentials.audience',
    'https://a.example',
  ],
  [
    'token-exchange-url',
    'http://127.0.0.1:1/x',
    { 'yc-iam-token': '', 'yc-sa-id': 'aje1' },
    'credentials.exchangeUrl.href',
    'http://127.0.0.1:1/x',
  ],
  ['yc-instance-metadata', 'true', { 'yc-iam-token': '' }, 'credentials', { kind: 'metadata' }],
  ['yc-instance-metadata', 'false', {}, 'credentials.kind', 'token'],
  ['api-endpoint', 'api.yandexcloud.kz:443', {}, 'endpoint.href', 'https://api.yandexcloud.kz/'],
  ['api-endpoint', 'https://api.example:8443', {}, 'endpoint.href', 'https://api.example:8443/'],
  ['api-endpoint', 'http://[::1]:80/', {}, 'endpoint.href', 'http://[::1]/'],
]

describe('a good input', () => {
  test.each(GOOD)('%s: %j with %j sets %s', (input, value, more, path, expected) => {
    const inputs = inputsOf({ ...more, [input]: value })
    expect(inputs).toHaveProperty(path, expected)
    expect(inputs.warnings).toEqual([])
  })

  test('is `comment` with the token that writes it', () => {
    const { release } = inputsOf({ comment: 'true', 'github-token': ' ghs_x\n' })
    expect(release.commentToken?.reveal()).toBe('ghs_x')
  })
})

test('a check has its defaults', () => {
  expect(inputsOf(CHECK).release.check).toEqual({
    tag: 'candidate',
    query: undefined,
    body: undefined,
    isRaw: false,
    statuses: [{ from: 200, to: 299 }],
    contains: undefined,
    timeoutSeconds: 60,
    attempts: 3,
    restoreLatest: true,
  })
})

test('`comment` without a token is a warning, since it never fails the step', () => {
  const { release, warnings } = inputsOf({ comment: 'true', 'github-token': '' })
  expect(release.commentToken).toBeUndefined()
  expect(warnings).toEqual(['`comment` has no effect without `github-token`'])
})

/** Inputs that are not, and the one thing that is said. */
const BAD: [input: string, value: string, more: Record<string, string>, told: string][] = [
  ['runtime', '', {}, '`runtime` is required (a variable that is not set arrives empty)'],
  ['entrypoint', '', {}, '`entrypoint` is required (a variable that is not set arrives empty)'],
  [
    'yc-sa-json-credentials',
    'hunter2',
    { 'yc-iam-token': '' },
    '`yc-sa-json-credentials` is not JSON',
  ],
  ['function-id', '..', {}, '`function-id` is "..", which is not an id'],
  ['function-id', '../../b/x', {}, '`function-id` is "../../b/x", which is not an id'],
  ['async-sa-id', '/', { async: 'true' }, '`async-sa-id` is "/", which is not an id'],
  [
    'async-success-sa-name',
    'W',
    { async: 'true', 'async-success-ymq-arn': 'q' },
    '`async-success-sa-name` is "W", which is not the name',
  ],
  [
    'async-failure-ymq-arn',
    'q',
    { async: 'true' },
    '`async-failure-ymq-arn` needs the account that writes to the queue',
  ],
  [
    'async-failure-sa-id',
    'a',
    { async: 'true', 'async-failure-sa-name': 'w' },
    '`async-failure-sa-id` and `async-failure-sa-name` cannot be combined',
  ],
  [
    'memory',
    '300Mb',
    {},
    '`memory` is "300Mb"; write 256Mb or 384Mb (multiples of 128Mb up to 8192Mb are allowed)',
  ],
  ['memory', '127Mb', {}, '`memory` is "127Mb"; write 128Mb ('],
  ['memory', '0', {}, '`memory` is "0", which is 0 bytes; write 128Mb ('],
  ['memory', '192Mb', {}, 'write 128Mb or 256Mb ('],
  ['memory', '8320Mb', {}, 'write 8192Mb ('],
  ['memory', '134217729', {}, '`memory` is "134217729"; write 128Mb or 256Mb ('],
  ['memory', '128', {}, '`memory` is "128", which is 128 bytes; write 128Mb ('],
  ['memory', '300', {}, '`memory` is "300", which is 300 bytes; write 256Mb or 384Mb ('],
  ['memory', 'much', {}, '`memory` is "much", which is not a size: write 128Mb'],
  ['execution-timeout', '0', {}, '`execution-timeout` is "0"; write a duration from 1s to 1h'],
  [
    'execution-timeout',
    '3601',
    {},
    '`execution-timeout` is "3601"; write a duration from 1s to 1h',
  ],
  ['wait-timeout', '0m', {}, '`wait-timeout` is "0m"; write a duration of at least 1s'],
  ['description', 'x'.repeat(601), {}, '`description` has 601 characters; at most 600 are allowed'],
  [
    'environment',
    `1=${'x'.repeat(5000)}`,
    {},
    '`environment` line 1 has a value of 5000 characters',
  ],
  [
    'environment',
    `1=${'x'.repeat(5000)}`,
    {},
    '`environment` line 1 does not start with a valid variable name',
  ],
  ['environment', 'A=1\nhunter2', {}, '`environment` line 2: no `=` after a key; write KEY=value'],
  [
    'environment',
    'LOG_LEVEL: info',
    {},
    '`environment` line 1: no `=` after a key; write `LOG_LEVEL=info`',
  ],
  ['environment', 'A=1\nPORT: 8080', {}, 'line 2: no `=` after a key; write `PORT=8080`'],
  ['environment', 'hunter2: a', {}, 'line 1: no `=` after a key; write KEY=value'],
  ['environment', 'SALT: hunter2', {}, 'line 1: no `=` after a key; write `SALT=<value>`'],
  ['environment', 'OPTIONS: x=hunter2', {}, 'write `OPTIONS=<value>`'],
  [
    'environment',
    'A=1\n A=hunter2',
    {},
    '`environment` line 2 repeats the key of line 1: keep one of them',
  ],
  [
    'environment',
    '{"A": "hunter2"}',
    {},
    'line 1: no `=` after a key; write KEY=value lines, not JSON',
  ],
  ['tags', 'stable, v1', {}, '`tags` line 1 is "stable, v1"; write one tag per line'],
  ['tags', 'stable v1', {}, 'write one tag per line'],
  ['tags', '1.2.0', {}, 'starts with a letter: write v1-2-0'],
  ['tags', 'Feature/One', {}, 'starts with a letter: write feature-one'],
  [
    'tags',
    '!',
    {},
    '`tags` line 1 is "!"; a tag has lower-case letters, digits, - and _, and starts with a letter',
  ],
  [
    'tags',
    '5f3c9d0b7a1e4c2d8f6a9b0c1d2e3f4a5b6c7d8e',
    {},
    'the description of the version contains it',
  ],
  ['folder-id', 'default', {}, '`folder-id` is "default", which is a name, not an id such as'],
  [
    'logs-group-id',
    'my-logs',
    {},
    '`logs-group-id` is "my-logs", which is a name, not an id such as',
  ],
  [
    'yc-sa-id',
    'deployer',
    { 'yc-iam-token': '' },
    '`yc-sa-id` is not the id of a service account, such as aje00000000000000000; `yc iam service-account list` prints names and ids',
  ],
  [
    'environment',
    '1A=hunter2',
    {},
    '`environment` line 1 does not start with a valid variable name: letters, digits and _, starting with a letter',
  ],
  [
    'environment',
    'PATH=hunter2',
    {},
    '`environment` line 1 sets PATH, which the runtime sets itself and which cannot be overridden',
  ],
  [
    'environment',
    `A=${'x'.repeat(4097)}`,
    {},
    '`environment` line 1 has a value of 4097 characters; at most 4096 are allowed',
  ],
  [
    'environment',
    'A<<E\nhunter2',
    {},
    '`environment` line 1: the block that starts here has no end',
  ],
  [
    'environment',
    `A=${'x'.repeat(4096)}`,
    {},
    '`environment` is 4097 bytes, including its names and those of `secrets`; the limit is 4096',
  ],
  [
    'environment',
    `A=${'x'.repeat(4095)}`,
    { secrets: 'B=s/v/k', 'service-account': 'a' },
    'is 4097 bytes',
  ],
  ['environment', `A=${'ж'.repeat(2048)}`, {}, 'is 4097 bytes'],
  [
    'secrets',
    'A=hunter2',
    {},
    '`secrets` line 1 is not a reference to a Lockbox secret: write ENV_VAR=',
  ],
  [
    'secrets',
    '# ok\nhunter2',
    {},
    '`secrets` line 2 is not a reference to a Lockbox secret: write ENV_VAR=',
  ],
  [
    'secrets',
    'A=s/v/k',
    {},
    '`secrets` requires `service-account` or `service-account-name`, the account that reads them',
  ],
  ['secrets', '1A=s/v/k', {}, '`secrets` line 1 does not start with a valid variable name'],
  [
    'secrets',
    'LD_LIBRARY_PATH=s/v/k',
    {},
    '`secrets` line 1 sets LD_LIBRARY_PATH, which the runtime sets',
  ],
  [
    'secrets',
    'A=s/v/k\nA=t/v/k',
    { 'service-account': 'a' },
    '`secrets` sets "A", which is set already',
  ],
  ['secrets', 'A=s/v/k', { environment: 'A=hunter2' }, '`secrets` sets "A", which is set already'],
  [
    'service-account',
    'a b',
    {},
    '`service-account` is "a b", which is not an id such as b1g0123456789abcdefg',
  ],
  ['service-account', 'x'.repeat(51), {}, '`service-account` is'],
  [
    'service-account-name',
    'Runner',
    {},
    '`service-account-name` is "Runner", which is not the name of a service account',
  ],
  [
    'service-account',
    'la-searcher-bot',
    {},
    '`service-account` is "la-searcher-bot", which is not the id of a service account; for a name write `service-account-name: la-searcher-bot`',
  ],
  ['service-account', 'runner', {}, 'for a name write `service-account-name: runner`'],
  [
    'network-id',
    'default',
    {},
    '`network-id` is "default", which is not the id of a network; for a name write `network-name: default`',
  ],
  [
    'async-sa-id',
    'queue-caller',
    { async: 'true' },
    'for a name write `async-sa-name: queue-caller`',
  ],
  [
    'async-success-sa-id',
    'queue-writer',
    { async: 'true', 'async-success-ymq-arn': 'q' },
    'for a name write `async-success-sa-name: queue-writer`',
  ],
  [
    'async-failure-sa-id',
    'queue-writer',
    { async: 'true', 'async-failure-ymq-arn': 'q' },
    'for a name write `async-failure-sa-name: queue-writer`',
  ],
  [
    'named-service-accounts',
    'a=queue-writer',
    {},
    '`named-service-accounts` line 1 has a value for "a" that is not a service account id',
  ],
  [
    'named-service-accounts',
    'a=1 2',
    {},
    '`named-service-accounts` line 1 has a value for "a" that is not a service account id; write alias=<service account id>',
  ],
  [
    'named-service-accounts',
    'a=1\na=2',
    {},
    '`named-service-accounts` line 2 repeats the key of line 1',
  ],
  ['named-service-accounts', 'a', {}, '`named-service-accounts` line 1: no `=` after a key'],
  ['network-id', '%', {}, '`network-id` is "%", which is not an id'],
  ['network-name', '-x', {}, '`network-name` is "-x", which is not the name of a network'],
  ['network-name', 'x-', {}, '`network-name` is "x-"'],
  [
    'network-name',
    'n',
    { 'network-id': 'enp1' },
    '`network-id` and `network-name` cannot be combined',
  ],
  ['tags', '$latest', {}, '`tags` line 1 is "$latest"; Yandex Cloud sets this tag itself'],
  ['tags', '1a', {}, '`tags` line 1 is "1a"'],
  [
    'tags',
    'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk',
    {},
    '`tags` has 11 tags; a function can have at most 10',
  ],
  ['concurrency', '17', {}, '`concurrency` is "17"; write a whole number from 0 to 16'],
  [
    'tmpfs-size',
    '511Mb',
    { memory: '1Gb' },
    '`tmpfs-size` is 535822336 bytes; it must be 0, or from 512Mb to three quarters of `memory`, here 768Mb',
  ],
  [
    'tmpfs-size',
    '769Mb',
    { memory: '1Gb' },
    '`tmpfs-size` is 806354944 bytes; it must be 0, or from 512Mb to three quarters of `memory`, here 768Mb',
  ],
  [
    'tmpfs-size',
    '512Mb',
    { memory: '896Mb' },
    'three quarters of `memory`, which must be at least 1024Mb',
  ],
  ['tmpfs-size', 'x', {}, '`tmpfs-size` is "x", which is not a size'],
  ['mounts', 'a', {}, '`mounts` line 1 is "a"; write <name>:<bucket>[/<prefix>][:ro]'],
  [
    'mounts',
    'a b:ccc',
    {},
    `\`mounts\` line 1 is "a b:ccc": its name is "a b"; a mount's name has 1 to 100 letters, digits, - and _`,
  ],
  ['mounts', `${'a'.repeat(101)}:ccc`, {}, '`mounts` line 1 is "aaaa'],
  [
    'mounts',
    'a:b_b/c:ro',
    {},
    `\`mounts\` line 1 is "a:b_b/c:ro": its bucket is "b_b"; a bucket's name has 3 to 63 letters, digits, dots and hyphens`,
  ],
  [
    'mounts',
    'a:bbb\na:ccc',
    {},
    '`mounts` use the name "a" more than once, `ephemeral-disk` included',
  ],
  ['mounts', 'a:bbb', { 'ephemeral-disk': 'a:1GB' }, '`mounts` use the name "a" more than once'],
  ['ephemeral-disk', 'a', {}, '`ephemeral-disk` line 1 is "a"; write <name>:<size>[:<block size>]'],
  [
    'ephemeral-disk',
    'a b:1GB',
    {},
    '`ephemeral-disk` line 1 is "a b:1GB": its name is "a b"; a mount',
  ],
  [
    'ephemeral-disk',
    'a:0',
    {},
    '`ephemeral-disk` line 1 is "a:0": its size is "0", which is 0 bytes; write 1GB (multiples of 1GB up to 100GB are allowed)',
  ],
  ['ephemeral-disk', 'a:1.5GB', {}, 'its size is "1.5GB"; write 1GB or 2GB ('],
  ['ephemeral-disk', 'a:101GB', {}, 'write 100GB ('],
  ['ephemeral-disk', 'a:10', {}, 'which is 10 bytes; write 10GB ('],
  [
    'ephemeral-disk',
    'a:1GB:x',
    {},
    'line 1 is "a:1GB:x": its block size is "x", which is not a size',
  ],
  [
    'ephemeral-disk',
    'a:1GB:3KB',
    {},
    'line 1 is "a:1GB:3KB": its block size is "3KB"; it is one of 4KB, 8KB, 16KB, 32KB, 64KB, 128KB',
  ],
  ['ephemeral-disk', 'a:1GB:256KB', {}, 'its block size is "256KB"; it is one of 4KB'],
  [
    'ephemeral-disk',
    'a:1GB\nb:1GB',
    {},
    '`ephemeral-disk` has more than one line; one disk is allowed',
  ],
  ['logs-disabled', 'yes', {}, '`logs-disabled` is "yes"; write true or false'],
  ['logs-group-id', 'a/b', {}, '`logs-group-id` is "a/b", which is not an id'],
  [
    'logs-folder-id',
    'b1g1',
    { 'logs-group-id': 'e23' },
    '`logs-group-id` and `logs-folder-id` cannot be combined',
  ],
  [
    'log-level',
    'loud',
    {},
    '`log-level` is "loud"; write one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL',
  ],
  ['async', '1', {}, '`async` is "1"; write true or false'],
  [
    'async-retries-count',
    '101',
    { async: 'true' },
    '`async-retries-count` is "101"; write a whole number from 0 to 100',
  ],
  [
    'async-sa-name',
    'a',
    { async: 'true', 'async-sa-id': 'b' },
    '`async-sa-id` and `async-sa-name` cannot be combined',
  ],
  [
    'async-success-ymq-arn',
    'yrn:q',
    { async: 'true' },
    '`async-success-ymq-arn` needs the account that writes to the queue: `async-success-sa-id` or `async-success-sa-name`',
  ],
  [
    'async-success-sa-id',
    'aje1',
    { async: 'true' },
    '`async-success-ymq-arn` is required with `async-success-sa-id` or `async-success-sa-name`',
  ],
  [
    'bucket-prefix',
    '../other/',
    { bucket: 'bucket' },
    '`bucket-prefix` is "../other/"; no part of a prefix between slashes can be `.` or `..`',
  ],
  ['bucket-prefix', 'x'.repeat(906), { bucket: 'bucket' }, '`bucket-prefix` has 906 bytes'],
  ['bucket-prefix', 'ф'.repeat(453), { bucket: 'bucket' }, '`bucket-prefix` has 906 bytes'],
  ...Array.from(':*?"<>|!').map((character): [string, string, Record<string, string>, string] => [
    'bucket-prefix',
    `a${character}b/`,
    { bucket: 'bucket' },
    `\`bucket-prefix\` contains ${JSON.stringify(character)}`,
  ]),
  ['async-failure-sa-name', 'w', { async: 'true' }, '`async-failure-ymq-arn` is required'],
  [
    'async-failure-sa-name',
    'W',
    { async: 'true', 'async-failure-ymq-arn': 'q' },
    '`async-failure-sa-name` is "W", which is not the name',
  ],
  ['metadata-gce', 'enabled', {}, '`metadata-gce` is "enabled"; write true or false'],
  ['metadata-aws-v1', '0', {}, '`metadata-aws-v1` is "0"; write true or false'],
  ['dry-run', 'yes', {}, '`dry-run` is "yes"; write true or false'],
  ['skip-unchanged', '1', {}, '`skip-unchanged` is "1"; write true or false'],
  ['reuse-code', 'on', {}, '`reuse-code` is "on"; write true or false'],
  ['wait', 'no', {}, '`wait` is "no"; write true or false'],
  ['create-function', 'maybe', {}, '`create-function` is "maybe"; write true or false'],
  ['function-id', 'a b', {}, '`function-id` is "a b", which is not an id'],
  ['function-id', '..', {}, '`function-id` is "..", which is not an id'],
  ['function-id', '../../other-bucket/x', {}, '`function-id` is "../../other-bucket/x"'],
  ['function-id', '', {}, 'no function: set `function-id`, or `folder-id` with `function-name`'],
  ['function-name', 'hello', {}, '`function-id` and `function-name` cannot be combined'],
  [
    'function-name',
    'hello',
    { 'function-id': '' },
    '`folder-id` is required with `function-name` (a variable that is not set arrives empty)',
  ],
  [
    'function-name',
    'he',
    { 'function-id': '', 'folder-id': 'b' },
    '`function-name` is "he"; a name has 3 to 63 lower-case letters',
  ],
  ['function-name', 'Hello', { 'function-id': '', 'folder-id': 'b' }, '`function-name` is "Hello"'],
  [
    'function-name',
    'hello-',
    { 'function-id': '', 'folder-id': 'b' },
    '`function-name` is "hello-"',
  ],
  [
    'function-name',
    `a${'b'.repeat(63)}`,
    { 'function-id': '', 'folder-id': 'b' },
    '`function-name` is',
  ],
  ['folder-id', 'my folder', {}, '`folder-id` is "my folder", which is not an id'],
  ['function-description', 'x'.repeat(601), {}, '`function-description` has 601 characters'],
  [
    'function-labels',
    'A=b',
    {},
    '`function-labels` line 1 is "A=b"; keys and values have at most 63 of',
  ],
  ['function-labels', 'a=B', {}, '`function-labels` line 1 is "a=B"'],
  ['function-labels', `a=${'b'.repeat(64)}`, {}, '`function-labels` line 1 is'],
  [
    'function-labels',
    Array.from({ length: 65 }, (_, i) => `k${i}=v`).join('\n'),
    {},
    '`function-labels` has 65 labels; at most 64 are allowed',
  ],
  [
    'include',
    'src',
    { package: 'x.zip' },
    '`include` has no effect with `package`: set one or the other',
  ],
  [
    'exclude',
    'src',
    { 'source-version-id': 'd4e1' },
    '`exclude` has no effect with `source-version-id`: set one or the other',
  ],
  ['source-root', 'src', { package: 'x.zip' }, '`source-root` has no effect with `package`'],
  [
    'package',
    'x.zip',
    { 'source-version-id': 'd4e1' },
    '`package` and `source-version-id` cannot be combined',
  ],
  ['source-version-id', '/', {}, '`source-version-id` is "/", which is not an id'],
  ['bucket', 'bb', {}, '`bucket` is "bb"; a bucket\'s name has 3 to 63'],
  ['bucket', 'b/b', {}, '`bucket` is "b/b"'],
  [
    'bucket',
    'bbb',
    { 'source-version-id': 'd4e1' },
    '`bucket` has no effect with `source-version-id`, which sends no package',
  ],
  ['bucket-prefix', 'p', {}, '`bucket-prefix` has no effect without `bucket`'],
  [
    'yc-iam-token',
    '',
    {},
    'no credential: set one of `yc-sa-json-credentials`, `yc-iam-token`, `yc-sa-id` and `yc-instance-metadata`',
  ],
  [
    'yc-iam-token',
    'hunter2 hunter2',
    {},
    '`yc-iam-token` contains spaces, line breaks or other characters that a token cannot contain',
  ],
  ...(['y0_hunter2', 'y3_hunter2'] as const).map((value): (typeof BAD)[number] => [
    'yc-iam-token',
    value,
    {},
    '`yc-iam-token` is an OAuth token, not an IAM token: use the output of `yc iam create-token`',
  ]),
  ['yc-iam-token', 'AQVNhunter2', {}, '`yc-iam-token` is an API key, not an IAM token'],
  [
    'yc-iam-token',
    '{"private_key":"hunter2"}',
    {},
    '`yc-iam-token` is JSON, not an IAM token: put an authorized key into `yc-sa-json-credentials`',
  ],
  ['yc-iam-token', 'hunter2\u0007', {}, '`yc-iam-token` contains spaces'],
  ['comment', 'yes', {}, '`comment` is "yes"; write true or false'],
  ['github-token', 'hunter2 x', { comment: 'true' }, '`github-token` contains spaces'],
  ['check', 'yes', {}, '`check` is "yes"; write true or false'],
  ['check', 'true', { wait: 'false' }, '`check` cannot be combined with `wait: false`'],
  ['check-tag', '$latest', CHECK, '`check-tag` is "$latest"; Yandex Cloud sets this tag itself'],
  [
    'check-tag',
    'stable',
    { ...CHECK, tags: 'v1\nstable' },
    '`check-tag` "stable" is one of `tags`',
  ],
  ['check-query', 'a=1&tag=x', CHECK, '`check-query` sets `tag`; write the tag into `check-tag`'],
  ['check-query', '?integration=raw', CHECK, '`check-query` sets `integration`; use `check-raw`'],
  ['check-body', 'x'.repeat(3_670_017), CHECK, '`check-body` has 3670017 bytes; a call'],
  ['check-contains', 'é'.repeat(1_835_009), CHECK, '`check-contains` has 3670018 bytes'],
  ['check-raw', 'on', CHECK, '`check-raw` is "on"; write true or false'],
  ...['99', '600', '299-200', '200-', 'ok'].map((value): (typeof BAD)[number] => [
    'check-status',
    value,
    CHECK,
    `\`check-status\` has "${value}"; write statuses such as 200`,
  ]),
  ['check-status', '200, 4XX', CHECK, '`check-status` has "4XX"; write 400-499'],
  ['check-status', ',', CHECK, '`check-status` has no status'],
  ['check-timeout', '0', CHECK, '`check-timeout` is "0"; write a duration from 1s to 1h'],
  ['check-timeout', '61m', CHECK, '`check-timeout` is "61m"; write a duration from 1s to 1h'],
  ['check-attempts', '0', CHECK, '`check-attempts` is "0"; write a whole number from 1 to 100'],
  ['restore-latest', 'never', CHECK, '`restore-latest` is "never"; write true or false'],
  ['previous-tag', 'Old', { tags: 'stable' }, '`previous-tag` is "Old"; a tag has'],
  ['previous-tag', 'stable', { tags: 'stable' }, '`previous-tag` "stable" is one of `tags`'],
  [
    'previous-tag',
    'candidate',
    { tags: 'stable', ...CHECK },
    '`previous-tag` "candidate" is `check-tag` too',
  ],
  [
    'previous-tag',
    'previous',
    { tags: 'stable', wait: 'false' },
    '`previous-tag` cannot be combined with `wait: false`',
  ],
  [
    'tags',
    'a\nb\nc\nd\ne\nf\ng\nh\ni',
    { 'previous-tag': 'previous', ...CHECK },
    '`tags` with `check-tag` and `previous-tag` are 11 tags; a function can have at most 10',
  ],
  ['public', 'yes', {}, '`public` is "yes"; write true or false'],
  ...['-1', '1.5', '1e3', 'two', '9007199254740992'].map((value): (typeof BAD)[number] => [
    'zone-instances-limit',
    value,
    {},
    `\`zone-instances-limit\` is "${value}"; write a whole number, such as 3; 0 removes the setting`,
  ]),
  ['zone-requests-limit', '0x1', {}, '`zone-requests-limit` is "0x1"; write a whole number'],
  [
    'provisioned-instances',
    '1',
    { wait: 'false' },
    '`provisioned-instances` cannot be combined with `wait: false`',
  ],
  ['yc-sa-id', 'aje1', {}, '`yc-iam-token` and `yc-sa-id` cannot be combined: set one'],
  [
    'yc-instance-metadata',
    'true',
    { 'yc-sa-id': 'aje1' },
    '`yc-iam-token`, `yc-sa-id` and `yc-instance-metadata` cannot be combined',
  ],
  ['yc-instance-metadata', 'on', {}, '`yc-instance-metadata` is "on"; write true or false'],
  [
    'yc-sa-id',
    '{"private_key":"hunter2"}',
    { 'yc-iam-token': '' },
    '`yc-sa-id` is not the id of a service account, such as aje00000000000000000',
  ],
  ['oidc-audience', 'x', {}, '`oidc-audience` has no effect without `yc-sa-id`'],
  [
    'token-exchange-url',
    'auth.example',
    {},
    '`token-exchange-url` is "auth.example", which is not an https:// URL',
  ],
  [
    'token-exchange-url',
    'http://auth.example/',
    {},
    '`token-exchange-url` is "http://auth.example/"; http:// is accepted only for a loopback address',
  ],
  [
    'token-exchange-url',
    'http://u:hunter2@auth.example/',
    {},
    '`token-exchange-url` contains an @: a user name or a password in a URL is not supported',
  ],
  ['token-exchange-url', 'https://u:hunter2@ :1', {}, '`token-exchange-url` contains an @'],
  ['token-exchange-url', 'ftp://127.0.0.1/', {}, 'which is not an https:// URL'],
  ['api-endpoint', 'u:hunter2@api.example', {}, '`api-endpoint` contains an @'],
  [
    'api-endpoint',
    'api.example/path',
    {},
    '`api-endpoint` is "api.example/path"; write host:port without a path',
  ],
  ['api-endpoint', 'api.example?x', {}, 'write host:port without a path'],
  ['api-endpoint', 'https://api.example/#x', {}, 'write host:port without a path'],
  ['api-endpoint', 'http://api.example', {}, 'http:// is accepted only for a loopback address'],
  ['api-endpoint', ':', {}, 'which is not an https:// URL'],
]

test('what a fork gets no variables for is a warning in a dry run without a credential', () => {
  const fork = {
    'dry-run': 'true',
    'yc-iam-token': '',
    'folder-id': '',
    'function-id': '',
    'function-name': 'hello',
    'bucket-prefix': 'packages/',
    secrets: 'A=db/latest/password',
    async: 'true',
    'async-success-sa-id': 'aje0000000000example',
    'oidc-audience': 'mine',
  }
  expect(inputsOf(fork).warnings).toEqual([
    '`folder-id` is required with `function-name` (a variable that is not set arrives empty)',
    '`bucket-prefix` has no effect without `bucket`',
    '`async-success-ymq-arn` is required with `async-success-sa-id` or `async-success-sa-name`',
    '`secrets` requires `service-account` or `service-account-name`, the account that reads them',
  ])
  expect(inputsOf({ ...fork, 'function-name': '' }).warnings[0]).toMatch(/^no function: /)
  expect(problemsOf({ ...fork, memory: 'x' })).toHaveLength(1)
  expect(problemsOf({ ...fork, 'yc-iam-token': 't1.x' })).toHaveLength(5)
  expect(problemsOf({ ...fork, 'yc-sa-json-credentials': '{' })).toHaveLength(6)
  expect(problemsOf({ ...fork, 'dry-run': 'false' }).length).toBeGreaterThan(5)
})

test('no credential is no problem in a dry run, which then compares with nothing', () => {
  const given = { 'dry-run': 'true', 'yc-iam-token': '', 'oidc-audience': 'mine' }
  expect(inputsOf(given).credentials).toBeUndefined()
  expect(problemsOf({ ...given, 'yc-sa-id': 'aje1', 'yc-instance-metadata': 'true' })).toEqual([
    expect.stringContaining('cannot be combined'),
  ])
})

describe('a bad input', () => {
  test.each(BAD)('%s: %j with %j', (input, value, more, told) => {
    const problems = problemsOf({ ...more, [input]: value })
    expect(problems.filter((line) => line.includes(told))).toHaveLength(1)
    expect(problems.join('\n')).not.toContain('hunter2')
  })

  test.each(INPUT_NAMES)('is among these lines for %s', (name) => {
    expect(BAD.filter(([input]) => input === name)).not.toEqual([])
  })
})

describe('values of an environment that lost its lines', () => {
  test('are not echoed, though they look like keys', () => {
    const [, ...lines] = keyFile().private_key?.split('\n') ?? []
    const broken = `KEY=${lines.slice(0, -2).join('\n')}\nMIIsecretsecretsecret==\nMIIsecretsecretsecret==`
    const told = problemsOf({ environment: broken }).join('\n')
    for (const line of lines.slice(1, -2)) expect(told).not.toContain(line)
    expect(told).not.toContain('MIIsecret')
    expect(told).toMatch(/`environment` line \d+ repeats the key of line \d+/)
  })
})

describe('warnings', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'mounts without an account',
      { mounts: 'a:bbb' },
      '`mounts` are read by the account that the function runs as',
    ],
    ...['python312', 'php82', 'dotnet8', 'r43'].map(
      (runtime): [string, Record<string, string>, string] => [
        `several calls at once with ${runtime}`,
        { concurrency: '2', runtime },
        `\`concurrency\` has no effect with the runtime "${runtime}"`,
      ],
    ),
    ...[{ 'logs-group-id': 'e23' }, { 'logs-folder-id': 'b1g1' }, { 'log-level': 'warn' }].map(
      (given): [string, Record<string, string>, string] => [
        `${Object.keys(given).join()} while logs are off`,
        { 'logs-disabled': 'true', ...given },
        'the other `log…` inputs have no effect while `logs-disabled` is true',
      ],
    ),
    ['async inputs while async is off', { 'async-sa-id': 'a' }, 'no effect unless `async` is true'],
    [
      'a queue while async is off',
      { 'async-success-ymq-arn': 'q', 'async-success-sa-id': 'a' },
      'no effect unless',
    ],
    ...(
      [
        ['check-tag', 'next'],
        ['check-query', 'a=1'],
        ['check-body', '{}'],
        ['check-raw', 'true'],
        ['check-status', '200'],
        ['check-contains', 'ok'],
        ['check-timeout', '5s'],
        ['check-attempts', '1'],
        ['restore-latest', 'false'],
      ] as const
    ).map(([name, value]): [string, Record<string, string>, string] => [
      `${name} without a check`,
      { [name]: value },
      `\`${name}\` has no effect unless \`check\` is true`,
    ]),
    [
      'two inputs of a check without it',
      { check: 'false', 'check-body': 'x', 'check-contains': 'y' },
      '`check-body` and `check-contains` have no effect unless `check` is true',
    ],
    [
      'a previous tag without tags',
      { 'previous-tag': 'previous' },
      '`previous-tag` has no effect without `tags`',
    ],
    [
      'another queue while async is off',
      { 'async-failure-ymq-arn': 'q', 'async-failure-sa-id': 'a' },
      'no effect unless',
    ],
    [
      'a misspelt input',
      { function_labels: 'a=b' },
      '"function_labels" is not an input of this action; did you mean `function-labels`?',
    ],
    [
      'an input with a word before it',
      { 'revision-memory': '256Mb' },
      '"revision-memory" is not an input of this action; did you mean `memory`?',
    ],
    [
      'the longest input that it may end with',
      { 'revision-service-account-name': 'x' },
      'did you mean `service-account-name`?',
    ],
    ['an unknown input', { zzzzzzzz: '' }, '"zzzzzzzz" is not an input of this action'],
    ['a misspelt input that is off', { dry_run: 'false' }, 'did you mean `dry-run`?'],
  ])('do not stop the step: %s', (_, given, told) => {
    const { warnings } = inputsOf(given)
    expect(warnings).toEqual([expect.stringContaining(told)])
  })

  test.each<Record<string, string>>([
    { mounts: 'a:bbb', secrets: 'A=s/latest/k', 'service-account': 'aje1' },
    { mounts: 'a:bbb', secrets: 'A=s/latest/k', 'service-account-name': 'runner' },
    { concurrency: '1', runtime: 'python312' },
    { concurrency: '0', runtime: 'python312' },
    { concurrency: '2', runtime: 'golang123' },
    { concurrency: '2', runtime: 'rust1' },
    { 'logs-disabled': 'true' },
    { 'logs-disabled': 'false', 'log-level': 'warn' },
  ])('are not about what has its effect: %j', (given) => {
    expect(inputsOf(given).warnings).toEqual([])
  })

  test.each([
    [{ dry_run: 'true' }, '"dry_run" is not an input of this action; did you mean `dry-run`?'],
    [{ chek: 'true' }, '"chek" is not an input of this action; did you mean `check`?'],
  ])('are problems where the step would do more than it says: %j', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem])
  })

  test('of misspelt inputs stand with the problems when there are any', () => {
    expect(problemsOf({ runtime: '', runtme: 'x' })).toEqual([
      '`runtime` is required (a variable that is not set arrives empty)',
      '"runtme" is not an input of this action; did you mean `runtime`?',
    ])
  })
})
