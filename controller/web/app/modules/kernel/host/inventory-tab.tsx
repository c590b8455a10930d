// SPDX-License-Identifier: Apache-2.0
/** What a host is made of, now or at a time, and how that differs from another host or from itself. */
import { Alert, Button, Card, Group, Stack, Title } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Copy, Cpu } from 'lucide-react'
import type { Host } from '../../../api/types.ts'
import { absolute } from '../../../kit/age.ts'
import { JsonTree } from '../../../kit/json-tree.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { AsOfBar } from './as-of-bar.tsx'
import { Compare } from './compare.tsx'
import { inventoryOf, type Loose } from './facts.ts'
import { InventoryCards } from './inventory-cards.tsx'
import { useHostAsOf, useKeepsPast } from './queries.ts'

export default function InventoryTab({ host }: { readonly host: Host }) {
  const keeps = useKeepsPast()
  const [asOf, setAsOf] = useParam('asof')
  const past = useHostAsOf(host.resourceId, asOf, asOf !== '' && keeps)
  if (!keeps) return <EmptyState icon={Cpu} title={t.inventory.noModule} />
  return (
    <Stack gap="md">
      <AsOfBar host={host} asOf={asOf} onAsOf={setAsOf} />
      {asOf === '' ? (
        <Inventory host={host} shown={host} asOf={asOf} />
      ) : (
        <QueryView query={past}>
          {then => (
            <>
              <Alert color="violet" variant="light">
                {t.inventory.past(absolute(String((then as Loose).asOf ?? asOf)))}{' '}
                <Button size="compact-xs" variant="default" ms="xs" onClick={() => setAsOf('')}>
                  {t.inventory.present}
                </Button>
              </Alert>
              <Inventory host={host} shown={then} asOf={asOf} />
            </>
          )}
        </QueryView>
      )}
    </Stack>
  )
}

type InventoryProps = { readonly host: Host; readonly shown: Host; readonly asOf: string }

function Inventory({ host, shown, asOf }: InventoryProps) {
  const document = inventoryOf(shown)
  const [query, setQuery] = useParam('find')
  const clipboard = useClipboard({ timeout: 1_500 })
  const isTold = Object.keys(document).some(name => !IDENTITY.has(name))
  return (
    <>
      {isTold ? (
        <InventoryCards host={shown} />
      ) : (
        <EmptyState icon={Cpu} title={t.inventory.empty}>
          {t.inventory.emptyWhat}
        </EmptyState>
      )}
      <Compare host={host} shown={shown} asOf={asOf} />
      <Card withBorder p="md" component="section" aria-label={t.inventory.tree}>
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h5">
            {t.inventory.tree}
          </Title>
          <Button
            size="xs"
            variant="default"
            leftSection={<Copy size={14} />}
            onClick={() => clipboard.copy(JSON.stringify(document, undefined, 2))}
          >
            {clipboard.copied ? t.inventory.copied : t.inventory.copyJson}
          </Button>
        </Group>
        <JsonTree value={document} label={t.inventory.tree} query={query} onQuery={setQuery} />
      </Card>
    </>
  )
}

/** Known before the machine has told anything. */
const IDENTITY: ReadonlySet<string> = new Set(['serialNumber', 'uuid', 'hostname', 'productName'])
