/** The process that one invocation runs in: loads the handler, calls it, and sends back what came of it. */
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

/** @param {{ directory: string, files: string[], entrypoint: string, event: unknown, context: Record<string, unknown> }} task */
async function run({ directory, files, entrypoint, event, context }) {
  const dot = entrypoint.lastIndexOf('.')
  const [path, name] = [entrypoint.slice(0, dot), entrypoint.slice(dot + 1)]
  const file = [`${path}.js`, `${path}.mjs`, `${path}.cjs`].find((f) => files.includes(f))
  if (!file) throw new Error(`Cannot find module '${path}'`)
  const module = await import(pathToFileURL(join(directory, file)).href)
  const handler = module[name] ?? module.default?.[name]
  if (typeof handler !== 'function')
    throw new TypeError(`Handler ${name} is not a function in ${file}`)
  const deadline = Number(context.deadlineMs)
  return handler(event, {
    ...context,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    getPayload: () => event,
  })
}

/** The code is here, and elsewhere in the service. */
const HERE = process.cwd()
const THERE = '/function/code'

/**
 * An error as the service shows it, which has no frames of this file.
 * @param {unknown} error
 */
function describe(error) {
  const message = error?.message === undefined ? String(error) : String(error.message)
  const stack = String(error?.stack ?? '').split('\n')
  return {
    errorMessage: message,
    errorType: error?.name ?? typeof error,
    stackTrace: stack
      .slice(1)
      .filter((line) => !line.includes(import.meta.url))
      .map((line) => frame(line.replaceAll(HERE, THERE).replaceAll('\\', '/'))),
  }
}

/** @param {string} line */
function frame(line) {
  const [, name = '<anonymous>', file, row, column] =
    /^\s*at (?:(.+?) \()?(.+?):(\d+):(\d+)\)?$/.exec(line) ?? []
  if (file === undefined) return { line: line.trim() }
  return { function: name, file, line: Number(row), column: Number(column) }
}

/** @param {object} message */
function finish(message) {
  // The parent ends this process once it has the message: an exit here, with nothing left to do, could overtake it.
  process.channel?.ref()
  process.send?.(message)
}

process.on('uncaughtException', (error) => {
  finish({ error: describe(error) })
})
process.once('message', (task) => {
  run(task).then(
    (result) => {
      finish({ result })
    },
    (error) => {
      finish({ error: describe(error) })
    },
  )
})
