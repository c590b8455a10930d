// SPDX-License-Identifier: Apache-2.0
/** How the controller is: what is wrong and what to do, whether it is ready, and its figures over time. */
import { Alert, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { get } from '../../../api/call.ts'
import type { System } from '../../../api/types.ts'
import { spoken } from '../../../kit/age.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go } from '../../../shell/go.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/system.ts'
import { Figure } from './figure.tsx'
import { rates } from './samples.ts'
import { bytes, EVERY_MS, useSamples, useSystem } from './system.tsx'

const Panel = lazy(() => import('../../../kit/panel.tsx'))

export default function HealthTab() {
  return (
    <QueryView query={useSystem()}>
      {system => (
        <Stack gap="md">
          <Concerns concerns={system.concerns} />
          <Figures system={system} />
          <Courses />
        </Stack>
      )}
    </QueryView>
  )
}

function Concerns({ concerns }: Pick<System, 'concerns'>) {
  if (concerns.length === 0)
    return (
      <Group gap="xs" className="mu-ok" role="status">
        <CircleCheck size={18} aria-hidden />
        <Text c="inherit">{t.health.fine}</Text>
      </Group>
    )
  return (
    <Stack gap="xs" component="section" aria-label={t.health.wrong}>
      {concerns.map(({ code, severity, title, next }) => (
        <Alert
          key={`${code} ${title}`}
          color={severity === 'failing' ? 'red' : 'yellow'}
          variant="light"
          icon={severity === 'failing' ? <OctagonX size={18} /> : <TriangleAlert size={18} />}
          title={`${t.health.severity[severity]}: ${title}`}
        >
          {next}
        </Alert>
      ))}
    </Stack>
  )
}

function Figures({ system }: { readonly system: System }) {
  const samples = useSamples()
  const { memory, eventLoop, bus, hosts, store, disk } = system
  const [into, out] = [rates(samples, 'messagesIn'), rates(samples, 'messagesOut')]
  const refused = Object.values(bus.refusedLately).reduce((sum, count) => sum + count, 0)
  return (
    <div className="mu-figures">
      <Readiness upMs={system.uptimeMs} />
      <Figure
        title={t.health.memory}
        why={t.health.memoryWhy}
        value={bytes(memory.rssBytes)}
        about={t.health.heap(bytes(memory.heapUsedBytes))}
        over={samples.map(each => each.memory)}
        spoken={bytes}
      />
      <Figure
        title={t.health.loop}
        why={t.health.loopWhy}
        value={t.ms(eventLoop.delayMs)}
        over={samples.map(each => each.loopMs)}
        spoken={t.ms}
      />
      <Figure
        title={t.health.connections}
        value={number(bus.connections)}
        about={t.health.ofHosts(hosts.total)}
        over={samples.map(each => each.connections)}
        spoken={number}
      />
      <Figure title={t.health.messages} value={rate(into)} over={into} spoken={t.perSecond} />
      <Figure title={t.health.messagesOut} value={rate(out)} over={out} spoken={t.perSecond} />
      <Figure
        title={t.health.database}
        value={bytes(store.sizeBytes + store.journalBytes)}
        over={samples.map(each => each.database)}
        spoken={bytes}
      />
      {disk !== undefined && (
        <Figure title={t.health.disk} value={t.health.free(bytes(disk.freeBytes), bytes(disk.totalBytes))} />
      )}
      <Figure
        title={t.health.refused}
        value={refused === 0 ? number(0) : <Go to="/system?tab=broker">{number(refused)}</Go>}
      />
    </div>
  )
}

/** The same over the time the page is open, large enough to compare. */
function Courses() {
  const samples = useSamples()
  const times = samples.map(({ at }) => at)
  if (times.length < 2) return null
  return (
    <div className="mu-panels">
      <Suspense fallback={<Loading lines={6} />}>
        <Panel
          title={t.course.traffic}
          times={times}
          lines={[
            { label: t.health.messages, values: rates(samples, 'messagesIn') },
            { label: t.health.messagesOut, values: rates(samples, 'messagesOut') },
          ]}
          spoken={t.perSecond}
        />
        <Panel
          title={t.course.ram}
          times={times}
          lines={[{ label: t.health.memory, values: samples.map(each => each.memory) }]}
          spoken={bytes}
        />
      </Suspense>
    </div>
  )
}

/** The newest rate that is known. */
function rate(values: readonly (number | undefined)[]): string {
  const last = values.at(-1)
  return last === undefined ? '–' : t.perSecond(last)
}

function Readiness({ upMs }: { readonly upMs: number }) {
  const { data, error } = useQuery({
    queryKey: ['system-ready'],
    queryFn: get('/readyz'),
    refetchInterval: EVERY_MS,
    retry: false,
  })
  const isReady = error === null
  const word = isReady ? t.health.ready : t.health.notReady
  return (
    <Figure
      title={t.health.readiness}
      value={
        data === undefined && isReady ? (
          '–'
        ) : (
          <Badge hue={isReady ? 'ok' : 'failing'} why={isReady ? t.health.readyWhy : t.health.notReadyWhy}>
            {word}
          </Badge>
        )
      }
      about={`${t.health.up} ${spoken(upMs)}`}
    />
  )
}
