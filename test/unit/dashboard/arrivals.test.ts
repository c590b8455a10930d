// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { arrivalsOf } from '../../../controller/web/app/modules/onboarding/add-host/arrivals.ts'

const TOKEN = 'tokenA'
let next = 0
const event = (type: string, subject: string, data: Record<string, unknown> = {}) => {
  next++
  return { id: next, at: `2026-01-01T00:00:${String(next % 60).padStart(2, '0')}Z`, type, subject, data }
}
const enrolled = (host: string, how: string, name = host) =>
  event('host.enrolled', host, { how, address: '10.1.4.7', name, simulated: false, reclaimed: false })

describe('what became of machines with one token', () => {
  it('tells each step of the machine that used it, with the first time of each', () => {
    const events = [
      enrolled('host-1', `token ${TOKEN}`, 'press'),
      event('token.used', TOKEN, { host: 'host-1', address: '10.1.4.7' }),
      event('host.online', 'host-1'),
      event('document.reported', 'host-1', { section: 'os' }),
      event('document.reported', 'host-1', { section: 'power' }),
      event('host.online', 'host-1'),
    ]

    const [arrival, ...others] = arrivalsOf(events, TOKEN)

    expect(others).toEqual([])
    expect(arrival).toMatchObject({ host: 'host-1', name: 'press', address: '10.1.4.7' })
    expect(arrival?.onlineAt).toBe(events[2]?.at)
    expect(arrival?.reportedAt).toBe(events[3]?.at)
  })

  it('says nothing of machines that came with another token, or without one', () => {
    const events = [
      enrolled('host-2', 'token tokenB'),
      event('token.used', 'tokenB', { host: 'host-2', address: '10.1.4.8' }),
      event('lobby.waiting', 'request-2', { why: 'it came without a join token', address: '10.1.4.9', name: 'x' }),
      event('host.online', 'host-2'),
    ]

    expect(arrivalsOf(events, TOKEN)).toEqual([])
  })

  it('follows a machine through the lobby to its host, and tells of one that was sent away', () => {
    const waiting = (id: string) =>
      event('lobby.waiting', id, { why: 'asks', address: '10.1.4.7', name: id, token: TOKEN })
    const events = [
      waiting('request-a'),
      waiting('request-b'),
      enrolled('host-a', 'lobby'),
      event('lobby.decided', 'request-a', { accepted: true, by: 'anna', host: 'host-a' }),
      event('lobby.decided', 'request-b', { accepted: false, by: 'anna' }),
      event('host.online', 'host-a'),
    ]

    const arrivals = arrivalsOf(events, TOKEN)

    expect(arrivals.find(({ host }) => host === 'host-a')).toMatchObject({ name: 'request-a', onlineAt: events[5]?.at })
    expect(arrivals.find(({ request }) => request?.id === 'request-b')).toMatchObject({ refusedAt: events[4]?.at })
    expect(arrivals).toHaveLength(2)
  })

  it('does not mind in which order and how often events are read', () => {
    const events = [
      event('token.used', TOKEN, { host: 'host-1', address: '10.1.4.7' }),
      event('host.online', 'host-1'),
      event('document.reported', 'host-1'),
    ]

    expect(arrivalsOf([...events].reverse().concat(events), TOKEN)).toEqual(arrivalsOf(events, TOKEN))
  })
})
