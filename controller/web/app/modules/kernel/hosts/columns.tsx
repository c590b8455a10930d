// SPDX-License-Identifier: Apache-2.0
/** The columns of the list of hosts: all there are, and those somebody wants. */
import type { Column } from '../../../kit/data-table.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { StatusChip } from '../../../kit/status-chip.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/hosts.ts'
import { chipsOf } from './chips.ts'
import type { Pref, Width } from './prefs.ts'
import type { HostRow } from './rows.ts'
import { tokenOf } from './tokens.ts'

/** Puts a word in the search. */
export type Pick = (token: string) => void
type Made = Omit<Column<HostRow>, 'width'> & {
  /** Narrow, normal, wide: pixels, and the share of what is left. */
  readonly tracks: Readonly<Record<Width, string>>
  readonly isDefault: boolean
  readonly needs?: 'inventory'
}

/** Hosts tell of themselves at least so often. */
const EXPECTED_MS = 90_000
const tracks = (px: number, share: number): Made['tracks'] => ({
  narrow: `${Math.round(px * 0.7)}px`,
  normal: `minmax(${px}px, ${share}fr)`,
  wide: `minmax(${Math.round(px * 1.6)}px, ${share * 2}fr)`,
})
const fixed = (px: number): Made['tracks'] => ({
  narrow: `${Math.round(px * 0.8)}px`,
  normal: `${px}px`,
  wide: `${Math.round(px * 1.4)}px`,
})
/** How much of a text is drawn at most. */
const MOST = 120
const LABELS = 4

function nameCell({ resourceId, name, simulated, site }: HostRow) {
  return (
    <div className="mu-host">
      <span className="mu-host-name">
        <Go to={`/hosts/${resourceId}`} tabIndex={-1}>
          <Literal text={name === '' ? resourceId : name} max={MOST} />
        </Go>
        {simulated && <span className="mu-tag">{t.simulated}</span>}
      </span>
      {site?.name !== undefined && site.name !== '' && (
        <span className="mu-host-site">
          <Literal text={site.name} max={60} />
        </span>
      )}
    </div>
  )
}

function chipColumns(pick: Pick): readonly Made[] {
  return [
    {
      id: 'reachability',
      title: t.column.reachability,
      sort: 'reachability',
      tracks: fixed(126),
      isDefault: true,
      cell: row => {
        const { state, why, token } = chipsOf(row).reachability
        return <StatusChip kind="reachability" state={state} why={<Literal text={why} />} onPick={() => pick(token)} />
      },
    },
    {
      id: 'health',
      title: t.column.health,
      sort: 'hostStatusIndicator',
      tracks: fixed(112),
      isDefault: true,
      cell: row => {
        const { state, why, token } = chipsOf(row).health
        return <StatusChip kind="health" state={state} why={<Literal text={why} />} onPick={() => pick(token)} />
      },
    },
    {
      id: 'compliance',
      title: t.column.compliance,
      sort: 'compliance',
      tracks: fixed(126),
      isDefault: true,
      cell: row => {
        const { compliance } = chipsOf(row, row.sections ?? [])
        if (compliance === undefined) return null
        const { state, why, token } = compliance
        return (
          <StatusChip
            kind="compliance"
            state={state}
            why={why.split('\n').map(line => (
              <div key={line}>
                <Literal text={line} />
              </div>
            ))}
            onPick={() => pick(token)}
          />
        )
      },
    },
  ]
}

const text = (value: string | undefined) =>
  value === undefined || value === '' ? null : <Literal text={value} max={MOST} />

function labelsCell({ metadata }: HostRow, pick: Pick) {
  return (
    <span className="mu-labels">
      {metadata.slice(0, LABELS).map(({ key, value }) => (
        <button key={key} type="button" className="mu-tag" tabIndex={-1} onClick={() => pick(tokenOf(key, value))}>
          <Literal text={`${key}=${value}`} max={40} />
        </button>
      ))}
      {metadata.length > LABELS && <span className="mu-tag">{t.moreLabels(metadata.length - LABELS)}</span>}
    </span>
  )
}

function plainColumns(pick: Pick): readonly Made[] {
  return [
    {
      id: 'contact',
      title: t.column.contact,
      sort: 'contact',
      tracks: fixed(112),
      isDefault: true,
      narrow: 'hidden',
      cell: ({ presence }) =>
        presence === undefined || presence.reason === 'never-connected' ? (
          <LiveAge at={undefined} />
        ) : (
          <LiveAge at={presence.lastSeen} expectedMs={presence.online ? EXPECTED_MS : 0} ago />
        ),
    },
    {
      id: 'agent',
      title: t.column.agent,
      sort: 'agent',
      tracks: tracks(84, 0.6),
      isDefault: true,
      narrow: 'hidden',
      cell: ({ presence }) => text(presence?.agent),
    },
    { ...member('os', t.column.os, 'operatingSystem.name'), cell: row => text(row.operatingSystem?.name) },
    { ...member('model', t.column.model, 'productName'), cell: row => text(row.productName) },
    {
      id: 'labels',
      title: t.column.labels,
      tracks: tracks(140, 1.4),
      isDefault: true,
      narrow: 'hidden',
      cell: row => labelsCell(row, pick),
    },
    { ...plain('address', t.column.address, 120), sort: 'presence.address', cell: row => text(row.presence?.address) },
    { ...plain('site', t.column.site, 120), sort: 'site.name', cell: row => text(row.site?.name) },
    { ...plain('status', t.column.status, 140), sort: 'hostStatus', cell: row => text(row.hostStatus) },
    { ...plain('hostname', t.column.hostname, 140), sort: 'hostname', cell: row => text(row.hostname) },
    { ...plain('serial', t.column.serial, 120), sort: 'serialNumber', cell: row => text(row.serialNumber) },
    { ...plain('id', t.column.id, 130), sort: 'resourceId', cell: row => <code>{row.resourceId}</code> },
    { ...plain('note', t.column.note, 140), sort: 'note', cell: row => text(row.note) },
    {
      ...plain('created', t.column.created, 110),
      sort: 'createdAt',
      cell: row => <LiveAge at={row.timestamps?.createdAt} ago />,
    },
  ]
}

function plain(id: string, title: string, px: number) {
  return { id, title, tracks: tracks(px, 1), isDefault: false, narrow: 'hidden' } as const
}

function member(id: string, title: string, sort: string) {
  return { id, title, sort, tracks: tracks(106, 1), isDefault: true, narrow: 'hidden', needs: 'inventory' } as const
}

/** All columns there are, in their usual order. */
export function allColumns(pick: Pick, modules: readonly string[]): readonly Made[] {
  const name: Made = {
    id: 'name',
    title: t.column.name,
    sort: 'name',
    tracks: tracks(180, 2),
    isDefault: true,
    narrow: 'title',
    cell: nameCell,
  }
  return [name, ...chipColumns(pick), ...plainColumns(pick)].filter(
    ({ needs }) => needs === undefined || modules.includes(needs),
  )
}

export function defaultPrefs(columns: readonly Made[]): readonly Pref[] {
  return columns.map(({ id, isDefault }) => ({ id, shown: isDefault, width: 'normal' }))
}

/** The name always stands first and is always there. */
export function chosenColumns(columns: readonly Made[], prefs: readonly Pref[]): readonly Column<HostRow>[] {
  const [name] = columns
  const wanted = prefs.filter(({ id, shown }) => shown && id !== name?.id)
  const width = prefs.find(({ id }) => id === name?.id)?.width ?? 'normal'
  const rest = wanted.flatMap(pref => {
    const column = columns.find(({ id }) => id === pref.id)
    return column === undefined ? [] : [{ ...column, width: column.tracks[pref.width] }]
  })
  return [...(name === undefined ? [] : [{ ...name, width: name.tracks[width] }]), ...rest]
}
