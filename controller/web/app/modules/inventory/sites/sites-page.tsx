// SPDX-License-Identifier: Apache-2.0
/** All sites: regions as a tree, sites as a board or as a list, and what can be done with both. */
import { Anchor, Breadcrumbs, Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { Grid2x2, MapPin, MapPinned, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState, Loading } from '../../../kit/states.tsx'
import { Go, useGo, useParam } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/places.ts'
import { type Places, usePlaces } from './queries.ts'
import { ChangeRegion, DeletePlace, NewRegion } from './region-dialogs.tsx'
import { RegionTree } from './region-tree.tsx'
import { SiteBoard } from './site-board.tsx'
import { NewSite } from './site-dialogs.tsx'
import { SiteList } from './site-list.tsx'
import type { PlaceState } from './state.ts'
import { LOOKS } from './state-mark.tsx'
import { boardRegions, findPlace, flattened, type PlaceNode } from './tree.ts'

const NARROW = '(max-width: 48em)'

type Dialog = 'site' | 'region' | 'change' | 'delete'

export default function SitesPage() {
  const [search, setSearch] = useParam('q')
  const [asked] = useDebouncedValue(search.trim(), 150)
  const query = usePlaces(asked)
  return (
    <QueryView query={query} loading={<Skeleton />}>
      {places => <Sites places={places} search={search} asked={asked} onSearch={setSearch} />}
    </QueryView>
  )
}

function Skeleton() {
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <Loading lines={8} height={40} />
    </>
  )
}

type SitesProps = {
  readonly places: Places
  readonly search: string
  /** What the tree is the answer to. */
  readonly asked: string
  readonly onSearch: (text: string) => void
}

function Sites({ places, search, asked, onSearch }: SitesProps) {
  const [region, setRegion] = useParam('region')
  const [dialog, setDialog] = useParam('new')
  const may = useMay()
  const [own, setOwn] = useState<Dialog>()
  const selected = findPlace(places.tree, region)
  const opened = own ?? (dialog === 'site' || dialog === 'region' ? dialog : undefined)
  const close = (): void => {
    setOwn(undefined)
    if (dialog !== '') setDialog('')
  }
  const isEmpty = places.all === 0 && search === ''
  const canWrite = may('inventory.write')
  return (
    <>
      <PageHead
        title={t.title}
        about={t.about}
        actions={
          canWrite && (
            <>
              <Button variant="default" leftSection={<Plus size={14} />} onClick={() => setOwn('region')}>
                {t.newRegion}
              </Button>
              <Button leftSection={<Plus size={14} />} onClick={() => setOwn('site')}>
                {t.newSite}
              </Button>
            </>
          )
        }
      />
      {isEmpty ? (
        <EmptyState
          icon={MapPinned}
          title={t.empty.title}
          action={canWrite && <CopyLine text={t.empty.line} what={t.empty.lineName} />}
        >
          {t.empty.what}
        </EmptyState>
      ) : (
        <div className="mu-sites">
          <Side {...{ places, search, asked, onSearch, region, onRegion: setRegion }} />
          <Main places={places} selected={selected} onRegion={setRegion} onDialog={setOwn} />
        </div>
      )}
      {canWrite && (
        <>
          <NewSite
            key={`site ${region} ${opened === 'site'}`}
            opened={opened === 'site'}
            onClose={close}
            places={places}
            region={selected?.id ?? ''}
          />
          <NewRegion
            key={`region ${region} ${opened === 'region'}`}
            opened={opened === 'region'}
            onClose={close}
            places={places}
            parent={selected?.id ?? ''}
          />
          {selected !== undefined && (
            <>
              <ChangeRegion
                key={selected.id}
                opened={opened === 'change'}
                onClose={close}
                places={places}
                node={selected}
              />
              <DeletePlace
                opened={opened === 'delete'}
                onClose={close}
                node={selected}
                whole={asked === '' && places.shown === places.all && may('host.read')}
                onDone={() => setRegion(selected.parent)}
              />
            </>
          )}
        </>
      )}
    </>
  )
}

type SideProps = SitesProps & { readonly region: string; readonly onRegion: (id: string) => void }

function Side({ places, search, asked, onSearch, region, onRegion }: SideProps) {
  const go = useGo()
  const isNarrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false }) ?? false
  const tree =
    places.tree.length === 0 ? (
      <Text size="sm" role="status">
        {t.nothingFound(asked)}
      </Text>
    ) : (
      <RegionTree
        nodes={places.tree}
        all={asked !== ''}
        selected={region}
        onSelect={node => (node.isSite ? go(`/sites/${node.id}`) : onRegion(node.id === region ? '' : node.id))}
      />
    )
  return (
    <div className="mu-sites-side">
      <TextInput
        data-search
        aria-label={t.treeSearch}
        placeholder={t.treeSearch}
        leftSection={<Search size={14} />}
        value={search}
        maxLength={50}
        onChange={event => onSearch(event.currentTarget.value)}
      />
      {isNarrow ? (
        <details className="mu-tree-fold" open={asked !== '' || undefined}>
          <summary>{t.tree}</summary>
          {tree}
        </details>
      ) : (
        tree
      )}
      {places.shown < places.all && (
        <Text size="xs" c="dimmed">
          {t.cut(places.shown, places.all)}
        </Text>
      )}
      {places.nowhere !== undefined && (
        <Text size="sm">
          {t.nowhere(places.nowhere.hosts)}{' '}
          <Anchor component={Go} to="/hosts?q=-site:*" size="sm" underline="always">
            {t.showNowhere}
          </Anchor>
        </Text>
      )}
    </div>
  )
}

type MainProps = {
  readonly places: Places
  readonly selected: PlaceNode | undefined
  readonly onRegion: (id: string) => void
  readonly onDialog: (dialog: Dialog) => void
}

function Main({ places, selected, onRegion, onDialog }: MainProps) {
  const isNarrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false }) ?? false
  const [form, setForm] = useParam('as', isNarrow ? 'list' : 'board')
  const may = useMay()
  const below = selected === undefined ? places.tree : selected.isSite ? [] : [selected]
  const regions = boardRegions(below)
  const sites = flattened(below).filter(({ isSite }) => isSite)
  return (
    <section aria-label={selected?.name ?? t.everything}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Trail places={places} selected={selected} onRegion={onRegion} />
        <Group gap="xs">
          {selected !== undefined && !selected.isSite && may('inventory.write') && (
            <>
              <Button size="xs" variant="default" onClick={() => onDialog('change')}>
                {t.changeRegion}
              </Button>
              <Button size="xs" variant="default" onClick={() => onDialog('delete')}>
                {t.deleteThis}
              </Button>
            </>
          )}
          <SegmentedControl
            size="xs"
            aria-label={t.shown}
            value={form}
            onChange={value => setForm(value)}
            data={[
              { value: 'board', label: t.board },
              { value: 'list', label: t.list },
            ]}
          />
        </Group>
      </Group>
      {sites.length === 0 ? (
        <EmptyState icon={MapPin} title={t.emptyRegion.title}>
          {t.emptyRegion.what}
        </EmptyState>
      ) : form === 'list' ? (
        <SiteList sites={sites} />
      ) : (
        <>
          <SiteBoard regions={regions} onRegion={onRegion} />
          <Legend />
        </>
      )}
    </section>
  )
}

function Trail({ places, selected, onRegion }: Omit<MainProps, 'onDialog'>) {
  if (selected === undefined) return <Text fw={600}>{t.everything}</Text>
  const parents: PlaceNode[] = []
  for (let at = findPlace(places.tree, selected.parent); at !== undefined; at = findPlace(places.tree, at.parent))
    parents.unshift(at)
  return (
    <Breadcrumbs>
      <Anchor component="button" type="button" onClick={() => onRegion('')}>
        {t.everything}
      </Anchor>
      {parents.map(({ id, name }) => (
        <Anchor key={id} component="button" type="button" onClick={() => onRegion(id)}>
          {name}
        </Anchor>
      ))}
      <Text fw={600}>{selected.name}</Text>
    </Breadcrumbs>
  )
}

const SHOWN: readonly PlaceState[] = ['ok', 'trouble', 'dark', 'asleep', 'waiting', 'empty']

function Legend() {
  return (
    <Group gap="xs" mt="md" className="mu-legend">
      <Grid2x2 size={14} aria-hidden />
      <Text size="xs" c="dimmed">
        {t.legend.title}
      </Text>
      {SHOWN.map(state => {
        const { hue, icon: Icon } = LOOKS[state]
        return (
          <span key={state} className={`mu-${hue}`}>
            <Icon size={14} aria-hidden />
            {t.legend[state]}
          </span>
        )
      })}
    </Group>
  )
}
