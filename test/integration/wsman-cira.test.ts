// SPDX-License-Identifier: Apache-2.0
/** WS-Management through the tunnel of a device: the way the product goes, down to the bytes. */
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createWsman } from '../../controller/modules/oob/wsman/client.ts'
import { channelExchange } from '../../controller/modules/oob/wsman/exchange.ts'
import { overTls, pinned } from '../../controller/modules/oob/wsman/tls.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { fingerprintOf } from '../../provisioning/pki/keys.ts'
import { ApfDevice, type ServerChannel } from '../support/apf-device.ts'
import { ciraCertificate, GUID, startCira } from '../support/cira.ts'
import { silent } from '../support/kernel.ts'
import { startWsmanServer, type WsmanServerOptions } from '../support/wsman-server.ts'

const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A device whose channels lead to a WS-Management server. */
async function rig(
  options: Partial<WsmanServerOptions> & {
    readonly window?: number
    readonly port?: number
    readonly pin?: string
  } = {},
) {
  const server = await startWsmanServer({
    answer: ({ verb }) =>
      verb === 'Act'
        ? '<h:Act_OUTPUT><h:ReturnValue>0</h:ReturnValue></h:Act_OUTPUT>'
        : `<h:AMT_GeneralSettings><h:HostName>${'edge'.repeat(500)}</h:HostName></h:AMT_GeneralSettings>`,
    ...options,
  })
  opened.push(server.close)
  const { material } = await ciraCertificate()
  const test = await startCira(material)
  opened.push(() => test.cira.close())
  const { port = 16_992, window = 4_096, pin } = options
  const device = new ApfDevice({ port: test.cira.port, guid: GUID, window })
  opened.push(() => device.close())
  const channels = bridge(device, server.port)
  await device.up()
  const tunnel = await test.connected()
  const dial = pin === undefined ? tunnel.dial : overTls(tunnel.dial, { trusts: pinned(pin) })
  const wsman = createWsman({
    guid: GUID,
    exchange: channelExchange({ dial, port, clock: realClock }),
    credentials: async () => ({ username: 'admin', passwords: [{ version: 1, value: Secret.of('P@ssw0rd') }] }),
    clock: realClock,
    random: realRandom,
    log: silent,
  })
  opened.push(() => wsman.close())
  return { wsman, device, tunnel, state: server.state, channels }
}

/** Joins each channel to a connection of its own; gives the ports that were asked for. */
function bridge(device: ApfDevice, to: number): number[] {
  const ports: number[] = []
  const sockets = new Map<number, { readonly socket: Socket; waiting: Buffer }>()
  const flush = (channel: ServerChannel): void => {
    const joint = sockets.get(channel.ours)
    if (joint === undefined) return
    const part = joint.waiting.subarray(0, Math.min(joint.waiting.length, channel.credits))
    joint.waiting = joint.waiting.subarray(part.length)
    if (part.length > 0) device.data(channel, part)
  }
  device.onOpen = channel => {
    ports.push(channel.port)
    const socket = connect(to, '127.0.0.1')
    const joint = { socket, waiting: Buffer.alloc(0) as Buffer }
    sockets.set(channel.ours, joint)
    socket.on('data', bytes => {
      joint.waiting = Buffer.concat([joint.waiting, bytes])
      flush(channel)
    })
    socket.on('error', () => {})
    device.confirm(channel)
  }
  device.onData = (channel, bytes) => {
    sockets.get(channel.ours)?.socket.write(bytes)
    device.adjust(channel, bytes.length)
  }
  device.onAdjust = flush
  const close = device.onClose
  device.onClose = channel => {
    sockets.get(channel.ours)?.socket.destroy()
    close(channel)
  }
  opened.push(() => {
    for (const { socket } of sockets.values()) socket.destroy()
  })
  return ports
}

describe('over the tunnel of a device', () => {
  it('one challenge and one channel serve many reads', async () => {
    const { wsman, state, channels } = await rig()

    for (let at = 0; at < 10; at++) {
      const { content } = await wsman.get('AMT_GeneralSettings')
      expect(content.HostName).toBe('edge'.repeat(500))
    }

    expect(state).toMatchObject({ challenges: 1, connections: 1 })
    expect(channels).toEqual([16_992])
  })

  it('requests go through a window of few bytes', async () => {
    const { wsman } = await rig({ window: 50 })

    expect((await wsman.get('AMT_GeneralSettings')).content.HostName).toBe('edge'.repeat(500))
  })

  it('a nonce that is new each time is followed', async () => {
    const { wsman, state } = await rig({ nonces: 'once' })

    for (let at = 0; at < 4; at++) await wsman.get('AMT_GeneralSettings')

    expect(state).toMatchObject({ challenges: 4 })
    expect(state.asked).toHaveLength(4)
  })

  it('an act goes through a channel of its own', async () => {
    const { wsman, channels, state } = await rig()
    await wsman.get('AMT_GeneralSettings')

    expect((await wsman.invoke('AMT_GeneralSettings', 'Act')).returnValue).toBe(0)

    expect(channels).toEqual([16_992, 16_992])
    expect(state.challenges).toBe(1)
  })

  it('TLS runs within a channel, with a pin', async () => {
    const { material } = await ciraCertificate('device.example')
    const { cert, key } = material as { cert: string; key: string }
    const { wsman, state, channels } = await rig({ tls: { cert, key }, port: 16_993, pin: leafPin(cert) })

    await wsman.get('AMT_GeneralSettings')
    await wsman.get('AMT_GeneralSettings')

    expect(channels).toEqual([16_993])
    expect(state.challenges).toBe(1)
  })

  it('a call ends with the tunnel, and tells that its request had left', async () => {
    const { wsman, device } = await rig({ answer: () => new Promise(() => device.close()) })

    const thrown = await wsman.invoke('AMT_X', 'Act').catch((each: unknown) => each)

    expect(thrown).toMatchObject({ code: 'amt-timeout', fields: { sent: true, closed: true } })
  })
})

function leafPin(pem: string): string {
  return fingerprintOf(pem)
}
