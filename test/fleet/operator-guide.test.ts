// SPDX-License-Identifier: Apache-2.0
/** The operator's guide is true: its lines are typed one after the other, and what it shows is what is seen. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { blocksOf, exchangesOf, missingFrom } from '../support/guide.ts'
import { createGuideDesk, type GuideDesk } from '../support/guide-desk.ts'
import { freePort } from '../support/process.ts'

const GUIDE = new URL('../../docs/guides/operator.md', import.meta.url)
const blocks = blocksOf(readFileSync(GUIDE, 'utf8'))
const exchanges = exchangesOf(blocks)

let desk: GuideDesk

beforeAll(async () => {
  const [https, bus, cira, hook, strict] = await Promise.all(Array.from({ length: 5 }, freePort))
  desk = createGuideDesk({
    called: [
      ['https://ctl.example:8443', `https://127.0.0.1:${https}`],
      ['127.0.0.1:9555', `127.0.0.1:${hook}`],
      ['127.0.0.1:9556', `127.0.0.1:${strict}`],
      ['mjs 9555', `mjs ${hook}`],
      ['mjs 9556', `mjs ${strict}`],
    ],
    placeholders: ['FINGERPRINT', 'SECRET', 'INVITATION', 'PAGERSECRET', 'STRICTSECRET', 'DELIVERY'],
    more: { 'muster-controller': '--config ports.yaml' },
  })
  // Where it listens is all that differs from a controller without a configuration.
  const ports = {
    dataDir: join(desk.dir, 'data'),
    http: { listen: [`https://127.0.0.1:${https}`] },
    bus: { listen: `127.0.0.1:${bus}`, trustLoopback: true },
    modules: {
      onboarding: {},
      inventory: {},
      tenancy: {},
      access: {},
      webhooks: {},
      oob: { cira: { listen: `127.0.0.1:${cira}` } },
    },
  }
  writeFileSync(join(desk.dir, 'ports.yaml'), stringify(ports))
  for (const { language, note, text } of blocks)
    if (language === 'csv' || language === 'js') writeFileSync(join(desk.dir, note), text)
})
afterAll(() => desk.stop())

describe('the guide', () => {
  it('is not true when a line is not seen, or not in its place', () => {
    expect(missingFrom('NAME   STATE\npress-04  online\n', ['NAME STATE', 'press-… online'])).toBeUndefined()
    expect(missingFrom('press-04  offline\n', ['press-… online'])).toBe('press-… online')
    expect(missingFrom('b\na\n', ['a', 'b'])).toBe('b')
  })

  it('shows many lines', () => {
    expect(exchanges.flatMap(({ lines }) => lines).length).toBeGreaterThan(100)
  })

  it.each(exchanges.map(exchange => ({ exchange, says: exchange.lines.join(' · ') || exchange.sees.join(' · ') })))(
    '$says',
    async ({ exchange }) => {
      const { output, exitCode } = await desk.carryOut(exchange)

      expect(missingFrom(output, exchange.sees), output).toBeUndefined()
      expect(exitCode, output).toBe(exchange.exitCode)
      if (exchange.exitCode === 0) expect(output).not.toMatch(/^error:/m)
    },
  )
})
