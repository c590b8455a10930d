// SPDX-License-Identifier: Apache-2.0
/** Who may do something in one project: by a role in it, or by one that holds in every project. */
import { Box, Card, Group, Title } from '@mantine/core'
import { UserCheck } from 'lucide-react'
import { useMemo } from 'react'
import { DataTable } from '../../kit/data-table.tsx'
import { useListRows } from '../../kit/rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { t as words } from '../../words/access.ts'
import { columnsOf } from './given-list.tsx'
import './access.css'
import { type Binding, useBindings, useNames } from './queries.ts'

const t = words.given
const HEAD = 40
const ROW = 40
const MOST_HEIGHT = 440

export default function Members({ about }: { readonly about: string }) {
  const query = useBindings()
  const nameOf = useNames()
  const here = useMemo(
    () => query.data?.bindings.filter(({ scope }) => scope.project === undefined || scope.project === about),
    [query.data, about],
  )
  const rows = useListRows(here, query)
  const columns = useMemo(() => columnsOf(nameOf), [nameOf])
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t.list}
        </Title>
      </Group>
      <Box h={Math.min(MOST_HEIGHT, HEAD + ROW * Math.max(3, here?.length ?? 0))} display="flex" className="mu-members">
        <DataTable<Binding>
          label={t.list}
          rows={rows}
          columns={columns}
          cardHeight={104}
          keyOf={({ id }) => id}
          nameOf={binding => binding.name ?? binding.group ?? ''}
          empty={
            <EmptyState icon={UserCheck} title={t.emptyTitle}>
              {t.empty}
            </EmptyState>
          }
        />
      </Box>
    </Card>
  )
}
