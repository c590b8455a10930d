// SPDX-License-Identifier: Apache-2.0
/** What a plugin's grants let through. */

import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultyGrants, mustRun, narrowFiles } from '../../../../agent/hosting/permissions.ts'
import { smallSystem } from './fixtures/system.ts'

const denied = { code: 'not-permitted' }

describe('granted paths', () => {
  it.each([
    ['/data', '/data/a'],
    ['/data', '/data/deep/er/a'],
    ['/data', '/data//a/./b/../c'],
    ['/data', '/data/'],
    ['/data', '/data'],
    ['/data/a', '/data/a'],
    ['/', '/etc/passwd'],
    ['/data', '/other/../data/a'],
  ])('with %s granted, %s is read', async (grant, path) => {
    const system = smallSystem()

    await narrowFiles(system.files, { read: [grant] }).text(path)

    expect(system.touched).toEqual([posix.resolve(path)])
  })

  it.each([
    ['/data', '/database'],
    ['/data', '/data/../etc/passwd'],
    ['/data', '/'],
    ['/data', 'data/a'],
    ['/data', ''],
    ['/data', '/data\0/a'],
    ['/data/a', '/data/b'],
    ['/data/a', '/data'],
  ])('with %s granted, %j is refused', async (grant, path) => {
    const system = smallSystem()

    await expect(narrowFiles(system.files, { read: [grant] }).text(path)).rejects.toMatchObject(denied)

    expect(system.touched).toEqual([])
  })

  it('never lets any path through that does not lie below a grant', async () => {
    const part = fc.constantFrom('data', 'date', 'etc', '..', '.', '', 'a')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async parts => {
        const system = smallSystem()
        const path = `/${parts.join('/')}`
        await narrowFiles(system.files, { read: ['/data'] })
          .read(path)
          .catch(() => {})
        const inside = `${posix.resolve(path)}/`.startsWith('/data/')
        expect(system.touched).toEqual(inside ? [posix.resolve(path)] : [])
      }),
    )
  })

  it('keeps reading and writing apart', async () => {
    const { files } = smallSystem()
    const narrow = narrowFiles(files, { read: ['/in'], write: ['/out'] })

    await expect(narrow.read('/out/a')).rejects.toMatchObject(denied)
    await expect(narrow.list('/out')).rejects.toMatchObject(denied)
    await expect(narrow.link('/out/a')).rejects.toMatchObject(denied)
    await expect(narrow.replace('/in/a', '')).rejects.toMatchObject(denied)
    await expect(narrow.remove('/in/a')).rejects.toMatchObject(denied)
    await narrow.replace('/out/a', '')
    await narrow.list('/in')
  })

  it('grants nothing when nothing is asked for', async () => {
    await expect(narrowFiles(smallSystem().files, {}).text('/a')).rejects.toMatchObject(denied)
  })
})

describe('symbolic links', () => {
  it('follows one whose target is granted, and opens the target', async () => {
    const system = smallSystem()
    system.links.set('/sys/class/net/eth0', '../../devices/pci/eth0')

    await narrowFiles(system.files, { read: ['/sys'] }).text('/sys/class/net/eth0/address')

    expect(system.touched).toEqual(['/sys/devices/pci/eth0/address'])
  })

  it.each([
    ['absolute', '/etc'],
    ['relative', '../../etc'],
  ])('refuses an %s one that leads out', async (_, target) => {
    const system = smallSystem()
    system.links.set('/data/out', target)
    const narrow = narrowFiles(system.files, { read: ['/data'], write: ['/data'] })

    await expect(narrow.text('/data/out/passwd')).rejects.toMatchObject(denied)
    await expect(narrow.list('/data/out')).rejects.toMatchObject(denied)
    await expect(narrow.replace('/data/out/passwd', '')).rejects.toMatchObject(denied)
    await expect(narrow.remove('/data/out/passwd')).rejects.toMatchObject(denied)
    expect(system.touched).toEqual([])
  })

  it('refuses one that goes out by way of another', async () => {
    const system = smallSystem()
    system.links.set('/data/a', 'b').set('/data/b', '/etc')

    await expect(narrowFiles(system.files, { read: ['/data'] }).text('/data/a/passwd')).rejects.toMatchObject(denied)
  })

  it('gives up on a loop', async () => {
    const system = smallSystem()
    system.links.set('/data/a', 'b').set('/data/b', 'a')

    await expect(narrowFiles(system.files, { read: ['/data'] }).text('/data/a')).rejects.toMatchObject(denied)
  })

  it('replaces, removes and shows a link itself, wherever it points', async () => {
    const system = smallSystem()
    system.links.set('/data/out', '/etc/passwd')
    const narrow = narrowFiles(system.files, { read: ['/data'], write: ['/data'] })

    expect(await narrow.link('/data/out')).toBe('/etc/passwd')
    await narrow.replace('/data/out', 'x')
    await narrow.remove('/data/out')

    expect(system.touched).toEqual(['/data/out', '/data/out'])
  })

  it('trusts a grant that is a link itself', async () => {
    const system = smallSystem()
    system.links.set('/etc/os-release', '../usr/lib/os-release')

    await narrowFiles(system.files, { read: ['/etc/os-release'] }).text('/etc/os-release')

    expect(system.touched).toEqual(['/etc/os-release'])
  })
})

describe('granted programs', () => {
  it.each([
    ['rpc', 'rpc', true],
    ['/usr/bin/rpc', '/usr/bin/rpc', true],
    ['rpc', '/usr/bin/rpc', false],
    ['/usr/bin/rpc', 'rpc', false],
    ['rpc', 'rpc2', false],
    ['rpc', './rpc', false],
    ['/usr/bin/rpc', '/usr/bin/../bin/rpc', false],
  ])('with %s granted, %s: %s', (grant, file, allowed) => {
    const act = (): void => mustRun({ run: [grant] }, file)

    if (allowed) expect(act).not.toThrow()
    else expect(act).toThrow(expect.objectContaining(denied))
  })

  it('shows no control characters of what was refused', () => {
    expect(() => mustRun({}, 'a\nb\u001b[2J')).toThrow('a?b?[2J')
  })
})

describe('faulty grants', () => {
  it('are those that are neither a bare name nor an absolute, normal path', () => {
    const faulty = ['etc', '/a/../b', '/a/', '/a//b', '/a\0', '/a/*', '', './a']

    expect(faultyGrants({ read: ['/', '/a/b', ...faulty] })).toEqual(faulty)
    expect(faultyGrants({ run: ['rpc', '/usr/bin/rpc', 'g++', '../rpc', 'a b', '-x', '$(id)'] })).toEqual([
      '../rpc',
      'a b',
      '-x',
      '$(id)',
    ])
  })
})
