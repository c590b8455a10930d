// SPDX-License-Identifier: Apache-2.0
/** The tree of regions and sites; arrows move in it and open it, as in every tree (ARIA practices). */
import { VisuallyHidden } from '@mantine/core'
import { ChevronRight, MapPin, OctagonX, Squircle, Triangle } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/inventory/places.ts'
import './sites.css'
import { tallyWords } from './state-mark.tsx'
import { flattened, type PlaceNode, visibleRows } from './tree.ts'

export type RegionTreeProps = {
  readonly nodes: readonly PlaceNode[]
  /** Everything is open: a search is under way. */
  readonly all: boolean
  /** Id of the region that is shown. */
  readonly selected: string
  readonly onSelect: (node: PlaceNode) => void
}

/** More than this and only the first level is open from the start. */
const FEW = 40

export function RegionTree({ nodes, all, selected, onSelect }: RegionTreeProps) {
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [at, setAt] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const everything = flattened(nodes)
  const open = new Set(
    everything
      .filter(
        ({ id, path, children }) =>
          children.length > 0 && (all || (turned.get(id) ?? (path.length === 0 || everything.length <= FEW))),
      )
      .map(({ id }) => id),
  )
  const rows = visibleRows(nodes, open)
  const here = rows.some(({ node }) => node.id === at)
    ? at
    : (rows.find(({ node }) => node.id === selected) ?? rows[0])?.node.id
  const moves = useRef(false)
  useEffect(() => {
    if (moves.current) list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
    moves.current = false
  })
  const turn = (id: string, isOpen: boolean): void => setTurned(old => new Map(old).set(id, isOpen))
  const moveTo = (id: string | undefined): void => {
    if (id === undefined) return
    moves.current = true
    setAt(id)
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const index = rows.findIndex(({ node }) => node.id === here)
    const row = rows[index]
    if (row === undefined) return
    const { node } = row
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(rows[index + 1]?.node.id),
      ArrowUp: () => moveTo(rows[index - 1]?.node.id),
      Home: () => moveTo(rows[0]?.node.id),
      End: () => moveTo(rows.at(-1)?.node.id),
      ArrowRight: () =>
        open.has(node.id) ? moveTo(rows[index + 1]?.node.id) : node.children.length > 0 && turn(node.id, true),
      ArrowLeft: () => (open.has(node.id) && !all ? turn(node.id, false) : moveTo(parentOf(rows, index))),
      Enter: () => onSelect(node),
      ' ': () => onSelect(node),
    }
    const act = acts[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <div ref={list} className="mu-tree" role="tree" aria-label={t.tree} onKeyDown={onKey} data-takes-keys>
      {rows.map(({ node, depth, at: position, of }) => (
        <Row
          key={node.id}
          {...{ node, depth, position, of }}
          isOpen={open.has(node.id)}
          isHere={node.id === here}
          isSelected={node.id === selected}
          onTurn={() => turn(node.id, !open.has(node.id))}
          onPick={() => {
            setAt(node.id)
            onSelect(node)
          }}
        />
      ))}
    </div>
  )
}

type Rows = ReturnType<typeof visibleRows>

/** The row above that is one level further out. */
function parentOf(rows: Rows, index: number): string | undefined {
  const depth = rows[index]?.depth ?? 0
  return rows.slice(0, index).findLast(row => row.depth < depth)?.node.id
}

type RowProps = {
  readonly node: PlaceNode
  readonly depth: number
  readonly position: number
  readonly of: number
  readonly isOpen: boolean
  readonly isHere: boolean
  readonly isSelected: boolean
  readonly onTurn: () => void
  readonly onPick: () => void
}

function Row({ node, depth, position, of, isOpen, isHere, isSelected, onTurn, onPick }: RowProps) {
  const { name, isSite, children, tally, troubled } = node
  const Icon = isSite ? MapPin : Squircle
  const said = [t.hosts(tally.hosts), tallyWords(tally), ...(!isSite && troubled > 0 ? [t.inTrouble(troubled)] : [])]
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for all of its rows
    <div
      role="treeitem"
      className="mu-tree-row"
      style={{ '--mu-depth': depth } as CSSProperties} // a variable of ours
      aria-level={depth + 1}
      aria-posinset={position}
      aria-setsize={of}
      aria-expanded={children.length > 0 ? isOpen : undefined}
      aria-selected={isSelected}
      tabIndex={isHere ? 0 : -1}
      onClick={onPick}
    >
      {children.length > 0 ? (
        <span
          className="mu-tree-turn"
          data-open={isOpen}
          title={isOpen ? t.collapse(name) : t.expand(name)}
          aria-hidden
          onClick={event => {
            event.stopPropagation()
            onTurn()
          }}
        >
          <ChevronRight size={14} aria-hidden />
        </span>
      ) : (
        <span className="mu-tree-turn" />
      )}
      <Icon size={14} aria-hidden />
      <span className="mu-tree-name" title={name}>
        <VisuallyHidden>{isSite ? t.site : t.region} </VisuallyHidden>
        {name}
        <VisuallyHidden>, {said.filter(text => text !== '').join(', ')}</VisuallyHidden>
      </span>
      <Counts node={node} />
    </div>
  )
}

function Counts({ node: { state, tally, troubled, isSite } }: { readonly node: PlaceNode }) {
  const Mark = state === 'dark' ? OctagonX : Triangle
  return (
    <span className="mu-tree-count" aria-hidden>
      {troubled > 0 && (
        <span className={state === 'dark' ? 'mu-failing' : 'mu-degraded'}>
          <Mark size={12} />
          {isSite ? number(tally.lost + tally.failing) : number(troubled)}
        </span>
      )}
      <span>{number(tally.hosts)}</span>
    </span>
  )
}
