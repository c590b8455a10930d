// SPDX-License-Identifier: Apache-2.0
/** The controller's broker alone, in a process of its own: certificates, access and fences as shipped, nothing stored. */
import { createEmbeddedBus } from '../../controller/bus/embedded.ts'
import { realClock } from '../../controller/system/clock.ts'
import { readHostCertificate } from '../../provisioning/pki/host-certificate.ts'

export type BusOrder =
  | { readonly do: 'open'; readonly port: number; readonly cert: string; readonly key: string; readonly ca: string }
  | { readonly do: 'tell'; readonly hosts: readonly string[]; readonly payload: string }

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const often = { perSecond: 1e6, burst: 1e6 }

let opened: Awaited<ReturnType<typeof createEmbeddedBus>> | undefined
process.on('message', (order: BusOrder) => void obey(order))
process.once('disconnect', () => process.exit())

async function obey(order: BusOrder): Promise<void> {
  if (order.do === 'tell') {
    const payload = Buffer.from(order.payload)
    for (const host of order.hosts) await opened?.publish({ project: 'default', host, kind: 'receipt' }, payload)
    return
  }
  const { port, ...tls } = order
  opened = await createEmbeddedBus({
    listen: { host: '127.0.0.1', port },
    tls: () => tls,
    identify: der => readHostCertificate(der),
    knownSections: () => new Set(['os']),
    clock: realClock,
    log: silent,
    trustLoopback: true,
    // A comparison is of what the work costs, not of how soon it is refused.
    limits: { connects: often, connectsPerHost: often, packets: often, halfOpen: 1_000 },
    events: {
      admit: async () => ({ allow: true, standing: 'active' }),
      opened: () => {},
      closed: () => {},
      message: async () => {},
      refused: () => {},
      takenOver: () => {},
      suspicious: () => {},
    },
  })
  process.send?.('open')
}
