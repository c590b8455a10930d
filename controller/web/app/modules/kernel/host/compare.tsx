// SPDX-License-Identifier: Apache-2.0
/** How the inventory of a host differs from that of another, or from its own at another time. */
import { Card, Group, Select, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../../api/call.ts'
import type { Host } from '../../../api/types.ts'
import { absolute } from '../../../kit/age.ts'
import { DiffView } from '../../../kit/diff-view.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useParam, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { inventoryOf } from './facts.ts'
import { useHost, useHostAsOf } from './queries.ts'

/** Members that tell two machines apart and not how they are made. */
const IDENTITY = ['serialNumber', 'uuid', 'hostname'] as const

export type CompareProps = { readonly host: Host; readonly shown: Host; readonly asOf: string }

/** What it is compared with: nothing, `self@<time>`, or the id of another host. */
export function Compare({ host, shown, asOf }: CompareProps) {
  const [other, setOther] = useParam('with')
  const isSelf = other.startsWith('self@')
  const at = isSelf ? other.slice('self@'.length) : ''
  const kind = other === '' ? '' : !isSelf ? 'host' : at === '1d' || at === '7d' ? at : 'time'
  const pick = (next: string | null): void => {
    if (next === 'host') setOther('host')
    else if (next === 'time') setOther(`self@${new Date(Date.now() - 3_600_000).toISOString().slice(0, 19)}Z`)
    else setOther(next === null || next === '' ? '' : `self@${next}`)
  }
  return (
    <Card withBorder p="md" component="section" aria-label={t.inventory.compare}>
      <Title order={2} size="h5" mb="xs">
        {t.inventory.compare}
      </Title>
      <Group gap="sm" align="flex-end" mb="sm">
        <Select
          label={t.inventory.with}
          value={kind}
          onChange={pick}
          allowDeselect={false}
          data={[
            { value: '', label: t.inventory.withNothing },
            { value: '1d', label: t.inventory.withDay },
            { value: '7d', label: t.inventory.withWeek },
            { value: 'time', label: t.inventory.withTime },
            { value: 'host', label: t.inventory.withHost },
          ]}
        />
        {kind === 'time' && (
          <TextInput
            type="datetime-local"
            step={1}
            label={t.inventory.at}
            value={Number.isNaN(Date.parse(at)) ? '' : absolute(at).replace(' ', 'T')}
            onChange={event => {
              const time = new Date(event.currentTarget.value)
              if (!Number.isNaN(time.getTime())) setOther(`self@${time.toISOString()}`)
            }}
          />
        )}
        {kind === 'host' && <OtherHost host={host} onPick={setOther} picked={other === 'host' ? '' : other} />}
      </Group>
      {isSelf && at !== '' && <WithItself host={host} shown={shown} at={at} asOf={asOf} />}
      {kind === 'host' && other !== 'host' && <WithOther shown={shown} other={other} />}
    </Card>
  )
}

type WithItselfProps = CompareProps & { readonly at: string }

function WithItself({ host, shown, at, asOf }: WithItselfProps) {
  const then = useHostAsOf(host.resourceId, at)
  return (
    <QueryView query={then}>
      {past => (
        <DiffView
          before={inventoryOf(past)}
          after={inventoryOf(shown)}
          titles={[spokenTime(at), asOf === '' ? t.inventory.now : spokenTime(asOf)]}
          none={t.inventory.same}
        />
      )}
    </QueryView>
  )
}

function spokenTime(at: string): string {
  if (at === '1d') return t.inventory.withDay
  if (at === '7d') return t.inventory.withWeek
  return Number.isNaN(Date.parse(at)) ? at : absolute(at)
}

function WithOther({ shown, other }: { readonly shown: Host; readonly other: string }) {
  const query = useHost(other)
  return (
    <QueryView query={query}>
      {({ host }) => (
        <DiffView
          before={withoutIdentity(host)}
          after={withoutIdentity(shown)}
          titles={[host.name, shown.name]}
          none={t.inventory.same}
        />
      )}
    </QueryView>
  )
}

function withoutIdentity(host: Host) {
  const all = Object.entries(inventoryOf(host))
  return Object.fromEntries(all.filter(([name]) => !IDENTITY.some(each => each === name)))
}

type OtherHostProps = { readonly host: Host; readonly picked: string; readonly onPick: (id: string) => void }

function OtherHost({ host, picked, onPick }: OtherHostProps) {
  const project = useProject()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 150)
  const found = useQuery({
    queryKey: ['hosts', project, 'other', asked],
    queryFn: get('/v1/projects/{projectName}/compute/hosts', {
      path: { projectName: project },
      query: { pageSize: 20, ...(asked === '' ? {} : { search: asked }) },
    }),
    placeholderData: keepPreviousData,
  })
  const hosts = (found.data?.hosts ?? []).filter(({ resourceId }) => resourceId !== host.resourceId)
  const options = hosts.map(({ resourceId, name }) => ({ value: resourceId, label: `${name} (${resourceId})` }))
  const known = picked === '' || options.some(({ value }) => value === picked)
  return (
    <Select
      label={t.inventory.otherHost}
      placeholder={t.inventory.otherHostWhat}
      searchable
      searchValue={text}
      onSearchChange={setText}
      value={picked === '' ? null : picked}
      onChange={next => next !== null && onPick(next)}
      data={known ? options : [{ value: picked, label: picked }, ...options]}
      filter={({ options: all }) => all}
    />
  )
}
