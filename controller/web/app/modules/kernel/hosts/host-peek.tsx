// SPDX-License-Identifier: Apache-2.0
/** Looks at one host beside the list. */
import { Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../../api/call.ts'
import type { Host } from '../../../api/types.ts'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Peek } from '../../../kit/peek.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { StatusChip } from '../../../kit/status-chip.tsx'
import { Go, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/hosts.ts'
import { chipsOf } from './chips.ts'

export function HostPeek({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const project = useProject()
  const host = useQuery({
    queryKey: ['host', project, id],
    queryFn: get('/v1/projects/{projectName}/compute/hosts/{resourceId}', {
      path: { projectName: project, resourceId: id },
    }),
  })
  const name = host.data?.name ?? id
  return (
    <Peek
      label={t.peek.label(name)}
      onClose={onClose}
      title={
        <Title order={2} size="h4">
          <Go to={`/hosts/${encodeURIComponent(id)}`}>
            <Literal text={name} max={80} />
          </Go>
        </Title>
      }
    >
      <QueryView query={host}>{data => <PeekBody host={data} />}</QueryView>
    </Peek>
  )
}

function PeekBody({ host }: { readonly host: Host }) {
  const project = useProject()
  const id = host.resourceId
  const why = useQuery({
    queryKey: ['why', project, id],
    queryFn: get('/v1/projects/{project}/compute/hosts/{host}/why', { path: { project, host: id } }),
  })
  const { reachability, health, compliance } = chipsOf(host, why.data?.sections)
  return (
    <Stack gap="md">
      <Group gap={6}>
        <StatusChip kind="reachability" state={reachability.state} why={<Literal text={reachability.why} />} />
        <StatusChip kind="health" state={health.state} why={<Literal text={health.why} />} />
        {compliance !== undefined && (
          <StatusChip kind="compliance" state={compliance.state} why={<Literal text={compliance.why} />} />
        )}
      </Group>
      {(why.data?.blockers ?? []).slice(0, 3).map(({ code, title, next, section = '' }) => (
        <div key={`${code} ${section}`}>
          <Text size="sm" fw={600}>
            <Literal text={title} max={240} />
          </Text>
          <Text size="sm" c="dimmed">
            <Literal text={next} max={240} />
          </Text>
        </div>
      ))}
      <PeekFacts host={host} />
      <Go to={`/hosts/${id}`}>{t.peek.open}</Go>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {t.peek.next}
      </Text>
    </Stack>
  )
}

function PeekFacts({ host }: { readonly host: Host }) {
  // Members of modules, absent where these are off.
  const { site, productName, operatingSystem } = host as Host & {
    readonly site?: { readonly name?: string }
    readonly productName?: string
    readonly operatingSystem?: { readonly name?: string }
  }
  const { presence, serialNumber, hostname, metadata, resourceId } = host
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t.column.id, resourceId],
    [t.column.hostname, hostname],
    [t.column.serial, serialNumber],
    [t.column.site, site?.name],
    [t.column.address, presence?.address],
    [t.column.agent, presence?.agent],
    [t.column.os, operatingSystem?.name],
    [t.column.model, productName],
    [t.column.labels, metadata.map(({ key, value }) => `${key}=${value}`).join(', ')],
    [t.column.note, host.note],
  ]
  return (
    <Table>
      <Table.Tbody>
        <Table.Tr>
          <Table.Th>{t.column.contact}</Table.Th>
          <Table.Td>
            <LiveAge at={presence?.lastSeen} ago />
          </Table.Td>
        </Table.Tr>
        {facts
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([title, value = '']) => (
            <Table.Tr key={title}>
              <Table.Th>{title}</Table.Th>
              <Table.Td className="mu-wrap">
                <Literal text={value} max={300} />
              </Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  )
}
