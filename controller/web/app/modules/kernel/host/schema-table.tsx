// SPDX-License-Identifier: Apache-2.0
/** What can be written of a section, as its schema says. */
import { Table } from '@mantine/core'
import { t } from '../../../words/host.ts'
import { schemaLines } from './schema.ts'

export function SchemaTable({ schema }: { readonly schema: unknown }) {
  return (
    <details>
      <summary>{t.config.schema}</summary>
      <Table.ScrollContainer minWidth={520} type="native">
        <Table aria-label={t.config.schema}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.config.member}</Table.Th>
              <Table.Th>{t.config.type}</Table.Th>
              <Table.Th>{t.config.required}</Table.Th>
              <Table.Th>{t.config.rules}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {schemaLines(schema).map(({ path, type, isRequired, rules }) => (
              <Table.Tr key={path}>
                <Table.Td>
                  <code>{path}</code>
                </Table.Td>
                <Table.Td className="mu-anywhere">{type}</Table.Td>
                <Table.Td>{isRequired ? t.config.required : t.config.optional}</Table.Td>
                <Table.Td className="mu-anywhere">{rules}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  )
}
