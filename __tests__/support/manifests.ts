/** Finds the repository's actions and workflows, and reads them as GitHub's runner does. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { parseAction } from '@actions/workflow-parser/actions/index'
import { parse } from 'yaml'
import { ROOT } from './examples.ts'

/** Paths of every manifest of an action, at any depth, whether committed yet or not. */
export const MANIFESTS = tracked(/(^|\/)action\.ya?ml$/)

/** Paths of every workflow. */
export const WORKFLOWS = tracked(/^\.github\/workflows\/[^/]+\.ya?ml$/)

/** What a file of the repository says. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** What GitHub's own parser finds wrong with a manifest. */
export function manifestErrors(content: string): string[] {
  const { context } = parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map(({ message }) => message)
}

/** What GitHub's own parser finds wrong with a workflow. */
export function workflowErrors(content: string): string[] {
  const { context } = parseWorkflow({ name: 'workflow.yml', content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map(({ message }) => message)
}

/** Where expressions stand in a YAML text, keys included: `inputs.token.default`. */
export function expressionPaths(content: string): string[] {
  return pathsIn(parse(content), [])
}

function pathsIn(value: unknown, path: readonly string[]): string[] {
  if (typeof value === 'string') return value.includes('${{') ? [path.join('.')] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => [
    ...pathsIn(key, [...path, 'a key']),
    ...pathsIn(child, [...path, key]),
  ])
}

function tracked(pattern: RegExp): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return list.split('\n').filter((file) => pattern.test(file))
}
