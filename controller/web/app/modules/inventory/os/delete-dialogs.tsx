// SPDX-License-Identifier: Apache-2.0
/** Dialogs that delete profiles and policies, and say first what uses them. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { Loading } from '../../../kit/states.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/os.ts'
import { deletePolicy, deleteSystem } from '../acts/systems.ts'
import { type Named, nameOf } from './list.tsx'

type DeleteProps = {
  readonly id: string
  readonly name: string
  readonly opened: boolean
  readonly onClose: () => void
}
type Instances = AnswerOf<'/v1/projects/{projectName}/compute/instances', 'GET'>
type Policies = AnswerOf<'/v1/projects/{projectName}/os-update-policies', 'GET'>

type Uses = { readonly instances: Users; readonly policies: Users }
type Users = { readonly count: number; readonly some: readonly Named[] }

const SHOWN = 10

async function instancesBy(member: string, { project, id, signal }: Asking): Promise<Users> {
  const query = { filter: `${member} = "${id}"`, pageSize: SHOWN }
  const path = { projectName: project }
  const page = await send<Instances>(
    call('GET', '/v1/projects/{projectName}/compute/instances', { path, query }),
    signal,
  )
  return { count: page.totalElements, some: page.instances }
}

async function policiesTo({ project, id, signal }: Asking): Promise<Users> {
  const query = { filter: `targetOs.resourceId = "${id}"`, pageSize: SHOWN }
  const path = { projectName: project }
  const page = await send<Policies>(
    call('GET', '/v1/projects/{projectName}/os-update-policies', { path, query }),
    signal,
  )
  return { count: page.totalElements, some: page.osUpdatePolicies }
}

type Asking = { readonly project: string; readonly id: string; readonly signal: AbortSignal }
const NOBODY: Users = { count: 0, some: [] }

export function DeleteSystem({ id, name, ...opened }: DeleteProps) {
  const project = useProject()
  const uses = useQuery({
    queryKey: ['instances', project, 'of os', id],
    queryFn: async ({ signal }): Promise<Uses> => {
      const [own, policies] = await Promise.all([
        instancesBy('os.resourceId', { project, id, signal }),
        policiesTo({ project, id, signal }),
      ])
      return { instances: own, policies }
    },
  })
  return (
    <ActDialog
      act={deleteSystem}
      input={isUsed(uses.data) || uses.isPending ? undefined : { project, id }}
      title={t.deleteTitle(name)}
      done={t.deleted(name)}
      refresh={['os']}
      {...opened}
    >
      <UsesView query={uses} none={t.uses.none} />
    </ActDialog>
  )
}

export function DeletePolicy({ id, name, ...opened }: DeleteProps) {
  const project = useProject()
  const uses = useQuery({
    queryKey: ['instances', project, 'of policy', id],
    queryFn: async ({ signal }): Promise<Uses> => ({
      instances: await instancesBy('updatePolicy.resourceId', { project, id, signal }),
      policies: NOBODY,
    }),
  })
  return (
    <ActDialog
      act={deletePolicy}
      input={isUsed(uses.data) || uses.isPending ? undefined : { project, id }}
      title={t.deleteTitle(name)}
      done={t.deleted(name)}
      refresh={['policies']}
      {...opened}
    >
      <UsesView query={uses} none={t.uses.nonePolicy} />
    </ActDialog>
  )
}

function isUsed(uses: Uses | undefined): boolean {
  return uses !== undefined && uses.instances.count + uses.policies.count > 0
}

type UsesViewProps = {
  readonly query: { readonly data: Uses | undefined; readonly isPending: boolean }
  readonly none: string
}

function UsesView({ query: { data, isPending }, none }: UsesViewProps) {
  if (isPending) return <Loading lines={2} />
  if (data === undefined) return <Text size="sm">{t.uses.unseen}</Text>
  if (!isUsed(data)) return <Text size="sm">{none}</Text>
  const { instances, policies } = data
  return (
    <div>
      <Text size="sm">{t.uses.some}</Text>
      <ul className="mu-os-uses">
        {instances.count > 0 && <UsersLine words={t.uses.instances(instances.count)} some={instances.some} />}
        {policies.count > 0 && <UsersLine words={t.uses.policies(policies.count)} some={policies.some} />}
      </ul>
    </div>
  )
}

function UsersLine({ words, some }: { readonly words: string; readonly some: readonly Named[] }) {
  return (
    <li>
      {words}: {some.map(nameOf).join(', ')}
    </li>
  )
}
