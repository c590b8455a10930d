// SPDX-License-Identifier: Apache-2.0
/** Members of the host resource that come from the tables of this module, for many hosts in a few queries. */
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Db } from '../../../store/store.ts'
import type { DeviceRow, DeviceTables } from '../devices/tables.ts'
import type { OobParts, Tunnels } from '../ports.ts'
import type { DetectionRow, OobTables } from '../tables.ts'
import { stateOfAmt } from './amt-state.ts'
import { listIntents } from './intents.ts'
import { sessionsOf, sessionWord } from './session-states.ts'
import type { ConvergeTables, IntentRow, PowerRow, SessionRow } from './tables.ts'

export type MemberParts = OobParts & { readonly tunnels: () => Tunnels }

type Members = Record<string, Json>

export async function readMembers(
  { kernel, tunnels }: MemberParts,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, Members>> {
  const { store } = kernel
  const intents = byHost(await listIntents(store, project, hosts))
  const devices = byHost(await devicesOf(store, project, hosts))
  const detections = byHost(await detectionsOf(store, project, hosts))
  const power = await powerOf(
    store,
    project,
    [...devices.values()].map(device => device.guid),
  )
  const sessions = await sessionsOf(store, project, hosts)
  return new Map(
    hosts.map(host => {
      const device = devices.get(host)
      const facts = { intent: intents.get(host), detection: detections.get(host), device, connected: false }
      if (device !== undefined) facts.connected = tunnels().find(device.guid) !== undefined
      return [
        host,
        {
          ...amtMembers(facts),
          ...powerMembers(device === undefined ? undefined : power.get(device.guid), facts.intent),
          ...Object.assign({}, ...sessions.filter(each => each.host === host).map(sessionMembers)),
        },
      ]
    }),
  )
}

function byHost<T extends { readonly host: string | null }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map(row => [row.host ?? '', row]))
}

async function devicesOf(db: Db, project: string, hosts: readonly string[]): Promise<readonly DeviceRow[]> {
  if (hosts.length === 0) return []
  return db.of<DeviceTables>(project).select('oob_devices').selectAll().where('host', 'in', hosts).execute()
}

async function detectionsOf(db: Db, project: string, hosts: readonly string[]): Promise<readonly DetectionRow[]> {
  if (hosts.length === 0) return []
  return db.of<OobTables>(project).select('oob_detections').selectAll().where('host', 'in', hosts).execute()
}

async function powerOf(db: Db, project: string, guids: readonly string[]): Promise<ReadonlyMap<string, PowerRow>> {
  if (guids.length === 0) return new Map()
  const rows = await db.of<ConvergeTables>(project).select('oob_power').selectAll().where('guid', 'in', guids).execute()
  return new Map(rows.map(row => [row.guid, row]))
}

type AmtFacts = {
  readonly intent: IntentRow | undefined
  readonly detection: DetectionRow | undefined
  readonly device: DeviceRow | undefined
  readonly connected: boolean
}

function amtMembers({ intent, detection, connected }: AmtFacts): Members {
  if (intent === undefined && detection === undefined) return {}
  const activated = detection?.control_mode === 'acm' || detection?.control_mode === 'ccm'
  const statement = stateOfAmt(
    { want: undefined, attempt: 0 },
    {
      sku: detection?.sku as 'amt' | undefined, // written from the plugin's enumeration
      why: detection?.why ?? '',
      activated,
      connected,
      agent: undefined,
    },
  )
  // What was said of an order stands until the order is settled; then what is seen is said.
  const ordered = intent !== undefined && intent.amt !== null && intent.status !== ''
  const said = ordered ? { says: intent.status, indicator: intent.indicator } : statement
  const at = ordered ? intent.status_at : detection?.since
  return {
    currentAmtState: `AMT_STATE_${statement.current}`,
    amtStatus: said.says,
    amtStatusIndicator: `STATUS_INDICATION_${said.indicator}`,
    ...(at === undefined ? {} : { amtStatusTimestamp: seconds(at) }),
    ...(intent === undefined ? {} : wishMembers(intent, activated)),
  }
}

function wishMembers({ amt, mode, dns_suffix }: IntentRow, activated: boolean): Members {
  return {
    desiredAmtState: amt === null ? 'AMT_STATE_UNSPECIFIED' : `AMT_STATE_${amt.toUpperCase()}`,
    // Once activated, the mode that is shown is the one that is in force.
    ...(mode === null || activated ? {} : { amtControlMode: `AMT_CONTROL_MODE_${mode.toUpperCase()}` }),
    ...(dns_suffix === null ? {} : { amtDnsSuffix: dns_suffix }),
  }
}

function powerMembers(row: PowerRow | undefined, intent: IntentRow | undefined): Members {
  const policy =
    intent === undefined ? {} : { powerCommandPolicy: `POWER_COMMAND_POLICY_${intent.power_policy.toUpperCase()}` }
  if (row === undefined) return policy
  return {
    ...policy,
    ...(row.desired === null ? {} : { desiredPowerState: row.desired }),
    currentPowerState: row.current ?? 'POWER_STATE_UNSPECIFIED',
    powerStatus: row.status,
    powerStatusIndicator: `STATUS_INDICATION_${row.indicator}`,
    powerStatusTimestamp: seconds(row.status_at),
    ...(row.on_at === null ? {} : { powerOnTime: seconds(row.on_at) }),
  }
}

function sessionMembers({ kind, desired, current, status, says }: SessionRow): Members {
  const name = kind === 'kvm' ? 'Kvm' : 'Sol'
  return {
    [`desired${name}State`]: sessionWord(kind, desired),
    [`current${name}State`]: sessionWord(kind, current),
    [`${kind}Status`]: `${kind.toUpperCase()}_STATUS_${status.toUpperCase()}`,
    [`${kind}SessionStatus`]: says,
  }
}

function seconds(text: string): number {
  return Math.floor(Date.parse(text) / 1_000)
}
