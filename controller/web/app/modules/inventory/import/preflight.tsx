// SPDX-License-Identifier: Apache-2.0
/** The rows of a file with what the controller finds in them; they are corrected here and checked again. */
import { Button, Checkbox, Group, Progress, Select, Switch, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Check, Download, OctagonX, Triangle } from 'lucide-react'
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react'
import { SameElsewhere } from '../../../acts/act-dialog.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/import.ts'
import { type ImportInput, importHosts } from '../acts/import.ts'
import { usePlaces } from '../sites/queries.ts'
import { flattened } from '../sites/tree.ts'
import { RowTable } from './row-table.tsx'
import { saveText } from './save.ts'
import { checkHosts } from './send.ts'
import { type ReadFile, type Row, tableOf } from './table.ts'

type PreflightProps = {
  readonly file: string
  readonly read: ReadFile
  readonly onOther: () => void
  readonly onImport: (input: ImportInput, count: number) => void
}

type Options = { readonly site: string; readonly manual: boolean; readonly requireProfile: boolean }

export function Preflight({ file, read, onOther, onImport }: PreflightProps) {
  const project = useProject()
  const [rows, setRows] = useState(read.rows)
  const [options, setOptions] = useState<Options>({ site: '', manual: false, requireProfile: false })
  const [checkedWith, setCheckedWith] = useState<Options>()
  const [onlyBad, setOnlyBad] = useState(false)
  const [left, setLeft] = useState(0)
  const abort = useRef<AbortController>(undefined)
  const input: ImportInput = { project, csv: tableOf(rows), file, ...given(options) }
  const check = useMutation({
    mutationFn: async (asked: readonly Row[]) => {
      abort.current?.abort()
      abort.current = new AbortController()
      const findings = await checkHosts(input, { count: asked.length, signal: abort.current.signal })
      return new Map(asked.map(({ id }, at) => [id, findings[at] ?? []]))
    },
    onSuccess: found => {
      setCheckedWith(options)
      setRows(old => old.map(row => ({ ...row, findings: found.get(row.id) ?? [], changed: false })))
    },
  })
  const { mutate } = check
  const first = useRef(true)
  useEffect(() => {
    if (first.current) mutate(read.rows)
    first.current = false
    return () => abort.current?.abort()
  }, [mutate, read.rows])
  const bad = rows.filter(({ findings }) => findings.length > 0).length
  const changed = rows.filter(row => row.changed).length
  const isCurrent = checkedWith === options && changed === 0
  const isGood = isCurrent && bad === 0 && rows.length > 0 && !check.isPending && check.error === null
  const shown = useMemo(() => (onlyBad ? rows.filter(({ findings }) => findings.length > 0) : rows), [rows, onlyBad])
  return (
    <div className="mu-preflight">
      {read.separator !== ',' && <Text size="sm">{t.semicolons}</Text>}
      {read.hadErrors && <Text size="sm">{t.errorsTaken}</Text>}
      <OptionFields options={options} onChange={setOptions} />
      {check.error !== null && <ProblemCard problem={check.error} onRetry={() => mutate(rows)} />}
      <Group justify="space-between" gap="sm">
        <Verdict
          {...{ rows, bad, changed, left }}
          isPending={check.isPending}
          checked={checkedWith !== undefined}
          isCurrent={checkedWith === options}
        />
        <Group gap="xs">
          <Checkbox
            label={t.onlyErrors}
            checked={onlyBad}
            onChange={event => setOnlyBad(event.currentTarget.checked)}
          />
          <Button
            variant="default"
            size="xs"
            leftSection={<Download size={14} />}
            onClick={() => saveText(file, input.csv)}
          >
            {t.saveCopy}
          </Button>
          <Button variant="default" size="xs" onClick={onOther}>
            {t.other}
          </Button>
        </Group>
      </Group>
      <div className="mu-row-table" style={{ '--mu-rows': shown.length } as CSSProperties}>
        <RowTable
          rows={shown}
          empty={t.noErrors}
          onChange={row => setRows(old => old.map(each => (each.id === row.id ? row : each)))}
          onLeave={row => {
            setRows(old => old.filter(({ id }) => id !== row.id))
            setLeft(count => count + 1)
          }}
        />
      </div>
      {isGood && (
        <>
          <Text size="sm">{t.importWhat(rows.length, options.manual)}</Text>
          <SameElsewhere act={importHosts} input={input} />
        </>
      )}
      <Group justify="flex-end">
        <Button
          variant={isGood ? 'default' : 'filled'}
          loading={check.isPending}
          disabled={rows.length === 0}
          onClick={() => mutate(rows)}
        >
          {checkedWith === undefined ? t.firstCheck : t.check}
        </Button>
        {isGood && <Button onClick={() => onImport(input, rows.length)}>{t.import(rows.length)}</Button>}
      </Group>
    </div>
  )
}

function given({ site, manual, requireProfile }: Options): Partial<ImportInput> {
  return {
    ...(site === '' ? {} : { site }),
    ...(manual ? { manual } : {}),
    ...(requireProfile ? { requireProfile } : {}),
  }
}

type VerdictProps = {
  readonly rows: readonly Row[]
  readonly bad: number
  readonly changed: number
  readonly left: number
  readonly isPending: boolean
  readonly checked: boolean
  /** Nothing that holds for all rows was changed since. */
  readonly isCurrent: boolean
}

function Verdict({ rows, bad, changed, left, isPending, checked, isCurrent }: VerdictProps) {
  return (
    <div role="status" className="mu-verdict">
      {isPending ? (
        <>
          <Text size="sm">{t.checking(rows.length)}</Text>
          <Progress value={100} animated size="sm" aria-label={t.checking(rows.length)} />
        </>
      ) : !checked ? (
        <Text size="sm">{t.unchecked}</Text>
      ) : bad > 0 ? (
        <Line icon={OctagonX} hue="failing" text={t.bad(bad, rows.length)} />
      ) : changed === 0 && isCurrent ? (
        <Line icon={Check} hue="ok" text={t.good(rows.length)} />
      ) : null}
      {!isPending && changed > 0 && <Line icon={Triangle} hue="degraded" text={t.changed(changed)} />}
      {!isPending && checked && !isCurrent && <Line icon={Triangle} hue="degraded" text={t.optionsChanged} />}
      {left > 0 && (
        <Text size="xs" c="dimmed">
          {t.left(left)}
        </Text>
      )}
    </div>
  )
}

type LineProps = { readonly icon: typeof Check; readonly hue: string; readonly text: string }

function Line({ icon: Icon, hue, text }: LineProps) {
  return (
    <Text size="sm" fw={600} className={`mu-${hue} mu-verdict-line`}>
      <Icon size={16} aria-hidden /> {text}
    </Text>
  )
}

function OptionFields({
  options,
  onChange,
}: {
  readonly options: Options
  readonly onChange: (options: Options) => void
}) {
  const places = usePlaces()
  const sites = flattened(places.data?.tree ?? []).filter(({ isSite }) => isSite)
  return (
    <fieldset className="mu-options">
      <Text component="legend" size="sm" fw={600}>
        {t.options.title}
      </Text>
      <Select
        label={t.options.site}
        description={t.options.siteHelp}
        searchable
        allowDeselect={false}
        size="xs"
        value={options.site}
        onChange={site => onChange({ ...options, site: site ?? '' })}
        data={[
          { value: '', label: t.options.asRows },
          ...sites.map(({ id, name, path }) => ({ value: id, label: [...path, name].join(' / ') })),
        ]}
      />
      <Switch
        label={t.options.manual}
        checked={options.manual}
        onChange={event => onChange({ ...options, manual: event.currentTarget.checked })}
      />
      <Switch
        label={t.options.profile}
        checked={options.requireProfile}
        onChange={event => onChange({ ...options, requireProfile: event.currentTarget.checked })}
      />
    </fieldset>
  )
}
