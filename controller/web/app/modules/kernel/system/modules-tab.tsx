// SPDX-License-Identifier: Apache-2.0
/** Modules: which are on, and what each keeps in the database. */
import { Stack, Table, Text } from '@mantine/core'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Wide } from '../../../kit/wide.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/system.ts'
import { byOwner, CountButton } from './storage.tsx'
import { bytes, useStorage, useSystem } from './system.tsx'

export default function ModulesTab() {
  const { data } = useStorage()
  const kept = data === undefined ? undefined : byOwner(data.tables)
  return (
    <QueryView query={useSystem()}>
      {({ modules, version }) => (
        <Stack gap="sm">
          <CountButton label={t.modules.count} />
          <Wide label={t.tab.modules}>
            <Table aria-label={t.tab.modules}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t.modules.name}</Table.Th>
                  <Table.Th>{t.modules.version}</Table.Th>
                  <Table.Th>{t.modules.state}</Table.Th>
                  <Table.Th ta="end">{t.modules.rows}</Table.Th>
                  <Table.Th ta="end">{t.modules.room}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {[{ name: 'kernel', title: t.modules.kernel, version, enabled: true }, ...modules].map(line => (
                  <Table.Tr key={line.name}>
                    <Table.Td>
                      <code>{line.name}</code>
                      <Text size="sm" c="dimmed">
                        {line.title}
                      </Text>
                    </Table.Td>
                    <Table.Td>{line.version}</Table.Td>
                    <Table.Td>
                      <Badge hue={line.enabled ? 'ok' : 'unknown'}>{line.enabled ? t.modules.on : t.modules.off}</Badge>
                    </Table.Td>
                    <Table.Td ta="end">{kept === undefined ? '–' : number(kept.get(line.name)?.rows ?? 0)}</Table.Td>
                    <Table.Td ta="end">{kept === undefined ? '–' : bytes(kept.get(line.name)?.bytes ?? 0)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
          <Text size="sm" c="dimmed">
            {t.modules.hint}
          </Text>
        </Stack>
      )}
    </QueryView>
  )
}
