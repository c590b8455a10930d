// SPDX-License-Identifier: Apache-2.0
/** The board of sites: tiles never overlap or leave it, and the state of a place is what its counts say. */
import { describe, expect, it } from 'vitest'
import {
  CELL,
  type Group,
  layoutBoard,
  spanOf,
  type Tile,
} from '../../../controller/web/app/modules/inventory/sites/board.ts'
import { coordinates, readDegrees, readLabels } from '../../../controller/web/app/modules/inventory/sites/labels.ts'
import { NO_HOSTS, stateOf, summed, type Tally } from '../../../controller/web/app/modules/inventory/sites/state.ts'
import {
  boardRegions,
  type FlatNode,
  innermostFirst,
  treeOf,
  visibleRows,
} from '../../../controller/web/app/modules/inventory/sites/tree.ts'
import { spentMs } from '../../support/effort.ts'

const overlap = (a: Tile, b: Tile): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** Sizes that look random and are the same each time. */
const many = (count: number): Group => ({
  id: 'r',
  sites: Array.from({ length: count }, (_, at) => ({ id: `s${at}`, hosts: (at * 7919) % 400 })),
})

describe('the board', () => {
  it.each([160, 360, 700, 1_100, 2_400])('keeps tiles apart and within %i pixels', width => {
    const { groups, width: used, height } = layoutBoard([many(60), { ...many(7), id: 'q' }], width)
    const tiles = groups.flatMap(group => group.tiles)

    expect(tiles).toHaveLength(67)
    expect(used).toBeLessThanOrEqual(Math.max(width, CELL.width))
    for (const [at, tile] of tiles.entries()) {
      expect(tile.x + tile.width).toBeLessThanOrEqual(used)
      expect(tile.y + tile.height).toBeLessThanOrEqual(height)
      expect(tiles.slice(at + 1).filter(other => overlap(tile, other))).toEqual([])
    }
  })

  it('is the same for the same sites, and gives more room to more hosts', () => {
    expect(layoutBoard([many(30)], 900)).toEqual(layoutBoard([many(30)], 900))
    const area = (hosts: number): number => spanOf(hosts).columns * spanOf(hosts).rows
    expect([0, 9, 10, 50, 250].map(area)).toEqual([1, 1, 2, 4, 6])
  })

  it('has room for thousands of sites soon', () => {
    const began = spentMs()

    const { groups } = layoutBoard([many(3_000)], 1_100)

    expect(groups[0]?.tiles).toHaveLength(3_000)
    expect(spentMs() - began).toBeLessThan(2_000)
  })

  it('is empty without sites', () => {
    expect(layoutBoard([], 900)).toMatchObject({ groups: [], height: 0 })
  })
})

const tally = (more: Partial<Tally>): Tally => ({ ...NO_HOSTS, ...more })

describe('the state of a place', () => {
  it.each([
    ['empty', {}],
    ['waiting', { hosts: 2, never: 2 }],
    ['ok', { hosts: 3, online: 2, asleep: 1 }],
    ['asleep', { hosts: 2, asleep: 1, never: 1 }],
    ['trouble', { hosts: 10, online: 9, offline: 1, lost: 1 }],
    ['trouble', { hosts: 10, online: 10, failing: 1 }],
    ['dark', { hosts: 10, online: 2, offline: 8, lost: 8 }],
    ['dark', { hosts: 12, online: 0, offline: 2, lost: 2, never: 10 }],
    ['trouble', { hosts: 10, online: 3, offline: 7, lost: 7 }],
    ['asleep', { hosts: 1, offline: 1 }],
  ] as const)('is %s for %j', (state, counts) => {
    expect(stateOf(tally(counts))).toBe(state)
  })

  it('of several is that of their sum, lost at the latest time', () => {
    const [one, other] = ['2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z']

    const all = summed([tally({ hosts: 2, lost: 1, lostSince: other }), tally({ hosts: 3, lostSince: one }), NO_HOSTS])

    expect(all).toMatchObject({ hosts: 5, lost: 1, lostSince: other })
  })
})

const node = (id: string, parent = '', isSite = false): FlatNode => ({ id, parent, name: id, isSite })
const NODES = [
  node('b'),
  node('a'),
  node('a1', 'a'),
  node('s2', 'a1', true),
  node('s10', 'a1', true),
  node('lone', '', true),
]
const tree = treeOf(NODES, new Map([['s2', tally({ hosts: 4, lost: 4, offline: 4 })]]))

describe('the tree', () => {
  it('orders by name, regions first, and adds up what is below', () => {
    expect(visibleRows(tree, new Set(['a', 'a1'])).map(({ node: { id }, depth }) => `${depth} ${id}`)).toEqual([
      '0 a',
      '1 a1',
      '2 s2',
      '2 s10',
      '0 b',
      '0 lone',
    ])
    expect(tree[0]).toMatchObject({ sites: 2, troubled: 1, height: 2, state: 'dark', tally: { hosts: 4 } })
  })

  it('shows what names a parent that is not there, and does not follow circles', () => {
    expect(treeOf([node('x', 'gone')], new Map()).map(({ id }) => id)).toEqual(['x'])
    expect(treeOf([node('x', 'x')], new Map())).toHaveLength(1)
  })

  it('gives the board a group for each region that has sites of its own', () => {
    expect(boardRegions(tree).map(({ path, sites }) => [path.join('/'), sites.length])).toEqual([
      ['a/a1', 2],
      ['', 1],
    ])
  })

  it('is removed from the inside', () => {
    const [a] = tree

    expect(a === undefined ? [] : innermostFirst(a).map(({ id }) => id)).toEqual(['s2', 's10', 'a1', 'a'])
  })
})

describe('labels and degrees', () => {
  it('are read as the controller takes them', () => {
    expect(readLabels('line=4\n\n zone=eu \n')).toEqual({
      labels: [
        { key: 'line', value: '4' },
        { key: 'zone', value: 'eu' },
      ],
    })
    expect(readLabels('Line=4')).toEqual({ wrong: 'Line=4', is: 'form' })
    expect(readLabels('=4')).toEqual({ wrong: '=4', is: 'form' })
    expect(readLabels('line')).toEqual({ wrong: 'line', is: 'form' })
    expect(readLabels('a=1\na=2')).toEqual({ wrong: 'a', is: 'twice' })
  })

  it('keep seven decimals and refuse what lies beyond', () => {
    expect(['48.1372', '-0.0000001', '90', '', '90.1', 'x'].map(text => readDegrees(text, 90))).toEqual([
      481_372_000,
      -1,
      900_000_000,
      undefined,
      null,
      null,
    ])
    expect(coordinates(481_372_000, -115_755_000)).toBe('48.1372° N, 11.5755° W')
  })
})
