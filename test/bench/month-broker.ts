// SPDX-License-Identifier: Apache-2.0
/** The controller's side of a month in an agent's life, in a process of its own so that its memory is nobody's. */
import { startBroker } from '../support/test-broker.ts'

/** What the agent's process may ask for. */
export type Ask = { readonly do: 'command'; readonly at: number } | { readonly do: 'drop' }

const broker = await startBroker()
process.on('message', (ask: Ask) => {
  if (ask.do === 'drop') broker.drop()
  else broker.command({ section: 'hardware', name: 'refresh', input: {}, at: ask.at })
  // It keeps what it hears for tests; nobody asks here.
  broker.heard.length = 0
})
process.once('disconnect', () => process.exit())
broker.manners.head = head => ({ ...head, sections: ['maintenance', 'hardware', 'os', 'power', 'amt'] })
// Renewal is not part of this month: nobody here would grant it.
process.send?.(await broker.identity({ notAfter: Date.now() + 365 * 86_400_000 }))
