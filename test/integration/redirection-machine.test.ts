// SPDX-License-Identifier: Apache-2.0
/** Redirection of a simulated machine, whose redirection port somebody else wrote. */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import type { Clock } from '../../plugins/contract/index.ts'
import { type AmtMachine, createAmtMachine } from '../../simulator/amt/machine.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { until } from '../support/controller.ts'
import { madeImage, sectorAt } from '../support/ider-machine.ts'
import { fakeSocket, GUID, listen, PASSWORD, type redirectionPort, startWorld } from '../support/redirection.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

function machineOn(clock: Clock): AmtMachine {
  const machine = createAmtMachine({
    uuid: GUID,
    version: '16.1.25',
    sku: 'amt',
    clock,
    random: realRandom,
    tlsEnforced: false,
  })
  const { state } = machine
  state.controlMode = 2
  state.optIn.required = 0
  state.adminHash = createHash('md5').update(`admin:${state.realm}:${PASSWORD}`).digest('hex')
  return machine
}

const portOf = (machine: AmtMachine) =>
  ({ dial: async () => machine.lan(16994) }) as unknown as ReturnType<typeof redirectionPort>

describe('a simulated machine', () => {
  it('shows its console to a terminal of ours', async () => {
    const machine = machineOn(realClock)
    const world = await startWorld({ port: portOf(machine) })
    const { url, stop } = await listen(world)
    stops.push(stop)
    const socket = new WebSocket(`${url}/v1/oob/sol?project=default&device=${GUID}`, `muster.${world.login}`)
    let shown = ''
    socket.on('message', data => {
      shown += data.toString()
    })

    await until(
      async () => shown,
      text => text.endsWith('login: '),
    )
    socket.send('root\r')
    await until(
      async () => shown,
      text => text.endsWith('Password: '),
    )
    socket.send('secret\r')
    await until(
      async () => shown,
      text => text.endsWith('$ '),
    )
    socket.send('ü\r')
    await until(
      async () => shown,
      text => text.endsWith('ü\r\n$ '),
    )

    expect(machine.redirection.sol.typed).toBe('root\rsecret\r\x81\r')
    socket.close()
  })

  it('reads an image of ours beyond 4 GiB, and has the hash of it', async () => {
    const machine = machineOn(realClock)
    const sectors = 2_621_440
    const images = { list: async () => [], open: async () => madeImage(sectors) }
    const world = await startWorld({ port: portOf(machine), images })
    stops.push(async () => {
      await world.redirection.stop()
      await world.store.close()
    })
    const order = {
      project: 'default',
      device: GUID,
      image: 'installer.iso',
      start: 'now',
      principal: world.person,
    } as const
    const { id } = await world.redirection.servings.start(order, new AbortController().signal)
    await machine.redirection.ider.whenReady()

    expect(machine.redirection.ider.features).toBe(0x19)
    expect(await machine.redirection.ider.capacity('cd')).toEqual({ blocks: sectors, blockSize: 2_048 })
    const expected = createHash('sha256')
    for (let lba = sectors - 200; lba < sectors; lba++) expected.update(sectorAt(lba))
    expect(await machine.redirection.ider.hash('cd', sectors - 200, 200)).toBe(expected.digest('hex'))
    expect(world.redirection.servings.find('default', id)).toMatchObject({ enabled: true, bytesRead: 200 * 2_048 })
  })

  it('keeps a hidden viewer for ten minutes, though it shows idle ones out after three', async () => {
    const clock = createFakeClock(Date.parse('2026-11-21T04:00:00Z'))
    const machine = machineOn(clock)
    const world = await startWorld({ clock, port: portOf(machine) })
    stops.push(async () => {
      const stopping = world.redirection.stop()
      await clock.advance(2_000)
      await stopping
      await world.store.close()
    })
    const { socket, closes, sent } = fakeSocket()
    const url = new URL(`ws://127.0.0.1/relay/webrelay.ashx?p=2&host=${GUID}&port=16994&mode=kvm`)
    const request = { url, address: '127.0.0.1', headers: {}, protocols: [await world.grant('kvm')] }
    const verdict = await world.redirection.sockets[0]!.decide(request)
    if ('refuse' in verdict) throw new Error(verdict.why)
    verdict.accept(socket)
    const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
    const opening = [
      hex('10010000 4b564d52'),
      hex('13000000 00 00000000'),
      hex('13000000 04 08000000 0000000000000000'),
      hex('13000000 04 11000000 00 0141 0142 00 0143 0144 0145 0461757468'),
      hex('40000000 00000000'),
      Buffer.from('RFB 003.008\n'),
      hex('01'),
      hex('01'),
      hex('02 00 0002 00000000 00000444'),
      hex('03 00 0000 0000 0280 0190'),
    ]
    for (const piece of opening) {
      socket.onMessage(piece, false)
      await clock.advance(100)
    }
    const painted = Buffer.concat(sent).length
    expect(painted).toBeGreaterThan(640 * 400 * 2)

    await clock.advance(10 * 60_000)

    expect(closes).toEqual([])
    expect(machine.redirection.sessions).toEqual(['kvm'])
    socket.onMessage(hex('04 01 0000 0000 0061'), false)
    await clock.advance(100)
    expect(machine.redirection.kvm.events.at(-1)).toBe('key 61 down')
  })

  it('says what the machine refuses for want of consent', async () => {
    const machine = machineOn(realClock)
    machine.state.optIn.required = 0xffffffff
    const world = await startWorld({ port: portOf(machine), config: { checkConsent: false } })
    const { url, stop } = await listen(world)
    stops.push(stop)
    const socket = new WebSocket(`${url}/relay/webrelay.ashx?p=2&host=${GUID}&port=16994&mode=sol`, await world.grant())
    await new Promise(resolve => socket.once('open', resolve))
    const closed = new Promise<string>(resolve => socket.once('close', (_, reason) => resolve(reason.toString())))

    socket.send(Buffer.from('10000000534f4c20', 'hex'))

    expect(await closed).toContain('refused')
  })
})
