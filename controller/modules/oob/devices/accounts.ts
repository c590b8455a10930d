// SPDX-License-Identifier: Apache-2.0
/** What the tunnel's listener must know of a device before it lets it in. */
import { findProject } from '../../../kernel/projects.ts'
import type { StoredSecret } from '../../../secrets/secrets.ts'
import type { CiraAccount, CiraAccounts, OobParts } from '../ports.ts'
import type { Devices } from './devices.ts'
import { deviceSecret } from './secrets.ts'

export function createAccounts({ kernel, secrets, log }: OobParts, devices: Devices): CiraAccounts {
  const states = new WeakMap<CiraAccount, readonly StoredSecret[]>()
  return {
    async find(guid) {
      const login = await devices.login(kernel.store, guid)
      if (login === undefined) return undefined
      const { project, username } = login
      // A project that is being deleted lets no machine in, or its tunnels would come back while it goes.
      if ((await findProject(kernel.store, project))?.state === 'deleting') return undefined
      const passwords = await secrets.candidates(kernel.store, deviceSecret(project, guid, 'amt-cira'))
      const account: CiraAccount = { project, guid, username, passwords }
      states.set(account, passwords)
      return account
    },
    async verified(account, version) {
      const known = states.get(account)?.find(each => each.version === version)
      if (known === undefined || known.state === 'active') return
      const name = deviceSecret(account.project, account.guid, 'amt-cira')
      await kernel.store.change(tx => secrets.activate(tx, name, version))
      log.info('a device logged in with the password that was pending', { guid: account.guid })
    },
  }
}
