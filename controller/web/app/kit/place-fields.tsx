// SPDX-License-Identifier: Apache-2.0
/** Where something holds: in every project, in one, or for some hosts of it. */
import { MultiSelect, Select, Stack, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../api/call.ts'
import { useSurroundings } from '../shell/session.tsx'
import { t as words } from '../words/access-tokens.ts'
import { labelText, readLabel } from './labels.ts'
import type { Place } from './rights.ts'

const t = words.place
const EVERY = '*'
const MOST_SITES = 100

type PlaceFieldsProps = {
  readonly place: Place
  readonly onChange: (place: Place) => void
  /** Only of those where somebody may do it; all projects when left out. */
  readonly projects?: readonly string[] | undefined
  readonly mayBeEverywhere?: boolean
  /** Without a choice of hosts. */
  readonly wholeOnly?: boolean
}

export function PlaceFields({
  place,
  onChange,
  projects,
  mayBeEverywhere = true,
  wholeOnly = false,
}: PlaceFieldsProps) {
  const known = useQuery({ queryKey: ['projects'], queryFn: get('/v1/projects'), staleTime: 60_000 })
  const names = projects ?? (known.data ?? []).map(({ name }) => name)
  const data = [
    ...(mayBeEverywhere ? [{ value: EVERY, label: t.everyProject }] : []),
    ...[...new Set([...names, ...(place.project === undefined ? [] : [place.project])])].map(name => ({
      value: name,
      label: name,
    })),
  ]
  return (
    <Stack gap="sm">
      <Select
        label={t.project}
        data={data}
        value={place.project ?? EVERY}
        searchable
        allowDeselect={false}
        onChange={value =>
          value !== null &&
          onChange(value === EVERY ? { labels: place.labels } : { labels: place.labels, project: value })
        }
      />
      {!wholeOnly && <SiteField place={place} onChange={onChange} />}
      {!wholeOnly && <LabelField place={place} onChange={onChange} />}
    </Stack>
  )
}

type FieldProps = Pick<PlaceFieldsProps, 'place' | 'onChange'>

/** Names of sites by id, where there are sites and they may be read. */
export function useSiteNames(project: string | undefined): ReadonlyMap<string, string> {
  const { boot } = useSurroundings()
  const { data } = useQuery({
    queryKey: ['sites', project, 'names'],
    queryFn: get('/v1/projects/{projectName}/sites', {
      path: { projectName: project ?? '' },
      query: { pageSize: MOST_SITES, orderBy: 'name' },
    }),
    enabled: project !== undefined && boot.modules.includes('inventory'),
    retry: false,
    staleTime: 60_000,
  })
  return new Map((data?.sites ?? []).map(({ resourceId, name }) => [resourceId, name ?? resourceId]))
}

function SiteField({ place, onChange }: FieldProps) {
  const names = useSiteNames(place.project)
  const sites = [...(place.sites ?? [])]
  const change = (chosen: string[]): void => onChange({ ...place, sites: chosen })
  if (place.project === undefined) return null
  if (names.size === 0)
    return (
      <TagsInput
        label={t.sites}
        description={t.siteIds}
        value={sites}
        onChange={change}
        splitChars={[',', ' ']}
        clearable
      />
    )
  const data = [...new Set([...names.keys(), ...sites])].map(id => ({ value: id, label: names.get(id) ?? id }))
  return (
    <MultiSelect
      label={t.sites}
      description={t.sitesHint}
      data={data}
      value={sites}
      onChange={change}
      searchable
      clearable
    />
  )
}

function LabelField({ place, onChange }: FieldProps) {
  const [wrong, setWrong] = useState<string>()
  const change = (texts: string[]): void => {
    const bad = texts.find(text => readLabel(text) === undefined)
    setWrong(bad)
    onChange({ ...place, labels: texts.flatMap(text => readLabel(text) ?? []) })
  }
  return (
    <TagsInput
      label={t.labels}
      description={t.labelsHint}
      value={(place.labels ?? []).map(labelText)}
      onChange={change}
      splitChars={[',', ' ']}
      error={wrong === undefined ? undefined : t.notALabel(wrong.slice(0, 80))}
      clearable
    />
  )
}
