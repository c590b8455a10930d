// SPDX-License-Identifier: Apache-2.0
/** The root that devices trust is made once, kept whole, and never replaced behind their back. */

import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type CiraCertificates,
  type CiraCertificatesParts,
  openCiraCertificates,
} from '../../controller/modules/oob/cira/certificates.ts'
import { type CiraTables, ciraMigrations } from '../../controller/modules/oob/cira/tables.ts'
import { openSecrets } from '../../controller/secrets/open.ts'
import type { Secrets } from '../../controller/secrets/secrets.ts'
import { secretMigrations } from '../../controller/secrets/store.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { realRandom } from '../../controller/system/clock.ts'
import { DAY, type Log } from '../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../simulator/clock.ts'
import { ApfDevice } from '../support/apf-device.ts'
import { account, GUID, startCira } from '../support/cira.ts'
import { silent } from '../support/kernel.ts'

const KEY = { project: '', kind: 'cira-root-key', owner: 'installation' }
const dir = mkdtempSync(join(tmpdir(), 'muster-cira-'))
let store: Store
let secrets: Secrets
let clock: FakeClock
let warned: string[]
let files = 0

beforeEach(async () => {
  const file = join(dir, String(files++))
  clock = createFakeClock(Date.now())
  warned = []
  store = openSqlite(file)
  await store.migrate('secrets', secretMigrations)
  await store.migrate('oob', ciraMigrations)
  secrets = await openSecrets({ store, file: `${file}.key`, clock, random: realRandom })
})
afterEach(() => store.close())
afterAll(() => rmSync(dir, { recursive: true }))

function open(more: Partial<CiraCertificatesParts> = {}): Promise<CiraCertificates> {
  const log: Log = { ...silent, warn: message => void warned.push(message) } as Log
  return openCiraCertificates({
    store,
    secrets,
    clock,
    random: realRandom,
    log,
    address: 'mps.example',
    ...more,
  })
}

const rows = () => store.installation<CiraTables>().selectFrom('oob_cira_roots').selectAll().execute()

describe('the root', () => {
  it('is what firmware takes, and signs a server certificate for the address devices are told', async () => {
    const certificates = await open()
    const { pem, notAfter } = certificates.root('any')
    const root = new X509Certificate(pem)
    const leaf = new X509Certificate(certificates.contextFor(undefined).cert)
    const year = 365 * DAY

    expect(root.subject).toMatch(/^CN=MusterCIRA-[0-9a-f]{6}$/)
    expect(root.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3_072)
    expect(root.ca).toBe(true)
    expect(root.raw.length).toBeLessThan(1_500)
    expect(clock.now() - root.validFromDate.getTime()).toBeGreaterThan(year)
    expect(notAfter - clock.now()).toBeGreaterThan(29 * year)
    expect(leaf.verify(root.publicKey)).toBe(true)
    expect(leaf.checkIssued(root)).toBe(true)
    expect(leaf.subject).toBe('CN=mps.example')
    expect(leaf.subjectAltName).toBe('DNS:mps.example')
    expect(leaf.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048)
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    // sha384WithRSAEncryption, RFC 4055 §5
    for (const { raw } of [root, leaf]) expect(raw.toString('hex')).toContain('06092a864886f70d01010c')
  })

  it('names an address that is an IP as one', async () => {
    const certificates = await open({ address: '192.0.2.7' })

    expect(new X509Certificate(certificates.contextFor(undefined).cert).subjectAltName).toBe('IP Address:192.0.2.7')
  })

  it('stays when the controller starts again', async () => {
    const first = (await open()).root('')
    const second = (await open()).root('')

    expect(second.fingerprint).toBe(first.fingerprint)
    expect(await rows()).toHaveLength(1)
  })

  it('is one, whoever starts at the same moment', async () => {
    const [one, other] = await Promise.all([open(), open()])

    expect(one.root('').fingerprint).toBe(other.root('').fingerprint)
    expect(await rows()).toHaveLength(1)
  })

  it('is not made anew when its key is missing', async () => {
    await open()
    await store.change(tx => secrets.remove(tx, KEY))

    await expect(open()).rejects.toMatchObject({ code: 'cira-root-incomplete', detail: 'its key is missing' })
    expect(await rows()).toHaveLength(1)
  })

  it('is not made anew when its certificate is missing', async () => {
    await open()
    await store.installation<CiraTables>().deleteFrom('oob_cira_roots').execute()

    await expect(open()).rejects.toMatchObject({ code: 'cira-root-incomplete' })
    expect(await rows()).toEqual([])
  })

  it('is not made anew when its key is another or cannot be read', async () => {
    await open()
    const row = (await rows())[0]!
    await store
      .installation<any>()
      .updateTable('secrets_values')
      .set({ sealed: 'nonsense' })
      .where('kind', '=', KEY.kind)
      .execute()
    await expect(open()).rejects.toMatchObject({ code: 'cira-root-incomplete', detail: 'its key cannot be read' })
    expect(await rows()).toEqual([row])
  })

  it('is not made while the store is down', async () => {
    const down: Store = Object.create(store, {
      installation: {
        value: () => {
          throw new Error('the disk is gone')
        },
      },
    })

    await expect(open({ store: down })).rejects.toThrow('the disk is gone')
    expect(await rows()).toEqual([])
  })

  it('warns two years before its end', async () => {
    await open()
    expect(warned).toEqual([])
    clock.jump(29 * 365 * DAY)

    await open()

    expect(warned).toEqual(['a root certificate that devices trust ends soon'])
  })
})

describe('the server certificate', () => {
  it('is renewed after two thirds of its life, below the same root', async () => {
    const certificates = await open({ leafLifeMs: 90 * DAY })
    const root = certificates.root('')
    const former = certificates.contextFor(undefined)
    clock.jump(59 * DAY)
    expect(await certificates.renewDue()).toBe(false)
    expect(certificates.contextFor(undefined)).toBe(former)

    clock.jump(2 * DAY)
    expect(await certificates.renewDue()).toBe(true)

    expect(certificates.contextFor(undefined).cert).not.toBe(former.cert)
    expect(certificates.root('').fingerprint).toBe(root.fingerprint)
    expect(certificates.root('').leafNotAfter).toBeGreaterThan(root.leafNotAfter)
    expect(await certificates.renewDue()).toBe(false)
  })
})

describe('a project', () => {
  it('may have a root and an address of its own, and devices of both connect', async () => {
    const certificates = await open()
    await certificates.addProject('bakery', 'MPS.bakery.example')
    const own = certificates.rootOf('bakery')!
    expect(own.fingerprint).not.toBe(certificates.root('other').fingerprint)
    expect(certificates.root('bakery')).toBe(own)
    expect(certificates.rootOf('other')).toBeUndefined()
    const given = await startCira(certificates.contextFor(undefined), { certificates })
    const guids = [GUID, '11111111-2222-3333-4444-555555555555'] as const
    for (const guid of guids) given.accounts.set(guid, account(guid))
    const places = [
      { servername: 'mps.example', ca: certificates.root('').pem },
      { servername: 'mps.bakery.example', ca: own.pem },
    ]
    const devices: ApfDevice[] = []
    for (const [n, tls] of places.entries()) {
      // The device's own words for it: no connection unless name and root are right.
      devices.push(new ApfDevice({ port: given.cira.port, guid: guids[n]!, tls: { ...tls, rejectUnauthorized: true } }))
      await devices[n]!.up()
      await given.connected(guids[n])
    }
    const subjects: string[] = []
    for (const servername of [undefined, 'nobody.example']) {
      const socket = connect({
        port: given.cira.port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        ...(servername === undefined ? {} : { servername }),
      })
      await once(socket, 'secureConnect')
      subjects.push(socket.getPeerX509Certificate()!.subject)
      socket.destroy()
    }

    expect(given.cira.tunnels.size).toBe(2)
    expect(subjects).toEqual(['CN=mps.example', 'CN=mps.example'])
    for (const device of devices) device.close()
    await given.cira.close()
  })

  it('keeps its root through a restart and a change of its address', async () => {
    const before = await (await open()).addProject('bakery', 'one.bakery.example')

    const certificates = await open()
    expect(certificates.rootOf('bakery')).toMatchObject({ fingerprint: before.fingerprint, address: before.address })
    const moved = await certificates.addProject('bakery', 'two.bakery.example')

    expect(moved.fingerprint).toBe(before.fingerprint)
    expect(new X509Certificate(certificates.contextFor('two.bakery.example').cert).subject).toBe(
      'CN=two.bakery.example',
    )
    expect(new X509Certificate(certificates.contextFor('one.bakery.example').cert).subject).toBe('CN=mps.example')
    expect((await rows()).map(({ address }) => address)).toEqual([null, 'two.bakery.example'])
  })

  it('cannot take the address of another', async () => {
    const certificates = await open()
    await certificates.addProject('bakery', 'mps.bakery.example')

    for (const address of ['mps.bakery.example', 'mps.example']) {
      await expect(certificates.addProject('butcher', address)).rejects.toMatchObject({ code: 'cira-address-taken' })
    }
    expect(await rows()).toHaveLength(2)
  })
})
