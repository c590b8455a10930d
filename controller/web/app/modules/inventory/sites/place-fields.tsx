// SPDX-License-Identifier: Apache-2.0
/** Fields that dialogs of regions and sites share: name, region, labels. */
import { Select, Textarea, TextInput } from '@mantine/core'
import { t } from '../../../words/inventory/places.ts'
import { type ReadLabels, readLabels } from './labels.ts'
import { flattened, MAX_LEVELS, type PlaceNode } from './tree.ts'

const NAME = /^[a-zA-Z-_0-9./: ]+$/
const LONGEST = 50

/** A name that the controller takes; `undefined` while it does not. */
export function goodName(text: string): string | undefined {
  const name = text.trim()
  return name !== '' && name.length <= LONGEST && NAME.test(name) ? name : undefined
}

type FieldProps = { readonly value: string; readonly onChange: (value: string) => void }

export function NameField({ value, onChange }: FieldProps) {
  return (
    <TextInput
      label={t.field.name}
      description={t.field.nameHelp}
      required
      maxLength={LONGEST}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      error={value.trim() !== '' && goodName(value) === undefined ? t.field.nameWrong : undefined}
      autoComplete="off"
      data-autofocus
    />
  )
}

type RegionFieldProps = FieldProps & {
  readonly tree: readonly PlaceNode[]
  readonly label: string
  /** The region that is moved: neither it nor what is below it can be above it. */
  readonly moved?: PlaceNode | undefined
  /** Levels that come to stand below the choice. */
  readonly levels: number
}

export function RegionField({ tree, label, moved, levels, value, onChange }: RegionFieldProps) {
  const below = new Set(moved === undefined ? [] : flattened([moved]).map(({ id }) => id))
  const regions = flattened(tree).filter(
    ({ id, isSite, path }) => !isSite && !below.has(id) && path.length + 1 + levels <= MAX_LEVELS,
  )
  return (
    <Select
      label={label}
      description={t.field.regionHelp}
      searchable
      allowDeselect={false}
      value={value}
      onChange={next => onChange(next ?? '')}
      data={[
        { value: '', label: t.field.none },
        ...regions.map(({ id, name, path }) => ({ value: id, label: [...path, name].join(' / ') })),
      ]}
    />
  )
}

export function LabelField({ value, onChange }: FieldProps) {
  return (
    <Textarea
      label={t.field.labels}
      description={t.field.labelsHelp}
      autosize
      minRows={2}
      maxRows={8}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      error={complaint(readLabels(value))}
      spellCheck={false}
    />
  )
}

function complaint(read: ReadLabels): string | undefined {
  if ('labels' in read) return undefined
  return read.is === 'form' ? t.field.labelWrong(read.wrong.slice(0, 80)) : t.field.labelTwice(read.wrong)
}
