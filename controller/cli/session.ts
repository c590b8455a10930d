// SPDX-License-Identifier: Apache-2.0
/** Finds out which controller, project and token a call means: flags first, then the environment, then the context. */
import type { Call, Session } from './call.ts'
import { type Client, createClient } from './client.ts'
import { type Context, type Contexts, homeFolder, readContexts } from './contexts.ts'
import { createOptions } from './options.ts'
import { createOutput, wantsColor } from './output.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { Given } from './program.ts'
import { VERSION } from './version.ts'

const DEFAULT_PROJECT = 'default'

/** Puts together what a verb gets. */
export function createCall(surroundings: Surroundings, words: readonly string[], given: Given): Call {
  const { terminal, clock, wire, signal } = surroundings
  const options = createOptions(given)
  const output = createOutput({
    terminal,
    format: options.text('output') ?? 'table',
    quiet: options.has('quiet'),
    color: given.color !== false && wantsColor(terminal),
    now: clock.now(),
  })
  const verbose = options.has('verbose')
  const say = (line: string): void => void output.note(line)
  const connect = (to: Parameters<Call['connect']>[0]): Client =>
    createClient({
      ...to,
      agent: `muster/${VERSION}`,
      wire,
      clock,
      signal,
      note: say,
      trace: verbose ? say : () => {},
    })
  const folder = (): string => homeFolder({ flag: options.text('home'), env: terminal.env, home: terminal.home })
  return {
    ...surroundings,
    words,
    options,
    output,
    folder,
    connect,
    session: async () => {
      const { name, context } = chosenContext(await readContexts(surroundings.files, folder()), surroundings, given)
      const token = filled(terminal.env.MUSTER_TOKEN) ?? context.token
      if (token === undefined) throw problem('no-token', `context ${name}`)
      const project =
        options.text('project') ?? filled(terminal.env.MUSTER_PROJECT) ?? context.project ?? DEFAULT_PROJECT
      return { name, context, project, client: connect({ url: context.url, ca: context.ca, token }) } satisfies Session
    },
  }
}

function chosenContext(
  contexts: Contexts,
  { terminal }: Surroundings,
  given: Given,
): { readonly name: string; readonly context: Context } {
  const asked = createOptions(given).text('context') ?? filled(terminal.env.MUSTER_CONTEXT)
  const name = asked ?? contexts.current
  if (name === undefined) throw problem('no-context')
  const context = Object.hasOwn(contexts.contexts, name) ? contexts.contexts[name] : undefined
  if (context === undefined) throw problem('context-unknown', name)
  return { name, context }
}

/** An environment variable that is empty counts as absent. */
function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
