// SPDX-License-Identifier: Apache-2.0
/** The plan of provisioning: it ends, it asks for nothing that is there, and it keeps its order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RULES as ACCESS } from '../../../../../../controller/modules/oob/activation/names.ts'
import type { AccessRule, CiraPart, Parts } from '../../../../../../controller/modules/oob/activation/observed.ts'
import { type Known, plan, RULES } from '../../../../../../controller/modules/oob/activation/plan.ts'
import { isOutside } from '../../../../../../controller/modules/oob/activation/plan-access.ts'
import { planSetup } from '../../../../../../controller/modules/oob/activation/setup.ts'
import { keyOf, type Step } from '../../../../../../controller/modules/oob/activation/step.ts'
import { type Wanted, wantedFrom } from '../../../../../../controller/modules/oob/activation/wanted.ts'
import { resolved } from '../../../../../support/activation.ts'

const CIRA = {
  configName: 'c',
  mpsServerAddress: 'mps.example.com',
  mpsPort: 4433,
  username: 'admin',
  commonName: 'mps.example.com',
  serverAddressFormat: 201,
  authMethod: 2,
  mpsRootCertificate: 'cm9vdA==',
  proxyDetails: '',
} as const

const KNOWN: Known = {
  passwordDiffers: false,
  mebxPending: false,
  ciraPassword: 'kept',
  uncommitted: false,
  tlsEnforced: false,
  tlsRoot: '',
}

const wanted = fc
  .record({
    cira: fc.boolean(),
    kvmEnabled: fc.boolean(),
    solEnabled: fc.boolean(),
    iderEnabled: fc.boolean(),
    dhcpEnabled: fc.boolean(),
    admin: fc.boolean(),
    consent: fc.constantFrom('None', 'KVM', 'All'),
    wifi: fc.subarray(['w1', 'w2', 'w3']),
    localWifiSyncEnabled: fc.boolean(),
    proxies: fc.subarray(['p1', 'p2']),
  })
  .map(
    (given): Wanted =>
      wantedFrom(
        resolved({
          profile: {
            activation: given.admin ? 'acmactivate' : 'ccmactivate',
            kvmEnabled: given.kvmEnabled,
            solEnabled: given.solEnabled,
            iderEnabled: given.iderEnabled,
            dhcpEnabled: given.dhcpEnabled,
            userConsent: given.consent as 'All',
            localWifiSyncEnabled: given.localWifiSyncEnabled,
          },
          cira: given.cira ? CIRA : undefined,
          wireless: given.wifi.map((name, at) => ({
            profileName: name,
            authenticationMethod: 6,
            encryptionMethod: 4,
            ssid: name,
            linkPolicy: [],
            ieee8021xProfileName: null,
            priority: at + 1,
            passphrase: undefined,
            ieee8021x: undefined,
          })),
          proxies: given.proxies.map((name, at) => ({
            name,
            address: `${name}.example.com`,
            infoFormat: 201,
            port: 3128,
            networkDnsSuffix: '',
            priority: at,
          })),
        }),
        { ip: undefined, suffixes: ['lab.example.com'] },
      ),
  )

const servers = fc.uniqueArray(fc.constantFrom('mps.example.com', 'old.example.com', 'other.example.net'))
const observed = fc
  .record({
    flags: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
    servers,
    rules: fc.subarray(['Periodic', 'User Initiated', 'Alert']),
    mpsType: fc.constantFrom(0, 1, 2, undefined),
    detection: fc.subarray(['example.com', 'far.away', 'lab.example.com']),
    endpoints: fc.subarray(['w1', 'w2', 'stray']),
    proxies: fc.subarray(['p1', 'stray']),
    consent: fc.constantFrom(0, 1, 4_294_967_295),
    offset: fc.integer({ min: -5_000, max: 5_000 }),
    ids: fc.uniqueArray(fc.constantFrom('1', '2', '3')),
  })
  .map(({ flags, ...given }): Parts => {
    const flag = (at: number): boolean => flags[at] ?? false
    const cira: CiraPart = {
      servers: given.servers.map((address, at) => ({
        name: `s${at}`,
        address,
        format: 201,
        port: 4433,
        commonName: '',
      })),
      rules: given.rules.map(
        (name): AccessRule => ({
          name,
          trigger: name === 'Periodic' ? 2 : name === 'Alert' ? 1 : 0,
          lifetime: name === 'Periodic' ? 0 : 300,
          extendedData: '',
        }),
      ),
      links:
        given.servers.length === 0
          ? []
          : given.rules.map(rule => ({ rule, server: 's0', mpsType: given.mpsType, order: '0' })),
      userInitiated: flag(0) ? 32_771 : 32_768,
      environment: {},
      detection: given.detection,
    }
    return {
      setup: { mode: 'client', allowed: [1, 2], nonce: '' },
      general: { instance: {}, realm: '', sharedFqdn: flag(1), networkEnabled: flag(2), rmcpPing: flag(3) },
      ports: {
        wired: { DHCPEnabled: String(flag(4)), IpSyncEnabled: String(flag(5)), SharedStaticIp: String(flag(6)) },
        wireless: flag(7) ? { MACAddress: 'x' } : undefined,
      },
      wired8021x: { enabled: flag(8), instance: {} },
      wifi: flag(9)
        ? {
            endpoints: given.endpoints.map((name, at) => ({
              id: name,
              name,
              ssid: name,
              authentication: 6,
              encryption: 4,
              priority: at + 1,
            })),
            portState: 3,
            service: {},
            localSync: 0,
            uefiSync: undefined,
          }
        : undefined,
      proxies: given.proxies.map(name => ({ name, address: `${name}.example.com`, port: 3128, suffix: '' })),
      features: {
        redirection: {},
        sol: flag(10),
        ider: flag(11),
        listener: flag(12),
        kvm: flag(13) ? flag(14) : undefined,
        optIn: {},
        consent: given.consent,
      },
      cira,
      store: {
        certificates: given.ids.map(id => ({ id, der: id, trusted: true })),
        keys: given.ids.map(id => ({ id, der: id })),
        bound: [],
      },
      tls: { remote: { Enabled: String(flag(15)) }, local: { Enabled: 'false' } },
      clock: { offsetSeconds: given.offset },
    }
  })

type World = { parts: Parts; known: Known }

/** What firmware that does as it is told looks like after a step. */
function effect({ parts, known }: World, step: Step, want: Wanted): World {
  const cira = (change: Partial<CiraPart>): World => ({
    known,
    parts: { ...parts, cira: { ...parts.cira, ...change } },
  })
  const store = (change: Partial<Parts['store']>): World => ({
    known,
    parts: { ...parts, store: { ...parts.store, ...change } },
  })
  const features = (change: Partial<Parts['features']>): World => ({
    known,
    parts: { ...parts, features: { ...parts.features, ...change } },
  })
  const wifi = (change: object): World => ({
    known,
    parts: { ...parts, wifi: parts.wifi && { ...parts.wifi, ...change } },
  })
  switch (step.do) {
    case 'set-general':
      return {
        known,
        parts: { ...parts, general: { ...parts.general, sharedFqdn: true, networkEnabled: true, rmcpPing: true } },
      }
    case 'set-wired': {
      const { dhcp, ipSync } = want.wired
      return {
        known,
        parts: {
          ...parts,
          ports: {
            ...parts.ports,
            wired: {
              DHCPEnabled: String(dhcp),
              IpSyncEnabled: String(ipSync),
              SharedStaticIp: String(!dhcp && ipSync),
            },
          },
        },
      }
    }
    case 'disable-8021x':
      return { known, parts: { ...parts, wired8021x: { enabled: false, instance: {} } } }
    case 'remove-wifi':
      return wifi({ endpoints: parts.wifi?.endpoints.filter(each => each.id !== step.id) })
    case 'add-wifi': {
      const each = want.wifi.find(({ name }) => name === step.name)
      return wifi({ endpoints: [...(parts.wifi?.endpoints ?? []), { ...each, id: step.name }] })
    }
    case 'set-wifi-port':
      return wifi({ portState: 32_769 })
    case 'set-wifi-sync':
      return wifi({ localSync: want.localWifiSync ? 3 : 0 })
    case 'remove-proxy':
      return { known, parts: { ...parts, proxies: parts.proxies?.filter(each => each.name !== step.name) } }
    case 'add-proxy':
      return {
        known,
        parts: {
          ...parts,
          proxies: [
            ...(parts.proxies ?? []),
            { name: step.name, address: `${step.name}.example.com`, port: 3128, suffix: '' },
          ],
        },
      }
    case 'set-redirection':
      return features({ ider: ((step.state - 32_768) & 1) === 1, sol: ((step.state - 32_768) & 2) === 2 })
    case 'set-kvm':
      return features({ kvm: step.on })
    case 'set-listener':
      return features({ listener: step.on })
    case 'set-consent':
      return features({ consent: step.state })
    case 'sync-clock':
      return { known, parts: { ...parts, clock: { offsetSeconds: 0 } } }
    case 'remove-rule':
      return cira({
        rules: parts.cira.rules.filter(each => each.name !== step.name),
        links: parts.cira.links.filter(each => each.rule !== step.name),
      })
    case 'remove-server':
      return cira({ servers: parts.cira.servers.filter(each => each.name !== step.name) })
    case 'clear-environment':
      return cira({ detection: [] })
    case 'set-environment':
      return cira({ detection: ['somewhere.invalid'] })
    case 'enable-user-initiated':
      return cira({ userInitiated: 32_771 })
    case 'add-server':
      return {
        known: { ...known, ciraPassword: 'kept' },
        parts: {
          ...parts,
          cira: {
            ...parts.cira,
            servers: [
              ...parts.cira.servers,
              { name: 'new', address: 'mps.example.com', format: 201, port: 4433, commonName: '' },
            ],
          },
        },
      }
    case 'add-rule': {
      const { name, trigger, lifetime, extendedData } = ACCESS[step.rule]
      return cira({
        rules: [...parts.cira.rules, { name, trigger, lifetime, extendedData }],
        links: [...parts.cira.links, { rule: name, server: parts.cira.servers[0]?.name ?? '', mpsType: 0, order: '0' }],
      })
    }
    case 'set-mps-type':
      return cira({ links: parts.cira.links.map(each => (each.rule === step.rule ? { ...each, mpsType: 2 } : each)) })
    case 'add-root':
      return store({
        certificates: [...parts.store.certificates, { id: 'root', der: CIRA.mpsRootCertificate, trusted: true }],
      })
    case 'remove-certificate':
      return store({ certificates: parts.store.certificates.filter(each => each.id !== step.id) })
    case 'remove-key':
      return store({ keys: parts.store.keys.filter(each => each.id !== step.id) })
    case 'disable-tls':
      return { known, parts: { ...parts, tls: { remote: { Enabled: 'false' }, local: { Enabled: 'false' } } } }
    case 'set-password':
      return { parts, known: { ...known, passwordDiffers: false } }
    case 'set-mebx-password':
      return { parts, known: { ...known, mebxPending: false } }
    default:
      throw new Error(`no effect is known of ${step.do}`)
  }
}

describe('the plan', () => {
  it('ends within 60 steps, whatever the device looks like, when each has its effect', () => {
    const known = fc.record({
      passwordDiffers: fc.boolean(),
      mebxPending: fc.boolean(),
      ciraPassword: fc.constantFrom('kept' as const, 'missing' as const, 'differs' as const),
    })
    fc.assert(
      fc.property(wanted, observed, known, (want, parts, more) => {
        let world: World = { parts, known: { ...KNOWN, ...more } }
        const done: string[] = []
        for (const rule of RULES) {
          for (;;) {
            const [step] = rule.plan(want, world.parts, world.known)
            if (step === undefined) break
            expect(done.length, done.join('\n')).toBeLessThan(60)
            done.push(keyOf(step))
            world = effect(world, step, want)
          }
        }
        const rest = plan(want, world.parts, world.known)
        expect(rest, JSON.stringify(rest)).toEqual([])
        expect(new Set(done).size, 'a step was done twice').toBe(done.length)
      }),
      { numRuns: 500 },
    )
  })

  it('takes rules away before the servers they name', () => {
    fc.assert(
      fc.property(wanted, observed, (want, parts) => {
        const steps = plan(want, parts, KNOWN).map(each => each.do)
        const server = steps.indexOf('remove-server')
        if (server >= 0) expect(steps.lastIndexOf('remove-rule')).toBeLessThan(server)
      }),
    )
  })
})

describe('the way to a control mode', () => {
  const setup = (mode: 'none' | 'client' | 'admin') => ({ mode, allowed: [1, 2], nonce: '' })

  it.each([
    ['none', 'client', false, true, 'setup-client'],
    ['none', 'admin', false, true, 'setup-admin'],
    ['none', 'admin', true, false, 'setup-client'],
    ['client', 'admin', true, false, 'secure'],
    ['client', 'admin', true, true, 'upgrade'],
    ['client', 'client', false, true, undefined],
    ['admin', 'admin', false, true, undefined],
    ['admin', 'client', false, true, 'refuse'],
  ] as const)(
    'from %s to %s (through client control: %s, secured: %s) is %s',
    (from, mode, viaClient, isSecured, step) => {
      expect(planSetup(setup(from), { mode, viaClient, isSecured })).toBe(step)
    },
  )
})

describe('environment detection', () => {
  it.each([
    [[], ['lab.example.com'], false],
    [['far.invalid'], ['lab.example.com'], true],
    [['lab.example.com'], ['lab.example.com'], false],
    [['example.com'], ['lab.example.com'], false],
    [['LAB.Example.com'], ['lab.example.com'], false],
    [['far.invalid'], [], true],
  ])('%j in networks %j is outside: %s', (detection, suffixes, outside) => {
    expect(isOutside(detection, suffixes)).toBe(outside)
  })
})
