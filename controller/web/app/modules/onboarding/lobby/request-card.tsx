// SPDX-License-Identifier: Apache-2.0
/** One machine that waits: what it says of itself, why it is here, and what can be done. */
import { Button, Group, Text, Title } from '@mantine/core'
import { useId } from 'react'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/onboarding.ts'
import { grouped } from '../facts.ts'
import { Reclaim } from './reclaim.tsx'
import type { Request } from './requests.ts'

type RequestCardProps = {
  readonly project: string
  readonly request: Request
  readonly onFocus: () => void
  /** For who may decide. */
  readonly onDecide?: (accept: boolean) => void
}

export function RequestCard({ project, request, onFocus, onDecide }: RequestCardProps) {
  const { facts, address, at, why, waitsFor, fingerprint, agent, reclaims, name } = request
  const id = useId()
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t.lobby.serial, facts.serial],
    [t.lobby.uuid, facts.uuid],
    [t.lobby.product, facts.product],
    [t.lobby.macs, facts.macs.join(', ') || undefined],
    [t.lobby.disks, facts.diskSerials.join(', ') || undefined],
    [t.lobby.agent, agent],
    [t.lobby.key, grouped(fingerprint)],
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the page act on the card that has the focus
    <article className="mu-request" tabIndex={0} aria-labelledby={id} onFocus={onFocus} data-request={request.id}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className="mu-request-name">
          <Title order={2} size="h4" id={id}>
            {name ?? t.lobby.nameless}
          </Title>
          <Text size="sm" c="dimmed">
            {t.lobby.from} <code>{address}</code> · {t.lobby.arrived} <LiveAge at={at} ago />
          </Text>
        </div>
        {facts.simulated && <Badge hue="held">{t.lobby.simulated}</Badge>}
      </Group>
      <div className="mu-request-why">
        <Text size="sm">
          <strong>{t.lobby.why}:</strong> {why}
        </Text>
        <Text size="sm">{t.lobby.waitsFor[waitsFor]}</Text>
      </div>
      <dl className="mu-facts">
        {rows.map(([what, value]) =>
          value === undefined ? null : (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {reclaims !== undefined && <Reclaim project={project} host={reclaims} facts={facts} />}
      {onDecide !== undefined && (
        <Group gap="xs">
          {waitsFor !== 'registration' && <Button onClick={() => onDecide(true)}>{t.lobby.accept}</Button>}
          <Button variant="default" onClick={() => onDecide(false)}>
            {t.lobby.reject}
          </Button>
        </Group>
      )}
    </article>
  )
}
