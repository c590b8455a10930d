// SPDX-License-Identifier: Apache-2.0
/** The fleet below its operating systems: how far it is, every machine, and what can be done to many of them. */
import { Button, Group, Select, Text, TextInput } from '@mantine/core'
import { Cpu, Search, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { CopyLine } from '../../../kit/copy-as.tsx'
import type { Sorting } from '../../../kit/data-table.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { EmptyState, Loading } from '../../../kit/states.tsx'
import { useGo, useParam } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t as common } from '../../../words/oob.ts'
import { t } from '../../../words/oob-fleet.ts'
import { Go } from '../links.ts'
import { OobNav } from '../oob-nav.tsx'
import { type Machine, useMachines } from '../reads.ts'
import { BulkBar } from './bulk-bar.tsx'
import { EndpointCard } from './endpoint-card.tsx'
import { Funnel } from './funnel.tsx'
import { keyOf, MachineTable } from './machine-table.tsx'
import { PowerRead, type Powers, usePowers, withPower } from './power-read.tsx'
import { filtered, stepIn } from './steps.ts'

const OOB = '/out-of-band'

export default function FleetPage() {
  const query = useMachines()
  const all = query.data
  const [step, setStep] = useParam('step')
  const [sku, setSku] = useParam('sku')
  const [mode, setMode] = useParam('mode')
  const [text, setText] = useParam('q')
  const [sort, setSort] = useParam('sort')
  const [powers, addPowers] = usePowers()
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(
    () =>
      all === undefined ? undefined : filtered(all, { step, sku, mode, text }).map(each => withPower(each, powers)),
    [all, step, sku, mode, text, powers],
  )
  const may = useMay()
  const mayAct = may('host.change') || may('host.operate')
  const selected = useMemo(() => (all ?? []).filter(each => keys.has(keyOf(each))), [all, keys])
  const go = useGo()
  const clear = () => go(OOB, { replace: true })
  const isFiltered = step !== '' || sku !== '' || mode !== '' || text !== ''
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <OobNav />
      <div className="mu-oob-top">
        {all === undefined && query.error === null ? (
          <Loading lines={3} />
        ) : (
          <Funnel machines={all ?? []} here={step} />
        )}
        <EndpointCard />
      </div>
      <Filters
        {...{ sku, setSku, mode, setMode, text, setText, step, setStep, isFiltered, clear, addPowers }}
        shown={shown}
        all={all}
      />
      <div className="mu-fill">
        <MachineTable
          machines={shown}
          query={query}
          sorting={sortingIn(sort)}
          onSort={next => setSort(next === undefined ? '' : `${next.descending ? '-' : ''}${next.by}`)}
          selection={mayAct ? { keys, set: setKeys } : undefined}
          empty={isFiltered && (all?.length ?? 0) > 0 ? <NothingFits onClear={clear} /> : <Nobody />}
        />
      </div>
      {selected.length > 0 && <BulkBar machines={selected} onClear={() => setKeys(new Set())} />}
    </>
  )
}

function sortingIn(text: string): Sorting | undefined {
  if (text === '') return undefined
  return { by: text.replace(/^-/, ''), descending: text.startsWith('-') }
}

type Set = (value: string) => void
type FiltersProps = {
  readonly sku: string
  readonly setSku: Set
  readonly mode: string
  readonly setMode: Set
  readonly text: string
  readonly setText: Set
  readonly step: string
  readonly setStep: Set
  readonly isFiltered: boolean
  readonly clear: () => void
  readonly addPowers: (read: Powers) => void
  readonly shown: readonly Machine[] | undefined
  readonly all: readonly Machine[] | undefined
}

function Filters({
  sku,
  setSku,
  mode,
  setMode,
  text,
  setText,
  step,
  setStep,
  isFiltered,
  clear,
  addPowers,
  shown,
  all,
}: FiltersProps) {
  const wanted = stepIn(step)
  return (
    <div className="mu-oob-bar" role="search">
      <TextInput
        label={t.filter.search}
        placeholder={t.filter.searchHint}
        leftSection={<Search size={14} aria-hidden />}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        w={{ base: '100%', xs: 280 }}
        data-search
      />
      <Select
        label={t.filter.sku}
        data={[{ value: '', label: t.filter.any }, ...choices(t.sku)]}
        value={sku}
        onChange={value => setSku(value ?? '')}
        allowDeselect={false}
        w={120}
      />
      <Select
        label={t.filter.mode}
        data={[{ value: '', label: t.filter.any }, ...choices(t.mode)]}
        value={mode}
        onChange={value => setMode(value ?? '')}
        allowDeselect={false}
        w={150}
      />
      {wanted !== undefined && (
        <Button
          variant="light"
          size="sm"
          rightSection={<X size={14} aria-hidden />}
          onClick={() => setStep('')}
          title={t.filter.clear}
        >
          {(wanted.not ? t.filter.notStep : t.filter.step)(common.step[wanted.step])}
        </Button>
      )}
      {isFiltered && wanted === undefined && (
        <Button variant="subtle" size="sm" onClick={clear}>
          {t.filter.clear}
        </Button>
      )}
      {shown !== undefined && <PowerRead machines={shown} onRead={addPowers} />}
      {shown !== undefined && all !== undefined && (
        <Text size="sm" c="dimmed" role="status" pb={8}>
          {t.filter.count(shown.length, all.length)}
        </Text>
      )}
    </div>
  )
}

function choices(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}

function NothingFits({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState title={t.filter.nothing} action={<Button onClick={onClear}>{t.filter.clear}</Button>}>
      {t.filter.nothingWhat}
    </EmptyState>
  )
}

function Nobody() {
  return (
    <EmptyState
      icon={Cpu}
      title={t.empty.title}
      action={
        <Group gap="sm" justify="center">
          <CopyLine text={t.empty.command} what={t.filter.search} />
          <Go to="/hosts">{t.empty.addHost}</Go>
        </Group>
      }
    >
      {t.empty.what}
    </EmptyState>
  )
}
