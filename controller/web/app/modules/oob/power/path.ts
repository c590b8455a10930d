// SPDX-License-Identifier: Apache-2.0
/** Power by way of the firmware: which acts it can do for a host now, why not, and how it is told. */
import { lazy } from 'react'
import { type Act, type AnyAct, defineAct, reasonFlag } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'
import type { Host } from '../../../api/types.ts'
import { t } from '../../../words/oob-power.ts'
import type { PowerAction, PowerPath } from '../../pages.ts'
import { wordFor } from '../acts.ts'
import type { Machine } from '../acts-host.ts'
import { line } from '../line.ts'

type Order = {
  readonly action: 'on' | 'off' | 'reset' | 'power-cycle'
  /** `ordered` asks the operating system first. */
  readonly policy: 'immediate' | 'ordered'
  readonly cli: string
  readonly riskClass: 1 | 2 | 3
  readonly permission: 'host.operate' | 'host.access'
}

/** What each act is for the firmware; what cuts the operating system short asks why. */
const ORDERS: Readonly<Record<PowerAction, Order>> = {
  on: { action: 'on', policy: 'immediate', cli: 'on --now', riskClass: 1, permission: 'host.operate' },
  shutdown: { action: 'off', policy: 'ordered', cli: 'off', riskClass: 2, permission: 'host.operate' },
  reboot: { action: 'reset', policy: 'ordered', cli: 'reset', riskClass: 2, permission: 'host.access' },
  off: { action: 'off', policy: 'immediate', cli: 'off --now', riskClass: 3, permission: 'host.operate' },
  cycle: { action: 'power-cycle', policy: 'immediate', cli: 'cycle --now', riskClass: 3, permission: 'host.access' },
  reset: { action: 'reset', policy: 'immediate', cli: 'reset --now', riskClass: 3, permission: 'host.access' },
}
export const POWER_ACTIONS = Object.keys(ORDERS) as readonly PowerAction[] // its own keys

/** What the firmware is told; the order is given up after so long, if that is said. */
export type PowerOrder = Machine & { readonly expiresInMs?: number }

const MINUTE_MS = 60_000
const DEFAULT_TTL_MS = 30 * MINUTE_MS

function powerAct(wanted: PowerAction): Act<PowerOrder> {
  const { action, policy, cli, riskClass, permission } = ORDERS[wanted]
  return defineAct<PowerOrder>({
    name: `oob.host.power.${wanted}`,
    riskClass,
    permission,
    cli: ({ expiresInMs, project, ...input }) => {
      const expires = expiresInMs === undefined ? '' : ` --expires ${Math.round(expiresInMs / 1_000)}s`
      return line(project, `oob power ${wordFor(input)} ${cli}${expires}${reasonFlag(input)}`)
    },
    calls: ({ project, guid, reason, expiresInMs }) => [
      call('POST', '/v1/projects/{project}/oob/devices/{guid}/power', {
        path: { project, guid },
        body: {
          action,
          policy,
          ...(expiresInMs === undefined ? {} : { expiresInMs }),
          ...(reason === undefined ? {} : { reason }),
        },
      }),
    ],
    example: {
      project: 'default',
      host: 'host-0123abcd',
      name: 'press-04',
      guid: '4c4c4544-004b-4210-8033-b6c04f504633',
      reason: 'it hangs',
    },
  })
}

/** One for each act. */
export const powerActs: Readonly<Record<PowerAction, Act<PowerOrder>>> = {
  on: powerAct('on'),
  shutdown: powerAct('shutdown'),
  reboot: powerAct('reboot'),
  off: powerAct('off'),
  cycle: powerAct('cycle'),
  reset: powerAct('reset'),
}

/** What a machine in a power state can be told, by EIM's word for the state. */
export function actionsIn(state: string): readonly PowerAction[] {
  if (state === 'POWER_STATE_OFF' || state === 'POWER_STATE_HIBERNATE') return ['on']
  if (state === 'POWER_STATE_SLEEP') return ['on', 'off', 'cycle', 'reset']
  if (state === 'POWER_STATE_ON') return ['shutdown', 'reboot', 'off', 'cycle', 'reset']
  return POWER_ACTIONS
}

type Usable = ReturnType<PowerPath['usable']>

/** Members of the resource that come from the module itself, and are there only with it. */
type Members = { readonly amtSku?: unknown; readonly currentAmtState?: unknown; readonly currentPowerState?: unknown }

export function usableByFirmware(host: Members & Pick<Host, 'uuid'>): Usable {
  const none = (why: string): Usable => ({ actions: [], why })
  if (host.uuid === undefined) return none(t.why.unknown)
  if (host.currentAmtState === 'AMT_STATE_PROVISIONED') {
    return { actions: actionsIn(String(host.currentPowerState ?? '')) }
  }
  if (host.currentAmtState === 'AMT_STATE_DISCONNECTED') {
    return { actions: POWER_ACTIONS, why: t.why.disconnected, waits: true }
  }
  const capable = host.amtSku === 'AMT_SKU_AMT' || host.amtSku === 'AMT_SKU_ISM'
  return none(capable ? t.why.unprovisioned : t.why.incapable)
}

/** The firmware's way comes after the agent's: it can do more, and knows less of what runs. */
export const firmwarePower: PowerPath = {
  id: 'amt',
  title: t.path,
  order: 20,
  permission: 'host.operate',
  usable: usableByFirmware,
  act: action => powerActs[action] as AnyAct,
  input: host => machineOf(host),
  ttl: { defaultMs: DEFAULT_TTL_MS },
  after: lazy(() => import('./after.tsx')),
}

/** A host as its firmware is spoken to, in a project. */
export function machineOf(host: Host): Omit<Machine, 'project'> {
  const id = host.resourceId ?? ''
  return { host: id, name: host.name || id, guid: (host.uuid ?? '').toLowerCase() }
}
