// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { createProcesses } from '../../../../agent/system/processes.ts'
import type { ProcessOptions } from '../../../../agent/system/system.ts'

const processes = createProcesses()
const never = new AbortController().signal
const defaults = { signal: never, timeoutMs: 10_000, env: { PATH: '/usr/bin:/bin' }, maxBytes: 1_000 }

const run = (file: string, args: readonly string[], more: Partial<ProcessOptions> = {}) =>
  processes.run(file, args, { ...defaults, ...more })
const sh = (script: string, more: Partial<ProcessOptions> = {}) => run('/bin/sh', ['-c', script], more)

/** A dead process whose parent has not looked yet is a zombie (proc(5)): it runs no more. */
function isRunning(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('a program', () => {
  it('is found by its bare name, and its code and output are kept apart', async () => {
    expect(await run('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('sees its arguments as they are, and no shell', async () => {
    const odd = ['$(id)', '; rm -rf /', '`id`', '-x', 'a b', '"', "'", '']

    expect((await run('/usr/bin/printf', ['%s|', ...odd])).stdout).toBe(`${odd.join('|')}|`)
  })

  it('sees no more of the environment than it is given', async () => {
    const { stdout } = await run('/usr/bin/env', [], { env: { A: '1', B: 'two' } })

    expect(stdout.trim().split('\n').sort()).toEqual(['A=1', 'B=two'])
  })

  it('reads its input, or an empty one', async () => {
    expect((await run('cat', [], { input: 'hello' })).stdout).toBe('hello')
    expect((await run('cat', [])).stdout).toBe('')
  })

  it('may leave its input unread', async () => {
    expect((await run('true', [], { input: 'x'.repeat(1_000_000) })).code).toBe(0)
  })

  it.each([
    ['that does not exist', '/no/such/program', 'ENOENT'],
    ['that is a folder', '/tmp', 'EACCES'],
    ['whose name cannot be one', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
  ])('%s says so', async (_, file, why) => {
    const result = await run(file, [])

    expect(result.code).toBe(-1)
    expect(result.stderr).toContain(why)
  })

  it('that dies by a signal did not succeed', async () => {
    const result = await sh('kill -9 $$')

    expect(result).toEqual({ code: -1, stdout: '', stderr: 'it was ended by SIGKILL' })
  })
})

describe('a program that does not behave', () => {
  it('is ended with all it started when it takes too long', async () => {
    const result = await sh('sleep 60 & echo $!; wait', { timeoutMs: 200 })

    expect(result.code).toBe(-1)
    expect(result.stderr).toContain('longer than 200 ms')
    await vi.waitFor(() => expect(isRunning(result.stdout.trim())).toBe(false))
  })

  it('is ended for good when it does not listen', async () => {
    const result = await sh('trap "" TERM; echo started; while :; do sleep 0.05; done', { timeoutMs: 100 })

    expect(result).toMatchObject({ code: -1, stdout: 'started\n' })
  })

  it('is ended when nobody wants it any more, and not begun when nobody ever did', async () => {
    const wanted = new AbortController()
    const running = sh('sleep 60', { signal: wanted.signal })
    wanted.abort()

    expect(await running).toMatchObject({ code: -1, stderr: 'it was cancelled' })
    expect(await sh('echo no', { signal: wanted.signal })).toMatchObject({ code: -1, stdout: '' })
  })

  it('is ended when it says too much, and what it said is cut', async () => {
    const result = await sh('while :; do echo yyyyyyyyyyyyyyyy; done', { maxBytes: 100 })

    expect(result.code).toBe(-1)
    expect(result.stdout).toHaveLength(100)
    expect(result.stderr).toContain('more than 100 bytes')
  })

  it('is not waited for when only something it left behind is still there', async () => {
    const started = performance.now()

    const result = await sh('sleep 5 & echo $!')

    expect(result.code).toBe(0)
    expect(performance.now() - started).toBeLessThan(3_000)
    process.kill(Number(result.stdout), 'SIGKILL')
  })
})
