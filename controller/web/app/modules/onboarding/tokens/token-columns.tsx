// SPDX-License-Identifier: Apache-2.0
/** The columns of join tokens, and the button that ends one. */
import { ActionIcon, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Ban } from 'lucide-react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { absolute, spoken } from '../../../kit/age.ts'
import type { Column } from '../../../kit/data-table.tsx'
import { labelText } from '../../../kit/labels.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/onboarding.ts'
import { revokeToken } from '../acts.ts'
import { type JoinToken, stateOf } from './token-state.ts'

const HUES = { good: 'ok', used: 'unknown', expired: 'unknown', revoked: 'failing' } as const

export function columnsOf(now: number): readonly Column<JoinToken>[] {
  return [
    {
      id: 'what',
      title: t.tokens.what,
      width: 'minmax(180px, 2fr)',
      narrow: 'title',
      cell: ({ note, id }) => (note === '' ? <code>{id}</code> : <Tooltip label={id}>{<span>{note}</span>}</Tooltip>),
    },
    {
      id: 'state',
      title: t.tokens.state,
      width: '110px',
      cell: token => {
        const state = stateOf(token, now)
        return <Badge hue={HUES[state]}>{t.tokens.states[state]}</Badge>
      },
    },
    {
      id: 'kind',
      title: t.tokens.kind,
      width: 'minmax(130px, 1fr)',
      cell: ({ uses, needsApproval }) =>
        [uses === 1 ? t.tokens.oneOff : t.tokens.reusable, ...(needsApproval ? [t.tokens.approval] : [])].join(', '),
    },
    {
      id: 'left',
      title: t.tokens.left,
      width: '100px',
      align: 'end',
      cell: ({ uses, used }) => t.tokens.usesLeft(Math.max(0, uses - used), uses),
    },
    { id: 'ends', title: t.tokens.ends, width: '120px', cell: token => <Ends token={token} now={now} /> },
    {
      id: 'limits',
      title: t.tokens.limits,
      width: 'minmax(160px, 2fr)',
      cell: token => <span title={limitsOf(token)}>{limitsOf(token)}</span>,
    },
    {
      id: 'last',
      title: t.tokens.last,
      width: 'minmax(150px, 1fr)',
      cell: ({ lastUsedAt, lastUsedFrom = '' }) =>
        lastUsedAt === undefined ? (
          <Text span size="sm" c="dimmed">
            {t.tokens.none}
          </Text>
        ) : (
          <>
            <LiveAge at={lastUsedAt} ago /> {t.tokens.lastFrom(lastUsedFrom)}
          </>
        ),
    },
  ]
}

function Ends({ token: { expiresAt }, now }: { readonly token: JoinToken; readonly now: number }) {
  const left = Date.parse(expiresAt) - now
  if (left <= 0) return <LiveAge at={expiresAt} ago />
  return (
    <time dateTime={expiresAt} title={absolute(expiresAt)}>
      {t.tokens.endsIn(spoken(left))}
    </time>
  )
}

function limitsOf({ labels, cidr, serial, host, siteId }: JoinToken): string {
  return [
    ...labels.map(labelText),
    ...(siteId === undefined ? [] : [t.tokens.atSite(siteId)]),
    ...(cidr === undefined ? [] : [t.tokens.onlyFrom(cidr)]),
    ...(serial === undefined ? [] : [t.tokens.onlyFor(serial)]),
    ...(host === undefined ? [] : [t.tokens.becomes(host)]),
  ].join(', ')
}

type RevokeProps = { readonly project: string; readonly token: JoinToken; readonly now: number }

export function Revoke({ project, token, now }: RevokeProps) {
  const [opened, { open, close }] = useDisclosure()
  if (stateOf(token, now) !== 'good') return null
  return (
    <>
      <Tooltip label={t.tokens.revoke}>
        <ActionIcon variant="subtle" aria-label={`${t.tokens.revoke}: ${token.note || token.id}`} onClick={open}>
          <Ban size={16} />
        </ActionIcon>
      </Tooltip>
      <ActDialog
        act={revokeToken}
        input={{ project, id: token.id }}
        title={t.tokens.revokeTitle}
        verb={t.tokens.revoke}
        done={t.tokens.revoked}
        refresh={['join-tokens']}
        opened={opened}
        onClose={close}
      >
        <Text size="sm">{t.tokens.revokeAbout}</Text>
      </ActDialog>
    </>
  )
}
