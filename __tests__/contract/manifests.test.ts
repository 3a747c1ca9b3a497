/** A runner can load every action and every workflow of the repository. */

import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import {
  expressionPaths,
  manifestErrors,
  MANIFESTS,
  textOf,
  WORKFLOWS,
  workflowErrors,
} from '../support/manifests.ts'

const NODE_ACTION = "runs: {using: node24, main: 'index.js'}"

/** Where a runner evaluates an expression of a manifest; in any other place it is an error. */
const ALLOWED = /^(inputs\.[^.]+\.default|outputs\.[^.]+\.value|runs\.steps\..+)$/

function strayExpressions(manifest: string): string[] {
  return expressionPaths(manifest).filter((path) => !ALLOWED.test(path))
}

describe('the manifests of actions', () => {
  test('are found, that of the root first of all', () => {
    expect(MANIFESTS).toContain('action.yml')
  })

  test.each(MANIFESTS)("%s is accepted by GitHub's own parser", (file) => {
    expect(manifestErrors(textOf(file))).toEqual([])
  })

  test.each(MANIFESTS)('%s has expressions only where a runner evaluates them', (file) => {
    expect(strayExpressions(textOf(file))).toEqual([])
  })

  test.each(MANIFESTS)('%s gives values to outputs only where its steps make them', (file) => {
    const { outputs = {}, runs } = parse(textOf(file)) as {
      outputs?: Record<string, { value?: string }>
      runs: { using: string }
    }
    const valued = Object.values(outputs).filter(({ value }) => value !== undefined)
    expect(valued).toHaveLength(runs.using === 'composite' ? Object.keys(outputs).length : 0)
  })
})

describe.each(WORKFLOWS)('%s', (file) => {
  test("is accepted by GitHub's own parser", () => {
    expect(workflowErrors(textOf(file))).toEqual([])
  })
})

describe('what the checks refuse', () => {
  test.each([
    ['the description of an input', 'inputs: {a: {description: "${{ secrets.KEY }}"}}'],
    ['the description of an output', 'outputs: {a: {description: "${{ steps.a.outputs.b }}"}}'],
    ['a message for those who use an old input', 'inputs: {a: {deprecationMessage: "${{ 1 }}"}}'],
    ['the name of an input', 'inputs: {"${{ github.job }}": {description: A}}'],
  ])('is an expression in %s', (_, part) => {
    const manifest = `name: A\ndescription: A\n${part}\n${NODE_ACTION}\n`
    expect(strayExpressions(manifest)).toHaveLength(1)
  })

  test('is what no runner loads: a context that is not there', () => {
    const manifest = `name: A\ndescription: \${{ secrets.KEY }}\n${NODE_ACTION}\n`
    expect(manifestErrors(manifest)).toEqual([
      expect.stringContaining("Unrecognized named-value: 'secrets'"),
    ])
  })

  test('is a workflow with an unknown field', () => {
    const workflow = 'on: push\njobs: {a: {runs-on: x, step: []}}\n'
    expect(workflowErrors(workflow)).not.toEqual([])
  })
})
