// SPDX-License-Identifier: Apache-2.0
/** The overview: how the fleet is, what needs somebody, and what happened last. */
import { Button, Card, Stack } from '@mantine/core'
import { HardDrive } from 'lucide-react'
import { Suspense } from 'react'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState, Loading, NoPermission } from '../../../kit/states.tsx'
import { Go } from '../../../shell/go.tsx'
import { Fence } from '../../../shell/routes.tsx'
import { useMay, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/overview.ts'
import { Changes } from './changes.tsx'
import { FleetBars } from './fleet-bars.tsx'
import { Needs } from './needs.tsx'
import { Now } from './now.tsx'
import { useTally } from './tally.ts'

export default function OverviewPage() {
  const may = useMay()
  return (
    <Stack gap="md">
      <PageHead title={t.title} />
      {may('host.read') ? <Fleet /> : <NoPermission permission="host.read" />}
    </Stack>
  )
}

function Fleet() {
  const tally = useTally()
  const may = useMay()
  return (
    <QueryView query={tally} loading={<Loading lines={10} />}>
      {counts => (
        <>
          {counts.total === 0 ? (
            <NoHosts />
          ) : (
            <Card withBorder>
              <PageTotal count={counts.total} />
              <FleetBars tally={counts} />
            </Card>
          )}
          <div className="mu-overview">
            <div className="mu-column">
              <Needs />
              <Cards />
            </div>
            <div className="mu-column">
              <Now />
              {may('event.read') && <Changes />}
            </div>
          </div>
        </>
      )}
    </QueryView>
  )
}

function PageTotal({ count }: { readonly count: number }) {
  return (
    <Go to="/hosts" className="mu-plain">
      <strong>{t.total(count)}</strong>
    </Go>
  )
}

function NoHosts() {
  const may = useMay()
  const canAdd = may('token.write')
  return (
    <Card withBorder>
      <EmptyState
        icon={HardDrive}
        title={t.empty.title}
        action={
          canAdd ? (
            <>
              <Button component={Go} to="/?add=command">
                {t.empty.add}
              </Button>
              <Go to="/?add=simulated">{t.empty.simulate}</Go>
            </>
          ) : undefined
        }
      >
        {t.empty.what}
      </EmptyState>
    </Card>
  )
}

/** What modules show here. */
function Cards() {
  const { modules } = useSurroundings()
  const may = useMay()
  const cards = modules.flatMap(({ cards: own = [] }) => own).filter(({ permission }) => may(permission))
  return [...cards]
    .sort((a, b) => a.order - b.order)
    .map(({ id, card: Shown }) => (
      <Fence key={id}>
        <Suspense fallback={<Loading lines={3} />}>
          <Shown />
        </Suspense>
      </Fence>
    ))
}
