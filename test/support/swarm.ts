// SPDX-License-Identifier: Apache-2.0
/** Activated machines that dial in to a real controller, which knows them. */

import { realClock } from '../../controller/system/clock.ts'
import { createSwarm, type Swarm, swarmAccount } from '../../simulator/amt/swarm.ts'
import type { TestController } from './controller.ts'

export type TestSwarm = Swarm & { guid(index: number): string }

/** Registers and makes machines; none dials before `connect`. */
export async function startSwarm(test: TestController, count: number, seed = 'test'): Promise<TestSwarm> {
  for (let index = 0; index < count; index++) {
    const { uuid, username, password, amtPassword } = swarmAccount(seed, index)
    const device = {
      guid: uuid,
      hostname: `sim-${index}`,
      mpsusername: username,
      mpspassword: password,
      password: amtPassword,
    }
    const { status, text } = await test.call('POST', '/api/v1/devices', device)
    if (status !== 201) throw new Error(text)
  }
  const { address, port, root } = (await test.call('GET', '/v1/projects/default/oob/endpoint')).body
  const swarm = createSwarm({
    count,
    seed,
    clock: realClock,
    server: { host: '127.0.0.1', port, ca: root, commonName: address },
    reconnect: { tries: 100, waitMs: 100, backoffMs: 500 },
  })
  return { ...swarm, guid: index => swarmAccount(seed, index).uuid }
}
