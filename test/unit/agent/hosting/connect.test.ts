// SPDX-License-Identifier: Apache-2.0
/** What a plugin may connect to, and what becomes of it when the plugin goes. */
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { faultyGrants, mustConnect } from '../../../../agent/hosting/permissions.ts'
import { createPluginHost } from '../../../../agent/hosting/plugin-host.ts'
import { silentLog } from '../../../../agent/log.ts'
import type { System } from '../../../../agent/system/system.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

const never = new AbortController().signal
const idle = (): Duplex => new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })

function hostOf(connect: readonly string[]) {
  const dialled: string[] = []
  const network = {
    connect: async ({ host, port }: { host: string; port: number }) => {
      dialled.push(`${host}:${port}`)
      return idle()
    },
  }
  const owned = createPluginHost({
    manifest: { name: 'x', version: '1.0.0', contract: 1, isolation: 'inline', permissions: { connect } },
    system: { clock: createFakeClock(0), network } as unknown as System,
    log: silentLog(),
    timers: 1,
    onChanged: () => {},
    onSample: () => {},
    stream: () => idle(),
  })
  return { ...owned, dialled }
}

it('grants are ports of this machine and of no other', () => {
  const connect = ['127.0.0.1:16992', '[::1]:8080', '127.0.0.2:80', '10.0.0.1:80', 'localhost:80', '127.0.0.1:0', ':80']

  expect(faultyGrants({ connect })).toEqual(connect.slice(2))
})

it('an address is granted as it is spelled', () => {
  expect(mustConnect({ connect: ['[::1]:8080'] }, '[::1]:8080')).toEqual({ host: '[::1]', port: 8_080 })
  for (const address of ['127.0.0.1:16993', '127.0.0.1:016992', '127.0.0.1'])
    expect(() => mustConnect({ connect: ['127.0.0.1:16992'] }, address)).toThrow(
      expect.objectContaining({ code: 'not-permitted' }),
    )
})

it('nothing is dialled without a grant', async () => {
  const { host, dialled } = hostOf(['127.0.0.1:16992'])

  await expect(host.connect('127.0.0.1:22', never)).rejects.toMatchObject({ code: 'not-permitted' })
  await host.connect('127.0.0.1:16992', never)

  expect(dialled).toEqual(['127.0.0.1:16992'])
})

it('connections and streams end with the plugin', async () => {
  const { host, close } = hostOf(['127.0.0.1:16992'])
  const line = (await host.connect('127.0.0.1:16992', never)) as unknown as Duplex
  const stream = host.stream?.('01ARZ3NDEKTSV4RRFFQ69G5FAV') as unknown as Duplex
  const closed = Promise.all([once(line, 'close'), once(stream, 'close')])

  close()
  await closed

  expect([line.destroyed, stream.destroyed]).toEqual([true, true])
  await expect(host.connect('127.0.0.1:16992', never)).rejects.toMatchObject({ code: 'unavailable' })
})
