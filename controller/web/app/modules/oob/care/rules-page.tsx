// SPDX-License-Identifier: Apache-2.0
/** The rules of a project: which profile machines get, what is put right by itself, which recoveries start. */
import { Tabs } from '@mantine/core'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-care.ts'
import { OobNav } from '../oob-nav.tsx'
import { ActivationRules } from './activation-rules.tsx'
import { DriftRules } from './drift-rules.tsx'
import { useDriftPolicy, usePolicy, useRecoveryPolicy } from './reads.ts'
import { RecoveryRules } from './recovery-rules.tsx'

const TABS = ['activation', 'drift', 'recovery'] as const

export default function RulesPage() {
  const [asked, setTab] = useParam('tab', 'activation')
  const tab = TABS.find(each => each === asked) ?? 'activation'
  return (
    <>
      <PageHead title={t.rules.title} about={t.rules.about} />
      <OobNav />
      <Tabs value={tab} onChange={next => setTab(next ?? 'activation')} keepMounted={false}>
        <Tabs.List aria-label={t.rules.tabs.label} mb="md">
          {TABS.map(each => (
            <Tabs.Tab key={each} value={each}>
              {t.rules.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="activation">
          <Activation />
        </Tabs.Panel>
        <Tabs.Panel value="drift">
          <Drift />
        </Tabs.Panel>
        <Tabs.Panel value="recovery">
          <Recovery />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Activation() {
  return <QueryView query={usePolicy()}>{kept => <ActivationRules kept={kept} />}</QueryView>
}

function Drift() {
  return <QueryView query={useDriftPolicy()}>{kept => <DriftRules kept={kept} />}</QueryView>
}

function Recovery() {
  return <QueryView query={useRecoveryPolicy()}>{kept => <RecoveryRules kept={kept} />}</QueryView>
}
