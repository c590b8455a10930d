// SPDX-License-Identifier: Apache-2.0
/** `muster oob playbook`: what is done about machines in trouble, step by step, and how far each run is. */
import type { Call, Session } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll, type Outcome } from '../../oob/bulk.ts'
import { findMachine, guidOf, type Machine, machinesMeant, spokenMachines } from '../../oob/machines.ts'
import { drawRun, type Playbook, type PlaybookRun, playbookView, runView } from '../../oob/playbook-view.ts'
import { untilSettled } from '../../oob/settling.ts'

const PAGE = 100
const OPEN = ['queued', 'running', 'approval']

export const listing: Run = async call => {
  const { client, project } = await call.session()
  const { playbooks }: { playbooks: readonly Playbook[] } = await client.get(oobPaths.playbooks(project))
  await call.output.list(playbookView, playbooks)
  return undefined
}

type Plan = {
  readonly verdict: string
  readonly blockers: readonly string[]
  readonly steps: readonly { readonly says: string; readonly would: string; readonly why: string }[]
}

export const starting: Run = async call => {
  const [name = '', ...words] = call.words
  const session = await call.session()
  const machines = await machinesMeant(call, session, words)
  const reason = call.options.text('reason')
  const url = call.options.text('url')
  const body = { ...(reason === undefined ? {} : { reason }), ...(url === undefined ? {} : { url }) }
  const start = { call, session, name, body }
  if (isDryRun(call)) {
    const ended = await actOnAll(call, { machines, act: machine => plan(start, machine) })
    await call.output.note('dry run: nothing was changed')
    return ended
  }
  confirmCount(call, machines.length)
  await confirm(call, `Run ${name} on ${spokenMachines(machines)}?`)
  return actOnAll(call, { machines, act: machine => runOn(start, machine) })
}

type Start = { readonly call: Call; readonly session: Session; readonly name: string; readonly body: object }

async function plan({ session, name, body }: Start, machine: Machine): Promise<Outcome> {
  const path = oobPaths.playbook(session.project, guidOf(machine), name)
  const { verdict, blockers, steps }: Plan = await session.client.send('POST', path, { ...body, dryRun: true })
  const says = steps.map(step => `${step.would} ${step.says}${step.would === 'run' ? '' : ` (${step.why})`}`).join('; ')
  const held = blockers.length === 0 ? '' : `; held by ${blockers.join(', ')}`
  return { ok: true, says: `it is ${verdict}: ${says}${held}` }
}

async function runOn({ call, session, name, body }: Start, machine: Machine): Promise<Outcome> {
  const { client, project } = session
  const { id }: { id: string } = await client.send('POST', oobPaths.playbook(project, guidOf(machine), name), body)
  if (!call.options.has('wait')) return { ok: true, says: `run ${id}: muster oob playbook get ${id}` }
  return untilSettled(call, async () => {
    const now: PlaybookRun = await client.get(oobPaths.run(project, id))
    return { over: !OPEN.includes(now.state), ok: now.state === 'done', says: `${now.state}: ${now.says}` }
  })
}

export const runs: Run = async call => {
  const session = await call.session()
  const { client, project } = session
  const [word] = call.words
  const guid = word === undefined ? undefined : guidOf(await findMachine(session, word))
  const query = { guid, state: call.options.text('state'), pageSize: PAGE }
  const page: { runs: readonly PlaybookRun[] } = await client.get(oobPaths.runs(project), { query })
  await call.output.list(runView, page.runs)
  return undefined
}

export const getting: Run = async call => {
  const { client, project } = await call.session()
  const run: PlaybookRun = await client.get(oobPaths.run(project, idOf(call)))
  await call.output.item(runView, run, drawRun)
  return undefined
}

export const approving: Run = call => change(call, 'approve', {})
export const cancelling: Run = call => {
  const reason = call.options.text('reason')
  return change(call, 'cancel', reason === undefined ? {} : { reason })
}

async function change(call: Call, verb: 'approve' | 'cancel', body: object): ReturnType<Run> {
  const { client, project } = await call.session()
  const path = `${oobPaths.run(project, idOf(call))}/${verb}`
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const run: PlaybookRun = await client.send('POST', path, body)
  await call.output.list(runView, [run])
  return undefined
}

function idOf({ words }: Call): string {
  return words[0] ?? ''
}
