// SPDX-License-Identifier: Apache-2.0
/** The head of the page of a host: who it is, how it stands, and what can be done to it. */
import { ActionIcon, Alert, Group, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { PenLine } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Host } from '../../../api/types.ts'
import { spoken } from '../../../kit/age.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useNow } from '../../../kit/now.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { Badge, StatusChip } from '../../../kit/status-chip.tsx'
import { Go, useGo } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { chipsOf } from '../hosts/chips.ts'
import { RenameDialog } from './change-dialogs.tsx'
import { bootedAt, clockOf, siteOf } from './facts.ts'
import { MoreMenu } from './more-menu.tsx'
import { PowerButton } from './power-button.tsx'
import { type Read, useWhy } from './queries.ts'
import type { SentOrder } from './sent-panel.tsx'

/** A host that is there is heard of at least this often. */
const HEARD_MS = 120_000

export type HostHeadProps = { readonly read: Read; readonly onSent: (order: SentOrder) => void }

export function HostHead({ read, onSent }: HostHeadProps) {
  const { host } = read
  const [renaming, { open, close }] = useDisclosure()
  const may = useMay()
  return (
    <>
      <PageHead
        title={host.name}
        actions={
          <>
            {may('host.label') && (
              <Tooltip label={t.head.rename}>
                <ActionIcon variant="default" size="lg" aria-label={t.head.rename} onClick={open}>
                  <PenLine size={16} />
                </ActionIcon>
              </Tooltip>
            )}
            <PowerButton host={host} onSent={onSent} />
            <MoreMenu read={read} />
          </>
        }
      >
        <Chips host={host} />
        <Facts host={host} />
      </PageHead>
      <Standing host={host} />
      <RenameDialog read={read} opened={renaming} onClose={close} />
    </>
  )
}

function Chips({ host }: { readonly host: Host }) {
  const go = useGo()
  const why = useWhy(host.resourceId)
  const { reachability, health, compliance } = chipsOf(host, why.data?.sections)
  const find = (token: string) => () => go(`/hosts?q=${encodeURIComponent(token)}`)
  const newest = why.data?.sections
    .map(({ at }) => at)
    .sort()
    .at(-1)
  const { presence } = host
  return (
    <Group gap={6} mt={6}>
      <StatusChip
        kind="reachability"
        state={reachability.state}
        why={reachability.why}
        onPick={find(reachability.token)}
        more={
          presence !== undefined &&
          reachability.state !== 'never' && (
            <LiveAge at={presence.lastSeen} {...(presence.online ? { expectedMs: HEARD_MS } : {})} />
          )
        }
      />
      <StatusChip
        kind="health"
        state={health.state}
        why={health.why}
        onPick={find(health.token)}
        more={host.hostStatusTimestamp > 0 && <LiveAge at={host.hostStatusTimestamp * 1_000} />}
      />
      {compliance !== undefined && (
        <StatusChip
          kind="compliance"
          state={compliance.state}
          why={compliance.why}
          onPick={find(compliance.token)}
          more={newest !== undefined && newest !== '' && <LiveAge at={newest} />}
        />
      )}
      {host.simulated && (
        <Badge hue="unknown" why={t.head.simulatedWhat}>
          {t.head.simulated}
        </Badge>
      )}
    </Group>
  )
}

function Facts({ host }: { readonly host: Host }) {
  const { presence, resourceId, serialNumber, certificate } = host
  const booted = bootedAt(host)
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['', <code key="id">{resourceId}</code>],
    [t.head.serial, serialNumber],
    [t.head.site, <Site key="site" host={host} />],
    [t.head.agent, presence?.agent],
    [t.head.address, presence?.address],
    [t.head.clock, clockOf(presence?.clockSkewMs)],
    [t.head.certificate, certificate && <Expiry at={certificate.expiresAt} />],
    [presence?.online === true ? t.head.up : t.head.down, booted && <LiveAge at={booted} ago />],
  ]
  return (
    <dl className="mu-host-facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            {name === '' ? <dt className="mu-hidden">{t.summary.id}</dt> : <dt>{name}</dt>}
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

function Site({ host }: { readonly host: Host }) {
  const site = siteOf(host)
  return site === undefined ? t.head.noSite : <Go to={`/sites/${site.id}`}>{site.name}</Go>
}

const DAY_MS = 86_400_000

function Expiry({ at }: { readonly at: string }) {
  const left = Date.parse(at) - useNow()
  const hue = left <= 0 ? 'mu-failing' : left < 7 * DAY_MS ? 'mu-degraded' : undefined
  return (
    <time className={hue} dateTime={at} title={at}>
      {left <= 0 ? t.head.certificateOver(spoken(-left)) : t.head.certificateFor(spoken(left))}
    </time>
  )
}

/** What sets it apart from a host that may simply act. */
function Standing({ host }: { readonly host: Host }) {
  const { currentState, desiredState, presence, hostStatus } = host
  const said: (readonly [color: string, title: string, what: string])[] = []
  if (currentState === 'HOST_STATE_UNTRUSTED') said.push(['red', t.head.revoked, t.head.revokedWhat])
  if (presence?.standing === 'quarantined')
    said.push(['violet', t.head.quarantined, t.head.quarantinedWhat(presence.standingWhy ?? t.head.quarantinedNoWhy)])
  if (currentState === 'HOST_STATE_REGISTERED') said.push(['gray', t.head.registered, t.head.registeredWhat])
  if (desiredState === 'HOST_STATE_DELETED') said.push(['orange', t.head.deleting, hostStatus])
  return said.map(([color, title, what]) => (
    <Alert key={title} color={color} variant="light" title={title} mb="sm">
      {what}
    </Alert>
  ))
}
