// SPDX-License-Identifier: Apache-2.0
/** The identity providers that the configuration names, and what it needs for one. Nothing is changed here. */
import { Code, Stack, Table, Text, Title } from '@mantine/core'
import { IdCard } from 'lucide-react'
import { CopyLine } from '../../kit/copy-as.tsx'
import { EmptyState } from '../../kit/states.tsx'
import { useSurroundings } from '../../shell/session.tsx'
import './access.css'
import { t as words } from '../../words/access.ts'

const t = words.providers

/** What `modules.access` takes; the secret is a file, so that the configuration holds none. */
const SAMPLE = `modules:
  access:
    oidc:
      - name: keycloak
        issuer: https://sso.example/realms/plant
        clientId: muster
        clientSecret:
          file: /etc/muster/oidc-secret
        groupsClaim: groups
        map:
          - group: plant-operators
            as: operator
            project: default`

export default function ProvidersTab() {
  const { password, providers } = useSurroundings().boot.signIn
  return (
    <Stack gap="md">
      <div>
        <Text size="sm">{t.intro}</Text>
        <Text size="sm">
          {t.password}: <strong>{password ? t.on : t.off}</strong>
        </Text>
      </div>
      {providers.length === 0 ? (
        <EmptyState icon={IdCard} title={t.emptyTitle}>
          {t.empty}
        </EmptyState>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table aria-label={t.list}>
            <Table.Thead>
              <Table.Tr>
                {Object.values(t.column).map(title => (
                  <Table.Th key={title}>{title}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {providers.map(({ name, title, start }) => (
                <Table.Tr key={name}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>{title}</Table.Td>
                  <Table.Td>
                    <Code>{start}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Code>{`${location.origin}${start.replace(/\/start$/, '/callback')}`}</Code>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <section>
        <Title order={2} size="h5" mb="xs">
          {t.example}
        </Title>
        <div className="mu-sample">
          <CopyLine text={SAMPLE} what={t.sample} />
        </div>
        <Text size="sm" mt="xs" c="dimmed">
          {t.groups}
        </Text>
      </section>
    </Stack>
  )
}
