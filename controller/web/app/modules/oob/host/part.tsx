// SPDX-License-Identifier: Apache-2.0
/** A part of the tab with its heading, and what stands in for one that only connected firmware can tell. */
import { ActionIcon, Card, Group, Table, Text, Title, Tooltip } from '@mantine/core'
import { RefreshCw, Unplug } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { EmptyState } from '../../../kit/states.tsx'
import { t } from '../../../words/oob-host.ts'
import { plainText } from './firmware.ts'

export type PartProps = {
  readonly title: string
  readonly actions?: ReactNode
  /** Reads it anew. */
  readonly onAgain?: () => void
  readonly children: ReactNode
}

export function Part({ title, actions, onAgain, children }: PartProps) {
  const id = useId()
  return (
    <Card withBorder padding="md" component="section" aria-labelledby={id} className="mu-part">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={3} size="h5" id={id}>
          {title}
        </Title>
        <Group gap="xs">
          {actions}
          {onAgain !== undefined && (
            <Tooltip label={t.again}>
              <ActionIcon variant="subtle" aria-label={`${t.again}: ${title}`} onClick={onAgain}>
                <RefreshCw size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </Group>
      {children}
    </Card>
  )
}

export function NeedsFirmware({ why }: { readonly why: string }) {
  return (
    <EmptyState icon={Unplug} title={t.needsFirmware.title}>
      {t.needsFirmware.what(why)}
    </EmptyState>
  )
}

/** Names and values, those without a value left out. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="mu-facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? plainText(value) : value}</dd>
          </div>
        ))}
    </dl>
  )
}

export type PlainTableProps = {
  readonly label: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
  readonly empty: string
}

/** A short table; on narrow screens each row is a card. */
export function PlainTable({ label, head, rows, empty }: PlainTableProps) {
  if (rows.length === 0) return <Text c="dimmed">{empty}</Text>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys
    <section className="mu-scrolls" aria-label={label} tabIndex={0}>
      <Table verticalSpacing={4} horizontalSpacing="xs" fz={13} striped>
        <Table.Thead>
          <Table.Tr>
            {head.map(title => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what firmware tells has no id, and is replaced as a whole
            <Table.Tr key={at}>
              {row.map((cell, column) => (
                <Table.Td key={head[column] ?? column} data-label={head[column]}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
