// SPDX-License-Identifier: Apache-2.0
/** Whom a schedule is for: a host, a site or a region, by name. */
import { Group, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/schedules.ts'
import { usePlaces } from '../sites/queries.ts'
import { flattened } from '../sites/tree.ts'
import type { Form } from './form.ts'
import type { Place, TargetKind } from './queries.ts'

type TargetFieldProps = {
  readonly form: Form
  /** The one it is for already. */
  readonly place: Place | undefined
  readonly onChange: (part: Partial<Form>) => void
}
type Choice = { readonly value: string; readonly label: string }

const KINDS: readonly TargetKind[] = ['site', 'region', 'host']

export function TargetField({ form: { targetKind, target }, place, onChange }: TargetFieldProps) {
  const places = usePlaces()
  const [search, setSearch] = useState('')
  const hosts = useHosts(search, targetKind === 'host')
  const known: readonly Choice[] =
    targetKind === 'host'
      ? hosts
      : flattened(places.data?.tree ?? [])
          .filter(({ isSite }) => isSite === (targetKind === 'site'))
          .map(({ id, name, path }) => ({ value: id, label: [...path, name].join(' / ') }))
  const own = place?.kind === targetKind && !known.some(({ value }) => value === place.id)
  return (
    <Group align="flex-start" gap="sm" wrap="nowrap">
      <Select
        label={t.form.whereKind}
        allowDeselect={false}
        w={130}
        value={targetKind}
        onChange={value => value !== null && onChange({ targetKind: value as TargetKind, target: '' })}
        data={KINDS.map(value => ({ value, label: t.target[value] }))}
      />
      <Select
        label={t.form.choose(t.target[targetKind].toLowerCase())}
        required
        searchable
        flex={1}
        value={target === '' ? null : target}
        onChange={value => onChange({ target: value ?? '' })}
        onSearchChange={setSearch}
        data={own && place !== undefined ? [{ value: place.id, label: place.name }, ...known] : known}
        limit={100}
      />
    </Group>
  )
}

function useHosts(search: string, enabled: boolean): readonly Choice[] {
  const project = useProject()
  const [asked] = useDebouncedValue(search.trim(), 150)
  const found = useQuery({
    queryKey: ['hosts', project, 'to schedule', asked],
    queryFn: get('/v1/projects/{projectName}/compute/hosts', {
      path: { projectName: project },
      query: { search: asked, pageSize: 50, orderBy: 'name' },
    }),
    enabled,
    placeholderData: keepPreviousData,
  })
  return (found.data?.hosts ?? []).map(({ resourceId, name }) => ({ value: resourceId, label: name || resourceId }))
}
