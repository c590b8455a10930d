// SPDX-License-Identifier: Apache-2.0
/** The command line of the agent; the only importer of commander in the agent. */
import { Command, CommanderError, Option } from 'commander'
import { DEFAULT_CONFIG_PATH } from '../config.ts'
import { VERSION } from '../version.ts'
import { SERVICE_USER } from './state-owner.ts'
import type { Terminal } from './terminal.ts'

export type CommonOptions = { readonly config: string; readonly json?: boolean }
export type EnrollArguments = CommonOptions & {
  readonly url: string
  readonly token?: string
  readonly tokenFile?: string
  readonly force?: boolean
  /** Go on as the host this machine was, without asking. */
  readonly reclaim?: boolean
  readonly yes?: boolean
  /** Whose files the state shall be; the user of the package by default. */
  readonly user?: string
  readonly helperState?: string
}

export type LeaveArguments = CommonOptions & {
  readonly tell?: boolean
  readonly yes?: boolean
  readonly user?: string
  readonly helperState?: string
}

export type RunArguments = CommonOptions & {
  readonly printConfig?: boolean
  /** Where to enroll first, when this machine is no host yet. */
  readonly enroll?: string
  readonly tokenFile?: string
}

/** What each command does; each resolves with the exit code. */
export interface Verbs {
  run(options: RunArguments): Promise<number>
  enroll(options: EnrollArguments): Promise<number>
  leave(options: LeaveArguments): Promise<number>
  status(options: CommonOptions): Promise<number>
  doctor(options: CommonOptions): Promise<number>
  plugin(name: string): Promise<number>
}

const USAGE = 2

/** Parses the arguments and carries the command out. */
export async function runProgram(argv: readonly string[], verbs: Verbs, terminal: Terminal): Promise<number> {
  let code = 0
  const set = async (ended: Promise<number>): Promise<void> => {
    code = await ended
  }
  const program = new Command('muster-agent')
    .description('The agent on a machine: connects out to its controller, reports, and obeys signed commands.')
    .version(VERSION, '--version', 'show the version')
    .exitOverride()
    .configureOutput({ writeOut: text => terminal.out(text), writeErr: text => terminal.err(text) })
  withConfig(program.command('run').description('run the agent'))
    .option('--print-config', 'print what the configuration comes to, and stop')
    .addOption(
      new Option('--enroll <url>', 'enroll at this controller first, unless this machine is a host already').env(
        'MUSTER_AGENT_ENROLL',
      ),
    )
    .addOption(
      new Option('--token-file <file>', 'with --enroll: a file of mode 0600 with the join token; it is kept').env(
        'MUSTER_AGENT_TOKEN_FILE',
      ),
    )
    .action(options => set(verbs.run(options)))
  asRoot(program.command('enroll').description('make this machine a host of a controller'))
    .argument('<url>', 'https address of the controller')
    .argument('[token]', 'join token; - reads it from standard input')
    .option('--token-file <file>', 'a file of mode 0600 with the join token; it is removed when it has been used')
    .option('--force', 'enroll anew although the machine is enrolled already')
    .option('--reclaim', 'go on as the host this machine was before, without asking; needs no token if it still is one')
    .option('--yes', 'the same as --reclaim')
    .action((url, token, options) => set(verbs.enroll({ ...options, url, token })))
    .addHelpText(
      'after',
      '\nExamples:\n  muster-agent enroll https://ctl.local:8443 muster-join_1.…\n  muster-agent enroll https://ctl.local:8443 - < token\n',
    )
  asRoot(program.command('leave').description('be no host any more: tell the controller, destroy the identity'))
    .option('--no-tell', 'do not tell the controller')
    .option('--yes', 'do not ask')
    .action(options => set(verbs.leave(options)))
  withConfig(program.command('status').description('show how the agent is'))
    .option('--json', 'as JSON')
    .action(options => set(verbs.status(options)))
  withConfig(program.command('doctor').description('look for what is wrong, changing nothing'))
    .option('--json', 'as JSON')
    .action(options => set(verbs.doctor(options)))
  program
    .command('version')
    .description('show the version')
    .action(() => terminal.out(`${VERSION}\n`))
  program.command('plugin <name>', { hidden: true }).action(name => set(verbs.plugin(name)))
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    return thrown.exitCode === 0 ? 0 : USAGE
  }
}

function withConfig(command: Command): Command {
  return command.option('--config <file>', 'configuration file', process.env.MUSTER_AGENT_CONFIG ?? DEFAULT_CONFIG_PATH)
}

function asRoot(command: Command): Command {
  return withConfig(command)
    .option('--user <name>', `as root: whose the state is (default ${SERVICE_USER} if there is such a user)`)
    .option('--helper-state <folder>', 'as root: where the helper keeps what it trusts')
}
