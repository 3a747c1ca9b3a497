/** The manifests of the actions beside the one that deploys: what the code knows, and what a runner loads. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { namesModule } from '../../scripts/readme.ts'
import { ROOT } from '../support/examples.ts'

interface Field {
  readonly description?: string
  readonly default?: string
  readonly required?: boolean
}

interface Action {
  readonly name: string
  readonly description: string
  readonly branding?: object
  readonly inputs: Record<string, Field>
  readonly outputs: Record<string, Field>
  readonly runs: { readonly using: string; readonly main: string }
}

const textOf = (folder: string) => readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')
const read = (folder: string) => parse(textOf(folder)) as Action
const main = read('.')

/** Inputs that every action has. */
const COMMON = [
  ...['yc-sa-json-credentials', 'yc-iam-token', 'yc-sa-id', 'oidc-audience'],
  ...['yc-instance-metadata', 'function-id', 'folder-id', 'function-name', 'dry-run'],
  ...['wait-timeout', 'api-endpoint', 'token-exchange-url'],
]
/** Those that mean the same in every action, word for word. */
const SAME = COMMON.filter(
  (name) => !['folder-id', 'function-name', 'dry-run', 'wait-timeout'].includes(name),
)

describe.each([
  [
    'rollback',
    ['tags', 'version-id'],
    ['function-id', 'function-url', 'version-id', 'previous-version-id'],
  ],
  ['cleanup', ['remove-tags', 'delete-function'], ['function-id', 'removed-tags', 'deleted']],
])('%s/action.yml', (folder, own, outputs) => {
  const action = read(folder)

  test('declares the inputs and outputs of its contract, and no others', () => {
    expect(Object.keys(action.inputs).sort()).toEqual([...COMMON, ...own].sort())
    expect(Object.keys(action.outputs)).toEqual(outputs)
  })

  test('declares what the code knows', () => {
    const names = readFileSync(join(ROOT, 'src', folder, 'names.ts'), 'utf8')
    const words = (module: string) => module.match(/'[a-z-]+'/g)
    expect(words(names)).toEqual(words(namesModule(textOf(folder))))
  })

  test.each(SAME)('has %s as the action that deploys has it', (name) => {
    expect(action.inputs[name]).toEqual(main.inputs[name])
  })

  test('requires no input, since each has another that can take its place', () => {
    expect(Object.values(action.inputs).filter(({ required }) => required)).toEqual([])
  })

  test.each([...Object.entries(action.inputs), ...Object.entries(action.outputs)])(
    'describes %s',
    (_, { description }) => {
      expect(description).toMatch(/^[A-Z`].*\w/)
    },
  )

  test('runs the committed bundle on the Node.js of the runner', () => {
    expect(action.runs).toEqual({ using: 'node24', main: `../dist/${folder}/index.js` })
    expect(existsSync(join(ROOT, folder, action.runs.main))).toBe(true)
  })

  test('is no entry of its own on the Marketplace, which takes one manifest of a repository', () => {
    expect(action.branding).toBeUndefined()
    expect(action.name).not.toBe(main.name)
  })
})
