// SPDX-License-Identifier: Apache-2.0
/** When the amt plugin runs `rpc`, how, and when it looks again. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { waitAfter } from '../../../../plugins/amt/detect.ts'
import { findEngine } from '../../../../plugins/amt/engine.ts'
import { amt } from '../../../../plugins/amt/plugin.ts'
import { generationOf, rpcRunner } from '../../../../plugins/amt/rpc.ts'
import { canonical, HOUR, MINUTE, type RunResult } from '../../../../plugins/contract/index.ts'
import { type Answer, type FakeHost, fakeHost, realHost, type Tree } from '../host.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/plugins/amt/${name}`, import.meta.url), 'utf8')
const { signal } = new AbortController()

const v2: Answer = ({ args }) =>
  args[0] === 'version'
    ? { code: 0, stderr: fixture('v2-version.stderr.json') }
    : { code: 0, stdout: fixture('v2-amt.json') }

const v3: Answer = ({ args }) =>
  args[0] === 'version' ? { code: 0, stdout: fixture('v3-version.json') } : { code: 0, stdout: fixture('v3-amt.json') }

const started = (answer?: Answer, tree: Tree = {}) => {
  const host = fakeHost(amt.manifest.permissions, tree, answer)
  return { host, running: amt.start(host) }
}
const argsOf = (host: FakeHost): string[] => host.runs.map(({ args }) => args.join(' '))

describe('the generation of rpc', () => {
  const said = (run: Partial<RunResult>) => generationOf({ code: 0, stdout: '', stderr: '', ...run })

  it.each([
    ['the second, on standard error', { stderr: fixture('v2-version.stderr.json') }, 'v2', '2.52.4'],
    ['the third, on standard output', { stdout: fixture('v3-version.json') }, 'v3', '3.0.0-beta.50'],
    ['the second in text', { stdout: 'RPC\nVersion 2.40.1\nProtocol 4.0.0\n' }, 'v2', '2.40.1'],
    ['a third built without a version', { stdout: '{"version":"Development Build","platform":"linux/amd64"}' }, 'v3'],
    ['a second built without a version', { stderr: '{"app":"RPC","version":"Development Build"}' }, 'v2'],
    ['the second, which needs a management engine', { code: 2, stderr: fixture('v2-no-mei.stderr.txt') }, 'v2'],
    ['the second, on a machine without AMT', { code: 3 }, 'v2'],
    ['something else', { stdout: 'hello' }, 'unknown'],
  ])('is known: %s', (_what, run, generation, version = undefined) => {
    expect(said(run)).toMatchObject({ generation, ...(version === undefined ? {} : { version }) })
  })
})

describe('running rpc', () => {
  it('speaks the command line of the second generation', async () => {
    const { host, running } = started(v2)
    const observed = await running.observe(signal)

    expect(argsOf(host)).toEqual(['version --json', 'amtinfo -json'])
    expect(observed).toMatchObject({ sku: 'amt', rpc: { generation: 'v2', version: '2.52.4' } })
  })

  it('speaks the command line of the third generation', async () => {
    const { host, running } = started(v3)
    const observed = await running.observe(signal)

    expect(argsOf(host)).toEqual(['version --json', 'amtinfo --json'])
    expect(observed).toMatchObject({ sku: 'amt', rpc: { generation: 'v3' } })
  })

  it('hands nothing of its environment on and sets a deadline', async () => {
    const { host, running } = started(v3)
    await running.observe(signal)

    for (const { options } of host.runs) {
      expect(options.env).toEqual({})
      expect(options.timeoutMs).toBeLessThanOrEqual(MINUTE)
    }
  })

  it('asks for the version once', async () => {
    const { host, running } = started(v3)
    await running.observe(signal)
    host.at += HOUR
    await running.observe(signal)

    expect(argsOf(host)).toEqual(['version --json', 'amtinfo --json', 'amtinfo --json'])
  })

  it('asks for the version again after a failure, because another rpc may be there now', async () => {
    const answers = [v2, v3]
    let failing = false
    const { host, running } = started(call => (failing ? { code: 10 } : (answers[0]?.(call) ?? {})))
    await running.observe(signal)
    failing = true
    host.at += HOUR
    await running.observe(signal)
    failing = false
    answers.shift()
    host.at += MINUTE

    expect(await running.observe(signal)).toMatchObject({ sku: 'amt', rpc: { generation: 'v3' } })
  })

  it('runs one at a time', async () => {
    let running = 0
    let most = 0
    const host = fakeHost(amt.manifest.permissions, {}, async call => {
      most = Math.max(most, ++running)
      await new Promise(resolve => setImmediate(resolve))
      running--
      return v2(call)
    })
    const rpc = rpcRunner(host)
    await Promise.all([rpc.info(signal), rpc.info(signal), rpc.info(signal)])

    expect(most).toBe(1)
    expect(host.runs).toHaveLength(4)
  })

  it('goes on after a run that was given up', async () => {
    const host = fakeHost(amt.manifest.permissions, {}, v2)
    const rpc = rpcRunner(host)

    await expect(rpc.info(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    expect((await rpc.info(signal)).run.code).toBe(0)
  })

  it('knows a deadline from a missing program by the time that passed', async () => {
    const { host, running } = started(({ args, options }) => {
      if (args[0] === 'version') return { code: 0, stdout: fixture('v3-version.json') }
      host.at += options.timeoutMs ?? 0
      return { code: -1, stderr: 'killed' }
    })

    expect(await running.observe(signal)).toMatchObject({
      why: 'rpc did not answer in time and was stopped',
      retry: true,
    })
  })
})

describe('looking again', () => {
  it('keeps its answer for an hour and asks to be woken then', async () => {
    const { host, running } = started(v2)
    const first = await running.observe(signal)
    host.at += HOUR - 1
    const second = await running.observe(signal)

    expect(canonical(second)).toBe(canonical(first))
    expect(host.runs).toHaveLength(2)
    expect(host.wakes).toEqual([HOUR, 1_000])
  })

  it('backs off from a minute to an hour while the failure may pass', async () => {
    const { host, running } = started(({ args }) =>
      args[0] === 'version' ? v2({ file: '', args, options: { signal } }) : { code: 4 },
    )
    const waits: number[] = []
    for (let turn = 0; turn < 8; turn++) {
      await running.observe(signal)
      const wait = host.wakes.at(-1) ?? 0
      waits.push(wait / MINUTE)
      host.at += wait
    }

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('starts the back-off anew after a definite answer', () => {
    expect([waitAfter(0), waitAfter(1), waitAfter(1_000)]).toEqual([HOUR, MINUTE, HOUR])
  })

  it('looks at once when the management engine appears', async () => {
    const { host, running } = started(v2)
    await running.observe(signal)
    host.tree['/sys/class/mei/mei0/dev'] = '10:122'
    await running.observe(signal)

    expect(argsOf(host).filter(args => args.startsWith('amtinfo'))).toHaveLength(2)
  })

  it('notices within minutes that rpc was installed', async () => {
    let installed = false
    const { host, running } = started(call => (installed ? v2(call) : {}))

    expect(await running.observe(signal)).toEqual({ sku: 'unknown', why: 'rpc is not installed', retry: false })
    installed = true
    host.at += host.wakes.at(-1) ?? 0
    expect(host.wakes.at(-1)).toBe(5 * MINUTE)
    expect(await running.observe(signal)).toMatchObject({ sku: 'amt' })
  })
})

describe('without a driver', () => {
  const noDriver: Answer = () => ({ code: 2, stderr: fixture('v2-no-mei.stderr.txt') })
  const pci = (vendor: string, code: string): Tree => ({
    '/sys/bus/pci/devices/0000:00:16.0/vendor': `${vendor}\n`,
    '/sys/bus/pci/devices/0000:00:16.0/class': `${code}\n`,
  })

  it('sees on the PCI bus that there is no engine', async () => {
    const { host, running } = started(noDriver, pci('0x1af4', '0x020000'))

    expect(await running.observe(signal)).toMatchObject({ sku: 'none', retry: false, rpc: { generation: 'v2' } })
    expect(host.refused).toEqual([])
  })

  it('concludes nothing from a PCI bus it cannot see', async () => {
    const { running } = started(noDriver, { '/sys/bus/pci/devices/0000:00:16.0/class': { error: 'EACCES' } })

    expect(await running.observe(signal)).toMatchObject({ sku: 'unknown', retry: false })
  })

  it('sees on the PCI bus that an engine waits for its driver', async () => {
    const { running } = started(noDriver, pci('0x8086', '0x078000'))

    expect(await running.observe(signal)).toMatchObject({ sku: 'unknown', why: expect.stringContaining('mei_me') })
  })
})

it.runIf(process.platform === 'linux')('may read on this machine what tells the engine', async () => {
  const host = realHost(amt.manifest)
  await findEngine(host.files)

  expect(host.refused).toEqual([])
})
