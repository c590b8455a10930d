// SPDX-License-Identifier: Apache-2.0
/** Every key that does something. */
import { Table, Text } from '@mantine/core'
import { useNav } from '../../../shell/layout.tsx'
import { t } from '../../../words/help.ts'
import { t as kernel } from '../../../words/kernel.ts'

export default function KeysTab() {
  const rows = [
    ...useNav().flatMap(({ key, title }) => (key === undefined ? [] : [[`g ${key}`, title] as const])),
    ...Object.entries(kernel.keys),
  ]
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t.keys}
      </Text>
      <Table maw={520} aria-label={t.tab.keys}>
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Th scope="row" w={140}>
                <kbd>{keys}</kbd>
              </Table.Th>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
