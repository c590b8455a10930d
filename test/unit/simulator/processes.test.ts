// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { newHost, runOptions } from './support.ts'

describe('the programs of a simulated host', () => {
  it('are found by name and by path', async () => {
    const { processes } = newHost().host.system

    expect(await processes.run('uname', ['-s'], runOptions)).toEqual({ code: 0, stdout: 'Linux\n', stderr: '' })
    expect((await processes.run('/usr/bin/uname', ['-m'], runOptions)).stdout).toBe('x86_64\n')
  })

  it('are not there when nobody installed them', async () => {
    const { processes } = newHost().host.system

    expect(await processes.run('docker', ['ps'], runOptions)).toEqual({
      code: -1,
      stdout: '',
      stderr: 'it could not be started: ENOENT',
    })
  })

  it('can be added by a test, and see what they were given', async () => {
    const { host } = newHost()
    host.programs.set('cat', ({ input = '', env }) => ({ code: 0, stdout: input + env.LANG, stderr: '' }))

    const result = await host.system.processes.run('cat', [], { ...runOptions, input: 'a', env: { LANG: 'C' } })

    expect(result.stdout).toBe('aC')
  })

  it('are killed at their time limit', async () => {
    const { host, clock } = newHost()
    let killed = false
    host.programs.set('hang', ({ signal }) => {
      signal.addEventListener('abort', () => {
        killed = true
      })
      return new Promise(() => undefined)
    })

    const run = host.system.processes.run('hang', [], { ...runOptions, timeoutMs: 500 })
    await clock.advance(500)

    expect(await run).toEqual({ code: -1, stdout: '', stderr: 'it took longer than 500 ms' })
    expect(killed).toBe(true)
  })

  it('are killed when nobody wants them any more', async () => {
    const { host } = newHost()
    const wanted = new AbortController()

    const run = host.system.processes.run('sleep', ['100'], { ...runOptions, signal: wanted.signal })
    wanted.abort()

    expect(await run).toEqual({ code: -1, stdout: '', stderr: 'it was cancelled' })
  })

  it('are cut when they say too much', async () => {
    const { host } = newHost()
    host.programs.set('yes', () => ({ code: 0, stdout: 'y\n'.repeat(100), stderr: '' }))

    const result = await host.system.processes.run('yes', [], { ...runOptions, maxBytes: 10 })

    expect(result).toMatchObject({ code: -1, stdout: 'y\n'.repeat(5) })
    expect(result.stderr).toContain('more than 10 bytes')
  })

  it('leave no timer behind', async () => {
    const { host, clock } = newHost()

    await host.system.processes.run('uname', [], runOptions)

    expect(clock.pending).toBe(0)
  })
})
