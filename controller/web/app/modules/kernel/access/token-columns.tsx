// SPDX-License-Identifier: Apache-2.0
/** The columns of the list of API tokens. */
import { Group, Tooltip } from '@mantine/core'
import { absolute } from '../../../kit/age.ts'
import type { Column } from '../../../kit/data-table.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { type Place, placeText, roleSentence } from '../../../kit/rights.ts'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/access-tokens.ts'
import { endsSoon, idleDays, isExpired, isUnused, type Token } from './tokens.ts'

type Around = { readonly now: number; readonly me: string; readonly ownerOf: (id: string) => string }

export function tokenColumns({ now, me, ownerOf }: Around): readonly Column<Token>[] {
  return [
    { id: 'name', title: t.column.name, cell: ({ name }) => name, width: 'minmax(120px, 1.4fr)', narrow: 'title' },
    {
      id: 'owner',
      title: t.column.owner,
      cell: ({ principal }) => (principal === me ? `${ownerOf(principal)} (${t.you})` : ownerOf(principal)),
      width: 'minmax(110px, 1fr)',
    },
    { id: 'may', title: t.column.may, cell: token => <May token={token} />, width: 'minmax(110px, 1fr)' },
    {
      id: 'where',
      title: t.column.where,
      cell: token => <span title={placeText(placeOf(token))}>{placeText(placeOf(token))}</span>,
      width: 'minmax(140px, 1.6fr)',
    },
    {
      id: 'networks',
      title: t.column.networks,
      cell: ({ networks }) => networks?.join(', ') ?? t.anywhere,
      width: 'minmax(110px, 1fr)',
      narrow: 'hidden',
    },
    { id: 'used', title: t.column.used, cell: token => <Used token={token} now={now} />, width: 'minmax(150px, 1fr)' },
    {
      id: 'expires',
      title: t.column.expires,
      cell: token => <Ends token={token} now={now} />,
      width: 'minmax(230px, 1fr)',
    },
  ]
}

function placeOf({ project, hosts }: Token): Place {
  const { sites, labels } = (hosts ?? {}) as Place // a selector, which the description leaves open
  return { project, sites, labels }
}

function May({ token: { role, permissions } }: { readonly token: Token }) {
  if (permissions === undefined) return role
  return (
    <Tooltip label={roleSentence(permissions)} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it means is shown on focus */}
      <span tabIndex={0}>{t.custom(permissions.length)}</span>
    </Tooltip>
  )
}

function Used({ token, now }: { readonly token: Token; readonly now: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      {token.lastUsedAt === undefined ? t.neverUsed : <LiveAge at={token.lastUsedAt} ago />}
      {isUnused(token, now) && (
        <Badge hue="degraded" why={t.unusedWhy(idleDays(token, now))}>
          {t.unused}
        </Badge>
      )}
    </Group>
  )
}

function Ends({ token, now }: { readonly token: Token; readonly now: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <time dateTime={token.expiresAt} title={absolute(token.expiresAt, true)}>
        {absolute(token.expiresAt).slice(0, 16)}
      </time>
      {isExpired(token, now) && (
        <Badge hue="unknown" why={t.expiredWhy}>
          {t.expired}
        </Badge>
      )}
      {endsSoon(token, now) && (
        <Badge hue="degraded" why={t.soonWhy}>
          {t.soon}
        </Badge>
      )}
    </Group>
  )
}
