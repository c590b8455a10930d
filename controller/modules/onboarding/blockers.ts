// SPDX-License-Identifier: Apache-2.0
/** What keeps a registered host from coming in. */
import type { Host } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Blocker } from '../../kernel/module.ts'
import { waitingFor } from './lobby.ts'
import type { RequestRow } from './tables.ts'

/** After what is gone, before machines that have not come. */
const RANK = { failed: 15, lobby: 18 } as const

export function onboardingBlockers({ store }: Kernel): (host: Host) => Promise<readonly Blocker[]> {
  return async host => {
    if (host.desired === 'deleted') return []
    const failed = host.registration.indicator === 'ERROR' ? [registrationFailed(host)] : []
    if (host.state === 'onboarded') return failed
    const row = await waitingFor(store, host)
    return row === undefined || row.waits === 'registration' ? failed : [...failed, inLobby(host, row)]
  }
}

function registrationFailed({ registration, serial, uuid }: Host): Blocker {
  return {
    code: 'registration-failed',
    rank: RANK.failed,
    title: registration.says,
    evidence: { registered: { serialNumber: serial ?? null, uuid: uuid ?? null } },
    since: registration.at,
    next: 'compare it with the machine; mend the registration, or delete the host and register it anew',
  }
}

function inLobby({ id, name }: Host, row: RequestRow): Blocker {
  const onboards = row.waits === 'onboarding'
  return {
    code: 'lobby',
    rank: RANK.lobby,
    title: onboards
      ? `The machine of ${name} is there and waits to be onboarded`
      : `A machine waits in the lobby to become ${name}`,
    evidence: { request: row.id, address: row.address, why: row.why, waitsFor: row.waits },
    since: row.created_at,
    next: onboards ? 'onboard the host' : 'compare the fingerprint of its key and accept it',
    command: onboards ? `muster host onboard ${id}` : `muster lobby accept ${row.id}`,
  }
}
