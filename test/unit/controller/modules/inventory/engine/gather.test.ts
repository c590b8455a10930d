// SPDX-License-Identifier: Apache-2.0
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import {
  gatherAll,
  gatherMasked,
  gatherReplaced,
} from '../../../../../../controller/modules/inventory/engine/gather.ts'
import { defineKind } from '../../../../../../controller/modules/inventory/engine/kind.ts'

const press = defineKind({
  name: 'press',
  words: ['press', 'presses'],
  prefix: 'press',
  table: 'inventory_presses',
  places: [{ path: '/presses' }],
  plural: 'presses',
  verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
  members: {
    name: { is: 'column', schema: Type.String(), column: 'name', required: true },
    serial: { is: 'column', schema: Type.String(), column: 'serial', write: 'create' },
    tags: { is: 'column', schema: Type.Array(Type.String()), column: 'tags', form: 'json', default: [] },
    state: { is: 'column', schema: Type.String(), column: 'state', write: 'never' },
    hall: { is: 'reference', to: 'hall', column: 'hall', writes: 'hallId' },
    pressID: { is: 'alias' },
  },
})

const names = ({ inputs }: { inputs: readonly { name: string }[] }) => inputs.map(each => each.name)

describe('a body', () => {
  it('that creates sets every writable member, with defaults for those left out', () => {
    const { given } = gatherAll(press, { name: 'A', state: 'ignored', pressID: 'ignored' })

    expect(given).toEqual({ name: 'A', serial: undefined, tags: [], hallId: undefined })
  })

  it('without a required member is refused with its pointer', () => {
    expect(() => gatherAll(press, {})).toThrow('name must be there')
  })

  it('that replaces leaves alone what is set once and left out', () => {
    expect(names(gatherReplaced(press, { name: 'A' }))).toEqual(['name', 'tags', 'hallId'])
    expect(names(gatherReplaced(press, { name: 'A', serial: '1' }))).toContain('serial')
  })

  it('that changes sets what is there, or what a mask names in any spelling', () => {
    const body = { name: 'B', tags: ['x'], hallId: 'hall-00000001' }

    expect(names(gatherMasked(press, body))).toEqual(['name', 'tags', 'hallId'])
    expect(names(gatherMasked(press, body, ['hall_id', ' tags ']))).toEqual(['hallId', 'tags'])
    expect(names(gatherMasked(press, body, ['hall.resourceId']))).toEqual(['hallId'])
    expect(names(gatherMasked(press, body, ['']))).toEqual(['name', 'tags', 'hallId'])
    expect(names(gatherMasked(press, body, ['state', 'timestamps', 'press_id']))).toEqual([])
    expect(() => gatherMasked(press, body, ['colour'])).toThrow('colour')
  })

  it('gives a reference by its id or by the embedded resource, the id winning, and an empty text clearing', () => {
    const hall = { resourceId: 'hall-00000002', name: 'whatever' }

    expect(gatherMasked(press, { hall }).given).toEqual({ hallId: 'hall-00000002' })
    expect(gatherMasked(press, { hall, hallId: 'hall-00000001' }).given).toEqual({ hallId: 'hall-00000001' })
    expect(gatherMasked(press, { hall, hallId: '' }).given).toEqual({ hallId: '' })
    expect(gatherMasked(press, { hall: {} }).given).toEqual({})
  })
})
