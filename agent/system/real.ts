// SPDX-License-Identifier: Apache-2.0
/** The real machine, as the agent sees it. */
import { randomUUID } from 'node:crypto'
import { createClock } from './clock.ts'
import { createFiles } from './files.ts'
import { createNetwork } from './network.ts'
import { createProcesses } from './processes.ts'
import type { ProxySettings } from './proxy.ts'
import { systemRandom } from './random.ts'
import type { System } from './system.ts'

export type SystemOptions = {
  /** `http://proxy:3128`; the environment decides when it is absent. */
  readonly proxy?: string
  /** Where HTTPS_PROXY and NO_PROXY are read; the process's own unless given. */
  readonly env?: ProxySettings['env']
}

/** machine-id(5): systemd's place first, then D-Bus's. */
const MACHINE_ID_PATHS = ['/etc/machine-id', '/var/lib/dbus/machine-id']
const BOOT_ID_PATH = '/proc/sys/kernel/random/boot_id'

/**
 * Makes the system of this machine. `machineId` is empty where the operating system has none, as in many containers;
 * `bootId` then lasts as long as this object.
 */
export function createSystem({ proxy, env = process.env }: SystemOptions = {}): System {
  const files = createFiles()
  const ownBootId = randomUUID()
  return {
    files,
    processes: createProcesses(),
    clock: createClock(),
    network: createNetwork({ env, ...(proxy === undefined ? {} : { proxy }) }),
    random: systemRandom,
    simulated: false,
    async machineId() {
      for (const path of MACHINE_ID_PATHS) {
        const id = (await files.text(path))?.trim() ?? ''
        if (/^[0-9a-f]{32}$/.test(id)) return id
      }
      return ''
    },
    bootId: async () => (await files.text(BOOT_ID_PATH))?.trim() || ownBootId,
  }
}
