// SPDX-License-Identifier: Apache-2.0
/** Secrets at rest: sealed for their row, written ahead, and never printed. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { masterKey, seal, unseal } from '../../../../controller/secrets/seal.ts'
import { Secret, type SecretName } from '../../../../controller/secrets/secrets.ts'
import { createSecrets, secretMigrations } from '../../../../controller/secrets/store.ts'
import { openSqlite } from '../../../../controller/store/sqlite.ts'
import { surroundings } from '../../../support/kernel.ts'

const { random, clock } = surroundings()
const master = masterKey(random(32))
const NAME: SecretName = { project: 'a', kind: 'amt-admin', owner: 'guid' }
const canary = 'kanarienvogel-0815'

async function open() {
  const store = openSqlite(':memory:')
  await store.migrate('secrets', secretMigrations)
  return { store, secrets: createSecrets({ master, random, clock }) }
}

const plain = (secret: Secret | undefined): string | undefined => secret?.use(text => text)

describe('a secret in memory', () => {
  it('shows itself in no text, no JSON and no log', () => {
    const secret = Secret.of(canary)

    expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })} ${String(secret)}`).not.toContain(canary)
    expect(plain(secret)).toBe(canary)
  })

  it('equals the same text and nothing longer or shorter', () => {
    const secret = Secret.of('abc')

    expect(['abc', 'ab', 'abcd', '', 'abd'].map(other => secret.equals(other))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('a sealed value', () => {
  it('opens with its key and for its row only', () => {
    const sealed = seal(master, random, { text: canary, about: 'row 1' })

    expect(unseal(master, sealed, 'row 1')).toBe(canary)
    expect(() => unseal(master, sealed, 'row 2')).toThrow('moved')
    expect(() => unseal(masterKey(random(32)), sealed, 'row 1')).toThrow('another key')
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain(canary)
  })

  it('is refused when any byte of it was changed', () => {
    const sealed = Buffer.from(seal(master, random, { text: 'x', about: 'r' }), 'base64')
    for (let at = 0; at < sealed.length; at++) {
      const bent = Buffer.from(sealed)
      bent[at]! ^= 1
      expect(() => unseal(master, bent.toString('base64'), 'r'), `byte ${at}`).toThrow()
    }
  })
})

describe('a stored secret', () => {
  it('is a candidate from the moment it is proposed, behind the one in force', async () => {
    const { store, secrets } = await open()
    await secrets.put(store, NAME, Secret.of('old'))
    await secrets.propose(store, NAME, Secret.of('new'))

    expect(plain(await secrets.active(store, NAME))).toBe('old')
    const candidates = await secrets.candidates(store, NAME)
    expect(candidates.map(({ state, value }) => [state, plain(value)])).toEqual([
      ['active', 'old'],
      ['pending', 'new'],
    ])
  })

  it('keeps the former one when it is activated, and the last three of those', async () => {
    const { store, secrets } = await open()
    for (const text of ['1', '2', '3', '4', '5', '6']) await secrets.put(store, NAME, Secret.of(text))

    const candidates = await secrets.candidates(store, NAME)
    expect(candidates.map(({ value }) => plain(value))).toEqual(['6', '5', '4', '3'])
  })

  it('drops what was pending before it, and nothing that was proposed after it', async () => {
    const { store, secrets } = await open()
    await secrets.propose(store, NAME, Secret.of('first'))
    const second = await secrets.propose(store, NAME, Secret.of('second'))
    await secrets.propose(store, NAME, Secret.of('third'))
    await secrets.activate(store, NAME, second)

    const candidates = await secrets.candidates(store, NAME)
    expect(candidates.map(({ value }) => plain(value))).toEqual(['second', 'third'])
  })

  it('is another in another project', async () => {
    const { store, secrets } = await open()
    await secrets.put(store, NAME, Secret.of('ours'))

    expect(await secrets.active(store, { ...NAME, project: 'b' })).toBeUndefined()
    await secrets.remove(store, { ...NAME, project: 'b' })
    expect(plain(await secrets.active(store, NAME))).toBe('ours')
  })

  it('leaves no trace of its text in the database', async () => {
    const { store, secrets } = await open()
    await secrets.put(store, NAME, Secret.of(canary))
    const rows = await store
      .installation<{ secrets_values: { sealed: string } }>()
      .selectFrom('secrets_values')
      .selectAll()
      .execute()

    expect(JSON.stringify(rows)).not.toContain(canary)
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(canary).toString('base64'))
  })
})
