// SPDX-License-Identifier: Apache-2.0
/** The audit: chained, sealed, and named where it was touched. */
import { describe, expect, it } from 'vitest'
import { createAudit, INSTALLATION_CHAIN, projectChain } from '../../../../controller/kernel/audit.ts'
import { SYSTEM } from '../../../../controller/kernel/permissions.ts'
import { canonical } from '../../../../plugins/contract/index.ts'
import { kernelStore, surroundings, testSigner } from '../../../support/kernel.ts'

async function filled(entries: number) {
  const store = await kernelStore()
  const around = surroundings()
  const signer = testSigner()
  const audit = createAudit(store, signer, around)
  for (let at = 0; at < entries; at++) {
    await store.change(tx =>
      audit.append(tx, {
        chain: projectChain('default'),
        principal: SYSTEM,
        action: 'test',
        target: `t${at}`,
        outcome: 'done',
        detail: { at },
      }),
    )
  }
  return { store, audit, signer, around }
}

describe('the audit', () => {
  it('chains every entry to the one before', async () => {
    const { audit, around } = await filled(3)
    const entries = await audit.list('project:default', 0, 10)
    expect(entries.map(entry => entry.n)).toEqual([1, 2, 3])
    let prev = '0'
    for (const { hash, ...body } of entries) {
      expect(body.prev).toBe(prev)
      expect(around.digest(`${prev}\n${canonical(body)}`)).toBe(hash)
      prev = hash
    }
  })

  it('keeps an entry only with the change it records', async () => {
    const { store, audit } = await filled(1)
    await expect(
      store.change(async tx => {
        await audit.append(tx, {
          chain: 'project:default',
          principal: SYSTEM,
          action: 'lost',
          target: 'x',
          outcome: 'done',
        })
        throw new Error('cut')
      }),
    ).rejects.toThrow('cut')
    expect(await audit.list('project:default', 0, 10)).toHaveLength(1)
  })

  it('keeps a chain for each project and one for the installation', async () => {
    const { store, audit } = await filled(1)
    await store.change(tx =>
      audit.append(tx, { chain: INSTALLATION_CHAIN, principal: SYSTEM, action: 'a', target: 't', outcome: 'done' }),
    )
    expect(await audit.chains()).toEqual(['installation', 'project:default'])
    expect((await audit.list('installation', 0, 10))[0]).toMatchObject({ n: 1, prev: '0' })
  })

  it('seals what grew, once, and hands out a witness', async () => {
    const { audit } = await filled(5)
    expect(audit.witness()).toBeUndefined()
    await audit.checkpoint()
    const witness = audit.witness()
    expect(witness).toMatch(/^[\w-]{43}$/)
    await audit.checkpoint()
    expect(audit.witness()).toBe(witness)
    const lines: string[] = []
    for await (const line of audit.exported({ chain: 'project:default', installation: 'inst' })) lines.push(line)
    expect(lines).toHaveLength(1 + 5 + 1)
    expect(JSON.parse(lines[0]!)).toEqual({
      kind: 'muster-audit',
      v: 1,
      chain: 'project:default',
      installation: 'inst',
    })
    expect(JSON.parse(lines.at(-1)!).checkpoint).toMatchObject({ n: 5, chain: 'project:default' })
  })
})
