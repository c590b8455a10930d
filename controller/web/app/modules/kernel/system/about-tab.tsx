// SPDX-License-Identifier: Apache-2.0
/** What runs here: version, installation, root, licences. */
import { Anchor, Stack, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { absolute, spoken } from '../../../kit/age.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/system.ts'
import { useSystem } from './system.tsx'

const LICENCE = 'Apache-2.0'

export default function AboutTab() {
  return (
    <QueryView query={useSystem()}>
      {({ version, installation, epoch, installedAt, uptimeMs, rootFingerprint, sections }) => {
        const rows: readonly (readonly [string, ReactNode])[] = [
          [t.aboutTab.version, version],
          [t.aboutTab.installation, <code key="installation">{installation}</code>],
          [
            t.aboutTab.epoch,
            <span key="epoch" title={t.aboutTab.epochWhy}>
              {epoch}
            </span>,
          ],
          ...(installedAt === undefined ? [] : [[t.aboutTab.installed, absolute(installedAt)] as const]),
          [t.aboutTab.up, spoken(uptimeMs)],
          [t.aboutTab.root, <CopyLine key="root" text={`sha256:${rootFingerprint}`} what={t.aboutTab.root} />],
          [t.aboutTab.sections, sections.join(', ')],
          [t.aboutTab.licence, LICENCE],
        ]
        return (
          <Stack gap="md" maw={760}>
            <Table>
              <Table.Tbody>
                {rows.map(([what, value]) => (
                  <Table.Tr key={what}>
                    <Table.Th scope="row" w={160}>
                      {what}
                    </Table.Th>
                    <Table.Td className="mu-names">{value}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <Text size="sm">{t.aboutTab.licenceText}</Text>
            <Text size="sm">{t.aboutTab.notices}</Text>
            <Anchor href="/openapi.json" size="sm">
              /openapi.json
            </Anchor>
          </Stack>
        )
      }}
    </QueryView>
  )
}
