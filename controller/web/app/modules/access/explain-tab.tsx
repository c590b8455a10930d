// SPDX-License-Identifier: Apache-2.0
/** What somebody may do at a place, and which grants decide it: the API's own answers. */
import { Group, Select, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../api/call.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { RIGHTS, rightText } from '../../kit/rights.ts'
import { useParam, useProject } from '../../shell/go.tsx'
import { useMay, useMe } from '../../shell/session.tsx'
import { t as words } from '../../words/access.ts'
import { ANSWERS_KEY, EVERYWHERE, explainAll } from './explain.ts'
import { Answers } from './explain-answers.tsx'
import { usePeople } from './queries.ts'

const t = words.explain
const MOST = 20

export default function ExplainTab() {
  const me = useMe()
  const project = useProject()
  const [who] = useParam('who', me.id)
  const [where] = useParam('in', project)
  const [host] = useParam('host')
  const [right] = useParam('right')
  const asked = right === '' ? RIGHTS : RIGHTS.filter(each => each === right)
  const query = useQuery({
    queryKey: [ANSWERS_KEY, who, where, host, right],
    queryFn: ({ signal }) => explainAll({ who, where, host, rights: asked }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t.intro}
      </Text>
      <Group gap="sm" mb="md" align="flex-end">
        <Who />
        <Where />
        {where !== EVERYWHERE && <HostPick project={where} />}
        <What />
      </Group>
      <QueryView query={query}>
        {answers => (
          <div className={query.isPlaceholderData ? 'mu-faded' : undefined}>
            <Answers answers={answers} who={who} where={where} host={host} isWhole={right === ''} />
          </div>
        )}
      </QueryView>
    </>
  )
}

function Who() {
  const me = useMe()
  const may = useMay()
  const [who, setWho] = useParam('who', me.id)
  const people = usePeople().data?.people ?? []
  const data = people.map(({ id, name }) => ({ value: id, label: name }))
  if (!data.some(({ value }) => value === me.id)) data.unshift({ value: me.id, label: me.name })
  return (
    <Select
      label={t.who}
      data={may('access.read') ? data : data.filter(({ value }) => value === me.id)}
      value={who}
      onChange={value => setWho(value ?? me.id)}
      allowDeselect={false}
      searchable
      w={180}
    />
  )
}

function Where() {
  const project = useProject()
  const [where, setWhere] = useParam('in', project)
  const [, setHost] = useParam('host')
  const projects = useQuery({ queryKey: ['projects'], queryFn: get('/v1/projects'), staleTime: 60_000 }).data ?? []
  const names = [...new Set([project, ...projects.map(({ name }) => name)])]
  return (
    <Select
      label={t.where}
      data={[{ value: EVERYWHERE, label: t.everywhere }, ...names.map(name => ({ value: name, label: name }))]}
      value={where}
      onChange={value => {
        setHost('')
        setWhere(value ?? project)
      }}
      allowDeselect={false}
      searchable
      w={220}
    />
  )
}

/** Hosts of the project by a part of their name; the one of the address is there too. */
function HostPick({ project }: { readonly project: string }) {
  const [host, setHost] = useParam('host')
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed.trim(), 150)
  const may = useMay()
  const { data } = useQuery({
    queryKey: ['hosts', project, 'pick', asked],
    queryFn: get('/v1/projects/{projectName}/compute/hosts', {
      path: { projectName: project },
      query: { search: asked, pageSize: MOST, orderBy: 'name' },
    }),
    placeholderData: keepPreviousData,
    enabled: may('host.read'),
    retry: false,
  })
  const found = (data?.hosts ?? []).map(({ resourceId, name }) => ({ value: resourceId, label: name }))
  if (host !== '' && !found.some(({ value }) => value === host)) found.unshift({ value: host, label: host })
  return (
    <Select
      label={t.host}
      placeholder={t.anyHost}
      description={undefined}
      data={found}
      filter={({ options }) => options}
      value={host === '' ? null : host}
      onChange={value => setHost(value ?? '')}
      onSearchChange={setTyped}
      nothingFoundMessage={t.hostHint}
      searchable
      clearable
      w={220}
    />
  )
}

function What() {
  const [right, setRight] = useParam('right')
  return (
    <Select
      label={t.what}
      placeholder={t.everything}
      data={RIGHTS.map(value => ({ value, label: rightText(value) }))}
      value={right === '' ? null : right}
      onChange={value => setRight(value ?? '')}
      searchable
      clearable
      w={280}
    />
  )
}
