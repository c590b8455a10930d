// SPDX-License-Identifier: Apache-2.0
/** Dialogs that change what people wrote of a host: its name, its note, its labels. */
import { ActionIcon, Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import { type ReactNode, useCallback, useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { isMembers, type Json, same } from '../../../kit/diff.ts'
import { ThreeWay } from '../../../kit/three-way.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { rename, setLabels, writeNote } from './acts.ts'
import type { Read } from './queries.ts'

export type ChangeDialogProps = { readonly read: Read; readonly opened: boolean; readonly onClose: () => void }

const REFRESH = ['host', 'hosts', 'events', 'history'] as const

/** The value that is edited, from what it was when the dialog opened; a change meanwhile must be dealt with first. */
function useEdit<T extends Json>({ read, opened }: ChangeDialogProps, pick: (read: Read) => T) {
  const [began, setBegan] = useState({ value: pick(read), etag: read.etag })
  const [mine, setMine] = useState<T>(began.value)
  const [wasOpen, setWasOpen] = useState(opened)
  if (opened !== wasOpen) {
    setWasOpen(opened)
    if (opened) {
      setBegan({ value: pick(read), etag: read.etag })
      setMine(pick(read))
    }
  }
  const theirs = pick(read)
  const isStale = opened && read.etag !== began.etag && !same(theirs, began.value)
  const isTouched = opened && read.etag !== began.etag && same(theirs, began.value)
  const goOn = (value: T): void => {
    setBegan({ value: theirs, etag: read.etag })
    setMine(value)
  }
  // Something else of the host was changed, such as its site: what is edited here is still as it was.
  return { base: began.value, theirs, mine, setMine, isStale, goOn, etag: isTouched ? read.etag : began.etag }
}

type MeanwhileProps<T extends Json> = {
  readonly base: T
  readonly theirs: T
  readonly mine: T
  readonly onGoOn: (value: Json) => void
}

/** Both changes, and a choice where they collide. */
function Meanwhile<T extends Json>({ base, theirs, mine, onGoOn }: MeanwhileProps<T>) {
  const [result, setResult] = useState<{ readonly document: Json | undefined }>()
  const resolved = useCallback((next: typeof result) => setResult(next), [])
  return (
    <Alert color="violet" variant="light" title={t.changedMeanwhile}>
      <ThreeWay base={base} theirs={theirs} mine={mine} onResolved={resolved} />
      <Button
        mt="sm"
        size="xs"
        disabled={result?.document === undefined}
        onClick={() => result?.document !== undefined && onGoOn(result.document)}
      >
        {t.useMerged}
      </Button>
    </Alert>
  )
}

export function RenameDialog(props: ChangeDialogProps) {
  const { read, opened, onClose } = props
  const { host } = read
  const project = useProject()
  const edit = useEdit(props, each => ({ name: each.host.name }))
  const name = edit.mine.name.trim()
  const isReady = !edit.isStale && name !== '' && name !== edit.base.name
  return (
    <ActDialog
      act={rename}
      input={isReady ? { project, id: host.resourceId, etag: edit.etag, name } : undefined}
      title={t.rename.title(host.name)}
      verb={t.head.rename}
      done={t.rename.done(name)}
      opened={opened}
      onClose={onClose}
      refresh={REFRESH}
    >
      {edit.isStale && <Meanwhile {...edit} onGoOn={value => edit.goOn({ name: textIn(value, 'name') })} />}
      <TextInput
        label={t.rename.name}
        description={t.rename.rules}
        value={edit.mine.name}
        maxLength={50}
        onChange={event => edit.setMine({ name: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
    </ActDialog>
  )
}

function textIn(value: Json, name: string): string {
  const found = isMembers(value) ? value[name] : undefined
  return typeof found === 'string' ? found : ''
}

export function NoteDialog(props: ChangeDialogProps) {
  const { read, opened, onClose } = props
  const { host } = read
  const project = useProject()
  const edit = useEdit(props, each => ({ note: each.host.note ?? '' }))
  const isReady = !edit.isStale && edit.mine.note !== edit.base.note
  return (
    <ActDialog
      act={writeNote}
      input={isReady ? { project, id: host.resourceId, etag: edit.etag, note: edit.mine.note } : undefined}
      title={t.note.title(host.name)}
      verb={t.note.verb}
      done={t.note.done}
      opened={opened}
      onClose={onClose}
      refresh={REFRESH}
    >
      {edit.isStale && <Meanwhile {...edit} onGoOn={value => edit.goOn({ note: textIn(value, 'note') })} />}
      <Textarea
        label={t.note.label}
        description={t.note.what}
        value={edit.mine.note}
        maxLength={512}
        autosize
        minRows={2}
        onChange={event => edit.setMine({ note: event.currentTarget.value.replaceAll('\n', ' ') })}
        data-autofocus
      />
    </ActDialog>
  )
}

type Labels = { readonly [key: string]: string }

export function LabelsDialog(props: ChangeDialogProps) {
  const { read, opened, onClose } = props
  const { host } = read
  const project = useProject()
  const edit = useEdit(props, each => labelsIn(each))
  const [fresh, setFresh] = useState({ key: '', value: '' })
  const whole = withFresh(edit.mine, fresh)
  const isReady = !edit.isStale && !same(whole, edit.base)
  const input = { project, id: host.resourceId, etag: edit.etag, labels: listed(whole), before: listed(edit.base) }
  return (
    <ActDialog
      act={setLabels}
      input={isReady ? input : undefined}
      title={t.labels.title(host.name)}
      verb={t.labels.verb}
      done={t.labels.done}
      opened={opened}
      onClose={() => {
        setFresh({ key: '', value: '' })
        onClose()
      }}
      refresh={REFRESH}
    >
      {edit.isStale && <Meanwhile {...edit} mine={whole} onGoOn={value => edit.goOn(textsIn(value))} />}
      <LabelRows labels={edit.mine} onChange={edit.setMine} />
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label={t.labels.key}
          flex={1}
          value={fresh.key}
          onChange={event => setFresh({ ...fresh, key: event.currentTarget.value })}
          data-autofocus
        />
        <TextInput
          label={t.labels.value}
          flex={1}
          value={fresh.value}
          onChange={event => setFresh({ ...fresh, value: event.currentTarget.value })}
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t.labels.add}
          disabled={fresh.key.trim() === ''}
          onClick={() => {
            edit.setMine(whole)
            setFresh({ key: '', value: '' })
          }}
        >
          <Plus size={16} />
        </ActionIcon>
      </Group>
    </ActDialog>
  )
}

type LabelRowsProps = { readonly labels: Labels; readonly onChange: (labels: Labels) => void }

function LabelRows({ labels, onChange }: LabelRowsProps): ReactNode {
  const rows = Object.entries(labels)
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.labels.none}
      </Text>
    )
  return (
    <Stack gap={6}>
      {rows.map(([key, value]) => (
        <Group key={key} gap="xs" wrap="nowrap">
          <Text size="sm" flex={1} className="mu-anywhere">
            {key}
          </Text>
          <TextInput
            flex={1}
            size="xs"
            aria-label={key}
            value={value}
            onChange={event => onChange({ ...labels, [key]: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            size="lg"
            aria-label={t.labels.remove(key)}
            onClick={() => onChange(Object.fromEntries(rows.filter(([each]) => each !== key)))}
          >
            <X size={14} />
          </ActionIcon>
        </Group>
      ))}
    </Stack>
  )
}

function labelsIn({ host }: Read): Labels {
  return Object.fromEntries(host.metadata.map(({ key, value }) => [key, value]))
}

function textsIn(value: Json): Labels {
  const rows = isMembers(value) ? Object.entries(value) : []
  return Object.fromEntries(rows.map(([key, each]) => [key, String(each)]))
}

function listed(labels: Labels) {
  return Object.entries(labels).map(([key, value]) => ({ key, value }))
}

/** What stands in the fields for a new label counts, whether or not somebody pressed "add". */
function withFresh(labels: Labels, { key, value }: { readonly key: string; readonly value: string }): Labels {
  return key.trim() === '' ? labels : { ...labels, [key.trim()]: value.trim() }
}
