// SPDX-License-Identifier: Apache-2.0
/** Tabs of a page in its address, its own and those that modules add; and what modules add elsewhere on it. */
import { Tabs } from '@mantine/core'
import { type ComponentType, Suspense } from 'react'
import { Loading, NoPermission } from '../kit/states.tsx'
import type { PageTab } from '../modules/pages.ts'
import { useParam } from './go.tsx'
import { Fence } from './routes.tsx'
import { useMay, useSurroundings } from './session.tsx'
import './page-tabs.css'

type PageTabsProps = {
  /** Address of the page. */
  readonly of: string
  /** What they are tabs of, for people who do not see them. */
  readonly label: string
  readonly own: readonly (Omit<PageTab, 'of' | 'tab'> & { readonly tab: ComponentType })[]
}

export function PageTabs({ of, label, own }: PageTabsProps) {
  const { modules } = useSurroundings()
  const may = useMay()
  const added = modules.flatMap(({ tabs = [] }) => tabs).filter(tab => tab.of === of)
  const tabs = [...own, ...added].sort((a, b) => a.order - b.order)
  const [first] = tabs.filter(({ permission }) => may(permission))
  const [chosen, choose] = useParam('tab', first?.id)
  const shown = tabs.find(({ id }) => id === chosen) ?? first
  // A tab that may not be seen is left out, unless somebody came with its address: then it says so.
  const listed = tabs.filter(tab => may(tab.permission) || tab === shown)
  if (shown === undefined) return null
  const { tab: Tab, permission } = shown
  const body = may(permission) ? <Tab /> : <NoPermission permission={permission ?? ''} />
  const panel = (
    <Fence key={shown.id}>
      <Suspense fallback={<Loading lines={8} />}>{body}</Suspense>
    </Fence>
  )
  if (listed.length < 2) return <div className="mu-tabs">{panel}</div>
  return (
    <Tabs
      value={shown.id}
      onChange={id => id !== null && choose(id, { replace: false })}
      keepMounted={false}
      className="mu-tabs"
    >
      <Tabs.List aria-label={label} className="mu-tablist">
        {listed.map(({ id, title }) => (
          <Tabs.Tab key={id} value={id}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={shown.id} className="mu-tabpanel">
        {panel}
      </Tabs.Panel>
    </Tabs>
  )
}

/** What modules add at a place of a page. */
export function PageParts({ of, about = '' }: { readonly of: string; readonly about?: string }) {
  const { modules } = useSurroundings()
  const may = useMay()
  return modules
    .flatMap(({ parts = [] }) => parts)
    .filter(part => part.of === of && may(part.permission))
    .sort((a, b) => a.order - b.order)
    .map(({ id, part: Part }) => (
      <Suspense key={id} fallback={null}>
        <Part about={about} />
      </Suspense>
    ))
}
