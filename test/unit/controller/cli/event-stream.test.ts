// SPDX-License-Identifier: Apache-2.0
/** Server-sent events: the format in any cut, and taking up again where a connection broke. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Client } from '../../../../controller/cli/client.ts'
import { watch } from '../../../../controller/cli/event-stream.ts'
import { problem } from '../../../../controller/cli/problems.ts'
import { readEvents, type ServerEvent, type StreamItem } from '../../../../controller/query/sse.ts'
import type { Clock } from '../../../../plugins/contract/clock.ts'

async function* cutAt(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  const places = [0, ...cuts.map(at => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (const [at, from] of places.slice(0, -1).entries()) yield bytes.subarray(from, places[at + 1])
}

async function eventsOf(items: AsyncIterable<StreamItem>): Promise<readonly ServerEvent[]> {
  const events: ServerEvent[] = []
  for await (const item of items) if (item.kind === 'event') events.push(item.event)
  return events
}

const TEXT =
  ': watching\n\nid: 7\nevent: host.online\ndata: {"a":"ä"}\n\ndata: one\r\ndata:two\r\n\r\nevent: empty\n\nid: 8\nretry: 5\ndata\n\ndata: cut off'

describe('the format', () => {
  it('is read the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 200 })), async cuts => {
        expect(await eventsOf(readEvents(cutAt(TEXT, cuts)))).toEqual([
          { id: '7', type: 'host.online', data: '{"a":"ä"}' },
          { id: '7', type: 'message', data: 'one\ntwo' },
          { id: '8', type: 'message', data: '' },
        ])
      }),
    )
  })

  it('does not hold a line that never ends', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(65_536).fill(97)
    }

    expect(await eventsOf(readEvents(endless()))).toEqual([])
  })
})

/** A controller whose connections are played in turn: text to send, or a failure. */
function playing(connections: readonly (string | Error)[]) {
  const asked: (string | undefined)[] = []
  const slept: number[] = []
  const stop = new AbortController()
  const clock = {
    sleep: async (waitMs: number, signal: AbortSignal) => {
      signal.throwIfAborted()
      slept.push(waitMs)
    },
  } as Clock
  const client = {
    open: async (_path: string, more: { headers: Record<string, string> }) => {
      const next = connections[asked.length]
      asked.push(more.headers['last-event-id'])
      if (next === undefined) {
        stop.abort()
        throw stop.signal.reason
      }
      if (next instanceof Error) throw next
      return { status: 200, headers: {}, body: cutAt(next, []) }
    },
  } as unknown as Client
  const items = (resumes: boolean) =>
    watch({ client, clock, path: '/v1/events', query: {}, signal: stop.signal, note: () => {}, resumes })
  return { asked, slept, items, stop }
}

const event = (id: number) => `id: ${id}\ndata: ${id}\n\n`

describe('watching', () => {
  it('asks for what came since the last event after a broken connection', async () => {
    const { asked, items } = playing([event(1) + event(2), problem('controller-unreachable'), event(3)])
    const seen: string[] = []

    await expect(async () => {
      for await (const item of items(true)) if (item.kind === 'event') seen.push(item.event.id)
    }).rejects.toThrow()
    expect(seen).toEqual(['1', '2', '3'])
    expect(asked).toEqual([undefined, '2', '2', '3'])
  })

  it('waits longer and longer, and short again after a success', async () => {
    const down = problem('controller-unreachable')
    const { slept, items } = playing([event(1), ...Array.from({ length: 7 }, () => down), event(2)])

    await expect(eventsOf(items(true))).rejects.toThrow()
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 1_000])
  })

  it('does not hide that the first connection failed', async () => {
    const { items } = playing([problem('controller-unreachable')])

    await expect(eventsOf(items(true))).rejects.toMatchObject({ code: 'controller-unreachable' })
  })

  it('does not insist when the controller refuses', async () => {
    const { items } = playing([event(1), problem('no-token')])

    await expect(eventsOf(items(true))).rejects.toMatchObject({ code: 'no-token' })
  })
})
