// SPDX-License-Identifier: Apache-2.0
/** Where the tiles of the board of sites stand: a grid in which larger sites take more cells. Pure. */

export type Sized = { readonly id: string; readonly hosts: number }
export type Tile = {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export type Group = { readonly id: string; readonly sites: readonly Sized[] }
export type PlacedGroup = {
  readonly id: string
  /** Of the base line of its heading. */
  readonly titleY: number
  readonly tiles: readonly Tile[]
}
export type Layout = { readonly groups: readonly PlacedGroup[]; readonly width: number; readonly height: number }

export const CELL = { width: 148, height: 68, gap: 8 } as const
const HEADING = 30
const BETWEEN = 14

/** Cells a site takes, by its hosts. */
export function spanOf(hosts: number): { readonly columns: number; readonly rows: number } {
  if (hosts < 10) return { columns: 1, rows: 1 }
  if (hosts < 50) return { columns: 2, rows: 1 }
  if (hosts < 250) return { columns: 2, rows: 2 }
  return { columns: 3, rows: 2 }
}

/**
 * Tiles in the order given, each in the first place where it fits, so that small ones fill the gaps that large ones
 * leave. At least one column is there; no tile is wider than the board. The same sites always give the same board.
 */
export function layoutBoard(groups: readonly Group[], width: number): Layout {
  const columns = Math.max(1, Math.floor((width + CELL.gap) / (CELL.width + CELL.gap)))
  // What is left over widens the cells, so that the board ends where its place ends.
  const cell = Math.max(CELL.width, Math.floor((width - (columns - 1) * CELL.gap) / columns))
  let y = 0
  const placed = groups.map(({ id, sites }): PlacedGroup => {
    const titleY = y + HEADING - 12
    const { cells, rows } = packed(sites, columns)
    const top = y + HEADING
    const tiles = cells.map(({ id: site, column, row, span }) => ({
      id: site,
      x: column * (cell + CELL.gap),
      y: top + row * (CELL.height + CELL.gap),
      width: span.columns * cell + (span.columns - 1) * CELL.gap,
      height: span.rows * CELL.height + (span.rows - 1) * CELL.gap,
    }))
    y = top + rows * (CELL.height + CELL.gap) - CELL.gap + BETWEEN
    return { id, titleY, tiles }
  })
  return { groups: placed, width: columns * cell + (columns - 1) * CELL.gap, height: Math.max(0, y - BETWEEN) }
}

type Cell = {
  readonly id: string
  readonly column: number
  readonly row: number
  readonly span: { readonly columns: number; readonly rows: number }
}

function packed(sites: readonly Sized[], columns: number): { cells: readonly Cell[]; rows: number } {
  const taken = new Set<string>()
  let rows = 0
  // Rows before this one are full; looking there again would make a large board slow.
  let from = 0
  const cells = sites.map(({ id, hosts }): Cell => {
    const wanted = spanOf(hosts)
    const span = { columns: Math.min(columns, wanted.columns), rows: wanted.rows }
    let spot = firstFree(taken, { columns, span, from })
    while (spot === undefined) spot = firstFree(taken, { columns, span, from: ++rows })
    for (const key of keysOf(spot, span)) taken.add(key)
    rows = Math.max(rows, spot.row + span.rows)
    while (Array.from({ length: columns }, (_, column) => `${column} ${from}`).every(key => taken.has(key))) from++
    return { id, span, ...spot }
  })
  return { cells, rows: cells.reduce((most, { row, span }) => Math.max(most, row + span.rows), 0) }
}

type Spot = { readonly column: number; readonly row: number }
type Search = { readonly columns: number; readonly span: Cell['span']; readonly from: number }

function firstFree(taken: ReadonlySet<string>, { columns, span, from }: Search): Spot | undefined {
  // Below everything that is taken there is always room; so far nothing stands more than a few rows further down.
  for (let row = from; row < from + 64; row++)
    for (let column = 0; column + span.columns <= columns; column++)
      if (keysOf({ column, row }, span).every(key => !taken.has(key))) return { column, row }
  return undefined
}

function keysOf({ column, row }: Spot, { columns, rows }: Cell['span']): readonly string[] {
  return Array.from(
    { length: columns * rows },
    (_, at) => `${column + (at % columns)} ${row + Math.floor(at / columns)}`,
  )
}
