// SPDX-License-Identifier: Apache-2.0
/** Organisations: names under which projects are owned. */
import { Group, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Building2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { type AnswerOf, get } from '../../api/call.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { useListRows } from '../../kit/rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { useMe } from '../../shell/session.tsx'
import { t as words } from '../../words/tenancy.ts'
import { createOrg, deleteOrg } from './acts.ts'

const t = words.orgs
const FIRST = 'default'
type Org = AnswerOf<'/v1/orgs', 'GET'>[number]

export default function OrgsTab() {
  const query = useQuery({ queryKey: ['orgs'], queryFn: get('/v1/orgs') })
  const rows = useListRows<Org>(query.data, query)
  const mayWrite = useMe().permissions.includes('project.write')
  const columns = useMemo(() => columnsFor(mayWrite), [mayWrite])
  return (
    <>
      <Group justify="space-between" gap="sm" mb="sm" align="flex-start">
        <Text size="sm" c="dimmed" maw={640}>
          {t.what}
        </Text>
        {mayWrite && <NewOrg />}
      </Group>
      <div className="mu-fill">
        <DataTable<Org>
          label={t.list}
          rows={rows}
          columns={columns}
          keyOf={({ name }) => name}
          nameOf={({ name }) => name}
          empty={
            <EmptyState icon={Building2} title={t.emptyTitle}>
              {t.empty}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

function columnsFor(mayWrite: boolean): readonly Column<Org>[] {
  const acts: Column<Org> = {
    id: 'acts',
    title: '',
    width: '128px',
    align: 'end',
    cell: ({ name }) => (name === FIRST ? null : <RemoveOrg name={name} />),
  }
  return [
    { id: 'name', title: t.column.name, width: 'minmax(140px, 1fr)', narrow: 'title', cell: ({ name }) => name },
    {
      id: 'description',
      title: t.column.description,
      width: 'minmax(200px, 2fr)',
      cell: ({ spec }) => <span title={spec.description}>{spec.description}</span>,
    },
    {
      id: 'uuid',
      title: t.column.uuid,
      width: '310px',
      narrow: 'hidden',
      cell: ({ status }) => <code>{status.orgStatus.uID}</code>,
    },
    {
      id: 'created',
      title: t.column.created,
      width: '110px',
      cell: ({ status }) => <LiveAge at={status.orgStatus.timeStamp * 1_000} ago />,
    },
    ...(mayWrite ? [acts] : []),
  ]
}

function RemoveOrg({ name }: { readonly name: string }) {
  return (
    <ActButton
      act={deleteOrg}
      input={{ name }}
      title={t.removeTitle(name)}
      label={t.remove}
      verb={t.remove}
      done={t.removed(name)}
      refresh={['orgs']}
      button={{ size: 'xs' }}
    >
      <Text>{t.removeWhat}</Text>
    </ActButton>
  )
}

function NewOrg() {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  return (
    <ActButton
      act={createOrg}
      input={name === '' ? undefined : { name, description: description.trim() }}
      title={t.create}
      done={t.created(name)}
      refresh={['orgs']}
      onDone={() => {
        setName('')
        setDescription('')
      }}
    >
      <TextInput
        label={t.name}
        required
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={event => setName(event.currentTarget.value.trim())}
        data-autofocus
      />
      <Textarea
        label={t.description}
        maxLength={1_000}
        autosize
        minRows={1}
        value={description}
        onChange={event => setDescription(event.currentTarget.value)}
      />
    </ActButton>
  )
}
