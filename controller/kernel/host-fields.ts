// SPDX-License-Identifier: Apache-2.0
/** The members by which hosts are filtered and ordered, as far as the kernel knows them. */
import { sql } from 'kysely'
import type { Field, Fields, SomeTest, SqlField } from '../query/query.ts'
import { reachability, STANDING_FIELDS } from './host-standing.ts'
import type { Facet } from './module.ts'
import { foundInHost } from './tables/host-list.ts'

const column = (name: string, field: Field): SqlField => ({ ...field, sql: () => sql.ref(`kernel_hosts.${name}`) })

/** The states in EIM's words. */
export const HOST_STATES = {
  registered: 'HOST_STATE_REGISTERED',
  onboarded: 'HOST_STATE_ONBOARDED',
  untrusted: 'HOST_STATE_UNTRUSTED',
  deleted: 'HOST_STATE_DELETED',
} as const

const STATE: Field = { type: 'enum', always: true, values: ['HOST_STATE_UNSPECIFIED', ...Object.values(HOST_STATES)] }
const stateSql = (state: ReturnType<typeof sql>) => sql`case ${state}
  when 'registered' then 'HOST_STATE_REGISTERED' when 'onboarded' then 'HOST_STATE_ONBOARDED'
  when 'untrusted' then 'HOST_STATE_UNTRUSTED' else 'HOST_STATE_DELETED' end`

const INDICATOR: Field = {
  type: 'enum',
  always: true,
  values: ['UNSPECIFIED', 'ERROR', 'IN_PROGRESS', 'IDLE'].map(word => `STATUS_INDICATION_${word}`),
}

/** A status has three members: its words, their kind, and since when. */
function statusFields(
  member: string,
  columns: { readonly text: string; readonly indicator: string; readonly at: string },
) {
  return {
    [member]: column(columns.text, { type: 'text', always: true }),
    [`${member}Indicator`]: {
      ...INDICATOR,
      sql: () => sql`'STATUS_INDICATION_' || ${sql.ref(`kernel_hosts.${columns.indicator}`)}`,
    },
    [`${member}Timestamp`]: column(columns.at, { type: 'time', always: true }),
  }
}

/** Looked up from the labels' side: once, and not for each host. An id exists once in the installation. */
const labelled = (test: SomeTest) => sql<boolean>`(kernel_hosts.id in (
  select kernel_labels.host from kernel_labels
  where ${test(sql.ref('kernel_labels.value'), sql.ref('kernel_labels.key'))}))`

const SITE: Field = { type: 'id' }
const TIME: Field = { type: 'time', always: true }

const foundIn = () => foundInHost('kernel_hosts.')
/** Bare words are looked for in these. */
const searched = (name: string, field: Field): SqlField => ({ ...column(name, field), searched: true, foundIn })

/** Expressions over rows of `kernel_hosts`. */
export const HOST_FIELDS: Fields<SqlField> = {
  resourceId: searched('id', { type: 'id', always: true }),
  name: searched('name', { type: 'text', always: true }),
  hostname: searched('hostname', { type: 'text' }),
  serialNumber: searched('serial', { type: 'text' }),
  uuid: searched('uuid', { type: 'text' }),
  currentState: { ...STATE, sql: () => stateSql(sql`kernel_hosts.state`) },
  desiredState: { ...STATE, sql: () => stateSql(sql`coalesce(kernel_hosts.desired, kernel_hosts.state)`) },
  ...statusFields('hostStatus', { text: 'status', indicator: 'status_indicator', at: 'status_at' }),
  ...statusFields('registrationStatus', {
    text: 'registration_status',
    indicator: 'registration_indicator',
    at: 'registration_at',
  }),
  ...statusFields('onboardingStatus', {
    text: 'onboarding_status',
    indicator: 'onboarding_indicator',
    at: 'onboarding_at',
  }),
  note: column('note', { type: 'text' }),
  site: column('site', { type: 'reference' }),
  siteId: column('site', SITE),
  siteID: column('site', SITE),
  'site.resourceId': column('site', SITE),
  'site.siteID': column('site', SITE),
  metadata: { type: 'labels', sql: () => sql.ref('kernel_hosts.labels'), some: labelled },
  createdAt: column('created_at', TIME),
  updatedAt: column('updated_at', TIME),
  'timestamps.createdAt': column('created_at', TIME),
  'timestamps.updatedAt': column('updated_at', TIME),
  simulated: column('simulated', { type: 'boolean', always: true }),
  online: column('online', { type: 'boolean', always: true }),
  reachability,
  userLvmSize: column('user_lvm_size', { type: 'integer' }),
}

/** All members there are, those of the loaded modules too. */
export function hostFields(facets: readonly Facet[]): Fields<SqlField> {
  return Object.assign({}, HOST_FIELDS, STANDING_FIELDS, ...facets.map(facet => facet.fields))
}
