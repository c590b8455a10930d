// SPDX-License-Identifier: Apache-2.0
/** Finds ports the lab can listen on: the usual ones, or the next that are free. */
import { createServer } from 'node:net'
import type { LabPorts } from './folder.ts'

const WISHED: LabPorts = { https: 8_443, http: 8_080, bus: 8_883, cira: 4_433 }

export async function findPorts(): Promise<LabPorts> {
  const taken = new Set<number>()
  const find = async (wish: number): Promise<number> => {
    for (let port = wish; port < wish + 500; port++) {
      if (taken.has(port) || !(await isFree(port))) continue
      taken.add(port)
      return port
    }
    return 0
  }
  return {
    https: await find(WISHED.https),
    http: await find(WISHED.http),
    bus: await find(WISHED.bus),
    cira: await find(WISHED.cira),
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)))
  })
}
