// SPDX-License-Identifier: Apache-2.0
/** What virtual drives answer. */
import { describe, expect, it } from 'vitest'
import { CD, FLOPPY } from '../../../../../../controller/modules/oob/redirection/ider/frames.ts'
import { answerCommand } from '../../../../../../controller/modules/oob/redirection/ider/scsi.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', '').padEnd(24, '0'), 'hex')
const iso = { drive: CD, size: 6_000_000_000 - (6_000_000_000 % 2_048) } as const
const disk = { drive: FLOPPY, size: 1_474_560 } as const
const data = (answer: ReturnType<typeof answerCommand>) =>
  answer.is === 'data' ? Buffer.from(answer.data).toString('hex') : answer

describe('a virtual CD', () => {
  it('finds sectors where 32 bits would not reach', () => {
    expect(answerCommand(CD, hex('28 00 00200000 00 0001 00'), iso)).toEqual({
      is: 'read',
      offset: 4_294_967_296,
      length: 2_048,
    })
    expect(answerCommand(CD, hex('a8 00 0029f000 00000100 00 00'), iso)).toEqual({
      is: 'read',
      offset: 0x29f000 * 2_048,
      length: 524_288,
    })
    expect(answerCommand(CD, hex('28 00 ffffffff 00 ffff 00'), iso)).toMatchObject({
      is: 'failed',
      sense: [5, 0x21, 0],
    })
    expect(answerCommand(CD, hex('28 00 00000000 00 0000 00'), iso)).toEqual({ is: 'good' })
  })

  it('tells its contents in sectors and in minutes, its features and its pages', () => {
    expect(data(answerCommand(CD, hex('43 02 00 000000 00 0014 00'), iso))).toBe(
      '001201010014010000000200' + '0014aa00' + '00633b4a',
    )
    expect(data(answerCommand(CD, hex('43 00 01 000000 00 000c 00'), iso))).toBe('000a01010014010000000000')
    expect(data(answerCommand(CD, hex('46 02 0010 000000 0040 00'), iso))).toBe(
      '0000001000000008' + '001001080000080000010000',
    )
    expect(data(answerCommand(CD, hex('46 00 0000 000000 0008 00'), iso))).toBe('0000003c00000008')
    expect(data(answerCommand(CD, hex('5a 00 01 000000 00 00ff 00'), iso))).toBe(
      '000e018000000000' + '010600ff00000000',
    )
    expect(data(answerCommand(CD, hex('5a 00 3f 000000 00 0002 00'), iso))).toBe('0040')
    expect(data(answerCommand(CD, hex('4a 01 0000 10 00 00 0008 00'), iso))).toBe('00028000')
  })
})

describe('a virtual floppy', () => {
  it('has sectors of 512 bytes, capacities, and the pages of a 1.44 MB disk', () => {
    expect(answerCommand(FLOPPY, hex('08 000b3f 01'), disk)).toEqual({ is: 'read', offset: 2_879 * 512, length: 512 })
    expect(answerCommand(FLOPPY, hex('08 000000 00'), disk)).toEqual({ is: 'read', offset: 0, length: 131_072 })
    expect(data(answerCommand(FLOPPY, hex('25'), disk))).toBe('00000b3f00000200')
    expect(data(answerCommand(FLOPPY, hex('23 000000000000 00ff'), disk))).toBe('0000000800000b4002000200')
    expect(data(answerCommand(FLOPPY, hex('5a 00 05 000000 00 00ff 00'), disk))).toBe(
      '0026248000000000' + '051e04b0021202000050000000000000000000002800000000000000' + '02d00000',
    )
    expect(answerCommand(FLOPPY, hex('43'), disk)).toMatchObject({ is: 'failed', sense: [5, 0x20, 0] })
    expect(answerCommand(FLOPPY, hex('0a'), disk)).toMatchObject({ is: 'failed', sense: [7, 0x27, 0] })
  })
})

describe('a drive without a medium', () => {
  it('says so, but tells what it is', () => {
    for (const operation of ['00', '08', '28', 'a8', '25', '5a', '1e'])
      expect(answerCommand(CD, hex(operation), undefined)).toMatchObject({ is: 'failed', sense: [2, 0x3a, 0] })
    expect(data(answerCommand(CD, hex('12 00 00 0005'), undefined))).toBe('058000211f')
    expect(data(answerCommand(CD, hex('4a 01 0000 10 00 00 0008'), undefined))).toBe('00008000')
  })
})
