// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ORDERS, parseOrder } from '../../../simulator/console.ts'
import { parseShares } from '../../../simulator/shares.ts'

describe('what is typed at a running fleet', () => {
  it.each([
    ['cut 3', { do: 'cut', hosts: [3] }],
    ['  cut   3,5-7,5 ', { do: 'cut', hosts: [3, 5, 6, 7] }],
    ['restore all', { do: 'restore', hosts: 'all' }],
    ['jump 3 +2h', { do: 'jump', hosts: [3], byMs: 7_200_000 }],
    ['jump 3 -1h30m', { do: 'jump', hosts: [3], byMs: -5_400_000 }],
    ['powercut 3', { do: 'powercut', hosts: [3], backInMs: 10_000 }],
    ['powercut 3 5m', { do: 'powercut', hosts: [3], backInMs: 300_000 }],
    ['powercut 3 off', { do: 'powercut', hosts: [3], backInMs: undefined }],
    ['diskfull 3', { do: 'diskfull', hosts: [3], full: true }],
    ['diskfull 3 off', { do: 'diskfull', hosts: [3], full: false }],
    ['slow 3 500ms 1kbit', { do: 'slow', hosts: [3], latencyMs: 500, bytesPerSecond: 125 }],
    ['slow 3 1s 2.5mbit', { do: 'slow', hosts: [3], latencyMs: 1_000, bytesPerSecond: 312_500 }],
    ['flap 3 30s 5s', { do: 'flap', hosts: [3], upMs: 30_000, downMs: 5_000 }],
    ['status', { do: 'status' }],
    ['', undefined],
    ['   ', undefined],
  ])('reads `%s`', (line, order) => {
    expect(parseOrder(line)).toEqual(order)
  })

  it.each(ORDERS)('understands the example `%s` of its own help', form => {
    expect(parseOrder(form)).toMatchObject({ do: form.split(' ')[0] })
  })

  it.each([
    ['cutt 3', 'there is no `cutt`; did you mean `cut`?'],
    ['dance 3', 'there is no `dance`; type `help`'],
    ['constructor 3', 'there is no `constructor`'],
    ['cut', 'cut needs the number of a host, as in `cut 3`'],
    ['cut three', '`three` names no hosts; write `3`, `3,5`, `3-8` or `all`'],
    ['cut 8-3', '`8-3` names no hosts'],
    ['cut 3 hard', 'cut does not take `hard`; write `cut 3`'],
    ['jump 3 2h', 'a length of time is missing; write `jump 3 +2h`'],
    ['jump 3 +2fortnights', '`2fortnights` is no length of time; write `jump 3 +2h`'],
    ['slow 3 500ms', 'a rate is missing; write `slow 3 500ms 1kbit`'],
    ['slow 3 500ms 0kbit', '`0kbit` is no rate'],
    ['slow 3 fast 1kbit', '`fast` is no length of time'],
    ['diskfull 3 maybe', 'diskfull takes `on` or `off`'],
    ['status now', 'status does not take `now`'],
    ['cut \u001b[2J', 'names no hosts'],
  ])('says what is wrong with `%s`', (line, message) => {
    expect(() => parseOrder(line)).toThrow(message)
  })

  it('does not repeat control characters', () => {
    expect(() => parseOrder('cut \u001b[2J')).toThrow(/^[\x20-\x7e]*$/)
  })
})

describe('the shares of AMT', () => {
  it('are read by kind', () => {
    expect(parseShares('vpro=60,ism=20,none=20')).toEqual({ vpro: 60, ism: 20, none: 20, unknown: 0 })
    expect(parseShares('unknown=12.5%, vpro=87.5%')).toEqual({ vpro: 87.5, ism: 0, none: 0, unknown: 12.5 })
  })

  it.each([
    ['vpro=60', 'add up to 60'],
    ['amt=100', '`amt=100` is no share; there are vpro, ism, none, unknown'],
    ['vpro', '`vpro` is no share'],
    ['', 'is no share'],
  ])('refuse `%s`', (text, message) => {
    expect(() => parseShares(text)).toThrow(message)
  })
})
