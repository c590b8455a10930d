// SPDX-License-Identifier: Apache-2.0
/** What the amt plugin makes of every shape of answer `rpc amtinfo` has had, and of what it never had. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify, type Engine, type Run } from '../../../../plugins/amt/classify.ts'
import { type AmtObserved, amt, RAW_MAX } from '../../../../plugins/amt/contract.ts'
import { readFields } from '../../../../plugins/amt/fields.ts'
import { canonical, findings } from '../../../../plugins/contract/index.ts'
import { spentMs } from '../../../support/effort.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/plugins/amt/${name}`, import.meta.url), 'utf8')

const observe = (run: Partial<Run>, engine: Engine = 'unknown'): Promise<AmtObserved> =>
  classify({ code: 0, stdout: '', stderr: '', late: false, ...run }, async () => engine)

const UUID = '4c4c4544-0042-3510-8051-b7c04f4d3133'

describe('an answer with a version', () => {
  it('reads the JSON of the second generation', async () => {
    expect(await observe({ stdout: fixture('v2-amt.json') })).toEqual({
      sku: 'amt',
      why: 'version 16.1.25, SKU 16392 (AMT Pro Corporate)',
      retry: false,
      firmware: {
        version: '16.1.25',
        build: '2124',
        skuCode: '16392',
        features: 'AMT Pro Corporate',
        uuid: UUID,
        controlMode: 'acm',
        enabled: true,
        dnsSuffix: 'edge.example',
        dnsSuffixOs: 'edge.example',
        ras: { network: 'outside', remote: 'connected', trigger: 'periodic', mpsHostname: 'mps.example' },
        wired: {
          enabled: true,
          linkUp: true,
          dhcpEnabled: true,
          dhcpMode: 'passive',
          ipAddress: '192.0.2.20',
          osIpAddress: '192.0.2.20',
          macAddress: 'a4:bb:6d:00:00:01',
        },
        wireless: {
          enabled: false,
          linkUp: false,
          dhcpEnabled: true,
          dhcpMode: 'passive',
          macAddress: 'a4:bb:6d:00:00:02',
        },
      },
    })
  })

  it('reads the JSON of the third generation', async () => {
    const observed = await observe({ stdout: fixture('v3-amt.json') })

    expect(observed).toMatchObject({ sku: 'amt', retry: false })
    expect(observed.firmware).toMatchObject({
      version: '18.0.5',
      controlMode: 'ccm',
      provisioningState: 'post',
      ras: { network: 'outside', remote: 'connected', trigger: 'periodic', mpsHostname: 'mps.example', mpsPort: 4433 },
    })
  })

  it('reads the first releases, which had other names and printed to standard error', async () => {
    const observed = await observe({ stderr: fixture('early-amt.stderr.json') })

    expect(observed).toMatchObject({ sku: 'amt', retry: false })
    expect(observed.firmware).toMatchObject({
      version: '15.0.30',
      build: '1776',
      controlMode: 'none',
      dnsSuffixOs: 'edge.example',
      ras: { remote: 'not-connected', trigger: 'user' },
      wired: { enabled: true, linkUp: false, dhcpMode: 'active', macAddress: 'a4:bb:6d:00:00:01' },
    })
    expect(observed.firmware).not.toHaveProperty('wireless')
  })

  it('reads the text of the second generation', async () => {
    const { sku, firmware } = await observe({ stdout: fixture('v2-amt.txt') })

    expect(sku).toBe('amt')
    expect(firmware).toEqual({
      version: '16.1.25',
      build: '2124',
      skuCode: '16392',
      features: 'AMT Pro Corporate',
      uuid: UUID,
      controlMode: 'ccm',
      enabled: true,
      dnsSuffix: 'edge.example',
      ras: { network: 'direct', remote: 'connecting', trigger: 'user', mpsHostname: 'mps.example' },
      wired: {
        linkUp: true,
        dhcpEnabled: true,
        dhcpMode: 'passive',
        ipAddress: '192.0.2.20',
        osIpAddress: '192.0.2.20',
        macAddress: 'a4:bb:6d:00:00:01',
      },
      certificateHashes: 2,
    })
  })

  it('reads the columns of the third generation', async () => {
    const { sku, firmware } = await observe({ stdout: fixture('v3-amt.txt') })

    expect(sku).toBe('amt')
    expect(firmware).toMatchObject({
      version: '18.0.5',
      controlMode: 'acm',
      provisioningState: 'post',
      enabled: true,
      dnsSuffix: 'edge.example',
      ras: { network: 'direct', remote: 'not-connected', trigger: 'user', mpsHostname: 'mps.example', mpsPort: 4433 },
      wired: { linkUp: true, macAddress: 'a4:bb:6d:00:00:01' },
      certificateHashes: 1,
    })
  })

  it('reads columns through the colors of a terminal', async () => {
    const colored = fixture('v3-amt.txt').replace(/^ {2}(\S.*)$/gm, '  \u001b[38;5;250m$1\u001b[0m')

    expect(await observe({ stdout: colored })).toEqual(await observe({ stdout: fixture('v3-amt.txt') }))
  })

  it('tells Standard Manageability, below a line of log, and counts certificate hashes', async () => {
    const observed = await observe({ stdout: fixture('v2-ism.json') })

    expect(observed).toMatchObject({
      sku: 'ism',
      retry: false,
      firmware: { controlMode: 'none', certificateHashes: 2 },
    })
  })

  it('tells a management engine that has neither', async () => {
    expect(await observe({ stdout: fixture('v2-me-only.json') })).toMatchObject({ sku: 'none', retry: false })
  })

  it('tells AMT that is switched off in the BIOS from AMT that is not there', async () => {
    const observed = await observe({ stdout: fixture('v2-amt-disabled.json') })

    expect(observed).toMatchObject({ sku: 'amt', firmware: { enabled: false } })
    expect(observed.why).toContain('switched off in the BIOS')
  })

  it('believes an answer whatever the exit code', async () => {
    expect(await observe({ code: 10, stdout: fixture('v2-amt.json') })).toMatchObject({ sku: 'amt' })
  })

  it.each([
    ['16392', 'amt'],
    ['0x4008', 'amt'],
    ['16400', 'ism'],
    ['16384', 'none'],
    ['8200', 'amt'],
  ])('takes SKU %s for %s', async (sku, expected) => {
    expect((await observe({ stdout: JSON.stringify({ amt: '16.1.25', sku }) })).sku).toBe(expected)
  })

  it('takes the words where the number meant something else', async () => {
    const old = { amt: '2.2.1', sku: '0', features: 'AMT + ASF + iQST' }

    expect((await observe({ stdout: JSON.stringify(old) })).sku).toBe('amt')
    expect((await observe({ stdout: JSON.stringify({ ...old, sku: '8', features: 'iQST' }) })).sku).toBe('none')
  })
})

describe('an answer without a version', () => {
  it('is asked again when every query failed although the exit code says nothing', async () => {
    const observed = await observe({ stdout: fixture('v2-failed.json'), stderr: fixture('v2-failed.stderr.txt') })

    expect(observed).toMatchObject({ sku: 'unknown', retry: true })
    expect(observed.why).toBe('rpc did not state version and SKU: wait timeout while sending data')
  })

  it('names the missing program', async () => {
    expect(await observe({ code: -1, stderr: 'spawn rpc ENOENT' })).toEqual({
      sku: 'unknown',
      why: 'rpc is not installed',
      retry: false,
    })
  })

  it('names a program that had to be stopped', async () => {
    expect(await observe({ code: -1, late: true })).toMatchObject({ sku: 'unknown', retry: true })
  })

  it.each([
    ['absent', 'none', false],
    ['device', 'unknown', false],
    ['driver', 'unknown', true],
    ['unknown', 'unknown', false],
  ] as const)('takes a missing driver with engine %s for %s', async (engine, sku, retry) => {
    expect(await observe({ code: 2, stderr: fixture('v2-no-mei.stderr.txt') }, engine)).toMatchObject({ sku, retry })
  })

  it('does not take missing rights for a missing driver', async () => {
    const second = await observe({ code: 2, stderr: fixture('v2-not-root.stderr.txt') }, 'absent')
    const third = await observe({ stdout: fixture('v3-no-heci.json') }, 'absent')

    expect(second).toMatchObject({ sku: 'unknown', why: 'rpc needs root to reach the management engine', retry: false })
    expect(third).toMatchObject({ sku: 'unknown', why: 'rpc needs root to reach the management engine', retry: false })
  })

  it('sees in the third generation that root found no driver', async () => {
    const run = { stdout: fixture('v3-no-heci.json'), stderr: fixture('v3-no-heci-root.stderr.txt') }

    expect(await observe(run, 'absent')).toMatchObject({ sku: 'none', retry: false })
    expect(await observe(run, 'device')).toMatchObject({ sku: 'unknown', retry: false })
  })

  it.each([
    [1, '', 'unknown', false],
    [3, '', 'none', false],
    [4, '', 'unknown', true],
    [10, '', 'unknown', true],
    [28, 'flag provided but not defined', 'unknown', false],
    [10, fixture('v2-interrupted.stderr.txt'), 'unknown', true],
    [10, fixture('v3-busy.stderr.txt'), 'unknown', true],
    [1, 'IncorrectPermissions', 'unknown', false],
    [10, 'error: AmtNotDetected', 'none', false],
    [10, 'error: AmtNotReady', 'unknown', true],
  ])('takes exit code %i with %j for %s, again soon: %s', async (code, stderr, sku, retry) => {
    expect(await observe({ code, stderr })).toMatchObject({ sku, retry })
  })

  it('gives the same answer for the same failure at another time', async () => {
    const now = { code: 10, stderr: fixture('v3-busy.stderr.txt'), stdout: '{"time":"2026-11-20T09:14:03.123+01:00"}' }
    const later = {
      ...now,
      stderr: now.stderr.replaceAll('2026-11-20T09', '2026-11-21T17'),
      stdout: now.stdout.replaceAll('2026-11-20T09', '2026-11-21T17'),
    }

    expect(canonical(await observe(later))).toBe(canonical(await observe(now)))
  })

  it('keeps what was not understood, but not more than fits', async () => {
    const { raw } = await observe({ code: 77, stdout: `never seen\n${'x'.repeat(100_000)}` })

    expect(raw).toMatch(/^never seen/)
    expect(raw?.length).toBe(RAW_MAX)
  })
})

describe('hostile output', () => {
  const isAnswer = async (run: Partial<Run>): Promise<void> => {
    const observed = await observe(run)
    expect(findings(amt.observed, observed)).toEqual([])
    canonical(observed)
  }

  it('is always classified', async () => {
    const code = fc.constantFrom(-1, 0, 1, 2, 3, 4, 5, 10, 28, 255)
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.json(), fc.lorem())
    await fc.assert(
      fc.asyncProperty(code, text, text, (code, stdout, stderr) => isAnswer({ code, stdout, stderr })),
      { numRuns: 300 },
    )
  })

  it('is classified when it is JSON with our names and anything in them', async () => {
    const names = ['amt', 'AMT', 'sku', 'SKU', 'features', 'uuid', 'controlMode', 'ras', 'RAS', 'wiredAdapter']
    const more = ['certificateHashes', 'Wired Adapter', 'operationalState', 'dnsSuffix', '__proto__', 'constructor']
    const keys = fc.constantFrom(...names, ...more)
    const inner = fc.dictionary(fc.constantFrom('networkStatus', 'mpsPort', 'macAddress', 'ipAddress'), fc.jsonValue())
    const value = fc.oneof(fc.jsonValue(), inner, fc.string({ unit: 'binary' }), fc.constant('16.1.25'))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, value), object => isAnswer({ stdout: JSON.stringify(object) })),
      { numRuns: 300 },
    )
  })

  it('is classified wherever it is cut', async () => {
    for (const name of ['v2-amt.json', 'v2-ism.json', 'v2-amt.txt', 'v3-amt.json', 'v3-amt.txt']) {
      const whole = fixture(name)
      for (let end = 0; end < whole.length; end += 23) await isAnswer({ stdout: whole.slice(0, end) })
    }
  })

  it.each([
    ['braces', '{'.repeat(1_000_000)],
    ['quotes', `{"${'\\"'.repeat(500_000)}`],
    ['nesting', `${'{"amt":'.repeat(30_000)}1${'}'.repeat(30_000)}`],
    ['one long line', `Version${' '.repeat(1_000_000)}: 1`],
    ['many labels', 'DHCP Enabled : true\n'.repeat(200_000)],
    ['log without end', `msg="${'a\\'.repeat(500_000)}`],
    ['half a surrogate pair', `{"amt":"16.1.25","sku":"8","dnsSuffix":"${'😀'.repeat(300)}"}`],
  ])('does not stall on %s', async (_what, stdout) => {
    const startedAt = spentMs()
    await isAnswer({ code: 10, stdout, stderr: stdout })
    expect(spentMs() - startedAt).toBeLessThan(2_000)
  })
})

describe('fields', () => {
  it('prefer the answer over a line of the log', () => {
    const log = '{"level":"warning","msg":"uuid","uuid":"x","time":"now"}\n'

    expect(readFields(log + fixture('v2-amt.json'), '').get('amt')).toBe('16.1.25')
  })

  it('are none for a log alone', () => {
    expect(readFields('', fixture('v2-no-mei.stderr.txt')).size).toBe(0)
  })
})
