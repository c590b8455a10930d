// SPDX-License-Identifier: Apache-2.0
/** One entry, whole: what it says, the text that is hashed, and whether its content fits its hash. */
import { Button, Drawer, Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { preimage } from '../../../../../query/audit-lines.ts'
import { get } from '../../../api/call.ts'
import { absolute } from '../../../kit/age.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/audit.ts'
import { t as kit } from '../../../words/kit.ts'
import { Outcome, Target } from './columns.tsx'
import { digestOf } from './means.ts'
import type { Asked, Entry } from './search.ts'

export type EntryDrawerProps = {
  readonly asked: Asked
  /** Its number, as the address has it; nothing closes the drawer. */
  readonly shown: string
  readonly onShow: (n: string) => void
}

export function EntryDrawer({ asked: { chain, custody }, shown, onShow }: EntryDrawerProps) {
  const n = /^\d{1,15}$/.test(shown) ? Number(shown) : 0
  const query = useQuery({
    queryKey: ['audit', chain, 'entry', n, custody],
    queryFn: get('/v1/audit', {
      query: { chain, after: Math.max(0, n - 1), limit: 2, ...(custody ? { custody } : {}) },
    }),
    enabled: n > 0,
    staleTime: 60_000,
  })
  return (
    <Drawer
      opened={n > 0}
      onClose={() => onShow('')}
      position="right"
      size="xl"
      title={t.entry.title(n)}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      {n > 0 && (
        <QueryView query={query}>
          {({ entries }) => {
            const entry = entries.find(each => each.n === n)
            if (entry === undefined) return <Text>{t.entry.gone(n)}</Text>
            return (
              <Stack gap="sm" className="mu-entry">
                <Group gap="xs" justify="flex-end">
                  <Button size="xs" variant="default" disabled={n <= 1} onClick={() => onShow(String(n - 1))}>
                    {t.entry.older}
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    disabled={!entries.some(each => each.n === n + 1)}
                    onClick={() => onShow(String(n + 1))}
                  >
                    {t.entry.newer}
                  </Button>
                </Group>
                <Whole entry={entry} />
              </Stack>
            )
          }}
        </QueryView>
      )}
    </Drawer>
  )
}

function Whole({ entry }: { readonly entry: Entry }) {
  const { modules } = useSurroundings().boot
  const { principal, name, reason, request, hash, prev } = entry
  // The name is what the person is called today; it is no part of the entry.
  const hashed = useMemo(() => withoutName(entry), [entry])
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t.column.time, `${absolute(entry.at)} (${absolute(entry.at, true)})`],
    [t.column.who, <Literal key="who" text={name === undefined ? principal.id : `${name} (${principal.id})`} />],
    [t.column.via, <Literal key="via" text={`${principal.kind}, ${principal.via}`} />],
    ...(principal.address === undefined
      ? []
      : [[t.entry.address, <Literal key="address" text={principal.address} />] as const]),
    [t.column.action, <Literal key="action" text={entry.action} />],
    [t.column.target, <Target key="target" entry={entry} modules={modules} />],
    [t.column.outcome, <Outcome key="outcome" outcome={entry.outcome} />],
    ...(reason === undefined ? [] : [[t.column.reason, <Literal key="reason" text={reason} max={500} />] as const]),
    ...(request === undefined ? [] : [[t.entry.request, <code key="request">{request}</code>] as const]),
    [t.entry.hash, <code key="hash">{hash}</code>],
    [t.entry.prev, <code key="prev">{prev}</code>],
  ]
  return (
    <>
      <Table layout="fixed" className="mu-facts">
        <Table.Tbody>
          {rows.map(([what, value]) => (
            <Table.Tr key={what}>
              <Table.Th scope="row" w={120}>
                {what}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Check entry={hashed} />
      <Text size="sm" fw={600}>
        {t.entry.json}
      </Text>
      <CopyLine text={JSON.stringify(hashed, null, 2)} what={t.entry.jsonWhat} />
    </>
  )
}

type Hashed = Omit<Entry, 'name'>

function withoutName({ name: _, ...entry }: Entry): Hashed {
  return entry
}

function Check({ entry }: { readonly entry: Hashed }) {
  const { hash, ...body } = entry
  const able = globalThis.crypto?.subtle !== undefined
  const { data } = useQuery({
    queryKey: ['audit-hash', entry.chain, hash, entry],
    queryFn: async () => (await digestOf(preimage(entry.prev, body))) === hash,
    enabled: able,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const word = !able ? t.entry.noCheck : data === undefined ? t.entry.checking : data ? t.entry.fits : t.entry.differs
  return (
    <div role="status">
      <Badge hue={data === undefined ? 'unknown' : data ? 'ok' : 'failing'}>{word}</Badge>
    </div>
  )
}
