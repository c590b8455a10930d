// SPDX-License-Identifier: Apache-2.0
/** A channel is kept and used again for reads; an act gets one of its own; nobody waits for one that ended. */
import { type Duplex, duplexPair } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { channelExchange } from '../../../../../../controller/modules/oob/wsman/exchange.ts'
import { createFakeClock } from '../../../../../../simulator/clock.ts'

type Behaviour = (far: Duplex, request: string, channel: number) => void

const REPLY = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'
const answers: Behaviour = far => void far.write(REPLY)

function rig(behave: Behaviour) {
  const clock = createFakeClock(0)
  const far: Duplex[] = []
  const near: Duplex[] = []
  const requests: string[] = []
  const exchange = channelExchange({
    port: 16_992,
    clock,
    dial: async port => {
      expect(port).toBe(16_992)
      const [ours, theirs] = duplexPair()
      near.push(ours)
      const channel = far.push(theirs)
      theirs.on('data', bytes => {
        requests.push(String(bytes))
        behave(theirs, String(bytes), channel)
      })
      return ours
    },
  })
  const sent: boolean[] = []
  const send = (repeatable: boolean, signal = new AbortController().signal) =>
    exchange.send({ host: 'guid:16992', body: '<a/>', repeatable, onSent: () => void sent.push(true) }, signal)
  return { exchange, send, far, near, requests, clock, sent }
}

const turn = () => new Promise(setImmediate)

describe('reads', () => {
  it('share a channel', async () => {
    const { send, far, requests } = rig(answers)

    for (let at = 0; at < 3; at++) expect((await send(true)).body.toString()).toBe('x')

    expect(far).toHaveLength(1)
    expect(requests).toHaveLength(3)
  })

  it('open another when the device closed the channel between them', async () => {
    const { send, far } = rig(answers)
    await send(true)
    far[0]!.end()
    await turn()

    await send(true)

    expect(far).toHaveLength(2)
  })

  it('are sent again when the device closed the used channel before it answered', async () => {
    let calls = 0
    const { send, far } = rig(stream => (++calls === 2 ? stream.end() : stream.write(REPLY)))
    await send(true)

    expect((await send(true)).status).toBe(200)
    expect(far).toHaveLength(2)
  })

  it('fail when the device closes every channel', async () => {
    const { send, far } = rig(stream => stream.end())

    await expect(send(true)).rejects.toMatchObject({ code: 'amt-timeout', fields: { sent: true, closed: true } })
    expect(far).toHaveLength(1)
  })

  it('fail when the channel ends within the reply', async () => {
    const { send } = rig(stream => stream.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'))

    await expect(send(true)).rejects.toMatchObject({ code: 'amt-timeout', fields: { closed: true } })
  })

  it('take a reply that ends with the channel', async () => {
    const { send, far } = rig(stream => stream.end('HTTP/1.1 200 OK\r\n\r\nxyz'))

    expect((await send(true)).body.toString()).toBe('xyz')
    await send(true)
    expect(far).toHaveLength(2)
  })

  it('do not use a channel that the device wants closed, or said more on than it was asked', async () => {
    for (const reply of [`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx`, `${REPLY}HTTP/1.1`]) {
      const { send, far, near } = rig(stream => void stream.write(reply))
      await send(true)
      await send(true)
      expect(far).toHaveLength(2)
      expect(near[0]!.destroyed).toBe(true)
    }
  })

  it('do not use a channel on which something came that nobody asked for', async () => {
    const { send, far } = rig(answers)
    await send(true)
    far[0]!.write('HTTP/1.1 200 OK\r\n')
    await turn()

    await send(true)

    expect(far).toHaveLength(2)
  })
})

describe('acts', () => {
  it('get a channel of their own', async () => {
    const { send, far, near } = rig(answers)
    await send(true)

    await send(false)

    expect(far).toHaveLength(2)
    expect(near[0]!.destroyed).toBe(true)
  })

  it('are not sent again when the channel ends', async () => {
    const { send, requests, sent } = rig(stream => stream.end())

    await expect(send(false)).rejects.toMatchObject({ code: 'amt-timeout', fields: { sent: true, closed: true } })
    expect(requests).toHaveLength(1)
    expect(sent).toHaveLength(1)
  })
})

describe('the channel', () => {
  it('closes after five seconds without use, and not while it is used', async () => {
    const { send, near, clock } = rig(answers)
    await send(true)
    await clock.advance(4_000)
    await send(true)
    await clock.advance(4_000)
    expect(near[0]!.destroyed).toBe(false)

    await clock.advance(1_000)

    expect(near[0]!.destroyed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('closes with the signal, while it waits for the reply', async () => {
    const { send, near } = rig(() => {})
    const control = new AbortController()
    const call = send(true, control.signal)
    await turn()

    control.abort(new Error('enough'))

    await expect(call).rejects.toThrow('enough')
    expect(near[0]!.destroyed).toBe(true)
  })

  it('closes on what is no HTTP', async () => {
    const { send, near } = rig(stream => void stream.write('SSH-2.0\r\n\r\n'))

    await expect(send(true)).rejects.toMatchObject({ code: 'amt-unexpected' })
    expect(near[0]!.destroyed).toBe(true)
  })

  it('closes on demand and opens again', async () => {
    const { exchange, send, near, far, clock } = rig(answers)
    await send(true)

    exchange.close()

    expect(near[0]!.destroyed).toBe(true)
    expect(clock.pending).toBe(0)
    await send(true)
    expect(far).toHaveLength(2)
  })

  it('is not opened for a signal that has fired', async () => {
    const { send, far } = rig(answers)

    await expect(send(true, AbortSignal.abort(new Error('late')))).rejects.toThrow('late')
    expect(far).toHaveLength(0)
  })
})
