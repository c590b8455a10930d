// SPDX-License-Identifier: Apache-2.0
/** Services of a device that no route of MPS has, against a simulated machine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  addCertificate,
  generateKey,
  readCertificates,
  removeKey,
} from '../../controller/modules/oob/device/certificates.ts'
import { readConsentState } from '../../controller/modules/oob/device/consent.ts'
import { changeWired8021x } from '../../controller/modules/oob/device/ieee8021x.ts'
import { softThenHard } from '../../controller/modules/oob/device/power.ts'
import { synchroniseTime } from '../../controller/modules/oob/device/time.ts'
import { changeTls } from '../../controller/modules/oob/device/tls.ts'
import { controlModeOf, majorVersion, readVersions } from '../../controller/modules/oob/device/version.ts'
import type { Wsman } from '../../controller/modules/oob/wsman/wsman.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { activeMachine, startMps } from '../support/mps.ts'

const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'
let mps: Awaited<ReturnType<typeof startMps>>
let machine: AmtMachine
let wsman: Wsman
beforeEach(async () => {
  mps = await startMps()
  machine = activeMachine(GUID)
  await mps.connect(GUID, machine)
  wsman = (await mps.reaches.reach('default', GUID)).wsman
})
afterEach(async () => {
  await mps.stop()
  await machine.stop()
})

/** Waits are over at once, and are counted. */
function swiftClock() {
  let at = 0
  return {
    ...realClock,
    monotonic: () => at,
    sleep: async (waitMs: number) => {
      at += waitMs
    },
  }
}

describe('shutting down', () => {
  const off = () =>
    softThenHard(wsman, {
      guid: GUID,
      code: 12,
      hard: 8,
      waitMs: 10_000,
      redirections: mps.redirections.live,
      clock: swiftClock(),
      signal: new AbortController().signal,
    })

  it('asks the operating system, and believes what it reads back', async () => {
    expect(await off()).toMatchObject({ took: 'soft', state: 8 })
    expect(machine.state.counters.powerActions).toBe(1)
  })

  it('does it the hard way when nobody listens', async () => {
    machine.power.systemUp = false

    expect(await off()).toMatchObject({ took: 'hard', state: 8, output: { returnValue: 0 } })
    expect(machine.state.counters.powerActions).toBe(2)
  })
})

describe('the firmware', () => {
  it('is known by its version and control mode', async () => {
    const versions = await readVersions(wsman)

    expect(majorVersion(versions)).toBe(16)
    expect(controlModeOf(versions.setup.content)).toBe('admin')
    expect(await readConsentState(wsman)).toBe(0)
  })

  it('sets its clock by the difference of ours to its own', async () => {
    machine.state.clockOffsetMs = -120_000
    const { offS } = await synchroniseTime(wsman, realClock)

    expect(offS).toBeLessThan(-115)
    expect(Math.abs(machine.state.clockOffsetMs)).toBeLessThan(3_000)
  })

  it('keeps certificates once, and keys until they are removed', async () => {
    const { root } = await createAuthority({ now: realClock.now(), random: realRandom })
    const key = await generateKey(wsman, 2048)
    const x509 = Buffer.from(root.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('base64')
    const first = await addCertificate(wsman, { x509, isTrusted: true })

    expect(await addCertificate(wsman, { x509, isTrusted: true })).toBe(first)
    expect((await readCertificates(wsman)).keys.map(each => each.instanceId)).toContain(key)
    await removeKey(wsman, key)
    expect((await readCertificates(wsman)).keys.map(each => each.instanceId)).not.toContain(key)
  })

  it('puts TLS in force on both interfaces by a commit', async () => {
    machine.state.certificates = [{ id: 'Intel(r) AMT Certificate: Handle: 0', der: 'MIIB', trusted: false, key: 'k' }]
    machine.state.tls.certificate = 'Intel(r) AMT Certificate: Handle: 0'

    await changeTls(wsman, { enabled: true, mutual: false })

    expect(machine.state.tls.settings.map(each => [each.enabled, each.mutual])).toEqual([
      [true, false],
      [true, false],
    ])
    expect(machine.faults.seen.filter(each => /^(Put|CommitChanges)/.test(each))).toEqual([
      'Put AMT_TLSSettingData',
      'Put AMT_TLSSettingData',
      'CommitChanges AMT_SetupAndConfigurationService',
    ])
  })

  it('logs in to the switch with 802.1X, and does no longer', async () => {
    const { root } = await createAuthority({ now: realClock.now(), random: realRandom })
    const x509 = root.certificate.replace(/-----[^-]+-----|\s/g, '')
    const rootCertificate = await addCertificate(wsman, { x509, isTrusted: true })

    await changeWired8021x(wsman, {
      protocol: 2,
      username: 'till-2',
      password: 'p&<>',
      pxeTimeout: 120,
      rootCertificate,
    })
    expect(machine.state.wired8021x).toMatchObject({
      issuer: rootCertificate,
      settings: { Enabled: '2', AuthenticationProtocol: '2', Username: 'till-2', Password: 'p&<>', PxeTimeout: '120' },
    })
    await changeWired8021x(wsman, undefined)

    expect(machine.state.wired8021x.settings.Enabled).toBe('3')
  })
})
