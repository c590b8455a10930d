// SPDX-License-Identifier: Apache-2.0
/** Power by the agent on the host: it can take the running system down, and nothing else. */
import { lazy } from 'react'
import type { Host } from '../../../api/types.ts'
import { t } from '../../../words/host-power.ts'
import type { PowerAction, PowerPath } from '../../pages.ts'
import { reboot, shutdown } from './acts.ts'

const ACTIONS: readonly PowerAction[] = ['reboot', 'shutdown']
export const AGENT_TTL_MS = 120_000

export const agentPath: PowerPath = {
  id: 'agent',
  title: t.viaAgent,
  order: 10,
  permission: 'host.operate',
  usable: host => usableBy(host),
  act: action => (action === 'shutdown' ? shutdown : reboot),
  input: host => ({ id: host.resourceId }),
  ttl: { defaultMs: AGENT_TTL_MS },
  after: lazy(() => import('./sent-command.tsx')),
}

function usableBy(host: Host): ReturnType<PowerPath['usable']> {
  const { presence, capabilities, denies, currentState } = host
  const none = (why: string) => ({ actions: [], why })
  if (currentState === 'HOST_STATE_UNTRUSTED') return none(t.revoked)
  if (presence === undefined || presence.reason === 'never-connected') return none(t.never)
  if (presence.standing === 'quarantined') return none(t.quarantined)
  const power = capabilities.find(({ section }) => section === 'power')
  if (power === undefined) return none(t.noPlugin)
  if (!power.supported) return none(power.why ?? t.noPlugin)
  const actions = ACTIONS.filter(action => !denies.some(denied => isDenied(denied, action)))
  if (actions.length === 0) return none(t.denied)
  return { actions, waits: !presence.online }
}

/** What the owner of the machine forbids, as the local policy spells it: `power/reboot`, `power/*`. */
function isDenied(denied: string, action: PowerAction): boolean {
  const [section, name] = denied.split('/')
  return (section === '*' || section === 'power') && (name === '*' || name === action)
}
