// SPDX-License-Identifier: Apache-2.0
/** Operating systems in four parts: profiles, update policies, update runs, instances. */
import { Tabs } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { PageHead } from '../../../kit/page-head.tsx'
import { Loading } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/os.ts'
import './os.css'
import { Profiles } from './profiles.tsx'

const Policies = lazy(() => import('./policies.tsx'))
const Runs = lazy(() => import('./runs.tsx'))
const Instances = lazy(() => import('./instances.tsx'))

const PARTS = { profiles: Profiles, policies: Policies, runs: Runs, instances: Instances } as const
type Part = keyof typeof PARTS

export default function OsPage() {
  const [tab, setTab] = useParam('tab', 'profiles')
  const part: Part = Object.hasOwn(PARTS, tab) ? (tab as Part) : 'profiles' // looked up just now
  const Shown = PARTS[part]
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <Tabs value={part} onChange={next => setTab(next ?? 'profiles')} keepMounted={false} className="mu-os">
        <Tabs.List aria-label={t.tabsLabel} mb="sm">
          {Object.keys(PARTS).map(name => (
            <Tabs.Tab key={name} value={name}>
              {t.tabs[name as Part]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part} className="mu-os-panel">
          <Suspense fallback={<Loading lines={6} height={30} />}>
            <Shown />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
