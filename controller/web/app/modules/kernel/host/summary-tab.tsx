// SPDX-License-Identifier: Apache-2.0
/** The summary of a host: why it is not settled, its sections, its presence, and what happened. */
import { Card, Stack, Table, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Host, Why } from '../../../api/types.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Timeline } from '../../../kit/timeline.tsx'
import { WhyPanel } from '../../../kit/why-panel.tsx'
import { Go } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { hardwareLine, labelsOf } from './facts.ts'
import { happenings } from './happenings.ts'
import { PresenceStrips } from './presence-strips.tsx'
import { useCommands, useEventKinds, useHistory, useHostEvents, useSections, useWhy } from './queries.ts'
import { Ticks } from './sent-command.tsx'

const SHOWN = 40

export default function SummaryTab({ host }: { readonly host: Host }) {
  const why = useWhy(host.resourceId)
  return (
    <div className="mu-host-summary">
      <div className="mu-host-timeline">
        <Title order={2} size="h5" mb={4}>
          {t.summary.timeline}
        </Title>
        <WhatHappened host={host} />
      </div>
      <Stack gap="md" miw={0}>
        <QueryView query={why}>
          {told => (
            <>
              <div data-why tabIndex={-1}>
                <WhyPanel why={told} />
              </div>
              <Pending host={host} />
              <Sections host={host} why={told} />
            </>
          )}
        </QueryView>
        <Identity host={host} />
        <PresenceStrips host={host} />
      </Stack>
    </div>
  )
}

function Identity({ host }: { readonly host: Host }) {
  const { resourceId, uuid, serialNumber, hostname, timestamps, presence, note } = host
  const hardware = hardwareLine(host)
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t.summary.hardware, hardware === '' ? t.summary.nothingReported : hardware],
    [t.summary.hostname, hostname],
    [t.summary.id, <code key="id">{resourceId}</code>],
    [t.head.serial, serialNumber],
    [t.summary.uuid, uuid && <code>{uuid}</code>],
    [t.summary.transport, presence?.transport],
    [t.summary.created, <LiveAge key="created" at={timestamps.createdAt} ago />],
    [t.summary.changed, <LiveAge key="changed" at={timestamps.updatedAt} ago />],
    [t.labels.heading, <Labels key="labels" host={host} />],
    [t.summary.note, note],
  ]
  return (
    <Card withBorder p="md" component="section" aria-label={t.summary.identity}>
      <Title order={2} size="h5" mb="xs">
        {t.summary.identity}
      </Title>
      <dl className="mu-facts">
        {rows
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  )
}

function Labels({ host }: { readonly host: Host }) {
  const labels = labelsOf(host)
  if (labels.length === 0) return t.labels.none
  return (
    <ul className="mu-labels">
      {labels.map(({ key, value, source }) => (
        <li key={key} className="mu-label">
          {key}={value}
          {source !== undefined && <small> {t.labels.from(source)}</small>}
        </li>
      ))}
    </ul>
  )
}

type Status = keyof typeof t.summary.sectionStatus
const HUES = {
  settled: 'ok',
  progressing: 'unknown',
  held: 'held',
  failed: 'failing',
  unsupported: 'unknown',
  unavailable: 'degraded',
  unknown: 'unknown',
} as const satisfies Record<Status, string>

function Sections({ host, why }: { readonly host: Host; readonly why: Why }) {
  const sections = useSections(host.resourceId)
  return (
    <Card withBorder p="md" component="section" aria-label={t.summary.sections}>
      <Title order={2} size="h5" mb="xs">
        {t.summary.sections}
      </Title>
      <QueryView query={sections}>
        {({ sections: lines }) =>
          lines.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t.summary.noSections}
            </Text>
          ) : (
            <Table aria-label={t.summary.sections} className="mu-stacked">
              <Table.Thead>
                <Table.Tr>
                  {(['section', 'desired', 'reported', 'status', 'age', 'why'] as const).map(name => (
                    <Table.Th key={name}>{t.summary[name]}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {lines.map(line => (
                  <SectionRow key={line.section} host={host} line={line} why={why} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </QueryView>
    </Card>
  )
}

type Line = NonNullable<ReturnType<typeof useSections>['data']>['sections'][number]

function SectionRow({ host, line, why }: { readonly host: Host; readonly line: Line; readonly why: Why }) {
  const { section, title, desiredRevision, reportedRevision, status = 'unknown', at } = line
  const known = (status in HUES ? status : 'unknown') as Status // just looked
  const reasons = why.blockers.filter(each => each.section === section)
  return (
    <Table.Tr data-section={section}>
      <Table.Td>
        <Go to={`/hosts/${host.resourceId}?tab=config&section=${section}`} title={title}>
          {section}
        </Go>
      </Table.Td>
      <Table.Td data-title={t.summary.desired}>{desiredRevision ?? t.summary.nothingDesired}</Table.Td>
      <Table.Td data-title={t.summary.reported}>{reportedRevision ?? t.summary.nothingDesired}</Table.Td>
      <Table.Td>
        <Badge hue={HUES[known]}>{t.summary.sectionStatus[known]}</Badge>
      </Table.Td>
      <Table.Td>{at === undefined ? t.summary.nothingDesired : <LiveAge at={at} />}</Table.Td>
      <Table.Td className="mu-anywhere">{reasons.map(({ title: reason }) => reason).join(' · ')}</Table.Td>
    </Table.Tr>
  )
}

function Pending({ host }: { readonly host: Host }) {
  const commands = useCommands(host.resourceId)
  const pending = (commands.data?.commands ?? []).filter(({ state }) => state === 'queued' || state === 'sent')
  if (pending.length === 0) return null
  return (
    <Card withBorder p="md" component="section" aria-label={t.summary.pending}>
      <Title order={2} size="h5" mb="xs">
        {t.summary.pending}
      </Title>
      <Stack gap="md">
        {pending.map(command => (
          <Ticks key={command.id} command={command} />
        ))}
      </Stack>
    </Card>
  )
}

function WhatHappened({ host }: { readonly host: Host }) {
  const id = host.resourceId
  const may = useMay()
  const events = useHostEvents(id)
  const commands = useCommands(id)
  const statuses = useHistory(id, 'status')
  const kinds = useEventKinds()
  const titles = new Map((kinds.data?.types ?? []).map(({ type, title }) => [type, title]))
  if (!may('event.read')) return null
  return (
    <QueryView query={events}>
      {page => {
        const items = happenings({
          host: id,
          events: page.events as Parameters<typeof happenings>[0]['events'], // their data is an object, as the controller writes it
          commands: commands.data?.commands ?? [],
          statuses: statuses.data ?? [],
          titles,
        })
        return (
          <Timeline
            items={items.slice(0, SHOWN)}
            label={t.summary.timeline}
            end={
              <Text size="sm" mt="xs">
                <Go to={`/hosts/${id}?tab=events`}>{t.summary.allEvents}</Go>
              </Text>
            }
          />
        )
      }}
    </QueryView>
  )
}
