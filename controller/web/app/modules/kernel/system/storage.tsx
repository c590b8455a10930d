// SPDX-License-Identifier: Apache-2.0
/** What takes room in the database, by table or by owner, counted when asked. */
import { Button, Group, Table, Text } from '@mantine/core'
import type { AnswerOf } from '../../../api/call.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Wide } from '../../../kit/wide.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/system.ts'
import { bytes, useStorage } from './system.tsx'

type Line = AnswerOf<'/v1/system/storage', 'GET'>['tables'][number]

/** Rows and room of each owner of tables. */
export function byOwner(
  tables: readonly Line[],
): ReadonlyMap<string, { readonly rows: number; readonly bytes: number }> {
  const found = new Map<string, { rows: number; bytes: number }>()
  for (const { owner, rows, bytes: room } of tables) {
    const { rows: before, bytes: had } = found.get(owner) ?? { rows: 0, bytes: 0 }
    found.set(owner, { rows: before + rows, bytes: had + room })
  }
  return found
}

export function CountButton({ label = t.database.count }: { readonly label?: string }) {
  const { data, isFetching, refetch } = useStorage()
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
        {data === undefined ? label : t.database.recount}
      </Button>
      <Text size="xs" c="dimmed">
        {t.database.storageWhy}
      </Text>
    </Group>
  )
}

export function StorageTable() {
  const { data, error, isFetching, refetch } = useStorage()
  if (error !== null) return <ProblemCard problem={error} onRetry={() => void refetch()} />
  if (data === undefined) return isFetching ? <Loading /> : null
  const lines = [...data.tables].sort((a, b) => b.bytes - a.bytes)
  return (
    <Wide label={t.database.storage}>
      <Table aria-label={t.database.storage} mt="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.database.table}</Table.Th>
            <Table.Th ta="end">{t.database.rows}</Table.Th>
            <Table.Th ta="end">{t.database.bytes}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ table, rows, bytes: room }) => (
            <Table.Tr key={table}>
              <Table.Td>
                <code>{table}</code>
              </Table.Td>
              <Table.Td ta="end">{number(rows)}</Table.Td>
              <Table.Td ta="end">{bytes(room)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}
