// SPDX-License-Identifier: Apache-2.0
/** The tab of a host's firmware: how it stands, and its parts, each with an address. */
import { Stack, Tabs } from '@mantine/core'
import { Cpu } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { Host } from '../../../api/types.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState, Loading } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-host.ts'
import { t as early } from '../../../words/oob-power.ts'
import type { Machine } from '../acts-host.ts'
import { type StatusLine, useMachine, useStatusLine } from './firmware.ts'
import { NeedsFirmware } from './part.tsx'
import { StateLine } from './state-line.tsx'
import './host.css'

export type PartOf = { readonly machine: Machine; readonly line: StatusLine; readonly host: Host }

const PARTS = {
  overview: lazy(() => import('./overview.tsx')),
  features: lazy(() => import('./features.tsx')),
  logs: lazy(() => import('./logs.tsx')),
  hardware: lazy(() => import('./hardware.tsx')),
  network: lazy(() => import('./network.tsx')),
  security: lazy(() => import('./security.tsx')),
  alarms: lazy(() => import('./alarms.tsx')),
  care: lazy(() => import('./care.tsx')),
} as const
type PartName = keyof typeof PARTS
const NAMES = Object.keys(PARTS) as readonly PartName[] // its own keys
/** They are told without the firmware. */
const OFFLINE: readonly PartName[] = ['overview', 'care']

export default function OobTab({ host }: { readonly host: Host }) {
  const machine = useMachine(host)
  const query = useStatusLine(machine)
  return (
    <QueryView query={query} loading={<Loading lines={8} />}>
      {line =>
        line === null ? (
          <EmptyState icon={Cpu} title={t.notSeen.title}>
            {t.notSeen.what}
          </EmptyState>
        ) : (
          <Parts machine={machine} line={line} host={host} />
        )
      }
    </QueryView>
  )
}

/** Why the firmware cannot be asked now; `undefined` when it can. */
function unreachable({ connected, controlMode, why }: StatusLine): string | undefined {
  if (connected) return undefined
  if (controlMode === 'acm' || controlMode === 'ccm') return early.why.disconnected
  return why
}

function Parts(props: PartOf) {
  const [asked, setPart] = useParam('part', 'overview')
  const part = NAMES.find(each => each === asked) ?? 'overview'
  const Shown = PARTS[part]
  const why = unreachable(props.line)
  return (
    <Stack gap="md">
      <StateLine {...props} />
      <Tabs value={part} onChange={next => setPart(next ?? '', { replace: false })} keepMounted={false}>
        <Tabs.List aria-label={t.parts.label} className="mu-oob-tabs">
          {NAMES.map(name => (
            <Tabs.Tab key={name} value={name}>
              {t.parts[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part} pt="md">
          {why !== undefined && !OFFLINE.includes(part) ? (
            <NeedsFirmware why={why} />
          ) : (
            <Suspense fallback={<Loading lines={6} />}>
              <Shown {...props} />
            </Suspense>
          )}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
