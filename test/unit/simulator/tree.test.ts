// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createTree, folder, symlink } from '../../../simulator/tree/tree.ts'

describe('a lazy tree', () => {
  it('follows links in the middle and at the end of a path', () => {
    const tree = createTree(() => ({
      class: folder({ net: folder({ eth0: symlink('../../devices/card/eth0') }) }),
      devices: folder({ card: folder({ vendor: '0x8086', eth0: folder({ mtu: '1500', device: symlink('..') }) }) }),
    }))

    expect(tree.find('/class/net/eth0/mtu')).toEqual({ kind: 'file', leaf: '1500' })
    expect(tree.find('/class/net/eth0/device/vendor')).toEqual({ kind: 'file', leaf: '0x8086' })
    expect(tree.find('/class/net/eth0')).toEqual({ kind: 'folder', names: ['device', 'mtu'] })
    expect(tree.link('/class/net/eth0')).toBe('../../devices/card/eth0')
  })

  it('says where a path really lies, also one that does not exist yet', () => {
    const tree = createTree(() => ({ run: folder({ lock: folder({}) }), var: folder({ run: symlink('/run') }) }))

    expect(tree.canonical('/var/run/lock/a')).toBe('/run/lock/a')
    expect(tree.canonical('/var/run/new/a')).toBe('/run/new/a')
    expect(tree.canonical('/a')).toBe('/a')
  })

  it('gives up on links that lead in a circle', () => {
    const tree = createTree(() => ({ a: symlink('b'), b: symlink('a') }))

    expect(tree.find('/a')).toBeUndefined()
    expect(tree.link('/a')).toBe('b')
  })

  it('makes a folder when it is entered and not before', () => {
    const made: string[] = []
    const lazy = (name: string) =>
      folder(() => {
        made.push(name)
        return { file: name }
      })
    const tree = createTree(() => ({ one: lazy('one'), two: lazy('two') }))

    tree.find('/one')
    tree.find('/one/file')

    expect(made).toEqual(['one'])
  })

  it('does not take what every object has for a file', () => {
    expect(createTree(() => ({})).find('/constructor')).toBeUndefined()
  })
})
