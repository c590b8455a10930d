// SPDX-License-Identifier: Apache-2.0
/** The steps of an enrollment as the person at the machine sees them pass or fail. */
import { isIP } from 'node:net'
import { asProblem, type Problem } from '../../plugins/contract/index.ts'
import type { DialTarget, Network } from '../system/system.ts'

export type StepName =
  | 'address'
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'clock'
  | 'token'
  | 'approval'
  | 'certificate'
  | 'mqtt'
  | 'report'

export type EnrollStep = {
  readonly name: StepName
  readonly ok: boolean
  /** What was found, or why it failed; no secrets. */
  readonly detail: string
  /** What to do about a failure. */
  readonly hint?: string
}

const TITLES: Readonly<Record<StepName, string>> = {
  address: 'address',
  dns: 'DNS',
  tcp: 'TCP',
  tls: 'TLS',
  clock: 'clock',
  token: 'token',
  approval: 'approval',
  certificate: 'certificate',
  mqtt: 'MQTT',
  report: 'first report',
}

/** One line of the printed checklist: `✓ TCP 8443`. */
export function formatStep({ name, ok, detail }: EnrollStep): string {
  return `${ok ? '✓' : '✗'} ${[TITLES[name], detail].filter(Boolean).join(' ')}`
}

/** A step that failed by a problem. */
export function failed(name: StepName, thrown: unknown): EnrollStep {
  const { title, detail, next } = asProblem(thrown)
  const said = detail === undefined ? title : `${title}: ${detail}`
  return { name, ok: false, detail: said, ...(next === undefined ? {} : { hint: next }) }
}

export type FirstContact = { readonly target: DialTarget; readonly network: Network; readonly root: string }

/** The first three steps, when the controller was reached. */
export function reached({ target, network, root }: FirstContact): readonly EnrollStep[] {
  return [
    ...passedDns(target, network),
    { name: 'tcp', ok: true, detail: throughProxy(target, network, String(target.port)) },
    { name: 'tls', ok: true, detail: `(root ${root.slice(0, 8)}…)` },
  ]
}

/** How far we came, when it was not. */
export function notReached({ target, network }: FirstContact, problem: Problem): readonly EnrollStep[] {
  const { code, fields } = problem
  if (code === 'unreachable' && isNameless(fields.cause)) return [failed('dns', problem)]
  const dns = passedDns(target, network)
  if (code === 'unreachable' || code === 'proxy-refused' || code === 'timed-out')
    return [...dns, failed('tcp', problem)]
  return [
    ...dns,
    { name: 'tcp', ok: true, detail: throughProxy(target, network, String(target.port)) },
    failed(code === 'clock-behind' ? 'clock' : 'tls', problem),
  ]
}

const OF_TCP: readonly string[] = ['unreachable', 'proxy-refused', 'timed-out']
const OF_TLS: readonly string[] = ['untrusted-controller', 'name-mismatch', 'clock-behind', 'certificate-expired']

/** A later step that failed, or what had passed before and now does not. */
export function failedOnTheWay(name: StepName, thrown: unknown): EnrollStep {
  const { code } = asProblem(thrown)
  if (OF_TCP.includes(code)) return failed('tcp', thrown)
  return failed(OF_TLS.includes(code) ? 'tls' : name, thrown)
}

/** How getaddrinfo(3) says that it knows no such name, or cannot ask. */
function isNameless(cause: unknown): boolean {
  return cause === 'ENOTFOUND' || cause === 'EAI_AGAIN'
}

function passedDns({ host, port }: DialTarget, network: Network): readonly EnrollStep[] {
  if (isIP(host) !== 0) return []
  return [{ name: 'dns', ok: true, detail: throughProxy({ host, port }, network, '') }]
}

function throughProxy(target: DialTarget, network: Network, detail: string): string {
  const proxy = proxyOf(target, network)
  return proxy === undefined ? detail : `${detail} (through proxy ${proxy})`.trim()
}

// A proxy that is named wrongly is why the connection failed, and is said there.
function proxyOf(target: DialTarget, network: Network): string | undefined {
  try {
    return network.proxyFor(target)?.host
  } catch {
    return undefined
  }
}
