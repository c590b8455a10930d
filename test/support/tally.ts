// SPDX-License-Identifier: Apache-2.0
/** A plugin for tests that remembers, beside the agent, which commands it ran and when. */
import { Type } from 'typebox'
import { definePlugin, defineSection, type Plugin } from '../../plugins/contract/index.ts'

const Nothing = Type.Object({}, { additionalProperties: false })

export const tallySection = defineSection({
  name: 'tally',
  title: 'Counts what it is told',
  desired: Nothing,
  observed: Nothing,
  commands: {
    count: {
      title: 'Count',
      input: Nothing,
      output: Nothing,
      class: 1,
      ttlMs: 600_000,
      timeoutMs: 60_000,
      impact: 'none',
    },
  },
})

export type Run = { readonly id: string; readonly at: number }

export function tallyPlugin(
  runs: Run[],
  options: { readonly takesMs?: number } = {},
): Plugin<typeof tallySection, never> {
  return definePlugin<typeof tallySection, never>({
    manifest: { name: 'tally', version: '1.0.0', contract: 1, isolation: 'inline', permissions: {} },
    section: tallySection,
    start: () => ({
      observe: async () => ({}),
      plan: () => [],
      apply: async () => undefined,
      commands: {
        count: {
          run: async (_, { id }) => {
            runs.push({ id, at: Date.now() })
            await new Promise(resolve => setTimeout(resolve, options.takesMs ?? 5))
            return {}
          },
        },
      },
    }),
  })
}
