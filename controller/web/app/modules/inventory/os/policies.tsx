// SPDX-License-Identifier: Apache-2.0
/** Update policies: the list, and dialogs that make and delete one. They never change. */
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Plus, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { type AnswerOf, call, get, send } from '../../../api/call.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/os.ts'
import { createPolicy, type PolicyBody } from '../acts/systems.ts'
import { DeletePolicy } from './delete-dialogs.tsx'
import { nameOf, ResourceList } from './list.tsx'

type Listed = AnswerOf<'/v1/projects/{projectName}/os-update-policies', 'GET'>
type Policy = Listed['osUpdatePolicies'][number]

export default function Policies() {
  const may = useMay()
  const [adds, setAdds] = useState(false)
  const [gone, setGone] = useState<Policy>()
  const canWrite = may('inventory.write')
  return (
    <>
      <ResourceList<Policy>
        keyed="policies"
        label={t.tabs.policies}
        ask={async (query, { project, signal }) => {
          const path = { projectName: project }
          const page = await send<Listed>(
            call('GET', '/v1/projects/{projectName}/os-update-policies', { path, query }),
            signal,
          )
          return { rows: page.osUpdatePolicies, total: page.totalElements }
        }}
        rowActs={canWrite ? policy => [{ label: t.delete, onPick: () => setGone(policy) }] : undefined}
        actions={
          canWrite && (
            <Button leftSection={<Plus size={14} />} onClick={() => setAdds(true)}>
              {t.newPolicy}
            </Button>
          )
        }
        empty={
          <EmptyState
            icon={RefreshCw}
            title={t.empty.policies.title}
            action={canWrite && <CopyLine text={t.empty.policies.line} what={t.empty.policies.lineName} />}
          >
            {t.empty.policies.what}
          </EmptyState>
        }
        columns={[
          {
            id: 'name',
            title: t.column.name,
            width: 'minmax(140px, 1fr)',
            sort: 'name',
            narrow: 'title',
            cell: nameOf,
          },
          {
            id: 'what',
            title: t.column.what,
            width: '130px',
            cell: ({ updatePolicy = 'UPDATE_POLICY_UNSPECIFIED' }) => t.policy[updatePolicy],
          },
          { id: 'to', title: t.column.target, width: 'minmax(140px, 1fr)', cell: targetText },
          {
            id: 'description',
            title: t.column.description,
            width: 'minmax(140px, 2fr)',
            narrow: 'hidden',
            cell: each => each.description,
          },
        ]}
      />
      <NewPolicy key={String(adds)} opened={adds} onClose={() => setAdds(false)} />
      {gone !== undefined && (
        <DeletePolicy opened onClose={() => setGone(undefined)} id={gone.resourceId} name={nameOf(gone)} />
      )}
    </>
  )
}

function targetText(policy: Policy): string {
  const target = policy.targetOs as { name?: string; resourceId?: string } | undefined // a system as it is embedded
  if (target !== undefined) return target.name ?? target.resourceId ?? t.noValue
  return (
    policy.updatePackages?.split('\n').filter(Boolean).join(', ').slice(0, 200) ||
    policy.updateKernelCommand ||
    t.noValue
  )
}

type Way = 'latest' | 'packages' | 'image'
type Form = {
  readonly name: string
  readonly description: string
  readonly way: Way
  readonly packages: string
  readonly kernel: string
  readonly sources: string
  readonly target: string
}
const EMPTY: Form = { name: '', description: '', way: 'latest', packages: '', kernel: '', sources: '', target: '' }
const NAME = /^[a-zA-Z-_0-9./: ]+$/

function bodyOf({ name, description, way, packages, kernel, sources, target }: Form): PolicyBody | undefined {
  if (!NAME.test(name.trim())) return undefined
  const common = { name: name.trim(), ...(description.trim() === '' ? {} : { description: description.trim() }) }
  if (way === 'latest') return { ...common, updatePolicy: 'UPDATE_POLICY_LATEST' }
  if (way === 'image')
    return target === '' ? undefined : { ...common, updatePolicy: 'UPDATE_POLICY_TARGET', targetOsId: target }
  const lines = sources.split('\n').filter(line => line.trim() !== '')
  if (packages.trim() === '' && kernel.trim() === '' && lines.length === 0) return undefined
  return {
    ...common,
    updatePolicy: 'UPDATE_POLICY_TARGET',
    ...(packages.trim() === '' ? {} : { updatePackages: packages.trim() }),
    ...(kernel.trim() === '' ? {} : { updateKernelCommand: kernel.trim() }),
    ...(lines.length === 0 ? {} : { updateSources: lines }),
  }
}

function NewPolicy(opened: { readonly opened: boolean; readonly onClose: () => void }) {
  const project = useProject()
  const [form, setForm] = useState(EMPTY)
  const set = (part: Partial<Form>): void => setForm({ ...form, ...part })
  const body = bodyOf(form)
  const name = form.name.trim()
  return (
    <ActDialog
      act={createPolicy}
      input={body === undefined ? undefined : { project, body }}
      title={t.newPolicy}
      verb={t.createPolicy}
      done={t.created(name)}
      refresh={['policies']}
      {...opened}
    >
      <TextInput
        label={t.field.policyName}
        description={t.field.policyNameHelp}
        required
        maxLength={50}
        value={form.name}
        onChange={event => set({ name: event.currentTarget.value })}
        error={name !== '' && !NAME.test(name) ? t.field.policyNameWrong : undefined}
        data-autofocus
      />
      <TextInput
        label={t.field.description}
        description={t.field.fixed}
        maxLength={200}
        value={form.description}
        onChange={event => set({ description: event.currentTarget.value })}
      />
      <Select
        label={t.field.brings}
        allowDeselect={false}
        value={form.way}
        onChange={value => value !== null && set({ way: value as Way })}
        data={[
          { value: 'latest', label: t.field.latest },
          { value: 'packages', label: t.field.packages },
          { value: 'image', label: t.field.image },
        ]}
      />
      {form.way === 'image' && <ImageField value={form.target} onChange={target => set({ target })} />}
      {form.way === 'packages' && <PackageFields form={form} set={set} />}
    </ActDialog>
  )
}

function PackageFields({ form, set }: { readonly form: Form; readonly set: (part: Partial<Form>) => void }) {
  return (
    <>
      <Textarea
        label={t.field.packagesLabel}
        description={t.field.packagesHelp}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        value={form.packages}
        onChange={event => set({ packages: event.currentTarget.value })}
      />
      <TextInput
        label={t.field.kernel}
        description={t.field.kernelHelp}
        maxLength={500}
        spellCheck={false}
        value={form.kernel}
        onChange={event => set({ kernel: event.currentTarget.value })}
      />
      <Textarea
        label={t.field.sources}
        description={t.field.sourcesHelp}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        value={form.sources}
        onChange={event => set({ sources: event.currentTarget.value })}
        error={bodyOf({ ...form, name: 'x' }) === undefined ? t.field.oneOf : undefined}
      />
    </>
  )
}

const MOST = 500

function ImageField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const project = useProject()
  const systems = useQuery({
    queryKey: ['os', project, 'choices'],
    queryFn: get('/v1/projects/{projectName}/compute/os', {
      path: { projectName: project },
      query: { pageSize: MOST, orderBy: 'name' },
    }),
  })
  return (
    <Select
      label={t.field.targetOs}
      required
      searchable
      value={value === '' ? null : value}
      onChange={next => onChange(next ?? '')}
      data={(systems.data?.OperatingSystemResources ?? []).map(each => ({
        value: each.resourceId,
        label: nameOf(each),
      }))}
    />
  )
}
