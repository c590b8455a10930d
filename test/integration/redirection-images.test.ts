// SPDX-License-Identifier: Apache-2.0
/** Images served to machines, from our store and through the relay. */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { createWebSocketStream, WebSocket } from 'ws'
import { openAsHost } from '../../controller/modules/oob/redirection/hosting.ts'
import { CD } from '../../controller/modules/oob/redirection/ider/frames.ts'
import { startIder } from '../../controller/modules/oob/redirection/ider/server.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { until } from '../support/controller.ts'
import { type IderMachine, iderMachine, madeImage, sectorAt } from '../support/ider-machine.ts'
import { GUID, listen, redirectionPort, startWorld } from '../support/redirection.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Five GiB: beyond what 32 bits count in bytes. */
const SECTORS = 2_621_440
const forever = new AbortController().signal

async function world(
  options: { readonly readBuffer?: number; readonly skipSequence?: boolean; readonly size?: number } = {},
) {
  let machine: IderMachine | undefined
  const port = redirectionPort({
    open: stream => {
      machine = iderMachine(stream, options)
      return machine.feed
    },
  })
  const image = { ...madeImage(SECTORS), ...(options.size === undefined ? {} : { size: options.size }) }
  const images = {
    list: async () => [{ name: 'installer.iso', size: image.size }],
    open: async (name: string) => {
      if (name !== 'installer.iso') throw new Error('no such image')
      return image
    },
  }
  const made = await startWorld({ port, images })
  const listening = await listen(made)
  stops.push(listening.stop)
  const order = {
    project: 'default',
    device: GUID,
    image: 'installer.iso',
    start: 'now',
    principal: made.person,
  } as const
  return { ...made, ...listening, order, machine: () => machine! }
}

describe('an image from our store', () => {
  it('is read by a machine to its last sector beyond 4 GiB, without a browser', async () => {
    const { redirection, order, machine, audited } = await world()
    const serving = await redirection.servings.start(order, forever)
    await machine().next(0x48)
    const places = [0, 16, 1_048_575, 2_097_151, 2_097_152, SECTORS - 32]
    const got = createHash('sha256')
    const expected = createHash('sha256')
    for (const place of places) {
      const { data, status, pieces } = await machine().read(place, 32)
      expect(status).toBe(0x50)
      expect(Math.max(...pieces)).toBeLessThanOrEqual(8_192)
      got.update(data)
      for (let lba = place; lba < place + 32; lba++) expected.update(sectorAt(lba))
    }

    expect(got.digest('hex')).toBe(expected.digest('hex'))
    expect(machine().problems).toEqual([])
    const now = redirection.servings.find('default', serving.id)!
    expect(now).toMatchObject({
      state: 'serving',
      enabled: true,
      bytesRead: 6 * 65_536,
      furthest: SECTORS * 2_048,
      drive: 'cd',
    })
    await redirection.live.end(GUID, 'done')
    expect(redirection.servings.find('default', serving.id)).toMatchObject({
      state: 'ended',
      ended: { by: 'controller' },
    })
    expect((await audited()).map(each => each.action)).toEqual(['redirection.open', 'redirection.close'])
  })

  it('opens with what every firmware expects, and offers the drives as asked', async () => {
    const { redirection, order, machine } = await world()
    await redirection.servings.start({ ...order, start: 'graceful' }, forever)
    const enable = await machine().next(0x48)

    expect(machine().frames[0]!.toString('hex')).toBe('400000000000000030750000204e01000000')
    expect([...enable.subarray(8)]).toEqual([3, 0x11, 0, 0, 0])
  })

  it('answers commands, and tells what is wrong by sense', async () => {
    const { redirection, order, machine } = await world()
    await redirection.servings.start(order, forever)
    await machine().next(0x48)
    const ask = (drive: 'cd' | 'floppy', ...cdb: number[]) => machine().scsi(drive, cdb)

    const capacity = await ask('cd', 0x25)
    expect([capacity.data.readUInt32BE(0), capacity.data.readUInt32BE(4)]).toEqual([SECTORS - 1, 2_048])
    expect((await ask('cd', 0x00)).status).toBe(0x50)
    expect(await ask('floppy', 0x00)).toMatchObject({ status: 0x51, sense: [2, 0x3a, 0] })
    expect(await ask('cd', 0x2a, 0, 0, 0, 0, 0, 0, 0, 1)).toMatchObject({ status: 0x51, sense: [7, 0x27, 0] })
    expect(await ask('cd', 0xff)).toMatchObject({ status: 0x51, sense: [5, 0x20, 0] })
    expect(await machine().read(SECTORS - 1, 2)).toMatchObject({ status: 0x51, sense: [5, 0x21, 0] })
    expect((await ask('cd', 0x12, 0, 0, 0, 36)).data.length).toBe(36)
    expect((await ask('cd', 0x43, 0, 0, 0, 0, 0, 0, 0, 20)).data.readUInt32BE(16)).toBe(SECTORS)
    machine().send(0x44)
    expect((await machine().next(0x45)).length).toBe(8)
    machine().send(0x46, Buffer.of(0))
    expect((await machine().next(0x47)).length).toBe(8)
    expect(machine().problems).toEqual([])
  })

  it('is given in pieces that the firmware has room for', async () => {
    const { redirection, order, machine } = await world({ readBuffer: 4_096 })
    await redirection.servings.start(order, forever)
    await machine().next(0x48)

    expect((await machine().read(7, 5)).pieces).toEqual([4_096, 4_096, 2_048])
  })

  it('ends when the numbers of frames do not follow each other', async () => {
    const { redirection, order } = await world({ skipSequence: true })
    const { id } = await redirection.servings.start(order, forever)

    await until(
      async () => redirection.servings.find('default', id)!,
      serving => serving.state === 'ended',
    )
    expect(redirection.servings.find('default', id)!.ended).toEqual({ by: 'device', why: 'sequence' })
  })

  it('must be whole sectors, and must be there', async () => {
    const { redirection, order } = await world({ size: 2_049 })

    await expect(redirection.servings.start(order, forever)).rejects.toThrow(/cannot be served/)
    await expect(redirection.servings.start({ ...order, image: 'other.iso' }, forever)).rejects.toThrow()
    expect(redirection.live.of(GUID)).toEqual([])
  })
})

describe('an image from a browser', () => {
  it('passes the relay untouched, beyond 4 GiB too', async () => {
    const { url, grant, machine } = await world()
    const search = new URLSearchParams({ p: '2', host: GUID, port: '16994', tls: '0', tls1only: '0', mode: 'ider' })
    const socket = new WebSocket(`${url}/relay/webrelay.ashx?${search}`, await grant('ider'))
    const reach = {
      credentials: async () => ({ username: 'nobody', password: Secret.of('nothing') }),
      dial: async () => createWebSocketStream(socket),
    } as any
    const { stream, rest } = await openAsHost(
      { kernel: { clock: realClock, random: realRandom }, reach, mode: 'ider' },
      forever,
    )
    const server = startIder({ stream, image: madeImage(SECTORS), drive: CD, start: 'now', ended: () => undefined })
    if (rest.length > 0) server.feed(rest)
    stream.on('data', data => server.feed(data))
    stream.resume()
    await until(
      async () => server.progress.enabled,
      enabled => enabled,
    )

    const { data, status } = await machine().read(SECTORS - 64, 64)

    expect(status).toBe(0x50)
    const expected = Array.from({ length: 64 }, (_, at) => sectorAt(SECTORS - 64 + at))
    expect(data.equals(Buffer.concat(expected))).toBe(true)
    stream.destroy()
  })
})
