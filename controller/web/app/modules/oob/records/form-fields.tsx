// SPDX-License-Identifier: Apache-2.0
/** The fields of a record, drawn from what is told of them. */
import { ActionIcon, Checkbox, FileInput, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { ArrowUp, X } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../../words/oob-records.ts'
import type { Context, Field, Values } from './spec.ts'
import { list, text } from './spec.ts'

export type FieldProps = {
  readonly field: Field
  readonly values: Values
  readonly context: Context
  readonly error: string | undefined
  readonly onChange: (name: string, value: unknown) => void
}

export function FormField(props: FieldProps) {
  const { field, values, context, error, onChange } = props
  const { name, label, help, input, required, fixed } = field
  const common = { label, description: help, error, withAsterisk: required === true }
  const value = text(values[name])
  const isFixed = fixed === true && context.old !== undefined
  switch (input) {
    case 'text':
    case 'number':
    case 'secret':
      return (
        <TextInput
          {...common}
          value={value}
          onChange={event => onChange(name, event.currentTarget.value)}
          readOnly={isFixed}
          variant={isFixed ? 'filled' : 'default'}
          autoComplete={input === 'secret' ? 'new-password' : 'off'}
          spellCheck={false}
          {...(input === 'secret' ? { type: 'password' } : {})}
          {...(input === 'number' ? { inputMode: 'numeric' as const } : {})}
        />
      )
    case 'area':
      return (
        <Textarea
          {...common}
          value={value}
          onChange={event => onChange(name, event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={5}
          spellCheck={false}
        />
      )
    case 'switch':
      return (
        <Checkbox
          label={label}
          description={help}
          error={error}
          checked={values[name] === true}
          onChange={event => onChange(name, event.currentTarget.checked)}
        />
      )
    case 'select':
      return <OneOf {...props} common={common} />
    case 'several':
      return <Several {...props} />
    case 'tags':
      return <Tags {...props} />
    case 'ordered':
      return <Ordered {...props} />
    case 'file':
      return <File {...props} />
  }
}

type Common = {
  readonly label: string
  readonly description: string | undefined
  readonly error: string | undefined
  readonly withAsterisk: boolean
}

function OneOf({
  field: { name, options },
  values,
  context,
  onChange,
  common,
}: FieldProps & { readonly common: Common }) {
  const data = [...(options?.(context) ?? [])]
  const value = text(values[name])
  return (
    <Select
      {...common}
      description={data.length === 0 ? t.help.noneYet : common.description}
      data={data}
      value={data.some(each => each.value === value) ? value : null}
      onChange={next => onChange(name, next ?? '')}
      allowDeselect={false}
    />
  )
}

function Several({ field: { name, label, help, options }, values, context, error, onChange }: FieldProps) {
  return (
    <Checkbox.Group
      label={label}
      description={help}
      error={error}
      value={[...list(values[name])]}
      onChange={next => onChange(name, next)}
    >
      <Group mt={6} gap="md">
        {(options?.(context) ?? []).map(each => (
          <Checkbox key={each.value} value={each.value} label={each.label} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}

function Tags({ field: { name, label, help }, values, error, onChange }: FieldProps) {
  const [typed, setTyped] = useState(list(values[name]).join(', '))
  return (
    <TextInput
      label={label}
      description={help}
      error={error}
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value)
        onChange(
          name,
          event.currentTarget.value
            .split(',')
            .map(each => each.trim())
            .filter(Boolean),
        )
      }}
    />
  )
}

function Ordered({ field: { name, label, help, options }, values, context, error, onChange }: FieldProps) {
  const chosen = list(values[name])
  const left = (options?.(context) ?? []).filter(({ value }) => !chosen.includes(value))
  const swap = (at: number): readonly string[] =>
    chosen.map((each, index) =>
      index === at ? (chosen[at - 1] ?? each) : index === at - 1 ? (chosen[at] ?? each) : each,
    )
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      {help !== undefined && chosen.length > 1 && (
        <Text size="xs" c="dimmed">
          {help}
        </Text>
      )}
      <ol className="mu-chosen">
        {chosen.map((each, at) => (
          <li key={each}>
            <span className="mu-cut">{each}</span>
            {at > 0 && (
              <ActionIcon variant="subtle" aria-label={t.up(each)} onClick={() => onChange(name, swap(at))}>
                <ArrowUp size={14} />
              </ActionIcon>
            )}
            <ActionIcon
              variant="subtle"
              aria-label={t.drop(each)}
              onClick={() =>
                onChange(
                  name,
                  chosen.filter(other => other !== each),
                )
              }
            >
              <X size={14} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      {left.length === 0 && chosen.length === 0 && (
        <Text size="xs" c="dimmed">
          {t.help.noneYet}
        </Text>
      )}
      {left.length > 0 && (
        <Select
          aria-label={t.addTo(label)}
          placeholder={t.addTo(label)}
          data={[...left]}
          value={null}
          onChange={next => next !== null && onChange(name, [...chosen, next])}
        />
      )}
      {error !== undefined && (
        <Text size="xs" c="red">
          {error}
        </Text>
      )}
    </Stack>
  )
}

const KIBIBYTE = 1_024

function File({ field: { name, label, help, required }, error, onChange }: FieldProps) {
  return (
    <FileInput
      label={label}
      description={help}
      error={error}
      withAsterisk={required === true}
      placeholder={t.file}
      accept=".pfx,.p12,application/x-pkcs12"
      clearable
      clearButtonProps={{ 'aria-label': t.drop(label) }}
      valueComponent={({ value }) =>
        value === null || Array.isArray(value) ? null : (
          <span>{t.help.chosenFile(value.name, `${Math.ceil(value.size / KIBIBYTE)} KiB`)}</span>
        )
      }
      onChange={file => {
        if (file === null) return onChange(name, '')
        void base64Of(file).then(content => onChange(name, content))
      }}
    />
  )
}

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
