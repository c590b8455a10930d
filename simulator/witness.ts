// SPDX-License-Identifier: Apache-2.0
/** Watches a plugin from outside, so that a scenario can tell which commands an agent really began. */
import type { AnyPlugin, AnyRunning, Handler } from '../plugins/contract/index.ts'

/** The same plugin, which tells the id of each command it is made to run; a recovery after a restart is no run. */
export function witnessed(plugin: AnyPlugin, onRun: (command: string) => void): AnyPlugin {
  return {
    ...plugin,
    start(host) {
      const running: AnyRunning = plugin.start(host)
      const commands = Object.entries<Handler<unknown, unknown>>(running.commands).map(([name, handler]) => [
        name,
        {
          ...handler,
          run(input: unknown, context: Parameters<Handler<unknown, unknown>['run']>[1]) {
            onRun(context.id)
            return handler.run(input, context)
          },
        },
      ])
      return { ...running, commands: Object.fromEntries(commands) }
    },
  }
}
