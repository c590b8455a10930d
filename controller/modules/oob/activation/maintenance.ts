// SPDX-License-Identifier: Apache-2.0
/** The tasks of `rpc maintenance`: clock, address, host name, device information, password. */
import { Secret } from '../../../secrets/secrets.ts'
import { newPassword } from '../devices/secrets.ts'
import type { Command, Task } from './command-line.ts'
import type { Ground } from './ground.ts'
import { createObserver } from './observe.ts'
import { type DeviceClaim, Refusal } from './protocol.ts'
import { registerDevice } from './register.ts'
import { setWired, syncClock } from './steps/network.ts'
import { changePassword } from './steps/passwords.ts'
import { TEXT } from './texts.ts'

/** What a task needs must have come with the command. */
export function checkTask({ task }: Command, claim: DeviceClaim): Task {
  if (task === undefined) throw new Refusal(TEXT.missingTask)
  if (task === 'syncip' && claim.ipConfiguration === undefined) throw new Refusal(TEXT.missingIpConfiguration)
  if (task === 'synchostname' && claim.hostnameInfo === undefined) throw new Refusal(TEXT.missingHostname)
  return task
}

export async function maintain(
  ground: Ground,
  task: Task,
  { command, claim }: { command: Command; claim: DeviceClaim },
): Promise<void> {
  switch (task) {
    case 'synctime':
      return syncClock(ground)
    case 'syncip':
      return syncAddress(ground, claim)
    case 'synchostname':
      return syncHostname(ground, claim)
    case 'syncdeviceinfo':
      return registerDevice(ground, { claim })
    case 'changepassword': {
      const value = command.argument === undefined ? newPassword(ground.random) : Secret.of(command.argument)
      return changePassword(ground, { value, make: () => value })
    }
  }
}

/** The firmware's own static address, equal to the host's. */
async function syncAddress(ground: Ground, { ipConfiguration: address }: DeviceClaim): Promise<void> {
  const observer = createObserver(ground)
  const { wired } = await observer.read('ports')
  if (wired === undefined || address === undefined) return
  if (address.ipAddress === '' || address.netmask === '') throw new Refusal(TEXT.missingIpConfiguration)
  await setWired(ground, observer, { wired: { dhcp: false, ipSync: false, address } })
}

async function syncHostname(ground: Ground, { hostnameInfo }: DeviceClaim): Promise<void> {
  const { instance } = await createObserver(ground).read('general')
  const { hostname = '', dnsSuffixOS = '' } = hostnameInfo ?? {}
  const wanted = { ...instance, HostName: hostname, DomainName: dnsSuffixOS }
  await ground.wsman().put('AMT_GeneralSettings', wanted, { signal: ground.signal })
}
