// SPDX-License-Identifier: Apache-2.0
/** Certificates by when they end: of the controller, of hosts, and what modules add; and which agents are about. */
import { Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, get } from '../../../api/call.ts'
import { absolute } from '../../../kit/age.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Wide } from '../../../kit/wide.tsx'
import { Go } from '../../../shell/go.tsx'
import { PageParts } from '../../../shell/page-tabs.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/system.ts'
import { Left } from './left.tsx'

type Certificates = AnswerOf<'/v1/system/certificates', 'GET'>

export default function CertificatesTab() {
  const query = useQuery({
    queryKey: ['system', 'certificates'],
    queryFn: get('/v1/system/certificates'),
    refetchInterval: 60_000,
  })
  return (
    <QueryView query={query}>
      {({ now, controller, hosts, agents }) => (
        <Stack gap="lg">
          <OfController lines={controller} now={Date.parse(now)} />
          <OfHosts hosts={hosts} now={Date.parse(now)} />
          <PageParts of="/system certificates" />
          <Agents agents={agents} />
        </Stack>
      )}
    </QueryView>
  )
}

function OfController({ lines, now }: { readonly lines: Certificates['controller']; readonly now: number }) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.certificates.controller}
      </Title>
      <Wide label={t.certificates.controller}>
        <Table aria-label={t.certificates.controller}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.certificates.what}</Table.Th>
              <Table.Th>{t.certificates.until}</Table.Th>
              <Table.Th>{t.certificates.left}</Table.Th>
              <Table.Th>{t.certificates.renew}</Table.Th>
              <Table.Th>{t.certificates.fingerprint}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map(({ role, names, notAfter, renewed, fingerprint }) => (
              <Table.Tr key={`${role} ${fingerprint}`}>
                <Table.Td>
                  {t.certificates.role[role]}
                  {names.length > 0 && (
                    <Text size="xs" c="dimmed" className="mu-names">
                      {names.join(', ')}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{absolute(notAfter).slice(0, 10)}</Table.Td>
                <Table.Td>
                  <Left notAfter={notAfter} now={now} />
                </Table.Td>
                <Table.Td>
                  {renewed ? t.certificates.renews : role === 'listener' ? t.certificates.yours : t.certificates.notYet}
                </Table.Td>
                <Table.Td>
                  <code title={fingerprint}>{fingerprint.slice(0, 16)}…</code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

function OfHosts({ hosts, now }: { readonly hosts: Certificates['hosts']; readonly now: number }) {
  const { inUse, expired, within7Days, within30Days, next } = hosts
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.certificates.hosts}
      </Title>
      {inUse === 0 ? (
        <Text c="dimmed">{t.certificates.none}</Text>
      ) : (
        <>
          <dl className="mu-counts">
            <Count what={t.certificates.inUse} count={inUse} />
            <Count what={t.certificates.expired} count={expired} hue="failing" />
            <Count what={t.certificates.soon} count={within7Days} hue="degraded" />
            <Count what={t.certificates.later} count={within30Days} why={t.certificates.laterWhy} />
          </dl>
          <Wide label={t.certificates.next}>
            <Table aria-label={t.certificates.next}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t.certificates.host}</Table.Th>
                  <Table.Th>{t.certificates.project}</Table.Th>
                  <Table.Th>{t.certificates.until}</Table.Th>
                  <Table.Th>{t.certificates.left}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {next.map(({ project, host, notAfter }) => (
                  <Table.Tr key={`${project} ${host} ${notAfter}`}>
                    <Table.Td>
                      <Go to={`/hosts/${host}?project=${encodeURIComponent(project)}`}>{host}</Go>
                    </Table.Td>
                    <Table.Td>{project}</Table.Td>
                    <Table.Td>{absolute(notAfter)}</Table.Td>
                    <Table.Td>
                      <Left notAfter={notAfter} now={now} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        </>
      )}
    </section>
  )
}

type CountProps = {
  readonly what: string
  readonly count: number
  /** Shown only when there are any. */
  readonly hue?: 'failing' | 'degraded'
  readonly why?: string
}

function Count({ what, count, hue, why }: CountProps) {
  return (
    <div>
      <dt title={why}>{what}</dt>
      <dd>{hue !== undefined && count > 0 ? <Badge hue={hue}>{number(count)}</Badge> : number(count)}</dd>
    </div>
  )
}

function Agents({ agents }: Pick<Certificates, 'agents'>) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.certificates.agents}
      </Title>
      {agents.length === 0 ? (
        <Text c="dimmed">{t.certificates.noAgents}</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {t.certificates.skew(agents.length)}
          </Text>
          <Table aria-label={t.certificates.agents} maw={420}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.certificates.version}</Table.Th>
                <Table.Th ta="end">{t.certificates.count}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {agents.map(({ version, hosts }) => (
                <Table.Tr key={version}>
                  <Table.Td>{version}</Table.Td>
                  <Table.Td ta="end">{number(hosts)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </section>
  )
}
