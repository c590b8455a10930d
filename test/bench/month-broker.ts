// SPDX-License-Identifier: Apache-2.0
/** The controller's side of a month in an agent's life, in a process of its own so that its memory is nobody's. */
import { startBroker } from '../support/test-broker.ts'

/** What the agent's process may ask for, and its time. */
export type Ask = { readonly do: 'command' | 'drop' | 'time'; readonly at: number }

const broker = await startBroker()
let now = Date.now()
let succeeded = 0
process.on('message', (ask: Ask) => {
  now = ask.at
  if (ask.do === 'time') return
  if (ask.do === 'drop') broker.drop()
  else broker.command({ section: 'hardware', name: 'refresh', input: {}, at: ask.at })
  for (const each of broker.heard) if (each.kind === 'result' && each.body.status === 'succeeded') succeeded++
  // It keeps what it hears for tests; nobody asks here.
  broker.heard.length = 0
  process.send?.(succeeded)
})
process.once('disconnect', () => process.exit())
// The controller's clock goes with the host's.
broker.manners.head = head => ({
  ...head,
  issuedAt: new Date(now).toISOString(),
  sections: ['maintenance', 'hardware', 'os', 'power', 'amt'],
})
// Renewal is not part of this month: nobody here would grant it.
process.send?.(await broker.identity({ notAfter: now + 365 * 86_400_000 }))
