// SPDX-License-Identifier: Apache-2.0
/** The commands of a host: what was asked, what became of it, and a way to ask more. */
import { Button, Card, Code, Group, Stack, Table, Text, Title } from '@mantine/core'
import { Terminal } from 'lucide-react'
import { useState } from 'react'
import { problemOf } from '../../../api/problem.ts'
import type { Command, Host } from '../../../api/types.ts'
import type { Json } from '../../../kit/diff.ts'
import { Value } from '../../../kit/diff-view.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { useCommand, useCommands } from './queries.ts'
import { RunCommand } from './run-command.tsx'
import { Ticks } from './sent-command.tsx'

const STEP = 100
const MOST = 500
const HUES = {
  queued: 'unknown',
  sent: 'unknown',
  succeeded: 'ok',
  failed: 'failing',
  refused: 'failing',
  expired: 'degraded',
  cancelled: 'held',
} as const satisfies Record<Command['state'], string>

export default function CommandsTab({ host }: { readonly host: Host }) {
  const [limit, setLimit] = useState(STEP)
  const commands = useCommands(host.resourceId, limit)
  const [open, setOpen] = useParam('command')
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <RunCommand host={host} onSent={setOpen} />
      </Group>
      {open !== '' && <One id={open} />}
      <QueryView query={commands}>
        {({ commands: rows, nextCursor }) =>
          rows.length === 0 ? (
            <EmptyState icon={Terminal} title={t.commands.empty}>
              {t.commands.emptyWhat}
            </EmptyState>
          ) : (
            <>
              <Table aria-label={t.commands.label} className="mu-stacked">
                <Table.Thead>
                  <Table.Tr>
                    {[t.commands.one, t.commands.outcome, t.commands.when, t.commands.by, t.commands.reason].map(
                      title => (
                        <Table.Th key={title}>{title}</Table.Th>
                      ),
                    )}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map(command => (
                    <Line key={command.id} command={command} isOpen={command.id === open} onOpen={setOpen} />
                  ))}
                </Table.Tbody>
              </Table>
              {nextCursor !== undefined && limit < MOST && (
                <Button variant="default" onClick={() => setLimit(Math.min(MOST, limit + STEP))}>
                  {t.commands.older}
                </Button>
              )}
            </>
          )
        }
      </QueryView>
    </Stack>
  )
}

type LineProps = { readonly command: Command; readonly isOpen: boolean; readonly onOpen: (id: string) => void }

function Line({ command, isOpen, onOpen }: LineProps) {
  const { id, section, name, state, createdAt, principal, reason } = command
  const what = `${section} ${name}`
  return (
    <Table.Tr data-command-row={id} {...(isOpen ? { bg: 'var(--mu-hover)' } : {})}>
      <Table.Td>
        <button
          type="button"
          className="mu-quiet-button"
          aria-expanded={isOpen}
          aria-label={t.commands.open(what)}
          onClick={() => onOpen(isOpen ? '' : id)}
        >
          <strong>{what}</strong>
        </button>
      </Table.Td>
      <Table.Td>
        <Badge hue={HUES[state]}>{t.commands.state[state]}</Badge>
      </Table.Td>
      <Table.Td>
        <LiveAge at={createdAt} ago />
      </Table.Td>
      <Table.Td className="mu-anywhere">{principal}</Table.Td>
      <Table.Td className="mu-anywhere">{reason}</Table.Td>
    </Table.Tr>
  )
}

function One({ id }: { readonly id: string }) {
  const query = useCommand(id)
  if (query.error !== null && problemOf(query.error).status === 404)
    return (
      <Text size="sm" c="dimmed">
        {t.commands.gone}
      </Text>
    )
  return (
    <Card withBorder p="md" component="section" aria-label={t.commands.one}>
      <QueryView query={query}>
        {command => (
          <Stack gap="xs">
            <Ticks command={command} />
            {command.reason !== undefined && (
              <Text size="sm">
                {t.commands.reason}: {command.reason}
              </Text>
            )}
            <Part title={t.commands.input} value={command.input as Json} />
            <Part title={t.commands.output} value={(command.output ?? command.problem) as Json | undefined} />
          </Stack>
        )}
      </QueryView>
    </Card>
  )
}

function Part({ title, value }: { readonly title: string; readonly value: Json | undefined }) {
  if (value === undefined) return null
  return (
    <div>
      <Title order={3} size="h6">
        {title}
      </Title>
      <Code block>
        <Value value={value} />
      </Code>
    </div>
  )
}
