// SPDX-License-Identifier: Apache-2.0
/** A filter by field, operator and value, for who does not want to write it; it writes the same words. */
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ListFilter } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { KEYS } from '../../../../../query/words-keys.ts'
import { t } from '../../../words/hosts.ts'
import { t as kit } from '../../../words/kit.ts'
import type { Question } from './question.ts'
import { readSearch } from './rows.ts'
import { builtToken, memberOf, operatorsOf, spokenValue } from './tokens.ts'
import { useValues } from './values.ts'

/** Stands for a label whose key is written beside it. */
const A_LABEL = 'a label'
const FIELDS = Object.keys(KEYS).filter(key => key !== 'label')

export function FilterBuilder({ question }: { readonly question: Question }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button
        variant="default"
        size="sm"
        px="sm"
        data-add-filter
        leftSection={<ListFilter size={14} aria-hidden />}
        onClick={open}
      >
        {t.filter.button}
      </Button>
      <Modal opened={opened} onClose={close} title={t.filter.add} closeButtonProps={{ 'aria-label': kit.close }}>
        {opened && <BuilderForm question={question} onClose={close} />}
      </Modal>
    </>
  )
}

type FormProps = { readonly question: Question; readonly onClose: () => void }

function BuilderForm({ question: { text, setText, asking }, onClose }: FormProps) {
  const [field, setField] = useState('site')
  const [label, setLabel] = useState('')
  const [operator, setOperator] = useState('is')
  const [value, setValue] = useState('')
  const key = field === A_LABEL ? label.trim() : field
  const found = useValues({ members: [memberOf(key)], filter: asking.filter, limit: 100, enabled: key !== '' })
  const known = Object.keys(KEYS[key]?.values ?? {})
  const values = known.length > 0 ? known : (found.data?.[0]?.values ?? []).map(each => spokenValue(key, each.value))
  const token = key === '' || value === '' ? '' : builtToken(key, operator, value)
  const read = readSearch(token)
  const problem = 'problem' in read ? read.problem : undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (token === '' || problem !== undefined) return
    setText(`${text} ${token}`.trim(), { replace: false })
    onClose()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <FieldSelect
            field={field}
            onField={next => {
              setField(next)
              setOperator('is')
              setValue('')
            }}
          />
          {field === A_LABEL && (
            <TextInput
              label={t.filter.label}
              value={label}
              onChange={event => setLabel(event.currentTarget.value)}
              autoComplete="off"
              maxLength={300}
            />
          )}
          <Select
            label={t.filter.operator}
            allowDeselect={false}
            data={operatorsOf(key).map(each => ({ value: each, label: t.filter.operators[each] }))}
            value={operator}
            onChange={next => setOperator(next ?? 'is')}
          />
        </Group>
        <ValueInput
          values={[...new Set(values)]}
          isClosed={known.length > 0}
          value={value}
          onValue={setValue}
          problem={problem}
        />
        {token !== '' && (
          <Text size="sm">
            {t.filter.writes} <code>{token}</code>
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={token === '' || problem !== undefined}>
            {t.filter.apply}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function FieldSelect({ field, onField }: { readonly field: string; readonly onField: (field: string) => void }) {
  return (
    <Select
      label={t.filter.field}
      data-autofocus
      searchable
      allowDeselect={false}
      data={[...FIELDS.map(value => ({ value, label: value })), { value: A_LABEL, label: t.filter.isLabel }]}
      value={field}
      onChange={next => next !== null && onField(next)}
    />
  )
}

type ValueProps = {
  readonly values: readonly string[]
  /** No other values than these can be. */
  readonly isClosed: boolean
  readonly value: string
  readonly onValue: (value: string) => void
  readonly problem: string | undefined
}

function ValueInput({ values, isClosed, value, onValue, problem }: ValueProps) {
  if (isClosed)
    return (
      <Select
        label={t.filter.value}
        data={[...values]}
        value={value === '' ? null : value}
        onChange={next => onValue(next ?? '')}
        error={problem}
      />
    )
  return (
    <>
      <TextInput
        label={t.filter.value}
        list="mu-filter-values"
        value={value}
        onChange={event => onValue(event.currentTarget.value)}
        autoComplete="off"
        maxLength={300}
        error={problem}
      />
      <datalist id="mu-filter-values">
        {values.map(each => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  )
}
