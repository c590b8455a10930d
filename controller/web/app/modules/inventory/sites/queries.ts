// SPDX-License-Identifier: Apache-2.0
/** What the pages of sites ask: the tree of places, and how the hosts of each are doing. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type AnswerOf, get } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import type { Tally } from './state.ts'
import { type FlatNode, type PlaceNode, treeOf } from './tree.ts'

export type Region = AnswerOf<'/v1/projects/{projectName}/regions/{resourceId}', 'GET'>
export type Site = AnswerOf<'/v1/projects/{projectName}/sites/{resourceId}', 'GET'>

export type Places = {
  readonly tree: readonly PlaceNode[]
  /** Of hosts that stand nowhere. */
  readonly nowhere: Tally | undefined
  readonly shown: number
  readonly all: number
}

type Locations = AnswerOf<'/v1/projects/{projectName}/locations', 'GET'>
type Tallies = AnswerOf<'/v1/projects/{project}/inventory/sites', 'GET'>

/** Regions and sites with what stands above a match, and the counts of their hosts, which go on without the tree. */
export function usePlaces(search = '') {
  const project = useProject()
  const may = useMay()
  const locations = useQuery({
    queryKey: ['regions', project, 'tree', search],
    queryFn: get('/v1/projects/{projectName}/locations', {
      path: { projectName: project },
      query: { name: search },
    }),
    placeholderData: keepPreviousData,
  })
  const tallies = useQuery({ ...tallyQuery(project), enabled: may('host.read') })
  const data = locations.data === undefined ? undefined : placesOf(locations.data, tallies.data)
  const refetch = () => Promise.all([locations.refetch(), tallies.refetch()])
  return { data, error: locations.error ?? tallies.error, isPending: locations.isPending, refetch }
}

export function tallyQuery(project: string) {
  return {
    queryKey: ['sites', project, 'tallies'],
    queryFn: get('/v1/projects/{project}/inventory/sites', { path: { project } }),
  }
}

function placesOf({ nodes, totalElements, outputElements }: Locations, tallies: Tallies | undefined): Places {
  const counted = new Map((tallies?.sites ?? []).map(({ siteId, ...tally }) => [siteId, tally]))
  const flat = nodes.map(
    ({ resourceId, parentId, name, type }): FlatNode => ({
      id: resourceId,
      parent: parentId,
      name,
      isSite: type === 'RESOURCE_KIND_SITE',
    }),
  )
  return { tree: treeOf(flat, counted), nowhere: counted.get(''), shown: outputElements, all: totalElements }
}
