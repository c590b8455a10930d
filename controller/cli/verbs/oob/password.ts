// SPDX-License-Identifier: Apache-2.0
/** `muster oob password`: new passwords that only the controller knows, and telling it one that is in force. */
import type { Call, Session } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll } from '../../oob/bulk.ts'
import { guidOf, type Machine, machinesMeant, spokenMachine, spokenMachines } from '../../oob/machines.ts'
import { reasoned } from '../../oob/reason.ts'
import { typedSecret } from '../../oob/secret.ts'
import { problem } from '../../problems.ts'

export const password: Run = async call => {
  const [rotate, current] = [call.options.has('rotate'), call.options.has('current')]
  if (rotate === current)
    throw problem(
      'usage',
      'password takes --rotate for a new one, or --current for the one in force; none is ever shown',
    )
  const session = await call.session()
  const machines = await machinesMeant(call, session, call.words)
  return rotate ? rotateAll(call, session, machines) : tell(call, session, machines)
}

async function rotateAll(call: Call, session: Session, machines: readonly Machine[]): ReturnType<Run> {
  const mebx = call.options.has('mebx')
  const pathOf = (machine: Machine): string =>
    oobPaths.device(session.project, mebx ? 'amt/mebxPassword' : 'amt/password', guidOf(machine))
  if (isDryRun(call)) {
    const intents = machines.map(each => ({
      method: 'POST' as const,
      path: pathOf(each),
      body: {},
      ...(each.host && { host: each.host }),
    }))
    return showIntents(call, intents)
  }
  confirmCount(call, machines.length)
  const which = mebx ? 'password of the setup screen' : 'administrator password'
  await confirm(call, `Give a new ${which} to ${spokenMachines(machines)}?`)
  return actOnAll(call, {
    machines,
    act: async machine => {
      await session.client.send('POST', pathOf(machine), {}, reasoned(call))
      return { ok: true, says: `has a new ${which}, which was tried` }
    },
  })
}

async function tell(call: Call, session: Session, machines: readonly Machine[]): ReturnType<Run> {
  const [machine, second] = machines
  if (machine === undefined || second !== undefined) throw problem('usage', '--current is about one host at a time')
  const guid = guidOf(machine)
  const member = call.options.has('mebx') ? 'mebxpassword' : 'password'
  const path = oobPaths.devices(session.project)
  const { host } = machine
  if (isDryRun(call))
    return showIntents(call, [{ method: 'POST', path, body: { guid, [member]: '[secret]' }, ...(host && { host }) }])
  const text = await typedSecret(call, 'Password that is in force: ')
  await confirm(call, `Use this password for ${spokenMachine(machine)} from now on?`)
  return actOnAll(call, {
    machines: [machine],
    act: async () => {
      await session.client.send('POST', path, { guid, [member]: text })
      return { ok: true, says: 'the controller uses this password from now on' }
    },
  })
}
