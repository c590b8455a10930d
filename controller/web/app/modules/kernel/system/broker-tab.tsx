// SPDX-License-Identifier: Apache-2.0
/** The broker: who is connected, how much goes through it, and what it refused, by reason. */
import { Stack, Table, Text, Title } from '@mantine/core'
import type { System } from '../../../api/types.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Wide } from '../../../kit/wide.tsx'
import { Go } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/system.ts'
import { Figure } from './figure.tsx'
import { rates } from './samples.ts'
import { useSamples, useSystem } from './system.tsx'

export default function BrokerTab() {
  return (
    <QueryView query={useSystem()}>
      {({ bus }) => (
        <Stack gap="lg">
          <Through bus={bus} />
          <Refused bus={bus} />
        </Stack>
      )}
    </QueryView>
  )
}

function Through({ bus }: Pick<System, 'bus'>) {
  const samples = useSamples()
  const [into, out] = [rates(samples, 'messagesIn'), rates(samples, 'messagesOut')]
  const rate = (value: number | undefined): string => (value === undefined ? '–' : t.perSecond(value))
  return (
    <div className="mu-figures">
      <Figure
        title={t.broker.connections}
        value={number(bus.connections)}
        about={`${t.broker.port} ${bus.port}`}
        over={samples.map(each => each.connections)}
        spoken={number}
      />
      <Figure title={t.broker.halfOpen} why={t.broker.halfOpenWhy} value={number(bus.halfOpen)} />
      <Figure
        title={t.broker.in}
        value={rate(into.at(-1))}
        about={t.broker.total(bus.messagesIn)}
        over={into}
        spoken={t.perSecond}
      />
      <Figure
        title={t.broker.out}
        value={rate(out.at(-1))}
        about={t.broker.total(bus.messagesOut)}
        over={out}
        spoken={t.perSecond}
      />
    </div>
  )
}

function Refused({ bus: { refused, refusedLately } }: Pick<System, 'bus'>) {
  const may = useMay()
  const rows = Object.entries(refused)
    .map(([code, count]) => ({ code, count, lately: refusedLately[code] ?? 0 }))
    .sort((a, b) => b.lately - a.lately || b.count - a.count || (a.code < b.code ? -1 : 1))
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.broker.refused}
      </Title>
      {rows.length === 0 ? (
        <Text c="dimmed">{t.broker.none}</Text>
      ) : (
        <Wide label={t.broker.refused}>
          <Table aria-label={t.broker.refused}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.broker.code}</Table.Th>
                <Table.Th ta="end">{t.broker.lately}</Table.Th>
                <Table.Th ta="end">{t.broker.start}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ code, count, lately }) => (
                <Table.Tr key={code}>
                  <Table.Td>
                    {t.reason[code] === undefined ? null : <div>{t.reason[code]}</div>}
                    <code>{code}</code>
                  </Table.Td>
                  <Table.Td ta="end">{number(lately)}</Table.Td>
                  <Table.Td ta="end">{number(count)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
      {may('audit.read') && (
        <Text size="sm" mt="sm">
          <Go to="/audit?chain=installation&outcome=refused">{t.broker.audit}</Go>
        </Text>
      )}
    </section>
  )
}
