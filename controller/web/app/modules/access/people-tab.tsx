// SPDX-License-Identifier: Apache-2.0
/** Who there is: how they come in, how well that is guarded, what was given to them. */
import { Group, Select, Text, TextInput } from '@mantine/core'
import { Users } from 'lucide-react'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { grantsText } from '../../kit/rights.ts'
import { useListRows } from '../../kit/rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { Badge } from '../../kit/status-chip.tsx'
import { useParam } from '../../shell/go.tsx'
import { useMe } from '../../shell/session.tsx'
import { t as words } from '../../words/access.ts'
import { AddPerson } from './add-person.tsx'
import { fittingPeople, grantsOf, isWeak, stateOf } from './people.ts'
import { PersonDrawer } from './person-drawer.tsx'
import { type Binding, type Person, useBindings, useMayEverywhere, usePeople, useRoles } from './queries.ts'

const t = words.people
const HUES = { active: 'ok', waiting: 'unknown', disabled: 'held' } as const

export default function PeopleTab() {
  const me = useMe()
  const people = usePeople()
  const bindings = useBindings().data?.bindings
  const [find] = useParam('q')
  const [state] = useParam('state')
  const [factor] = useParam('factor')
  const [role] = useParam('role')
  const [open, setOpen] = useParam('person')
  const mayEverywhere = useMayEverywhere()
  const all = people.data?.people
  const fitting = useMemo(
    () => (all === undefined ? undefined : fittingPeople(all, bindings ?? [], { words: find, state, factor, role })),
    [all, bindings, find, state, factor, role],
  )
  const rows = useListRows(fitting, people)
  const columns = useMemo(() => columnsOf(bindings ?? [], me.id), [bindings, me.id])
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <Filters />
        {fitting !== undefined && (
          <Text size="sm" c="dimmed" role="status" pb={8}>
            {t.counted(fitting.length, all?.length ?? 0)}
          </Text>
        )}
        <Group gap="xs" ms="auto">
          {mayEverywhere('access.write') && <AddPerson />}
        </Group>
      </Group>
      <div className="mu-fill">
        <DataTable<Person>
          label={t.list}
          rows={rows}
          columns={columns}
          cardHeight={96}
          keyOf={({ id }) => id}
          nameOf={({ name }) => name}
          onOpen={({ id }) => setOpen(id, { replace: false })}
          empty={
            <EmptyState icon={Users} title={t.emptyTitle}>
              {t.empty}
            </EmptyState>
          }
        />
      </div>
      <PersonDrawer person={all?.find(({ id }) => id === open)} onClose={() => setOpen('')} />
    </>
  )
}

function Filters() {
  const [find, setFind] = useParam('q')
  const [state, setState] = useParam('state')
  const [factor, setFactor] = useParam('factor')
  const [role, setRole] = useParam('role')
  const roles = useRoles().data?.roles ?? []
  return (
    <>
      <TextInput
        label={t.search}
        placeholder={t.searchHint}
        value={find}
        onChange={event => setFind(event.currentTarget.value)}
        data-search
        w={220}
      />
      <Select
        label={t.state}
        data={Object.entries(t.states).map(([value, label]) => ({ value, label }))}
        value={state === '' ? 'any' : state}
        onChange={value => setState(value === 'any' ? '' : (value ?? ''))}
        allowDeselect={false}
        w={150}
      />
      <Select
        label={t.factor}
        data={Object.entries(t.factors).map(([value, label]) => ({ value, label }))}
        value={factor === '' ? 'any' : factor}
        onChange={value => setFactor(value === 'any' ? '' : (value ?? ''))}
        allowDeselect={false}
        w={120}
      />
      <Select
        label={t.role}
        placeholder={t.anyRole}
        data={roles.map(({ name }) => name)}
        value={role === '' ? null : role}
        onChange={value => setRole(value ?? '')}
        clearable
        w={150}
      />
    </>
  )
}

function columnsOf(bindings: readonly Binding[], me: string): readonly Column<Person>[] {
  return [
    {
      id: 'name',
      title: t.column.name,
      width: 'minmax(130px, 1fr)',
      narrow: 'title',
      cell: ({ id, name, kind }) => (
        <>
          {name}
          {id === me && ` (${t.you})`}
          {kind === 'service' && ` (${t.service})`}
        </>
      ),
    },
    {
      id: 'login',
      title: t.column.login,
      width: 'minmax(110px, 1fr)',
      narrow: 'hidden',
      cell: ({ login }) => login ?? t.noLogin,
    },
    {
      id: 'state',
      title: t.column.state,
      width: '160px',
      cell: person => <Badge hue={HUES[stateOf(person)]}>{t.states[stateOf(person)]}</Badge>,
    },
    {
      id: 'factor',
      title: t.column.factor,
      width: '130px',
      cell: person => <Factor person={person} bindings={bindings} />,
    },
    {
      id: 'used',
      title: t.column.used,
      width: '120px',
      cell: ({ signedInAt }) => <LiveAge at={signedInAt} ago />,
    },
    {
      id: 'grants',
      title: t.column.grants,
      width: 'minmax(220px, 3fr)',
      cell: person => {
        const text = grantsText(person.role, grantsOf(person, bindings))
        return <span title={text}>{text}</span>
      },
    },
  ]
}

function Factor({ person, bindings }: { readonly person: Person; readonly bindings: readonly Binding[] }) {
  if (person.totp) return <Badge hue="ok">{t.factors.on}</Badge>
  if (!isWeak(person, bindings)) return t.weak
  return (
    <Badge hue="degraded" why={t.weakWhy}>
      {t.weak}
    </Badge>
  )
}
