// SPDX-License-Identifier: Apache-2.0
/** What the controller tells of itself: how it is, what takes its room, what ends when, and the backups that there are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { enrollWire } from '../support/wire-host.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController()
})
afterAll(() => test.stop())

const system = async () => (await test.call('GET', '/v1/system')).body

describe('the controller', () => {
  it('tells how it is, with nothing to complain of when it is new', async () => {
    // Its start kept it busy, and it says so for a second.
    await expect.poll(async () => (await system()).concerns).toEqual([])
    const told = await system()

    expect(told.eventLoop).toEqual({ delayMs: expect.any(Number), overloaded: false })
    expect(told.disk.totalBytes).toBeGreaterThan(told.disk.freeBytes)
    expect(told.store.journalBytes).toBeGreaterThan(0)
    expect(Date.parse(told.installedAt)).toBeLessThanOrEqual(Date.now())
    expect(told.jobs.map(({ name }: { name: string }) => name)).toEqual(['seal the audit', 'forget old events'])
    expect(told.lastBackup).toBeUndefined()
    expect(told.bus.refusedLately).toEqual({})
  })

  it('says what takes room, by owner', async () => {
    const { tables } = (await test.call('GET', '/v1/system/storage')).body
    const audit = tables.find(({ table }: { table: string }) => table === 'kernel_audit')

    expect(audit).toMatchObject({ owner: 'kernel', rows: expect.any(Number) })
    expect(audit.rows).toBeGreaterThan(0)
    expect(audit.bytes).toBeGreaterThanOrEqual(6 * 4_096)
    const whole = tables.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0)
    const { store } = await system()
    expect(whole).toBeLessThanOrEqual(store.sizeBytes + store.journalBytes)
  })

  it('says when its certificates end, and those of hosts, and which agents there are', async () => {
    const before = (await test.call('GET', '/v1/system/certificates')).body
    await enrollWire(test, { hostname: 'press-04', serial: 'SN-4' })
    const { controller, hosts, agents } = (await test.call('GET', '/v1/system/certificates')).body

    expect(controller.map(({ role }: { role: string }) => role)).toEqual(['server', 'issuing', 'root'])
    const root = controller.at(-1)
    expect(root.fingerprint).toBe(test.controller.rootFingerprint)
    expect(Date.parse(root.notAfter)).toBeGreaterThan(Date.now())
    expect(controller[0].names).toContain('localhost')
    expect(before.hosts).toMatchObject({ inUse: 0, expired: 0, within7Days: 0, within30Days: 0, next: [] })
    expect(hosts.inUse).toBe(agents.reduce((sum: number, line: { hosts: number }) => sum + line.hosts, 0))
  })

  it('knows the last backup that somebody has', async () => {
    const { status, text } = await test.call('GET', '/v1/system/backup')
    const { lastBackup } = await system()

    expect(status).toBe(200)
    expect(text.length).toBeGreaterThan(1_000)
    expect(Date.now() - Date.parse(lastBackup.takenAt)).toBeLessThan(30_000)
    expect(lastBackup.sizeBytes).toBeGreaterThan(100_000)
  })

  it('counts no backup that was not fetched', async () => {
    const { lastBackup } = await system()
    const headers = { authorization: `Bearer ${test.token}` }
    const head = await fetch(`${test.url}/v1/system/backup`, { method: 'HEAD', headers })

    expect(head.status).toBe(200)
    expect((await system()).lastBackup).toEqual(lastBackup)
  })

  it('keeps who restored it, and why, in the audit of the database that was restored', async () => {
    const headers = { authorization: `Bearer ${test.token}` }
    const backup = await (await fetch(`${test.url}/v1/system/backup`, { headers })).arrayBuffer()
    const answer = await fetch(`${test.url}/v1/system/restore?reason=wrong%20import`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: backup,
    })
    expect(answer.status).toBe(202)
    const { takenAt } = (await answer.json()) as { takenAt: string }
    const { takeRestored } = await import('../../controller/restore.ts')
    const { openFolder } = await import('../../controller/system/folder.ts')
    const { resolveConfig } = await import('../../controller/config.ts')
    await test.controller.stop()
    expect(takeRestored(openFolder(test.dir), resolveConfig({ dataDir: test.dir }), Date.now())).toBe(true)
    await test.restart()

    const { entries } = (await test.call('GET', '/v1/audit?chain=installation&action=system.restored')).body
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ reason: 'wrong import', detail: { name: 'tester', takenAt } })
    expect((await system()).lastBackup.takenAt).toBe(takenAt)
  })
})
