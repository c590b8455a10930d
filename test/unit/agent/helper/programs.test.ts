// SPDX-License-Identifier: Apache-2.0
/** How the programs of privileged acts are found and started. */
import { describe, expect, it } from 'vitest'
import { createPrograms, type Ownership, outsideLine } from '../../../../agent/helper/programs.ts'
import type { ProcessOptions } from '../../../../agent/system/system.ts'

const never = new AbortController().signal
const ROOTS: Ownership = { isFile: true, ownerIsUs: true, othersMayWrite: false }

function programs(disk: Record<string, Partial<Ownership>>, managed = false) {
  const calls: { file: string; args: readonly string[]; env: ProcessOptions['env'] }[] = []
  const made = createPrograms({
    folders: ['/opt/programs'],
    managed,
    random: count => new Uint8Array(count),
    processes: {
      async run(file, args, { env }) {
        calls.push({ file, args, env })
        return { code: 0, stdout: '', stderr: '' }
      },
    },
    ownership: async path => {
      const found = disk[path]
      if (found !== undefined) return { ...ROOTS, ...found }
      return Object.keys(disk).some(each => each.startsWith(`${path}/`)) ? { ...ROOTS, isFile: false } : undefined
    },
  })
  return { made, calls }
}

describe('a program', () => {
  it('is found in the first folder that has it', async () => {
    const { made } = programs({ '/usr/bin/rpc': {}, '/opt/programs/rpc': {} })

    expect(await made.find('rpc')).toBe('/opt/programs/rpc')
    expect(await made.find('absent')).toBeUndefined()
    expect(await made.run('absent', [], { signal: never, timeoutMs: 1 })).toMatchObject({ code: -1 })
  })

  it.each([
    ['it', { '/usr/bin/rpc': { othersMayWrite: true } }],
    ['its owner is somebody else', { '/usr/bin/rpc': { ownerIsUs: false } }],
    ['its folder', { '/usr/bin/rpc': {}, '/usr/bin': { isFile: false, othersMayWrite: true } }],
  ])('is not run when others could change it: %s', async (_, disk) => {
    const { made, calls } = programs(disk)

    await expect(made.run('rpc', [], { signal: never, timeoutMs: 1 })).rejects.toMatchObject({ code: 'program-unsafe' })
    expect(calls).toEqual([])
  })

  it('gets an environment that nobody else can add to', async () => {
    const { made, calls } = programs({ '/usr/bin/rpc': {} })

    await made.run('rpc', ['version'], { signal: never, timeoutMs: 1, env: { PATH: '/evil', AMT_PASSWORD: 'x' } })

    expect(calls[0]).toMatchObject({ file: '/usr/bin/rpc', env: { AMT_PASSWORD: 'x' } })
    expect(calls[0]?.env.PATH).not.toContain('evil')
  })

  it('that needs more than the helper has runs as a unit of its own, where there is a service manager', async () => {
    const disk = { '/usr/bin/rpc': {}, '/usr/bin/systemd-run': {} }
    const { made, calls } = programs(disk, true)

    await made.run('rpc', ['activate', '-u', '--property=User=evil'], {
      signal: never,
      timeoutMs: 60_000,
      outside: true,
    })

    const [call] = calls
    expect(call?.file).toBe('/usr/bin/systemd-run')
    expect(call?.args.slice(call.args.indexOf('--'))).toEqual([
      '--',
      '/usr/bin/rpc',
      'activate',
      '-u',
      '--property=User=evil',
    ])
    expect(call?.args).toContain('--property=RuntimeMaxSec=60')
  })

  it('runs as a child where there is none', async () => {
    const { made, calls } = programs({ '/usr/bin/rpc': {}, '/usr/bin/systemd-run': {} })

    await made.run('rpc', ['version'], { signal: never, timeoutMs: 1, outside: true })

    expect(calls[0]?.file).toBe('/usr/bin/rpc')
  })

  it('is ended with its unit when it is no longer wanted', async () => {
    const { made, calls } = programs({ '/usr/bin/rpc': {}, '/usr/bin/systemd-run': {} }, true)

    await made.run('rpc', [], { signal: AbortSignal.abort(), timeoutMs: 1, outside: true })

    expect(calls.at(-1)).toMatchObject({
      file: 'systemctl',
      args: ['stop', '--no-block', '--no-ask-password', 'muster-act-0000000000000000.service'],
    })
  })
})

describe('the line of a unit', () => {
  it('keeps everything of the act behind its options', () => {
    const line = outsideLine({ unit: 'a.service', env: { A: '1' }, timeoutMs: 1_500, file: '/bin/x', args: ['--pty'] })

    expect(line.slice(-3)).toEqual(['--', '/bin/x', '--pty'])
    expect(line).toContain('--setenv=A=1')
    expect(line).toContain('--property=RuntimeMaxSec=2')
  })
})
