// SPDX-License-Identifier: Apache-2.0
/** Views of the list that are kept: one's own and those of the project; taken, kept and removed here. */
import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Bookmark, BookmarkPlus, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { call, send } from '../../../api/call.ts'
import { Literal } from '../../../kit/literal.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/hosts.ts'
import { removeView } from './acts.ts'
import type { Question } from './question.ts'
import { SaveView } from './save-view.tsx'

export type KeptView = {
  readonly id: string
  readonly name: string
  readonly query: string
  readonly shared: boolean
  readonly by: string
}

/** What of the address belongs to a view. */
const KEPT = ['q', 'sort', 'group']

export function useViews() {
  const project = useProject()
  return useQuery({
    queryKey: ['views', project, 'hosts'],
    queryFn: async ({ signal }) => {
      const wanted = call('GET', '/v1/projects/{project}/views', { path: { project }, query: { page: 'hosts' } })
      return (await send<{ readonly views: readonly KeptView[] }>(wanted, signal)).views
    },
  })
}

/** The address as a view keeps it. */
export function queryOf(search: URLSearchParams): string {
  return new URLSearchParams(
    KEPT.flatMap(name => {
      const value = search.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  ).toString()
}

export function ViewsMenu({ question }: { readonly question: Question }) {
  const views = useViews()
  const [search, setSearch] = useSearchParams()
  const [saving, setSaving] = useState(false)
  const [removing, setRemoving] = useState<KeptView>()
  const now = queryOf(search)
  const current = views.data?.find(({ query }) => query === now && now !== '')
  const take = ({ query }: KeptView): void => {
    const kept = new URLSearchParams(query)
    setSearch(old => {
      const next = new URLSearchParams(old)
      for (const name of [...KEPT, 'sel', 'peek']) next.delete(name)
      for (const name of KEPT) if (kept.has(name)) next.set(name, kept.get(name) ?? '')
      return next
    })
  }
  return (
    <>
      <Menu position="bottom-start" width={300}>
        <Menu.Target>
          <Button
            variant={current === undefined ? 'default' : 'light'}
            size="sm"
            px="sm"
            data-views
            leftSection={<Bookmark size={14} aria-hidden />}
          >
            {current === undefined ? t.views.button : <Literal text={current.name} max={24} />}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ViewItems views={views.data ?? []} onTake={take} onRemove={setRemoving} />
          {views.error !== null && <ProblemCard problem={views.error} onRetry={() => void views.refetch()} compact />}
          <Menu.Divider />
          <Menu.Item leftSection={<BookmarkPlus size={14} />} onClick={() => setSaving(true)} disabled={now === ''}>
            {t.views.save} …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {saving && (
        <SaveView query={now} text={question.text} views={views.data ?? []} onClose={() => setSaving(false)} />
      )}
      {removing !== undefined && <RemoveView view={removing} onClose={() => setRemoving(undefined)} />}
    </>
  )
}

type ItemsProps = {
  readonly views: readonly KeptView[]
  readonly onTake: (view: KeptView) => void
  readonly onRemove: (view: KeptView) => void
}

function ViewItems({ views, onTake, onRemove }: ItemsProps) {
  const may = useMay()
  if (views.length === 0)
    return (
      <Text size="sm" c="dimmed" px="sm" py="xs">
        {t.views.none}
      </Text>
    )
  return [false, true].map(shared => {
    const these = views.filter(view => view.shared === shared)
    if (these.length === 0) return null
    return (
      <div key={String(shared)}>
        <Menu.Label>
          <Group gap={6} component="span">
            {shared && <Users size={12} aria-hidden />}
            {shared ? t.views.shared : t.views.own}
          </Group>
        </Menu.Label>
        {these.map(view => (
          <Group key={view.id} gap={0} wrap="nowrap">
            <Menu.Item onClick={() => onTake(view)} className="mu-view">
              <Literal text={view.name} max={60} />
              <Text size="xs" c="dimmed" truncate>
                <Literal text={new URLSearchParams(view.query).get('q') ?? t.views.noWords} max={80} />
              </Text>
            </Menu.Item>
            {(!view.shared || may('host.label')) && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t.views.remove(view.name)}
                onClick={() => onRemove(view)}
              >
                <Trash2 size={14} />
              </ActionIcon>
            )}
          </Group>
        ))}
      </div>
    )
  })
}

function RemoveView({ view, onClose }: { readonly view: KeptView; readonly onClose: () => void }) {
  const project = useProject()
  return (
    <ActDialog
      act={removeView}
      input={{ project, id: view.id }}
      title={t.views.remove(view.name)}
      opened
      onClose={onClose}
      refresh={['views']}
    >
      <Text size="sm">{view.shared ? t.views.removeShared : t.views.removeOwn}</Text>
    </ActDialog>
  )
}
