/** action.yml declares what the code knows, and what GitHub and the Marketplace need. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { namesModule } from '../../scripts/docs/names.ts'
import { ROOT } from '../support/examples.ts'

const REQUIRED = ['runtime', 'entrypoint']

interface Field {
  readonly description?: string
  readonly default?: string
  readonly required?: boolean
}

interface Action {
  readonly name: string
  readonly description: string
  readonly branding: Record<string, string>
  readonly inputs: Record<string, Field>
  readonly outputs: Record<string, Field>
  readonly runs: Record<string, string>
}

const text = readFileSync(join(ROOT, 'action.yml'), 'utf8')
const action = parse(text) as Action
const fields = [...Object.entries(action.inputs), ...Object.entries(action.outputs)]

describe('action.yml', () => {
  test('declares the inputs and outputs that the code knows, and no others', () => {
    expect(namesModule(text)).toBe(readFileSync(join(ROOT, 'src/inputs/names.ts'), 'utf8'))
  })

  test('requires only what every deployment needs', () => {
    const required = Object.entries(action.inputs).filter(([, { required }]) => required === true)
    expect(required.map(([name]) => name)).toEqual(REQUIRED)
  })

  test.each(fields)('describes %s', (_, { description }) => {
    expect(description).toMatch(/^[A-Z`].*\w/)
  })

  test('runs the committed bundle on the Node.js of the runner', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
  })

  test('has what the Marketplace asks for', () => {
    expect(action.name).toBe('Deploy Yandex Cloud Function')
    // The Marketplace takes no longer description.
    expect(action.description.length).toBeLessThanOrEqual(125)
    expect(Object.keys(action.branding)).toEqual(['icon', 'color'])
  })
})
