// SPDX-License-Identifier: Apache-2.0
/** The program muster-agent: chooses the parts and hands over to the command that was asked for. */

import { catalog } from '../plugins/catalog.ts'
import { asProblem, Problem } from '../plugins/contract/index.ts'
import { exitCodeOf } from './cli/exit.ts'
import { runProgram } from './cli/program.ts'
import { standardTerminal as terminal } from './cli/terminal.ts'
import { problem } from './problems.ts'

async function main(argv: readonly string[]): Promise<number> {
  return runProgram(
    argv,
    {
      run: async options => (await import('./cli/run.ts')).run(options, catalog, terminal),
      enroll: async options => (await import('./cli/enroll.ts')).enroll(options, terminal),
      leave: async options => (await import('./cli/leave.ts')).leave(options, terminal),
      status: async options => (await import('./cli/status.ts')).status(options, terminal),
      doctor: async options => (await import('./cli/doctor.ts')).doctor(options, catalog, terminal),
      plugin: async name => {
        const load = catalog[name]
        if (load === undefined) throw problem('agent-config', `there is no plugin ${name}`)
        const { runPluginChild } = await import('./hosting/child.ts')
        await runPluginChild(await load())
        return 0
      },
    },
    terminal,
  )
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  const why = asProblem(thrown)
  const said =
    thrown instanceof Problem
      ? why.message
      : `${why.title}: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  terminal.err(`error: ${said} [${why.code}]\n${why.next === undefined ? '' : `try: ${why.next}\n`}`)
  process.exitCode = exitCodeOf(why)
}
