// SPDX-License-Identifier: Apache-2.0
/** EIM's door: power, AMT and session states as members of the host resource, and what setting them does. */

import { Type } from 'typebox'
import type { Json } from '../../../../plugins/contract/index.ts'
import { may as holds } from '../../../kernel/access.ts'
import type { Host } from '../../../kernel/hosts.ts'
import type { Facet, HostPatch } from '../../../kernel/module.ts'
import type { Permission, Principal } from '../../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { Tx } from '../../../store/store.ts'
import type { Devices } from '../devices/devices.ts'
import type { OobParts, Tunnels } from '../ports.ts'
import { detectedMembers, facetProperties } from '../rules.ts'
import type { AmtLoop } from './amt-loop.ts'
import { doorFields } from './door-fields.ts'
import { readMembers } from './door-members.ts'
import { findIntent, orderAmt, prefer } from './intents.ts'
import type { PowerOrders } from './power-orders.ts'
import { problem } from './problems.ts'
import type { SessionKind } from './session-states.ts'
import { wishNamed } from './session-states.ts'
import {
  AmtControlMode,
  AmtState,
  actionNamed,
  KvmState,
  KvmStatus,
  PowerCommandPolicy,
  PowerState,
  SolState,
  SolStatus,
  StatusIndication,
} from './words.ts'

export type DoorParts = OobParts & {
  readonly devices: Devices
  readonly tunnels: () => Tunnels
  readonly power: PowerOrders
  readonly amt: AmtLoop
  /** Starts or ends a session in the background. */
  readonly session: (order: SessionOrder) => void
}

export type SessionOrder = {
  readonly project: string
  readonly host: string
  readonly guid: string
  readonly kind: SessionKind
  readonly wish: NonNullable<ReturnType<typeof wishNamed>>
  readonly by: Principal
}

const Seconds = Type.Integer({ description: 'Unix seconds' })

const properties = {
  ...facetProperties,
  amtStatusIndicator: StatusIndication,
  amtStatusTimestamp: Seconds,
  desiredAmtState: AmtState,
  currentAmtState: AmtState,
  desiredPowerState: PowerState,
  currentPowerState: PowerState,
  powerStatus: Type.String(),
  powerStatusIndicator: StatusIndication,
  powerStatusTimestamp: Seconds,
  powerCommandPolicy: PowerCommandPolicy,
  powerOnTime: Seconds,
  desiredKvmState: KvmState,
  currentKvmState: KvmState,
  kvmStatus: KvmStatus,
  kvmSessionStatus: Type.String(),
  desiredSolState: SolState,
  currentSolState: SolState,
  solStatus: SolStatus,
  solSessionStatus: Type.String(),
}

export function doorFacet(parts: DoorParts): Facet {
  return {
    properties,
    fields: doorFields,
    of: detectedMembers,
    read: (project, hosts) => readMembers(parts, project, hosts),
  }
}

export function doorPatch(parts: DoorParts): HostPatch {
  return {
    properties: {
      desiredAmtState: AmtState,
      amtControlMode: AmtControlMode,
      amtDnsSuffix: Type.String({ maxLength: 255 }),
      desiredPowerState: PowerState,
      powerCommandPolicy: PowerCommandPolicy,
      desiredKvmState: KvmState,
      desiredSolState: SolState,
    },
    apply: (tx, host, fields, by) => apply(parts, { tx, host, fields, by }),
  }
}

type Patching = {
  readonly tx: Tx
  readonly host: Host
  readonly fields: Readonly<Record<string, Json>>
  readonly by: Principal
}

async function apply(parts: DoorParts, patching: Patching): Promise<void> {
  await applyPreferences(parts, patching)
  await applyAmt(parts, patching)
  await applyPower(parts, patching)
  for (const kind of ['kvm', 'sol'] as const) await applySession(parts, patching, kind)
}

function may(by: Principal, permission: Permission, what: string): void {
  if (!holds(by, permission)) throw kernelProblem('not-allowed', `${what} needs ${permission}`, { permission })
}

const word = (fields: Patching['fields'], name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' && !value.endsWith('_UNSPECIFIED') ? value : undefined
}

function modeIn(fields: Patching['fields']): 'acm' | 'ccm' | undefined {
  const mode = word(fields, 'amtControlMode')
  if (mode === undefined) return undefined
  return mode === 'AMT_CONTROL_MODE_ACM' ? 'acm' : 'ccm'
}

async function applyPreferences(parts: DoorParts, { tx, host, fields, by }: Patching): Promise<void> {
  const policy = word(fields, 'powerCommandPolicy')
  const mode = modeIn(fields)
  const dnsSuffix = typeof fields.amtDnsSuffix === 'string' ? fields.amtDnsSuffix : undefined
  if (policy === undefined && mode === undefined && dnsSuffix === undefined) return
  may(by, 'host.change', 'changing how a host is managed out of band')
  const present = await findIntent(tx, host.project, host.id)
  const orders = word(fields, 'desiredAmtState')
  if (
    mode !== undefined &&
    present?.amt === 'provisioned' &&
    present.mode !== null &&
    present.mode !== mode &&
    orders === undefined
  )
    throw problem('control-mode-fixed', `it is to be ${present.mode.toUpperCase()}`)
  await prefer(parts, tx, host.project, {
    host: host.id,
    ...(mode === undefined ? {} : { mode }),
    ...(dnsSuffix === undefined ? {} : { dnsSuffix }),
    ...(policy === undefined
      ? {}
      : { powerPolicy: policy === 'POWER_COMMAND_POLICY_IMMEDIATE' ? ('immediate' as const) : ('ordered' as const) }),
  })
}

async function applyAmt(parts: DoorParts, { tx, host, fields, by }: Patching): Promise<void> {
  const state = word(fields, 'desiredAmtState')
  if (state === undefined) return
  if (state === 'AMT_STATE_DISCONNECTED') throw problem('state-not-desirable', state)
  const amt = state === 'AMT_STATE_PROVISIONED' ? 'provisioned' : 'unprovisioned'
  may(by, amt === 'provisioned' ? 'host.change' : 'host.destroy', amt === 'provisioned' ? 'activation' : 'deactivation')
  await orderAmt(parts, tx, { project: host.project, host: host.id, amt, mode: modeIn(fields), by })
  tx.afterCommit(() => parts.amt.wake(host.project, host.id))
}

async function applyPower(parts: DoorParts, { tx, host, fields, by }: Patching): Promise<void> {
  const asked = word(fields, 'desiredPowerState')
  const action = actionNamed(asked ?? '')
  if (action === undefined) return
  may(by, action === 'on' || action === 'off' ? 'host.operate' : 'host.access', `power ${action}`)
  const { guid } = await deviceOfHost(parts, tx, host)
  const intent = await findIntent(tx, host.project, host.id)
  await parts.power.order(tx, {
    project: host.project,
    guid,
    action,
    policy: intent?.power_policy ?? 'ordered',
    by,
    asked,
  })
}

async function applySession(parts: DoorParts, { tx, host, fields, by }: Patching, kind: SessionKind): Promise<void> {
  const wish = wishNamed(word(fields, kind === 'kvm' ? 'desiredKvmState' : 'desiredSolState') ?? '')
  if (wish === undefined) return
  may(by, 'host.access', `a ${kind.toUpperCase()} session`)
  const { guid } = await deviceOfHost(parts, tx, host)
  tx.afterCommit(() => parts.session({ project: host.project, host: host.id, guid, kind, wish, by }))
}

async function deviceOfHost({ devices }: DoorParts, tx: Tx, host: Host): Promise<{ readonly guid: string }> {
  const device = host.uuid === undefined ? undefined : await devices.find(tx, host.project, host.uuid)
  if (device === undefined) throw problem('amt-not-provisioned', host.name)
  return device
}
