// SPDX-License-Identifier: Apache-2.0
/** The fields of a webhook. */
import { Button, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../api/call.ts'
import { t } from '../../words/webhooks.ts'
import type { Fields } from './acts.ts'

export type FieldsProps = {
  readonly value: Fields
  readonly onChange: (value: Fields) => void
}

export const EVERYTHING = '*'

/** Whether the address is one that a browser can read; whether it may be told is for the controller to say. */
export function isAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url)
}

export function WebhookFields({ value, onChange }: FieldsProps) {
  const { name = '', url = '', types = [], caCertificate = '' } = value
  const [more, setMore] = useState(caCertificate !== '')
  const data = useTypes(types)
  return (
    <Stack gap="sm">
      <TextInput
        label={t.field.name}
        description={t.field.nameHint}
        maxLength={100}
        value={name}
        onChange={event => onChange({ ...value, name: event.currentTarget.value })}
      />
      <TextInput
        label={t.field.url}
        description={t.field.urlHint}
        type="url"
        inputMode="url"
        required
        maxLength={2_000}
        spellCheck={false}
        value={url}
        onChange={event => onChange({ ...value, url: event.currentTarget.value.trim() })}
        error={url !== '' && url.length > 8 && !isAddress(url) ? t.field.urlBad : undefined}
      />
      <MultiSelect
        label={t.field.types}
        description={t.field.typesHint}
        data={data}
        value={types.filter(type => type !== EVERYTHING)}
        onChange={chosen => onChange({ ...value, types: chosen.length === 0 ? [EVERYTHING] : chosen })}
        placeholder={types.filter(type => type !== EVERYTHING).length === 0 ? t.field.all : undefined}
        searchable
        clearable
        maxValues={50}
        maxDropdownHeight={260}
        hidePickedOptions
      />
      {more ? (
        <Textarea
          label={t.field.ca}
          description={t.field.caHint}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={16_384}
          spellCheck={false}
          value={caCertificate}
          onChange={event => onChange({ ...value, caCertificate: event.currentTarget.value })}
        />
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={() => setMore(true)} style={{ alignSelf: 'flex-start' }}>
          {t.field.more}
        </Button>
      )}
    </Stack>
  )
}

/** Every type, and before those of one kind the word they begin with. What is chosen already is always among them. */
function useTypes(chosen: readonly string[]) {
  const { data } = useQuery({
    queryKey: ['event-types'],
    queryFn: get('/v1/events/types'),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const types = (data?.types ?? []).map(({ type }) => type)
  const first = new Set(types.map(type => type.split('.')[0] ?? ''))
  const all = [...new Set([...first, ...types, ...chosen.filter(type => type !== EVERYTHING)])].sort()
  return all.map(type => ({ value: type, label: first.has(type) ? t.field.begins(type) : type }))
}
