// SPDX-License-Identifier: Apache-2.0
/** The board of sites: a tile for each, larger for more hosts, drawn here and therefore there without internet. */
import { useElementSize } from '@mantine/hooks'
import { useMemo } from 'react'
import { useNow } from '../../../kit/now.ts'
import { useGo, useProject, withProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/places.ts'
import { layoutBoard, type Tile } from './board.ts'
import './sites.css'
import type { PlaceState } from './state.ts'
import { LOOKS, stateWords, tallyWords } from './state-mark.tsx'
import type { BoardRegion, PlaceNode } from './tree.ts'

export type SiteBoardProps = {
  readonly regions: readonly BoardRegion[]
  /** Shows what is in a region. */
  readonly onRegion?: (id: string) => void
}

const NARROWEST = 160

export function SiteBoard({ regions, onRegion }: SiteBoardProps) {
  const { ref, width } = useElementSize()
  const project = useProject()
  const go = useGo()
  const now = useNow()
  const groups = useMemo(
    () =>
      regions.map(({ id, sites }) => ({
        id,
        sites: sites.map(({ id: site, tally: { hosts } }) => ({ id: site, hosts })),
      })),
    [regions],
  )
  const layout = useMemo(() => layoutBoard(groups, Math.max(NARROWEST, width)), [groups, width])
  const sites = new Map(regions.flatMap(region => region.sites.map(site => [site.id, site])))
  return (
    <div ref={ref} className="mu-board">
      {width > 0 && (
        <svg className="mu-board-drawing" width={layout.width} height={layout.height} role="group" aria-label={t.board}>
          {layout.groups.map(({ id, titleY, tiles }, at) => (
            <g key={id}>
              <Heading region={regions[at]} y={titleY} onRegion={onRegion} />
              {tiles.map(tile => {
                const site = sites.get(tile.id)
                if (site === undefined) return null
                const to = `/sites/${site.id}`
                return (
                  <a
                    key={tile.id}
                    href={withProject(to, project)}
                    className={`mu-board-tile mu-board-${site.state}`}
                    onClick={event => {
                      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
                      event.preventDefault()
                      go(to)
                    }}
                  >
                    <title>{t.tile(site.name, spokenState(site, now), site.tally.hosts)}</title>
                    <SiteTile site={site} tile={tile} now={now} />
                  </a>
                )
              })}
            </g>
          ))}
        </svg>
      )}
    </div>
  )
}

/** The first words of the state, and what the tally adds to them. */
function spokenState({ state, tally }: PlaceNode, now: number): string {
  return [...new Set([stateWords(state, tally, now), tallyWords(tally)])].filter(text => text !== '').join('; ')
}

type HeadingProps = {
  readonly region: BoardRegion | undefined
  readonly y: number
  readonly onRegion: SiteBoardProps['onRegion'] | undefined
}

function Heading({ region, y, onRegion }: HeadingProps) {
  const project = useProject()
  if (region === undefined) return null
  const text = region.id === '' ? t.noRegion : region.path.join(' / ')
  if (region.id === '' || onRegion === undefined)
    return (
      <text x={0} y={y} className="mu-board-region">
        {text}
      </text>
    )
  return (
    <a
      className="mu-board-opens"
      href={withProject(`/sites?region=${region.id}`, project)}
      onClick={event => {
        event.preventDefault()
        onRegion(region.id)
      }}
    >
      <text x={0} y={y} className="mu-board-region">
        {text}
      </text>
    </a>
  )
}

/** Widths of letters, as wide as they come on the whole; fonts differ from system to system. */
const LETTER = { name: 8.3, words: 7.2 } as const

/** States whose words say already how many hosts there are. */
const COUNTED: ReadonlySet<PlaceState> = new Set(['empty', 'trouble', 'waiting'])

type SiteTileProps = { readonly site: PlaceNode; readonly tile: Tile; readonly now: number }

function SiteTile({ site: { name, state, tally }, tile: { x, y, width, height }, now }: SiteTileProps) {
  const { hue, icon: Icon } = LOOKS[state]
  const room = { name: Math.floor((width - 44) / LETTER.name), words: Math.floor((width - 22) / LETTER.words) }
  const words = stateWords(state, tally, now)
  return (
    <g transform={`translate(${x} ${y})`} className={`mu-${hue}`}>
      <rect className="mu-board-face" width={width} height={height} rx={6} />
      <rect className="mu-board-edge" width={5} height={height} rx={2.5} />
      <Icon size={16} x={14} y={12} aria-hidden />
      <text x={36} y={25} className="mu-board-name">
        {fitted(name, room.name)}
      </text>
      <text x={14} y={46} className="mu-board-words">
        {fitted(COUNTED.has(state) ? words : `${t.hosts(tally.hosts)} · ${words}`, room.words)}
      </text>
      <Parts tally={tally} width={width - 28} y={height - 12} />
    </g>
  )
}

/** Cut where it would leave its tile; the whole stands in the title and in the label. */
export function fitted(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`
}

const PARTS = ['online', 'asleep', 'never', 'offline'] as const

/** How many of the hosts are there, as lengths. */
function Parts({
  tally,
  width,
  y,
}: {
  readonly tally: PlaceNode['tally']
  readonly width: number
  readonly y: number
}) {
  if (tally.hosts === 0) return null
  let x = 14
  return (
    <g>
      {PARTS.map(part => {
        const length = (width * tally[part]) / tally.hosts
        const from = x
        x += length
        return length > 0 ? (
          <rect key={part} className={`mu-board-${part}`} x={from} y={y} width={length} height={4} />
        ) : null
      })}
    </g>
  )
}
