// SPDX-License-Identifier: Apache-2.0
/** `muster oob detect`, `activate`, `deactivate`, `power`: orders to one machine or many, kept until they are carried out. */
import { MINUTE, SECOND } from '../../../../plugins/contract/time.ts'
import type { Host } from '../../api.ts'
import type { Call, Session } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../../intent.ts'
import { type Activation, guidOf, oobPaths, type PowerOrder } from '../../oob/api.ts'
import { actOnAll, type Outcome } from '../../oob/bulk.ts'
import { orderHosts } from '../../orders.ts'
import { problem } from '../../problems.ts'
import { spokenAll, targets } from '../../targets.ts'
import { DEFAULT_WAIT_MS, deadlineOf } from '../../waiting.ts'

const LOOK_EVERY_MS = SECOND / 2

export const detect: Run = async call => {
  const session = await call.session()
  const hosts = await targets(call, session, call.words)
  return orderHosts(call, session, { hosts, order: { section: 'amt', name: 'refresh', input: {} } })
}

export const activate: Run = call => setActivation(call, 'provisioned')
export const deactivate: Run = call => setActivation(call, 'unprovisioned')

async function setActivation(call: Call, state: 'provisioned' | 'unprovisioned'): ReturnType<Run> {
  const mode = call.options.text('mode')
  if (mode !== undefined && mode !== 'acm' && mode !== 'ccm') throw problem('usage', '--mode takes acm or ccm')
  const body = { state, ...given(call, { mode: 'mode', dnsSuffix: 'dns-suffix', reason: 'reason' }) }
  const verb = state === 'provisioned' ? 'Activate' : 'Deactivate'
  return order(call, {
    words: call.words,
    question: `${verb} AMT on`,
    intent: ({ project }, host) => ({
      method: 'POST',
      path: oobPaths.activation(project, host.resourceId),
      body,
      host,
    }),
    act: async (session, host) => {
      const path = oobPaths.activation(session.project, host.resourceId)
      const ordered: Activation = await session.client.send('POST', path, body)
      if (!call.options.has('wait')) return { ok: true, says: ordered.status }
      return untilSettled(call, async () => {
        const now: Activation = await session.client.get(path)
        return {
          over: now.indicator !== 'IN_PROGRESS' || now.attempt !== ordered.attempt,
          ok: now.indicator === 'IDLE',
          says: now.status,
        }
      })
    },
  })
}

export const power: Run = async call => {
  const action = call.words.at(-1)
  const actions = ['on', 'off', 'sleep', 'hibernate', 'reset', 'cycle', 'power-cycle']
  if (action === undefined || !actions.includes(action))
    throw problem('usage', `the last word is what to do: ${actions.slice(0, -1).join(', ')}`)
  const policy = call.options.has('now') ? 'immediate' : 'ordered'
  const expiresInMs = call.options.durationMs('expires')
  const body = {
    action: action === 'cycle' ? 'power-cycle' : action,
    policy,
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    ...given(call, { reason: 'reason' }),
  }
  return order(call, {
    words: call.words.slice(0, -1),
    question: `Power ${action}:`,
    intent: ({ project }, host) => ({ method: 'POST', path: oobPaths.power(project, guidOf(host)), body, host }),
    act: async (session, host) => {
      const { client, project } = session
      const ordered: PowerOrder = await client.send('POST', oobPaths.power(project, guidOf(host)), body)
      if (!call.options.has('wait')) return { ok: true, says: ordered.says }
      return untilSettled(call, async () => {
        const now: PowerOrder = await client.get(oobPaths.order(project, ordered.id))
        return { over: now.state !== 'open', ok: now.state === 'done', says: now.says }
      })
    },
  })
}

type Ordering = {
  readonly words: readonly string[]
  readonly question: string
  readonly intent: (session: Session, host: Host) => Intent
  readonly act: (session: Session, host: Host) => Promise<Outcome>
}

async function order(call: Call, { words, question, intent, act }: Ordering): ReturnType<Run> {
  const session = await call.session()
  const hosts = await targets(call, session, words)
  if (isDryRun(call))
    return showIntents(
      call,
      hosts.map(host => intent(session, host)),
    )
  confirmCount(call, hosts.length)
  await confirm(call, `${question} ${spokenAll(hosts)}?`)
  return actOnAll(call, { hosts, act: host => act(session, host) })
}

/** Options that go into the body under another name, when they were given. */
function given(call: Call, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([member, option]) => {
      const text = call.options.text(option)
      return text === undefined ? [] : [[member, text]]
    }),
  )
}

async function untilSettled(call: Call, look: () => Promise<Outcome & { readonly over: boolean }>): Promise<Outcome> {
  const until = deadlineOf(call, Math.max(DEFAULT_WAIT_MS, 15 * MINUTE))
  for (;;) {
    const { over, ...now } = await look()
    if (over) return now
    if (call.clock.monotonic() >= until) return { ok: false, says: `${now.says} (it goes on)` }
    await call.clock.sleep(LOOK_EVERY_MS, call.signal)
  }
}
