// SPDX-License-Identifier: Apache-2.0
/** `muster oob detect`, `activate`, `deactivate`: orders to one machine or many, kept until they are carried out. */
import type { Call, Session } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { type Activation, oobPaths } from '../../oob/api.ts'
import { actOnAll, type Outcome } from '../../oob/bulk.ts'
import { hostOf, machinesMeant, spokenMachines } from '../../oob/machines.ts'
import { untilSettled } from '../../oob/settling.ts'
import { orderHosts } from '../../orders.ts'
import { problem } from '../../problems.ts'
import { targets } from '../../targets.ts'

export const detect: Run = async call => {
  const session = await call.session()
  const hosts = await targets(call, session, call.words)
  if (!isDryRun(call)) confirmCount(call, hosts.length)
  return orderHosts(call, session, { hosts, order: { section: 'amt', name: 'refresh', input: {} } })
}

export const activate: Run = call => setActivation(call, 'provisioned')
export const deactivate: Run = call => setActivation(call, 'unprovisioned')

async function setActivation(call: Call, state: 'provisioned' | 'unprovisioned'): ReturnType<Run> {
  const mode = call.options.text('mode')
  if (mode !== undefined && mode !== 'acm' && mode !== 'ccm') throw problem('usage', '--mode takes acm or ccm')
  const profile = call.options.text('profile')
  if (mode !== undefined && profile !== undefined)
    throw problem('usage', 'a profile says the mode: give --mode or --profile')
  const dnsSuffix = call.options.text('dns-suffix')
  const reason = call.options.text('reason')
  const body = {
    state,
    ...(mode === undefined ? {} : { mode }),
    ...(profile === undefined ? {} : { profile }),
    ...(dnsSuffix === undefined ? {} : { dnsSuffix }),
    ...(reason === undefined ? {} : { reason }),
  }
  const session = await call.session()
  const machines = await machinesMeant(call, session, call.words)
  if (isDryRun(call)) {
    const intents = machines.map(hostOf).map(host => ({
      method: 'POST' as const,
      path: oobPaths.activation(session.project, host.resourceId),
      body,
      host,
    }))
    return showIntents(call, intents)
  }
  confirmCount(call, machines.length)
  const verb = state === 'provisioned' ? 'Activate' : 'Deactivate'
  await confirm(call, `${verb} AMT on ${spokenMachines(machines)}?`)
  return actOnAll(call, { machines, act: machine => setOne(call, session, { host: hostOf(machine).resourceId, body }) })
}

type Setting = { readonly host: string; readonly body: object }

async function setOne(call: Call, { client, project }: Session, { host, body }: Setting): Promise<Outcome> {
  const path = oobPaths.activation(project, host)
  const ordered: Activation = await client.send('POST', path, body)
  if (!call.options.has('wait'))
    return { ok: true, says: ordered.status === '' ? 'ordered' : `ordered: ${ordered.status}` }
  return untilSettled(call, async () => {
    const now: Activation = await client.get(path)
    if (now.attempt !== ordered.attempt) return { over: true, ok: false, says: 'another order took its place' }
    // An order that nobody has looked at yet has no status.
    const over = now.indicator === 'IDLE' || now.indicator === 'ERROR'
    return { over, ok: now.indicator === 'IDLE', says: now.status }
  })
}
