// SPDX-License-Identifier: Apache-2.0
/** The filters of the audit: chain, person, action, target, outcome, time. */
import { Autocomplete, Button, Group, Select, Switch, TextInput } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { get } from '../../../api/call.ts'
import { useMay, useMe } from '../../../shell/session.tsx'
import { t } from '../../../words/audit.ts'
import { type Asked, FILTERS, isFiltered, timeOf } from './search.ts'

export type FiltersProps = {
  readonly asked: Asked
  readonly set: (change: Readonly<Record<string, string>>) => void
  readonly chains: readonly string[] | undefined
}

const OWN = 'own'
const TYPING_MS = 350

/** On narrow screens they fold, with how many are in force. */
export function Filters(props: FiltersProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false
  const [opened, { toggle }] = useDisclosure()
  if (!isNarrow) return <Row {...props} />
  const inForce = FILTERS.filter(name => props.asked[name] !== '').length
  return (
    <>
      <Button variant="default" onClick={toggle} aria-expanded={opened} mb="xs">
        {t.filter.shown(t.chainName(props.asked.chain), inForce)}
      </Button>
      {opened && <Row {...props} />}
    </>
  )
}

function Row({ asked, set, chains = [] }: FiltersProps) {
  const { chain, custody, outcome } = asked
  const actions = useActions(asked)
  const people = usePeople()
  const me = useMe()
  const all = [...new Set([...chains, chain])]
  const keepsGone = chain !== 'installation' && (me.permissions as readonly string[]).includes('audit.read') // a longer list of the same texts
  return (
    <Group gap="xs" align="flex-end" role="search" aria-label={t.filter.label} className="mu-filters">
      <Select
        label={t.chain}
        data={all.map(value => ({ value, label: t.chainName(value) }))}
        value={chain}
        onChange={value => value !== null && set({ chain: value, action: '', entry: '', custody: '' })}
        allowDeselect={false}
        searchable={all.length > 8}
        w={190}
      />
      <Words label={t.filter.person} hint={t.filter.personHint} name="person" asked={asked} set={set} data={people} />
      <Words label={t.filter.action} hint={t.filter.actionHint} name="action" asked={asked} set={set} data={actions} />
      <Words label={t.filter.target} hint={t.filter.targetHint} name="target" asked={asked} set={set} />
      <Select
        label={t.filter.outcome}
        data={[
          { value: '', label: t.filter.any },
          { value: 'done', label: t.outcome.done },
          { value: 'refused', label: t.outcome.refused },
        ]}
        value={outcome}
        onChange={value => set({ outcome: value ?? '' })}
        allowDeselect={false}
        w={140}
      />
      <Times asked={asked} set={set} />
      {isFiltered(asked) && (
        <Button variant="subtle" onClick={() => set(Object.fromEntries(FILTERS.map(name => [name, ''])))}>
          {t.filter.clear}
        </Button>
      )}
      {keepsGone && (
        <Switch
          label={t.custody}
          checked={custody}
          onChange={event => set({ custody: event.currentTarget.checked ? '1' : '' })}
          size="xs"
          pb={8}
        />
      )}
    </Group>
  )
}

type WordsProps = Pick<FiltersProps, 'asked' | 'set'> & {
  readonly label: string
  readonly hint: string
  readonly name: 'person' | 'action' | 'target'
  /** What may be picked; without it there is nothing but the text. */
  readonly data?: readonly string[]
}

/** Takes effect a moment after typing, so that not every letter is a question. */
function Words({ label, hint, name, asked, set, data }: WordsProps) {
  const inForce = asked[name]
  const [typed, setTyped] = useState(inForce)
  useEffect(() => setTyped(inForce), [inForce])
  useEffect(() => {
    const next = typed.trim()
    if (next === inForce) return undefined
    const timer = setTimeout(() => set({ [name]: next }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, inForce, name, set])
  const field = { label, placeholder: hint, maxLength: 300, value: typed, spellCheck: false, w: 160 }
  if (data === undefined)
    return <TextInput {...field} onChange={event => setTyped(event.currentTarget.value)} data-search />
  return (
    <Autocomplete
      {...field}
      data={[...data]}
      limit={50}
      onChange={setTyped}
      onOptionSubmit={value => set({ [name]: value })}
    />
  )
}

/** A length back, or two times of one's own. */
function Times({ asked: { since, until }, set }: Pick<FiltersProps, 'asked' | 'set'>) {
  const preset = until === '' && since in t.time ? since : OWN
  return (
    <>
      <Select
        label={t.filter.time}
        data={[...Object.entries(t.time).map(([value, label]) => ({ value, label })), { value: OWN, label: t.timeOwn }]}
        value={preset}
        onChange={value =>
          set(
            value === OWN
              ? { since: timeOf(since || '24h', Date.now()) ?? '', until: '' }
              : { since: value ?? '', until: '' },
          )
        }
        allowDeselect={false}
        w={170}
      />
      {preset === OWN && (
        <>
          <TimeInput label={t.filter.from} value={since} onChange={value => set({ since: value })} />
          <TimeInput label={t.filter.to} value={until} onChange={value => set({ until: value })} />
        </>
      )}
    </>
  )
}

type TimeInputProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }

/** Shown in local time, kept as RFC 3339. */
function TimeInput({ label, value, onChange }: TimeInputProps) {
  const at = timeOf(value, Date.now())
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={at === undefined ? '' : localOf(at)}
      onChange={event => {
        const date = new Date(event.currentTarget.value)
        onChange(Number.isNaN(date.getTime()) ? '' : date.toISOString())
      }}
    />
  )
}

function localOf(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function useActions({ chain, custody }: Asked): readonly string[] {
  const { data } = useQuery({
    queryKey: ['audit', chain, 'actions', custody],
    queryFn: get('/v1/audit/actions', { query: { chain, ...(custody ? { custody } : {}) } }),
    staleTime: 60_000,
  })
  const whole = data?.actions ?? []
  // The first words find all that begin with them.
  const first = whole.map(action => action.split('.')[0] ?? '')
  return [...new Set([...first.filter((word, at) => first.indexOf(word) !== at), ...whole])].sort()
}

/** Names, where those may be read; anybody may type one. */
function usePeople(): readonly string[] {
  const may = useMay()('access.read')
  const { data } = useQuery({
    queryKey: ['people', 'names'],
    queryFn: get('/v1/access/people'),
    enabled: may,
    staleTime: 60_000,
    retry: false,
  })
  return [...new Set((data?.people ?? []).map(({ name }) => name))].sort()
}
