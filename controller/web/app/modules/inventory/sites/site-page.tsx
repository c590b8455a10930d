// SPDX-License-Identifier: Apache-2.0
/** One site: its facts, where its labels come from, its hosts, and when they may be disturbed. */
import { Anchor, Breadcrumbs, Button, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useParams } from 'wouter'
import { get } from '../../../api/call.ts'
import { absolute } from '../../../kit/age.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Go, useGo, useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/places.ts'
import { coordinates } from './labels.ts'
import { PutHosts } from './move-dialog.tsx'
import { type Site, usePlaces } from './queries.ts'
import { DeletePlace } from './region-dialogs.tsx'
import { ChangeSite } from './site-dialogs.tsx'
import { SiteHosts } from './site-hosts.tsx'
import { SiteLabels } from './site-labels.tsx'
import './sites.css'
import { StateMark, tallyWords } from './state-mark.tsx'
import { findPlace, type PlaceNode } from './tree.ts'

const NextWindows = lazy(() => import('../schedules/next-windows.tsx'))

type Dialog = 'change' | 'delete' | 'put'

export default function SitePage() {
  const { site: id = '' } = useParams()
  const project = useProject()
  const query = useQuery({
    queryKey: ['sites', project, id],
    queryFn: get('/v1/projects/{projectName}/sites/{resourceId}', { path: { projectName: project, resourceId: id } }),
  })
  return (
    <QueryView query={query} loading={<Loading lines={8} height={30} />}>
      {site => <SiteView site={site} />}
    </QueryView>
  )
}

function SiteView({ site }: { readonly site: Site }) {
  const id = site.resourceId
  const places = usePlaces()
  const go = useGo()
  const may = useMay()
  const [dialog, setDialog] = useState<Dialog>()
  const close = (): void => setDialog(undefined)
  const node = findPlace(places.data?.tree ?? [], id)
  const name = site.name === undefined || site.name === '' ? id : site.name
  return (
    <>
      <Trail node={node} name={name} />
      <PageHead
        title={name}
        actions={
          <>
            {may('host.label') && <Button onClick={() => setDialog('put')}>{t.move.add}</Button>}
            {may('inventory.write') && (
              <>
                <Button variant="default" disabled={places.data === undefined} onClick={() => setDialog('change')}>
                  {t.changeSite}
                </Button>
                <Button variant="default" disabled={node === undefined} onClick={() => setDialog('delete')}>
                  {t.deleteThis}
                </Button>
              </>
            )}
          </>
        }
      >
        {node !== undefined && (
          <Group gap="xs" mt={4}>
            <StateMark state={node.state} tally={node.tally} />
            <Text size="sm" c="dimmed">
              {t.hosts(node.tally.hosts)}
              {node.tally.hosts > 0 && `: ${tallyWords(node.tally)}`}
            </Text>
          </Group>
        )}
      </PageHead>
      <div className="mu-site-grid">
        <Facts site={site} node={node} />
        <SiteLabels site={site} />
        <section className="mu-panel mu-wide">
          <Group justify="space-between">
            <Title order={2} size="h5">
              {t.page.schedules}
            </Title>
            <Anchor component={Go} to={`/schedules?target=${id}`} size="sm">
              {t.page.allSchedules}
            </Anchor>
          </Group>
          <Suspense fallback={<Loading lines={3} />}>
            <NextWindows target={{ siteId: id }} />
          </Suspense>
        </section>
      </div>
      {may('host.read') && <SiteHosts site={id} />}
      <PutHosts key={`put ${dialog === 'put'}`} opened={dialog === 'put'} onClose={close} site={id} name={name} />
      {places.data !== undefined && (
        <ChangeSite
          key={`change ${dialog === 'change'}`}
          opened={dialog === 'change'}
          onClose={close}
          places={places.data}
          site={site}
        />
      )}
      {node !== undefined && (
        <DeletePlace
          opened={dialog === 'delete'}
          onClose={close}
          node={node}
          whole={may('host.read')}
          onDone={() => go('/sites', { replace: true })}
        />
      )}
    </>
  )
}

function Trail({ node, name }: { readonly node: PlaceNode | undefined; readonly name: string }) {
  return (
    <Breadcrumbs mb={4}>
      <Anchor component={Go} to="/sites" size="sm">
        {t.page.back}
      </Anchor>
      {node !== undefined && node.parent !== '' && (
        <Anchor component={Go} to={`/sites?region=${node.parent}`} size="sm">
          {node.path.join(' / ')}
        </Anchor>
      )}
      <Text size="sm">{name}</Text>
    </Breadcrumbs>
  )
}

function Facts({ site, node }: { readonly site: Site; readonly node: PlaceNode | undefined }) {
  const { resourceId, regionId, siteLat, siteLng, timestamps } = site
  // A provider as the list of providers has it.
  const provider = site.provider as { name?: string; resourceId?: string; providerVendor?: string } | undefined
  const region = (site.region as { name?: string } | undefined)?.name ?? ''
  return (
    <section className="mu-panel">
      <Title order={2} size="h5" mb="xs">
        {t.page.facts}
      </Title>
      <dl className="mu-facts">
        <dt>{t.page.id}</dt>
        <dd>
          <code>{resourceId}</code>
        </dd>
        <dt>{t.page.region}</dt>
        <dd>
          {regionId === undefined || regionId === '' ? (
            t.noRegion
          ) : (
            <Anchor component={Go} to={`/sites?region=${regionId}`}>
              {node === undefined || node.path.length === 0 ? region || regionId : node.path.join(' / ')}
            </Anchor>
          )}
        </dd>
        <dt>{t.page.coordinates}</dt>
        <dd>{siteLat === undefined || siteLng === undefined ? t.page.noCoordinates : coordinates(siteLat, siteLng)}</dd>
        <dt>{t.page.provider}</dt>
        <dd>{provider === undefined ? t.page.noProvider : (provider.name ?? provider.resourceId)}</dd>
        <dt>{t.page.created}</dt>
        <dd>{absolute(timestamps.createdAt)}</dd>
      </dl>
    </section>
  )
}
