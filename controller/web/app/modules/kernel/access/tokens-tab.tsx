// SPDX-License-Identifier: Apache-2.0
/** API tokens: who has which, what for, and whether anything uses them. */
import { Group, Select, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useMemo, useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { get } from '../../../api/call.ts'
import { DataTable } from '../../../kit/data-table.tsx'
import { useNow } from '../../../kit/now.ts'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { useMay, useMe, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/access-tokens.ts'
import { revokeTokens } from './acts.ts'
import { tokenColumns } from './token-columns.tsx'
import { NewTokenButton } from './token-form.tsx'
import { fittingTokens, isShown, SHOWN, type Token } from './tokens.ts'

const NAMED = 3
/** Tokens change while nobody tells: what used them last is asked again. */
const AGAIN_MS = 30_000

export default function TokensTab() {
  const me = useMe()
  const query = useQuery({ queryKey: ['tokens'], queryFn: get('/v1/access/tokens'), refetchInterval: AGAIN_MS })
  const ownerOf = useOwners()
  const [words, setWords] = useParam('q')
  const [chosen, setShow] = useParam('show', 'all')
  const show = isShown(chosen) ? chosen : 'all'
  const now = useMinute()
  const [selected, select] = useState<ReadonlySet<string>>(new Set())
  const tokens = query.data?.tokens
  const fitting = useMemo(
    () => (tokens === undefined ? undefined : fittingTokens(tokens, { show, words, me: me.id, now }, ownerOf)),
    [tokens, show, words, me.id, now, ownerOf],
  )
  const rows = useListRows(fitting, query)
  const columns = useMemo(() => tokenColumns({ now, ownerOf, me: me.id }), [now, ownerOf, me.id])
  const marked = (tokens ?? []).filter(({ id }) => selected.has(id))
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <TextInput
          label={t.search}
          placeholder={t.searchHint}
          value={words}
          onChange={event => setWords(event.currentTarget.value)}
          data-search
          w={240}
        />
        <Select
          label={t.show}
          data={SHOWN.map(value => ({ value, label: t.shows[value] }))}
          value={show}
          onChange={value => setShow(value ?? 'all')}
          allowDeselect={false}
          w={200}
        />
        {fitting !== undefined && (
          <Text size="sm" c="dimmed" role="status" pb={8}>
            {t.counted(fitting.length, tokens?.length ?? 0)}
          </Text>
        )}
        <Group gap="xs" ms="auto">
          {marked.length > 0 && <RevokeButton tokens={marked} onDone={() => select(new Set())} />}
          <NewTokenButton />
        </Group>
      </Group>
      <OwnOnly />
      <div className="mu-fill">
        <DataTable<Token>
          label={t.list}
          rows={rows}
          columns={columns}
          cardHeight={92}
          keyOf={({ id }) => id}
          nameOf={({ name }) => name}
          selection={{ keys: selected, set: select }}
          empty={
            <EmptyState icon={KeyRound} title={(tokens?.length ?? 0) === 0 ? t.emptyTitle : t.emptyFiltered}>
              {(tokens?.length ?? 0) === 0 ? `${t.whatFor} ${t.empty}` : undefined}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

function OwnOnly() {
  const me = useMe()
  if (me.permissions.includes('access.read')) return null
  return (
    <Text size="sm" c="dimmed" mb="xs">
      {t.only}
    </Text>
  )
}

function RevokeButton({ tokens, onDone }: { readonly tokens: readonly Token[]; readonly onDone: () => void }) {
  const names = tokens.slice(0, NAMED).map(({ name }) => name)
  if (tokens.length > NAMED) names.push(t.more(tokens.length - NAMED))
  return (
    <ActButton
      act={revokeTokens}
      input={{ ids: tokens.map(({ id }) => id) }}
      title={t.revokeTitle(tokens.length)}
      verb={t.revokeVerb(tokens.length)}
      label={t.revokeVerb(tokens.length)}
      done={t.revoked(tokens.length)}
      refresh={['tokens']}
      onDone={onDone}
    >
      <Text>{t.revokeWhat(names.join(', '))}</Text>
    </ActButton>
  )
}

/** Names of people by id, where they may be seen; what is not known keeps its id. */
function useOwners(): (id: string) => string {
  const me = useMe()
  const may = useMay()
  const { boot } = useSurroundings()
  const { data } = useQuery({
    queryKey: ['people'],
    queryFn: get('/v1/access/people'),
    enabled: boot.modules.includes('access') && may('access.read'),
    retry: false,
  })
  return useMemo(() => {
    const names = new Map((data?.people ?? []).map(({ id, name }) => [id, name]))
    return id => names.get(id) ?? (id === me.id ? me.name : id)
  }, [data, me])
}

/** The time, new every minute: flags of days need no more. */
function useMinute(): number {
  return Math.floor(useNow() / 60_000) * 60_000
}
