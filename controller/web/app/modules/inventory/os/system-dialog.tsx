// SPDX-License-Identifier: Apache-2.0
/** The form of a profile: what the API takes, each field with what it is for. */
import { Select, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/os.ts'
import { changeSystem, createSystem, type SystemBody } from '../acts/systems.ts'
import { nameOf } from './list.tsx'
import type { System } from './profiles.tsx'

type SystemDialogProps = {
  readonly opened: boolean
  readonly onClose: () => void
  /** None: a new one is made. */
  readonly system: System | undefined
}

const NAMES = ['name', 'profileName', 'architecture', 'sha256', 'imageUrl', 'imageId', 'description'] as const
type TextName = (typeof NAMES)[number]
type Form = Readonly<Record<TextName, string>> & { readonly osType: string; readonly securityFeature: string }

const NAME = /^[a-zA-Z-_0-9./: ()]+$/
const DIGEST = /^[a-f0-9]{64}$/

function formOf(system: System | undefined): Form {
  const texts = Object.fromEntries(NAMES.map(name => [name, system?.[name] ?? ''])) as Record<TextName, string> // of NAMES
  return {
    ...texts,
    osType: system?.osType ?? 'OS_TYPE_MUTABLE',
    securityFeature: system?.securityFeature ?? 'SECURITY_FEATURE_NONE',
  }
}

/** What the form says, and only what differs where there was something. */
function bodyOf(form: Form, system: System | undefined): SystemBody | undefined {
  if (!NAME.test(form.name.trim()) || !DIGEST.test(form.sha256.trim())) return undefined
  const was: Readonly<Record<string, unknown>> = { ...system }
  const given = Object.entries(form)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([name, value]) => (system === undefined ? value !== '' : value !== (was[name] ?? '')))
  return Object.fromEntries(given) as SystemBody // of the form's own members
}

export function SystemDialog({ system, ...opened }: SystemDialogProps) {
  const project = useProject()
  const [form, setForm] = useState(() => formOf(system))
  const body = bodyOf(form, system)
  const fields = <SystemFields form={form} onChange={setForm} />
  if (system !== undefined)
    return (
      <ActDialog
        act={changeSystem}
        input={
          body === undefined || Object.keys(body).length === 0 ? undefined : { project, id: system.resourceId, body }
        }
        title={t.changeTitle(nameOf(system))}
        verb={t.save}
        done={t.changed(form.name)}
        refresh={['os']}
        {...opened}
      >
        {fields}
      </ActDialog>
    )
  return (
    <ActDialog
      act={createSystem}
      input={
        body === undefined
          ? undefined
          : { project, body: { ...body, name: form.name.trim(), sha256: form.sha256.trim() } }
      }
      title={t.newProfile}
      verb={t.createProfile}
      done={t.created(form.name)}
      refresh={['os']}
      {...opened}
    >
      {fields}
    </ActDialog>
  )
}

function SystemFields({ form, onChange }: { readonly form: Form; readonly onChange: (form: Form) => void }) {
  const set = (part: Partial<Form>): void => onChange({ ...form, ...part })
  const text = (name: TextName) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  })
  const name = form.name.trim()
  const digest = form.sha256.trim()
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={t.field.name}
          description={t.field.nameHelp}
          required
          maxLength={128}
          {...text('name')}
          error={name !== '' && !NAME.test(name) ? t.field.nameWrong : undefined}
          data-autofocus
        />
        <TextInput
          label={t.field.profileName}
          description={t.field.profileHelp}
          maxLength={128}
          {...text('profileName')}
        />
        <Choice
          label={t.field.type}
          help={t.field.typeHelp}
          words={t.type}
          value={form.osType}
          onChange={osType => set({ osType })}
        />
        <Choice
          label={t.field.security}
          help={t.field.securityHelp}
          words={t.security}
          value={form.securityFeature}
          onChange={securityFeature => set({ securityFeature })}
        />
        <TextInput
          label={t.field.architecture}
          description={t.field.architectureHelp}
          maxLength={20}
          {...text('architecture')}
        />
        <TextInput label={t.field.imageId} description={t.field.imageIdHelp} maxLength={500} {...text('imageId')} />
      </SimpleGrid>
      <TextInput
        label={t.field.sha256}
        description={t.field.sha256Help}
        required
        spellCheck={false}
        {...text('sha256')}
        error={digest !== '' && !DIGEST.test(digest) ? t.field.sha256Wrong(digest.length) : undefined}
      />
      <TextInput label={t.field.imageUrl} maxLength={500} spellCheck={false} {...text('imageUrl')} />
      <Textarea label={t.field.description} maxLength={1_000} autosize minRows={1} {...text('description')} />
    </>
  )
}

type ChoiceProps = {
  readonly label: string
  readonly help: string
  readonly words: Readonly<Record<string, string>>
  readonly value: string
  readonly onChange: (value: string) => void
}

function Choice({ label, help, words, value, onChange }: ChoiceProps) {
  // What is not said cannot be chosen, and stays where it stood.
  const values = Object.keys(words).filter(each => !each.endsWith('_UNSPECIFIED') || each === value)
  return (
    <Select
      label={label}
      description={help}
      allowDeselect={false}
      value={value}
      onChange={next => next !== null && onChange(next)}
      data={values.map(each => ({ value: each, label: words[each] ?? each }))}
    />
  )
}
