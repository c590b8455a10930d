// SPDX-License-Identifier: Apache-2.0
/** What is to be done about the ways in: certificates, TLS, and the tunnel. Pure. */
import { createPublicKey, X509Certificate } from 'node:crypto'
import { flagOf, textOf } from '../wsman/wsman.ts'
import { MPS_BOTH, RULES, USER_INITIATED_ON } from './names.ts'
import type { AccessRule, CiraPart, Parts, Server, StorePart, TlsPart } from './observed.ts'
import type { Known } from './plan.ts'
import type { Step } from './step.ts'
import type { Wanted } from './wanted.ts'

/** The server that may stay: the wanted one, once, with a password we know. */
function keptServer({ cira }: Wanted, { servers }: CiraPart, known: Known): Server | undefined {
  if (cira === undefined || known.ciraPassword !== 'kept') return undefined
  return servers.find(
    each =>
      each.address.toLowerCase() === cira.mpsServerAddress.toLowerCase() &&
      each.port === cira.mpsPort &&
      each.format === cira.serverAddressFormat,
  )
}

function isWantedRule(is: AccessRule): boolean {
  const wanted = Object.values(RULES).find(each => each.name === is.name)
  if (wanted === undefined || wanted.trigger !== is.trigger || wanted.lifetime !== is.lifetime) return false
  return wanted.extendedData === '' || is.extendedData === '' || wanted.extendedData === is.extendedData
}

/** Rules go before the servers they name. */
export function ciraStrays(wanted: Wanted, { cira: is }: Pick<Parts, 'cira'>, known: Known): readonly Step[] {
  const kept = keptServer(wanted, is, known)
  const strays = is.servers.filter(each => each !== kept)
  const names = new Set(strays.map(each => each.name))
  const keeps = (rule: AccessRule): boolean =>
    kept !== undefined &&
    isWantedRule(rule) &&
    !is.links.some(link => link.rule === rule.name && names.has(link.server))
  const steps: Step[] = is.rules
    .filter(each => !keeps(each))
    .map(({ name }) => ({ do: 'remove-rule', name, why: `the rule ${name} is not wanted as it is` }))
  for (const { name, address } of strays) {
    steps.push({ do: 'remove-server', name, why: `${address} is not the wanted server` })
  }
  if (wanted.cira === undefined && is.detection.length > 0) {
    steps.push({ do: 'clear-environment', why: 'without a tunnel every network is its own' })
  }
  return steps
}

export function planCira(
  wanted: Wanted,
  { cira: is, store }: Pick<Parts, 'cira' | 'store'>,
  known: Known,
): readonly Step[] {
  if (wanted.cira === undefined) return []
  const steps: Step[] = []
  if (!trusts(store, wanted.cira.mpsRootCertificate)) {
    steps.push({ do: 'add-root', use: 'cira', why: 'it does not trust our tunnel server' })
  }
  if (keptServer(wanted, is, known) === undefined) {
    steps.push({ do: 'add-server', why: `${wanted.cira.mpsServerAddress} is missing` })
  }
  for (const rule of ['periodic', 'user'] as const) {
    const { name } = RULES[rule]
    if (!is.rules.some(each => each.name === name)) steps.push({ do: 'add-rule', rule, why: `${name} is missing` })
  }
  for (const { rule, server, mpsType } of is.links) {
    if (mpsType !== MPS_BOTH) steps.push({ do: 'set-mps-type', rule, server, why: `${rule} is for one kind of server` })
  }
  if (is.userInitiated !== undefined && is.userInitiated !== USER_INITIATED_ON) {
    steps.push({ do: 'enable-user-initiated', why: 'user-initiated access is off' })
  }
  if (!isOutside(is.detection, wanted.suffixes)) {
    steps.push({ do: 'set-environment', why: 'it would not know that it is outside' })
  }
  return steps
}

/**
 * Whether a device with these strings believes that it is outside of its enterprise, and so dials out: there must be
 * some, and none may name a network it may stand in.
 */
export function isOutside(detection: readonly string[], suffixes: readonly string[]): boolean {
  if (detection.length === 0) return false
  const inside = detection.map(each => each.toLowerCase())
  return !suffixes.some(suffix => inside.some(each => suffix === each || suffix.endsWith(`.${each}`)))
}

export function tlsStrays(wanted: Wanted, { tls, store }: Pick<Parts, 'tls' | 'store'>, known: Known): readonly Step[] {
  if (wanted.tls !== undefined || isEnforced(tls, known)) return []
  if (isOn(tls)) return [{ do: 'disable-tls', why: 'TLS is on and not wanted' }]
  return store.bound.map(id => ({ do: 'unbind-certificate', id, why: 'TLS is not wanted' }))
}

export function isEnforced({ remote, local }: TlsPart, known: Pick<Known, 'tlsEnforced'>): boolean {
  const never = (text: string): boolean => text.toLowerCase() === 'false'
  return (
    known.tlsEnforced ||
    never(textOf(remote?.NonSecureConnectionsSupported)) ||
    never(textOf(local?.NonSecureConnectionsSupported))
  )
}

function isOn({ remote, local }: TlsPart): boolean {
  return flagOf(remote?.Enabled) || flagOf(local?.Enabled)
}

/** Certificates and keys that nothing uses and nothing is going to use. */
export function certificateStrays(
  wanted: Wanted,
  { store, tls }: Pick<Parts, 'store' | 'tls'>,
  known: Known,
): readonly Step[] {
  // 802.1x uses certificates in ways that cannot be seen from here.
  if (wanted.wired8021x !== undefined || wanted.wifi.some(each => each.ieee8021x !== undefined)) return []
  const on = isOn(tls) || isEnforced(tls, known)
  const roots = new Set([
    ...(wanted.cira === undefined ? [] : [wanted.cira.mpsRootCertificate.replace(/\s/g, '')]),
    ...(wanted.tls === undefined && !on ? [] : [known.tlsRoot]),
  ])
  const inUse = new Set(on ? store.bound : [])
  const keeps = ({ id, der, trusted }: StorePart['certificates'][number]): boolean =>
    inUse.has(id) || (trusted ? roots.has(der) : wanted.tls !== undefined && isIssuedBy(der, known.tlsRoot))
  const kept = store.certificates.filter(keeps)
  const used = new Set(kept.map(({ der }) => keyIn(der)))
  const hasOwn = kept.some(({ trusted }) => !trusted)
  const spare = wanted.tls === undefined || hasOwn ? undefined : freeKey(store)
  const steps: Step[] = store.certificates
    .filter(each => !keeps(each))
    .map(({ id }) => ({ do: 'remove-certificate', id, why: 'nothing uses it' }))
  for (const { id, der } of store.keys) {
    if (!used.has(der) && id !== spare) steps.push({ do: 'remove-key', id, why: 'nothing uses it' })
  }
  return steps
}

export function planTls(wanted: Wanted, { tls, store }: Pick<Parts, 'tls' | 'store'>, known: Known): readonly Step[] {
  if (wanted.tls === undefined) return []
  const steps: Step[] = [...planCertificate(store, known)]
  if (steps.length > 0) return steps
  const { remote, local } = tls
  const optional = !isEnforced(tls, known)
  const fits =
    flagOf(remote?.Enabled) &&
    flagOf(local?.Enabled) &&
    flagOf(remote?.MutualAuthentication) === wanted.tls.mutual &&
    (!optional || flagOf(remote?.AcceptNonSecureConnections) === wanted.tls.plainToo)
  if (!fits || known.uncommitted) steps.push({ do: 'set-tls', why: fits ? 'it was not committed' : 'TLS differs' })
  return steps
}

/** One act at a time: each makes what the next one needs. */
export function planCertificate(store: StorePart, known: Pick<Known, 'tlsRoot'>): readonly Step[] {
  if (!trusts(store, known.tlsRoot))
    return [{ do: 'add-root', use: 'tls', why: 'it does not know the root of its certificate' }]
  const keys = new Set(store.keys.map(each => each.der))
  const own = store.certificates.filter(
    each => !each.trusted && isIssuedBy(each.der, known.tlsRoot) && keys.has(keyIn(each.der) ?? ''),
  )
  if (own.some(each => store.bound.includes(each.id))) return []
  const [first] = own
  if (first !== undefined) return [{ do: 'bind-certificate', id: first.id, why: 'TLS does not use its certificate' }]
  const id = freeKey(store)
  if (id === undefined) return [{ do: 'generate-key', why: 'it has no key for TLS' }]
  return [{ do: 'add-certificate', id, why: 'its key has no certificate' }]
}

function trusts(store: StorePart, root: string): boolean {
  const der = root.replace(/\s/g, '')
  return store.certificates.some(each => each.trusted && each.der === der)
}

/** A key that no certificate is made for. */
function freeKey({ certificates, keys }: StorePart): string | undefined {
  const used = new Set(certificates.map(each => keyIn(each.der)))
  return keys.find(each => !used.has(each.der))?.id
}

/** The public key in a certificate as the firmware lists keys: PKCS#1 in base64. */
export function keyIn(der: string): string | undefined {
  try {
    const { publicKey } = new X509Certificate(Buffer.from(der, 'base64'))
    return publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
  } catch {
    return undefined // not RSA, or not a certificate at all
  }
}

function isIssuedBy(der: string, root: string): boolean {
  try {
    const certificate = new X509Certificate(Buffer.from(der, 'base64'))
    const issuer = new X509Certificate(Buffer.from(root, 'base64'))
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    return false
  }
}

/** The listed form of a key as a key. */
export function publicKeyOf(der: string) {
  const bytes = Buffer.from(der, 'base64')
  try {
    return createPublicKey({ key: bytes, format: 'der', type: 'pkcs1' })
  } catch {
    return createPublicKey({ key: bytes, format: 'der', type: 'spki' })
  }
}
