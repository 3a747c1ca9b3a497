/** The roles of a step: what its inputs need and nothing more, each with the command that gives it. */

import { describe, expect, test } from '@jest/globals'
import { ROLES, rolesOf } from '../../../../src/deploy/roles/roles.ts'
import { keyFile } from '../../../support/fakes.ts'
import { EVERY_INPUT, inputsOf } from '../../../support/inputs.ts'

const commands = (given: Record<string, string>, folder = 'b1gown'): readonly string[] =>
  rolesOf(inputsOf({ 'yc-iam-token': '', 'yc-sa-id': 'aje0', ...given }), folder).map(
    ({ command }) => command,
  )

const EDITOR =
  'yc resource-manager folder add-access-binding b1gown --role functions.editor --subject serviceAccount:aje0'
const DEPLOYER = '--subject serviceAccount:aje0'
const OWN_ACCOUNT = { 'service-account': 'aje1' }
const USER = `yc iam service-account add-access-binding --id aje1 --role iam.serviceAccounts.user ${DEPLOYER}`

describe('a step with the required inputs alone', () => {
  test('needs one role', () => {
    expect(commands({})).toEqual([EDITOR])
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'a key',
      { 'yc-sa-id': '', 'yc-sa-json-credentials': JSON.stringify(keyFile()) },
      'serviceAccount:aje00000000000000000',
    ],
    ['a token', { 'yc-sa-id': '', 'yc-iam-token': 't1.x' }, 'serviceAccount:$DEPLOYER_ID'],
    [
      'a machine',
      { 'yc-sa-id': '', 'yc-instance-metadata': 'true' },
      'serviceAccount:$DEPLOYER_ID',
    ],
  ])('names the account that deploys as far as %s tells it', (_, given, subject) => {
    expect(commands(given)).toEqual([expect.stringContaining(`--subject ${subject}`)])
  })
})

describe('an input', () => {
  test.each<[string, Record<string, string>, readonly string[]]>([
    ['an account by id', OWN_ACCOUNT, [USER]],
    [
      'an account by name',
      { 'service-account-name': 'runner' },
      [
        `yc iam service-account add-access-binding --name runner --folder-id b1gown --role iam.serviceAccounts.user ${DEPLOYER}`,
      ],
    ],
    ['an account by both', { ...OWN_ACCOUNT, 'service-account-name': 'runner' }, [USER]],
    [
      'a named account that is the own one',
      { ...OWN_ACCOUNT, 'named-service-accounts': 'a=aje1' },
      [USER],
    ],
    [
      'a network',
      { 'network-id': 'enp1' },
      [`yc resource-manager folder add-access-binding b1gown --role vpc.user ${DEPLOYER}`],
    ],
    [
      'a network in another folder',
      { 'network-name': 'default', 'folder-id': 'b1gother' },
      [`yc resource-manager folder add-access-binding b1gother --role vpc.user ${DEPLOYER}`],
    ],
    [
      'a bucket',
      { bucket: 'packages' },
      [`yc resource-manager folder add-access-binding b1gown --role storage.uploader ${DEPLOYER}`],
    ],
    [
      'a bucket and an account',
      { bucket: 'packages', ...OWN_ACCOUNT },
      [
        USER,
        `yc resource-manager folder add-access-binding b1gown --role storage.uploader ${DEPLOYER}`,
        'yc resource-manager folder add-access-binding b1gown --role storage.viewer --subject serviceAccount:aje1',
      ],
    ],
    [
      'a secret',
      { secrets: 'A=database/latest/a\nB=database/latest/b', ...OWN_ACCOUNT },
      [
        USER,
        `yc lockbox secret add-access-binding --name database --folder-id b1gown --role lockbox.viewer ${DEPLOYER}`,
        'yc lockbox secret add-access-binding --name database --folder-id b1gown --role lockbox.payloadViewer --subject serviceAccount:aje1',
      ],
    ],
    [
      'a secret by id, for an account by name',
      { secrets: 'A=e6q00000000000000000/latest/a', 'service-account-name': 'runner' },
      [
        `yc iam service-account add-access-binding --name runner --folder-id b1gown --role iam.serviceAccounts.user ${DEPLOYER}`,
        `yc lockbox secret add-access-binding --id e6q00000000000000000 --role lockbox.viewer ${DEPLOYER}`,
        'yc lockbox secret add-access-binding --id e6q00000000000000000 --role lockbox.payloadViewer --service-account-name runner',
      ],
    ],
    [
      'mounts',
      { mounts: 'a:bbb:ro\nc:ddd', ...OWN_ACCOUNT },
      [
        USER,
        'yc resource-manager folder add-access-binding b1gown --role storage.viewer --subject serviceAccount:aje1',
        'yc resource-manager folder add-access-binding b1gown --role storage.uploader --subject serviceAccount:aje1',
      ],
    ],
    [
      'asynchronous calls by the own account',
      { async: 'true', ...OWN_ACCOUNT },
      [
        USER,
        'yc serverless function add-access-binding --id d4e00000000000000001 --role functions.functionInvoker --subject serviceAccount:aje1',
      ],
    ],
    [
      'a check',
      { check: 'true' },
      [
        `yc serverless function add-access-binding --id d4e00000000000000001 --role functions.functionInvoker ${DEPLOYER}`,
      ],
    ],
    ...['true', 'false'].map((value): [string, Record<string, string>, readonly string[]] => [
      `public access that is ${value}`,
      { public: value },
      [
        `yc serverless function add-access-binding --id d4e00000000000000001 --role functions.admin ${DEPLOYER}`,
      ],
    ]),
    [
      'asynchronous calls with a queue',
      { async: 'true', 'async-failure-ymq-arn': 'q', 'async-failure-sa-id': 'aje1' },
      [
        USER,
        'yc resource-manager folder add-access-binding b1gown --role ymq.writer --subject serviceAccount:aje1',
      ],
    ],
  ])('needs its roles beside the first one: %s', (_, given, needed) => {
    expect(commands(given)).toEqual([EDITOR, ...needed])
  })

  test('for a function by name has that name in the command', () => {
    const given = { 'function-id': '', 'folder-id': 'b1gown', 'function-name': 'hello' }
    expect(commands({ ...given, async: 'true', ...OWN_ACCOUNT })).toContain(
      'yc serverless function add-access-binding --name hello --folder-id b1gown --role functions.functionInvoker --subject serviceAccount:aje1',
    )
  })

  test('with something for a shell in it is not put into a command', () => {
    const told = commands({ secrets: 'A=$(touch x);`y`/latest/a', ...OWN_ACCOUNT }).join()
    expect(told).toContain("--name '<secret>'")
    expect(told).not.toContain('touch')
  })
})

test('every role of the table is needed by a step with every input', () => {
  const given = { ...EVERY_INPUT, bucket: 'packages', check: 'true', public: 'true' }
  const needed = new Set(rolesOf(inputsOf(given), 'b1gown').map(({ role }) => role))
  expect(needed).toEqual(new Set(ROLES.map(({ role }) => role)))
})
