// SPDX-License-Identifier: Apache-2.0
/** Regions: areas within areas, whose labels the sites below them take over. */
import { Type } from 'typebox'
import { defineKind } from '../engine/kind.ts'
import { textOf } from '../engine/world.ts'
import { checkLabels, inherited, labelsIn, regionLabels } from './labels.ts'
import { Metadata, Name, NO_REGION } from './schemas.ts'
import { checkParent, sitesBelow } from './tree.ts'

export const region = defineKind({
  name: 'region',
  words: ['region', 'regions'],
  prefix: 'region',
  table: 'inventory_regions',
  places: [{ path: '/regions' }],
  plural: 'regions',
  verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
  members: {
    name: { is: 'column', schema: Name, column: 'name', searched: true },
    parentRegion: { is: 'reference', to: 'region', column: 'parent', writes: 'parentId', none: NO_REGION },
    regionID: { is: 'alias' },
    metadata: { is: 'column', schema: Metadata, column: 'metadata', form: 'json', default: [], filter: 'text' },
    inheritedMetadata: { is: 'computed', schema: Metadata },
    totalSites: { is: 'computed', schema: Type.Integer({ minimum: 0 }) },
  },
  parameters: { showTotalSites: Type.Boolean({ description: 'Count the sites in each region and below it' }) },
  check: async (tx, draft) => {
    checkLabels(draft)
    await checkParent(tx, draft)
  },
  render: async ({ db, project, rows, asked }) => {
    const parents = rows.flatMap(row => textOf(row.parent) ?? [])
    const above = await regionLabels(db, project, parents)
    const ids = rows.map(row => row.id)
    const counted = asked.showTotalSites === true || asked.region !== undefined
    const totals = counted ? await sitesBelow(db, project, ids) : undefined
    return new Map(
      rows.map(row => {
        const inheritedMetadata = inherited(labelsIn(row.metadata), above.get(textOf(row.parent) ?? '') ?? [])
        const totalSites = totals?.get(row.id)
        return [row.id, { inheritedMetadata, ...(totalSites === undefined ? {} : { totalSites }) }]
      }),
    )
  },
})
