// SPDX-License-Identifier: Apache-2.0
/** The page of one host: its head, and its parts as tabs, those of modules among them. */
import { Tabs } from '@mantine/core'
import { Server } from 'lucide-react'
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useState } from 'react'
import { useParams } from 'wouter'
import { problemOf } from '../../../api/problem.ts'
import type { Host } from '../../../api/types.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState, Loading } from '../../../kit/states.tsx'
import { Go, useParam } from '../../../shell/go.tsx'
import { Fence } from '../../../shell/routes.tsx'
import { useMay, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { HostHead } from './host-head.tsx'
import { useHostKeys } from './keys.ts'
import { type Read, useHost, useHostRefresh } from './queries.ts'
import { type SentOrder, SentPanel } from './sent-panel.tsx'
import './host.css'

type Tab = {
  readonly id: string
  readonly title: string
  readonly tab: LazyExoticComponent<ComponentType<{ host: Host }>>
}
type Ordered = Tab & { readonly order: number; readonly permission?: string }

const OWN: readonly Ordered[] = [
  { id: 'summary', title: t.tab.summary, order: 0, tab: lazy(() => import('./summary-tab.tsx')) },
  { id: 'inventory', title: t.tab.inventory, order: 10, tab: lazy(() => import('./inventory-tab.tsx')) },
  { id: 'config', title: t.tab.config, order: 20, tab: lazy(() => import('./config-tab.tsx')) },
  {
    id: 'events',
    title: t.tab.events,
    order: 60,
    permission: 'event.read',
    tab: lazy(() => import('./events-tab.tsx')),
  },
  { id: 'commands', title: t.tab.commands, order: 70, tab: lazy(() => import('./commands-tab.tsx')) },
  { id: 'raw', title: t.tab.raw, order: 90, tab: lazy(() => import('./raw-tab.tsx')) },
]

/** The tabs that there are and that may be seen, in order. */
function useTabs(): readonly Tab[] {
  const { modules } = useSurroundings()
  const may = useMay()
  return [...OWN, ...modules.flatMap(({ hostTabs = [] }) => hostTabs)]
    .filter(({ permission }) => may(permission))
    .sort((a, b) => a.order - b.order)
}

export default function HostPage() {
  const { host: id = '' } = useParams()
  const query = useHost(id)
  useHostRefresh(id)
  if (query.error !== null && query.data === undefined && isUnknown(query.error)) return <NoSuchHost id={id} />
  return <QueryView query={query}>{read => <OneHost read={read} />}</QueryView>
}

/** No host has such an id, or nothing could have it. */
function isUnknown(error: unknown): boolean {
  const { status } = problemOf(error)
  return status === 404 || status === 400 || status === 422
}

function NoSuchHost({ id }: { readonly id: string }) {
  return (
    <EmptyState
      icon={Server}
      title={t.notFound.title}
      action={<Go to={`/hosts?q=${encodeURIComponent(id.slice(0, 80))}`}>{t.notFound.find}</Go>}
    >
      {t.notFound.what(id.slice(0, 80))}
    </EmptyState>
  )
}

function OneHost({ read }: { readonly read: Read }) {
  const { host } = read
  const tabs = useTabs()
  const [asked, setTab] = useParam('tab', 'summary')
  const [order, setOrder] = useState<SentOrder>()
  const current = tabs.find(({ id }) => id === asked) ?? tabs[0]
  useHostKeys({ host, tabs, setTab })
  if (current === undefined) return null
  const Content = current.tab
  return (
    <>
      <HostHead read={read} onSent={setOrder} />
      <SentPanel host={host} order={order} onDismiss={() => setOrder(undefined)} />
      <Tabs value={current.id} onChange={next => setTab(next ?? '', { replace: false })} keepMounted={false}>
        <Tabs.List aria-label={t.tabs} className="mu-host-tabs">
          {tabs.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={current.id} pt="md">
          <Fence key={current.id}>
            <Suspense fallback={<Loading lines={8} />}>
              <Content host={host} />
            </Suspense>
          </Fence>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
