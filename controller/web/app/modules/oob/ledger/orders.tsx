// SPDX-License-Identifier: Apache-2.0
/** Orders that are not carried out yet, and those that failed: also what never reached the firmware. */
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { Literal } from '../../../kit/literal.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { ActivateDialog } from '../fleet/activate-dialog.tsx'
import { Go, hostPath } from '../links.ts'
import { type Machine, useMachines } from '../reads.ts'

/** More than these are a matter for the table of machines. */
const SHOWN = 8

export function Orders() {
  const { data = [] } = useMachines()
  const open = data.filter(
    each => each.wanted !== undefined && (each.indicator === 'IN_PROGRESS' || each.indicator === 'ERROR'),
  )
  if (open.length === 0) return null
  const ranked = [...open].sort((a, b) => Number(b.indicator === 'ERROR') - Number(a.indicator === 'ERROR'))
  return (
    <section className="mu-oob-card" aria-label={t.ledger.orders} style={{ marginBlockEnd: 12 }}>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={600}>
          {t.ledger.orders}
        </Text>
        {open.length > SHOWN && <Go to="/out-of-band?step=not-activated">{t.machines(open.length)}</Go>}
      </Group>
      <ul className="mu-orders">
        {ranked.slice(0, SHOWN).map(machine => (
          <OrderLine key={machine.host ?? machine.guid} machine={machine} />
        ))}
      </ul>
    </section>
  )
}

function OrderLine({ machine }: { readonly machine: Machine }) {
  const { name, host, wanted = '', status, indicator, attempt = 0 } = machine
  const may = useMay()
  const [again, setAgain] = useState(false)
  const isError = indicator === 'ERROR'
  return (
    <li>
      <Badge hue={isError ? 'failing' : 'held'}>{isError ? t.order.ERROR : t.order.IN_PROGRESS}</Badge>
      <span className="mu-orders-name">
        {host === undefined ? (
          <Literal text={name} />
        ) : (
          <Go to={hostPath(host)}>
            <Literal text={name} />
          </Go>
        )}
        <span className="mu-unknown">
          {' '}
          {t.ledger.wants(wanted)}, {t.ledger.order(attempt)}
        </span>
      </span>
      <span className="mu-orders-says">
        <Literal text={status} max={400} />
      </span>
      {isError && wanted === 'provisioned' && may('host.change') && (
        <>
          <Button size="xs" variant="default" onClick={() => setAgain(true)}>
            {t.ledger.retry}
          </Button>
          <ActivateDialog machines={[machine]} opened={again} onClose={() => setAgain(false)} />
        </>
      )}
    </li>
  )
}
