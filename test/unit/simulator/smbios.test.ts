// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { fieldsOf, parseEntryPoint, parseTable } from '../../../plugins/hardware/smbios.ts'
import { factsOf } from '../../../simulator/facts.ts'
import { MODELS } from '../../../simulator/models.ts'
import { smbiosEntryPoint, smbiosTable } from '../../../simulator/smbios.ts'

describe('the SMBIOS table of a simulated machine', () => {
  it.each(MODELS)('$name has every structure once it is needed, and ends properly', model => {
    const table = smbiosTable(factsOf({ seed: 'test', index: 1, model: model.name }))

    const types = parseTable(table).map(structure => structure.type)

    expect(types.filter(type => type === 4)).toHaveLength(model.sockets)
    expect(types.filter(type => type === 17)).toHaveLength(model.memory.slots)
    expect(types.slice(0, 4)).toEqual([0, 1, 2, 3])
    expect(types.at(-1)).toBe(127)
    // The end-of-table structure has nothing behind it (DSP0134 §7.45).
    expect(table.subarray(-6)).toEqual(Buffer.from([127, 4, 0xff, 0xfe, 0, 0]))
  })

  it('uses every handle once', () => {
    const structures = parseTable(smbiosTable(factsOf({ seed: 'test', index: 1, model: 'edge-server' })))

    expect(new Set(structures.map(each => each.handle)).size).toBe(structures.length)
  })

  it('describes processors as they are', () => {
    const { model } = factsOf({ seed: 'test', index: 1, model: 'edge-server' })
    const [first] = parseTable(smbiosTable(factsOf({ seed: 'test', index: 1, model: 'edge-server' }))).filter(
      each => each.type === 4,
    )
    const fields = fieldsOf(first!)

    expect(fields.text(0x10)).toBe(model.cpu.name)
    expect(fields.byte(0x23)).toBe(model.cpu.cores)
    expect(fields.word(0x2e)).toBe(model.cpu.threads)
    expect(fields.dword(0x08)).toBe(0x000806f8)
  })

  it('sends readers of large modules to the extended size', () => {
    for (let index = 1; index < 40; index++) {
      const facts = factsOf({ seed: 'test', index, model: 'inference-tower' })
      if (facts.memory.moduleGib !== 32) continue
      const [module] = parseTable(smbiosTable(facts)).filter(each => each.type === 17)
      expect(fieldsOf(module!).word(0x0c)).toBe(0x7fff)
      expect(fieldsOf(module!).dword(0x1c)).toBe(32 * 1_024)
      return
    }
    throw new Error('no seed gives such a machine')
  })
})

describe('the entry point', () => {
  it('sums up to zero and names version and length', () => {
    const entry = smbiosEntryPoint(1_234)

    expect(entry.reduce((sum, byte) => sum + byte, 0) % 256).toBe(0)
    expect(parseEntryPoint(entry)).toEqual({ major: 3, minor: 7, revision: 0 })
    expect(entry.readUInt32LE(12)).toBe(1_234)
  })
})
