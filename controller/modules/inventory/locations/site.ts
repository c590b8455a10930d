// SPDX-License-Identifier: Apache-2.0
/** Sites: places where hosts stand, each in one region or in none. */
import { Type } from 'typebox'
import { defineKind } from '../engine/kind.ts'
import { textOf } from '../engine/world.ts'
import { checkLabels, inherited, labelsIn, regionLabels } from './labels.ts'
import { Metadata, Name, NO_REGION } from './schemas.ts'

export const site = defineKind({
  name: 'site',
  words: ['site', 'sites'],
  prefix: 'site',
  table: 'inventory_sites',
  places: [
    { path: '/sites', narrowedBy: { query: 'regionId', member: 'region' } },
    { path: '/regions/:region/sites', within: { parameter: 'region', member: 'region' } },
  ],
  plural: 'sites',
  verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
  members: {
    name: { is: 'column', schema: Name, column: 'name', searched: true },
    region: { is: 'reference', to: 'region', column: 'region', writes: 'regionId', none: NO_REGION },
    siteLat: {
      is: 'column',
      schema: Type.Integer({
        minimum: -900_000_000,
        maximum: 900_000_000,
        description: 'Degrees north, times 10,000,000',
      }),
      column: 'latitude',
      form: 'integer',
    },
    siteLng: {
      is: 'column',
      schema: Type.Integer({
        minimum: -1_800_000_000,
        maximum: 1_800_000_000,
        description: 'Degrees east, times 10,000,000',
      }),
      column: 'longitude',
      form: 'integer',
    },
    provider: { is: 'reference', to: 'provider', column: 'provider' },
    siteID: { is: 'alias' },
    metadata: { is: 'column', schema: Metadata, column: 'metadata', form: 'json', default: [], filter: 'text' },
    inheritedMetadata: { is: 'computed', schema: Metadata },
  },
  check: async (_, draft) => checkLabels(draft),
  render: async ({ db, project, rows }) => {
    const regions = [...new Set(rows.flatMap(row => textOf(row.region) ?? []))]
    const above = await regionLabels(db, project, regions)
    return new Map(
      rows.map(row => [
        row.id,
        { inheritedMetadata: inherited(labelsIn(row.metadata), above.get(textOf(row.region) ?? '') ?? []) },
      ]),
    )
  },
  holders: [
    {
      words: ['host', 'hosts'],
      table: 'kernel_hosts',
      column: 'site',
      unless: { column: 'state', equals: 'deleted' },
    },
  ],
})
