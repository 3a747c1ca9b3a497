/** Reads a log as the GitHub runner does: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */

/** A workflow command in a log. */
export interface Command {
  readonly name: string
  readonly data: string
}

/** Every command that the runner knows. */
const COMMANDS = [
  ...['set-env', 'set-output', 'save-state', 'add-path', 'add-mask', 'add-matcher'],
  ...['remove-matcher', 'debug', 'warning', 'error', 'notice', 'group', 'endgroup', 'echo'],
  ...['stop-commands', 'internal-set-repo-path'],
]

/** The commands of a log, line by line, in both of the forms that the runner takes. */
export function readCommands(log: string): readonly Command[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, properties = '', data = ''] =
      /^\s*::(.+?)::(.*)$/s.exec(line) ?? /##\[(.+?)\](.*)$/s.exec(line) ?? []
    const name = properties.split(' ')[0]?.toLowerCase() ?? ''
    return COMMANDS.includes(name) ? [{ name, data }] : []
  })
}
