// SPDX-License-Identifier: Apache-2.0
/** Provisioning certificates by when they end, among the certificates of the system. */
import { Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { send } from '../../api/call.ts'
import { absolute, spoken } from '../../kit/age.ts'
import { Literal } from '../../kit/literal.tsx'
import { useNow } from '../../kit/now.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { Badge } from '../../kit/status-chip.tsx'
import { Wide } from '../../kit/wide.tsx'
import { Go, useProject } from '../../shell/go.tsx'
import { t } from '../../words/oob.ts'
import { listCall } from './acts-records.ts'

type Domain = { readonly profileName: string; readonly domainSuffix: string; readonly expirationDate: string }

/** A new one takes people, days and money. */
const SOON_MS = 30 * 86_400_000

export default function ProvisioningCertificates() {
  const project = useProject()
  const query = useQuery({
    queryKey: ['oob-records', project, 'domain', 'ends'],
    queryFn: ({ signal }) => send<readonly Domain[]>(listCall(project, 'domain'), signal),
  })
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.certificates.title}
      </Title>
      <QueryView query={query}>{domains => <Ends domains={domains} />}</QueryView>
    </section>
  )
}

function Ends({ domains }: { readonly domains: readonly Domain[] }) {
  if (domains.length === 0) return <Text c="dimmed">{t.certificates.none}</Text>
  const sorted = [...domains].sort((a, b) => Date.parse(a.expirationDate) - Date.parse(b.expirationDate))
  return (
    <Wide label={t.certificates.title}>
      <Table aria-label={t.certificates.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.certificates.domain}</Table.Th>
            <Table.Th>{t.certificates.suffix}</Table.Th>
            <Table.Th>{t.certificates.until}</Table.Th>
            <Table.Th>{t.certificates.left}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map(({ profileName, domainSuffix, expirationDate }) => (
            <Table.Tr key={profileName}>
              <Table.Td>
                <Go to="/out-of-band/records?tab=domains">
                  <Literal text={profileName} max={80} />
                </Go>
              </Table.Td>
              <Table.Td>
                <Literal text={domainSuffix} max={120} />
              </Table.Td>
              <Table.Td>{absolute(expirationDate).slice(0, 10)}</Table.Td>
              <Table.Td>
                <Left until={expirationDate} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}

function Left({ until }: { readonly until: string }) {
  const left = Date.parse(until) - useNow()
  if (left <= 0) return <Badge hue="failing">{t.certificates.over(spoken(-left))}</Badge>
  if (left < SOON_MS) return <Badge hue="degraded">{spoken(left)}</Badge>
  return <>{spoken(left)}</>
}
