// SPDX-License-Identifier: Apache-2.0
/** Dialogs that make, rename, move and delete regions, and delete sites. */
import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { get } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/places.ts'
import { changeRegion, createRegion, deletePlace, deletePlaces, type RegionBody, type Removal } from '../acts/places.ts'
import { labelText, readLabels, sameLabels } from './labels.ts'
import { goodName, LabelField, NameField, RegionField } from './place-fields.tsx'
import type { Places, Region } from './queries.ts'
import { innermostFirst, type PlaceNode } from './tree.ts'

type Opened = { readonly opened: boolean; readonly onClose: () => void }
const REFRESH = ['regions', 'sites', 'schedules']

export function NewRegion({
  places,
  parent,
  ...opened
}: Opened & { readonly places: Places; readonly parent: string }) {
  const project = useProject()
  const [name, setName] = useState('')
  const [region, setRegion] = useState(parent)
  const [text, setText] = useState('')
  const good = goodName(name)
  const read = readLabels(text)
  const input =
    good === undefined || !('labels' in read)
      ? undefined
      : {
          project,
          body: {
            name: good,
            ...(region === '' ? {} : { parentId: region }),
            ...(read.labels.length === 0 ? {} : { metadata: read.labels }),
          },
        }
  return (
    <ActDialog
      act={createRegion}
      input={input}
      title={t.newRegion}
      verb={t.createRegion}
      done={t.created(name)}
      refresh={REFRESH}
      {...opened}
    >
      <NameField value={name} onChange={setName} />
      <RegionField tree={places.tree} label={t.field.parent} levels={1} value={region} onChange={setRegion} />
      <LabelField value={text} onChange={setText} />
    </ActDialog>
  )
}

type ChangeProps = Opened & { readonly places: Places; readonly node: PlaceNode }

/** Renames and moves; only what was changed is sent. */
export function ChangeRegion({ places, node, ...opened }: ChangeProps) {
  const project = useProject()
  const region = useQuery({
    queryKey: ['regions', project, node.id],
    queryFn: get('/v1/projects/{projectName}/regions/{resourceId}', {
      path: { projectName: project, resourceId: node.id },
    }),
    enabled: opened.opened,
  })
  const [change, setChange] = useState<RegionBody>()
  const input =
    change === undefined || Object.keys(change).length === 0 ? undefined : { project, id: node.id, body: change }
  return (
    <ActDialog
      act={changeRegion}
      input={input}
      title={t.changeRegionTitle(node.name)}
      verb={t.save}
      done={t.changed(node.name)}
      refresh={REFRESH}
      {...opened}
    >
      <QueryView query={region}>
        {data => <RegionForm places={places} node={node} region={data} onChange={setChange} />}
      </QueryView>
    </ActDialog>
  )
}

type RegionFormProps = {
  readonly places: Places
  readonly node: PlaceNode
  readonly region: Region
  readonly onChange: (change: RegionBody | undefined) => void
}

function RegionForm({ places, node, region, onChange }: RegionFormProps) {
  const was = { name: region.name ?? '', parent: region.parentId ?? '', labels: labelText(region.metadata) }
  const [form, setForm] = useState(was)
  const set = (part: Partial<typeof was>): void => {
    const next = { ...form, ...part }
    setForm(next)
    const name = goodName(next.name)
    const read = readLabels(next.labels)
    const isGood = name !== undefined && 'labels' in read
    onChange(
      isGood
        ? {
            ...(name === was.name ? {} : { name }),
            ...(next.parent === was.parent ? {} : { parentId: next.parent }),
            ...(sameLabels(read.labels, region.metadata) ? {} : { metadata: read.labels }),
          }
        : undefined,
    )
  }
  return (
    <>
      <NameField value={form.name} onChange={name => set({ name })} />
      <RegionField
        tree={places.tree}
        label={t.field.parent}
        moved={node}
        levels={node.height}
        value={form.parent}
        onChange={parent => set({ parent })}
      />
      <LabelField value={form.labels} onChange={labels => set({ labels })} />
    </>
  )
}

type DeleteProps = Opened & {
  readonly node: PlaceNode
  /** All regions and sites are known, and hosts were counted. */
  readonly whole: boolean
  readonly onDone?: () => void
}

/** Says what goes with a place. Hosts are in the way: they are never deleted with it. */
export function DeletePlace({ node, whole, onDone, ...opened }: DeleteProps) {
  const project = useProject()
  const places = innermostFirst(node).map(({ id, isSite }): Removal => ({ kind: isSite ? 'site' : 'region', id }))
  const [regions, sites] = [places.filter(({ kind }) => kind === 'region').length, node.sites]
  const title = node.isSite ? t.deleteSiteTitle(node.name) : t.deleteRegionTitle(node.name)
  const isFree = node.tally.hosts === 0 && whole
  const common = { title, done: t.deleted(node.name), refresh: REFRESH, onDone: () => onDone?.(), ...opened }
  const why = !whole ? t.notAll : node.tally.hosts > 0 ? t.hostsInTheWay(node.tally.hosts) : undefined
  const [only] = places
  if (places.length === 1)
    return (
      <ActDialog act={deletePlace} input={isFree && only !== undefined ? { project, ...only } : undefined} {...common}>
        <Text size="sm">{why ?? (node.isSite ? t.deleteSiteEmpty : t.deleteLeaf)}</Text>
      </ActDialog>
    )
  return (
    <ActDialog
      act={deletePlaces}
      input={isFree ? { project, places } : undefined}
      name={node.name}
      verb={t.deleteAll(regions, sites)}
      {...common}
    >
      <Text size="sm">{why ?? t.deleteHolds(regions - 1, sites)}</Text>
      {isFree && (
        <List size="sm" className="mu-delete-list">
          {innermostFirst(node)
            .slice(0, -1)
            .map(each => (
              <List.Item key={each.id}>
                {each.isSite ? t.site : t.region} {each.name}
              </List.Item>
            ))}
        </List>
      )}
    </ActDialog>
  )
}
