// SPDX-License-Identifier: Apache-2.0
/** Loaded before a program: prints what its command line is made of, at the moment it would read it, and ends. */
import { Command } from 'commander'
import type { Described } from './describe.ts'

function described(command: Command): Described {
  const help = command.createHelp()
  return {
    name: command.name(),
    about: command.description(),
    words: command.registeredArguments.map(each => {
      const name = `${each.name()}${each.variadic ? '...' : ''}`
      return { spelled: each.required ? `<${name}>` : `[${name}]`, about: each.description }
    }),
    options: help
      .visibleOptions(command)
      .filter(({ long }) => long !== '--help')
      .map(option => ({ flags: option.flags, about: help.optionDescription(option) })),
    after: after(command),
    commands: help
      .visibleCommands(command)
      .filter(each => each.name() !== 'help')
      .map(described),
  }
}

/** What stands below the usual help, such as examples. */
function after(command: Command): string {
  let printed = ''
  const { writeOut } = command.configureOutput()
  command.configureOutput({
    writeOut: text => {
      printed += text
    },
  })
  const usual = command.helpInformation()
  command.outputHelp()
  command.configureOutput(writeOut === undefined ? {} : { writeOut })
  return printed.startsWith(usual) ? printed.slice(usual.length) : ''
}

function tell(this: Command): never {
  process.stdout.write(JSON.stringify(described(this)))
  process.exit(0)
}

Command.prototype.parse = tell
Command.prototype.parseAsync = tell
