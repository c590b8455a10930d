// SPDX-License-Identifier: Apache-2.0
/** Carries out what was typed at a running fleet. */
import { formatAge } from '../plugins/contract/index.ts'
import type { HostOrder, Selection } from './console.ts'
import type { Fleet, Member } from './fleet.ts'
import type { MachineAgent } from './machine.ts'

const BOOT_MS = 8_000

/**
 * Does it to every host it names, and answers one line for each; copies are numbered from `copiesFrom` when it is given.
 * Throws `no-such-simulated-host` before it does anything.
 */
export async function carryOut<A extends MachineAgent>(
  order: HostOrder,
  fleet: Fleet<A>,
  copiesFrom?: number,
): Promise<readonly string[]> {
  const said: string[] = []
  let copies = copiesFrom
  for (const member of membersIn(order.hosts, fleet)) {
    const name = `${member.number} ${member.host.hostname()}`
    said.push(`${name}: ${order.do === 'clone' ? await cloned(member, fleet, copies) : act(order, member)}`)
    if (copies !== undefined) copies += 1
  }
  return said
}

function membersIn<A extends MachineAgent>(selection: Selection, fleet: Fleet<A>): readonly Member<A>[] {
  if (selection === 'all') return [...fleet.members]
  if (selection === 'copies') return fleet.members.filter(({ cloneOf }) => cloneOf !== undefined)
  return selection.map(number => fleet.member(number))
}

async function cloned<A extends MachineAgent>(member: Member<A>, fleet: Fleet<A>, as?: number): Promise<string> {
  const copy = await fleet.clone(member.number, as)
  return `copied to ${copy.number}`
}

function act(order: Exclude<HostOrder, { readonly do: 'clone' }>, { host }: Member<MachineAgent>): string {
  const { faults, power } = host
  switch (order.do) {
    case 'amtcut': {
      const engine = host.amt
      if (engine === undefined) return 'has no AMT'
      engine.faults.cut(engine.faults.messages + order.message, order.when)
      return `AMT is cut off ${order.when} message ${order.message} from now`
    }
    case 'weather':
      host.beginWeather()
      return 'its network fails as drawn'
    case 'cut':
      faults.cut()
      return 'link cut'
    case 'unplug':
      faults.cut({ cable: true })
      return 'cable out'
    case 'halfopen':
      faults.halfOpen()
      return 'link silent'
    case 'slow':
      faults.slow(order)
      return `every byte ${order.latencyMs} ms late, ${order.bytesPerSecond} bytes a second`
    case 'flap':
      faults.flap(order)
      return `link up for ${formatAge(order.upMs)}, down for ${formatAge(order.downMs)}, in turn`
    case 'restore':
      faults.restore()
      return 'link restored'
    case 'jump':
      faults.jumpClock(order.byMs)
      return `clock is now ${new Date(host.system.clock.now()).toISOString()}`
    case 'diskfull':
      faults.diskFull(order.full)
      return order.full ? 'disk full' : 'disk has room again'
    case 'powercut':
      if (!power.on) return 'is off already'
      faults.powerCut(order.backInMs)
      return order.backInMs === undefined ? 'off' : `off, back in ${formatAge(order.backInMs)}`
    case 'poweron':
      if (power.on) return 'is on already'
      power.press()
      return 'on'
    case 'reboot':
      if (!power.on) return 'is off; `poweron` switches it on'
      power.lose('reboot', BOOT_MS)
      return `restarting, back in ${formatAge(BOOT_MS)}`
  }
}
