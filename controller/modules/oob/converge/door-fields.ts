// SPDX-License-Identifier: Apache-2.0
/** Out-of-band members by which hosts are filtered and ordered: those that stand in tables. */
import { type RawBuilder, sql } from 'kysely'
import type { Field, SqlField } from '../../../query/query.ts'
import { through, type Way } from '../../../query/through.ts'

const INDICATOR: Field = {
  type: 'enum',
  values: ['UNSPECIFIED', 'ERROR', 'IN_PROGRESS', 'IDLE'].map(word => `STATUS_INDICATION_${word}`),
}
const POWER_STATES = [
  ...['UNSPECIFIED', 'ON', 'OFF', 'SLEEP', 'HIBERNATE', 'RESET', 'POWER_CYCLE', 'RESET_REPEAT'],
].map(word => `POWER_STATE_${word}`)
const AMT_STATES = ['UNSPECIFIED', 'PROVISIONED', 'UNPROVISIONED', 'DISCONNECTED'].map(word => `AMT_STATE_${word}`)

type Columns = Readonly<Record<string, Field & { readonly sql: RawBuilder<unknown> }>>

/** One row for each host, tied to it by `host`. */
function fieldsOf(table: RawBuilder<unknown>, alias: string, columns: Columns): Readonly<Record<string, SqlField>> {
  const way: Way = { table, alias, key: 'host', from: 'kernel_hosts', by: 'id', once: true }
  return Object.fromEntries(
    Object.entries(columns).map(([name, { sql: value, ...field }]) => [
      name,
      through({ ...field, sql: () => value }, way),
    ]),
  )
}

const ACTIVATED = sql`host_amt.control_mode in ('acm', 'ccm')`

/** What is seen of the firmware beside what is wanted of it; the row of either may be missing. */
const AMT = sql`(select coalesce(d.project, i.project) as project, coalesce(d.host, i.host) as host, d.sku, d.control_mode,
    d.dns_suffix, i.amt, i.mode, i.dns_suffix as wanted_suffix, i.power_policy, i.host as intent,
    (select max(v.connected) from oob_devices as v where v.project = d.project and v.host = d.host) as connected
  from oob_detections as d full join oob_intents as i on i.project = d.project and i.host = d.host)`

export const doorFields: Readonly<Record<string, SqlField>> = {
  ...fieldsOf(AMT, 'host_amt', {
    amtSku: {
      type: 'enum',
      values: ['AMT_SKU_UNSPECIFIED', 'AMT_SKU_AMT', 'AMT_SKU_ISM'],
      sql: sql`case when host_amt.sku is null then null when host_amt.sku = 'amt' then 'AMT_SKU_AMT'
        when host_amt.sku = 'ism' then 'AMT_SKU_ISM' else 'AMT_SKU_UNSPECIFIED' end`,
    },
    amtControlMode: {
      type: 'enum',
      values: ['AMT_CONTROL_MODE_UNSPECIFIED', 'AMT_CONTROL_MODE_ACM', 'AMT_CONTROL_MODE_CCM'],
      sql: sql`case when ${ACTIVATED} then 'AMT_CONTROL_MODE_' || upper(host_amt.control_mode)
        when host_amt.mode is not null then 'AMT_CONTROL_MODE_' || upper(host_amt.mode)
        when host_amt.sku is not null then 'AMT_CONTROL_MODE_UNSPECIFIED' end`,
    },
    amtDnsSuffix: { type: 'text', sql: sql`coalesce(host_amt.wanted_suffix, host_amt.dns_suffix)` },
    desiredAmtState: {
      type: 'enum',
      values: AMT_STATES,
      sql: sql`case when host_amt.intent is null then null
        else 'AMT_STATE_' || upper(coalesce(host_amt.amt, 'unspecified')) end`,
    },
    currentAmtState: {
      type: 'enum',
      values: AMT_STATES,
      sql: sql`case when ${ACTIVATED} and host_amt.connected = 1 then 'AMT_STATE_PROVISIONED'
        when ${ACTIVATED} then 'AMT_STATE_DISCONNECTED'
        when host_amt.sku in ('amt', 'ism') then 'AMT_STATE_UNPROVISIONED' else 'AMT_STATE_UNSPECIFIED' end`,
    },
    powerCommandPolicy: {
      type: 'enum',
      values: ['UNSPECIFIED', 'IMMEDIATE', 'ORDERED'].map(word => `POWER_COMMAND_POLICY_${word}`),
      sql: sql`'POWER_COMMAND_POLICY_' || upper(host_amt.power_policy)`,
    },
  }),
  ...fieldsOf(
    sql`(select v.host, p.* from oob_power as p join oob_devices as v on v.project = p.project and v.guid = p.guid)`,
    'host_power',
    {
      desiredPowerState: { type: 'enum', values: POWER_STATES, sql: sql`host_power.desired` },
      currentPowerState: {
        type: 'enum',
        values: POWER_STATES,
        sql: sql`coalesce(host_power.current, 'POWER_STATE_UNSPECIFIED')`,
      },
      powerStatus: { type: 'text', sql: sql`host_power.status` },
      powerStatusIndicator: { ...INDICATOR, sql: sql`'STATUS_INDICATION_' || host_power.indicator` },
      powerStatusTimestamp: { type: 'time', sql: sql`host_power.status_at` },
      powerOnTime: { type: 'time', sql: sql`host_power.on_at` },
    },
  ),
}
