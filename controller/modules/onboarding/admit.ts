// SPDX-License-Identifier: Apache-2.0
/** Turns a machine that may come in into a host with a certificate, in one transaction. */
import { type Admission, asProblem, formatTime, type HostFacts } from '../../../plugins/contract/index.ts'
import { readHostCertificate } from '../../../provisioning/pki/host-certificate.ts'
import { projectChain } from '../../kernel/audit.ts'
import type { CertificateAuthority } from '../../kernel/authority.ts'
import { addCertificate, revokeAll } from '../../kernel/certificates.ts'
import { dropCommands } from '../../kernel/commands.ts'
import { addHost, changeHost, getHost, type Host, type Label, STATEMENTS } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { applyFields, checkFields } from '../../kernel/patching.ts'
import { type Principal, SYSTEM } from '../../kernel/permissions.ts'
import { writeExpected } from '../../kernel/presence.ts'
import type { Tx } from '../../store/store.ts'

export type Entrant = {
  readonly project: string
  readonly csr: string
  readonly facts: HostFacts
  /** `''`: the one its registration gave it, or the one it calls itself. */
  readonly name: string
  readonly labels: readonly Label[]
  readonly site: string | undefined
  readonly address: string
  /** What it becomes: a registered host, the host it was before it came back with a new key, or a new one. */
  readonly host: Host | undefined
  /** Who let it in, or the system for a rule. */
  readonly by: Principal
  readonly how: string
}

export type AdmitParts = { readonly kernel: Kernel; readonly authority: CertificateAuthority }

/** Makes the host, its certificate and its first ticket. Throws `csr-refused`. */
export async function admitHost(parts: AdmitParts, tx: Tx, entrant: Entrant): Promise<Admission> {
  const { kernel, authority } = parts
  const { project, csr } = entrant
  const host = await becomeHost(kernel, tx, entrant)
  const certificate = await authority.issueHost({ csr, host: host.id, project, epoch: host.epoch })
  const read = readHostCertificate(certificate)
  if (read === undefined) throw new TypeError('the authority issued what it cannot read')
  await addCertificate(tx, project, read, kernel.clock.now())
  await announce(kernel, tx, entrant, host)
  return admissionOf(parts, tx, { host, certificate })
}

async function becomeHost(kernel: Kernel, tx: Tx, entrant: Entrant): Promise<Host> {
  const { project, host: present } = entrant
  const host =
    present === undefined
      ? await newHost(kernel, tx, entrant)
      : present.state === 'registered'
        ? await fulfil(kernel, tx, entrant, present)
        : await reclaim(kernel, tx, entrant, present)
  if (entrant.site !== undefined && host.site === undefined) await place(kernel, tx, host, entrant.site)
  return getHost(tx, project, host.id)
}

/** A site that has gone since the token was made keeps nobody out. */
async function place(kernel: Kernel, tx: Tx, host: Host, site: string): Promise<void> {
  const fields = { siteId: site }
  const gone = await checkFields(kernel, tx, host.project, fields).then(
    () => undefined,
    (thrown: unknown) => asProblem(thrown),
  )
  if (gone === undefined) return applyFields(kernel, tx, { host, fields, by: SYSTEM })
  kernel.log.warn('a machine was admitted without its site', { host: host.id, site, problem: gone.code })
}

export type Admitted = { readonly host: Host; readonly certificate: string }

/** What a machine is told that has come in, with a first ticket; a ticket handed out before is void. */
export async function admissionOf(
  { kernel, authority }: AdmitParts,
  tx: Tx,
  { host, certificate }: Admitted,
): Promise<Admission> {
  const ticket = await freshTicket(kernel, tx, host)
  return {
    status: 'enrolled',
    host: host.id,
    project: host.project,
    certificate,
    trust: authority.trust(),
    broker: authority.broker(),
    ticket,
  }
}

async function freshTicket(
  { random, digest, clock }: Kernel,
  tx: Tx,
  host: { project: string; id: string },
): Promise<string> {
  const ticket = Buffer.from(random(24)).toString('base64url')
  writeExpected(tx, { project: host.project, host: host.id }, { ticket: digest(ticket), now: clock.now() })
  return ticket
}

function newHost(kernel: Kernel, tx: Tx, { project, name, facts, labels }: Entrant): Promise<Host> {
  return addHost(tx, project, { ...kernel, name, facts, labels, state: 'onboarded' })
}

/** The registration says who it is; what the machine reports of itself is added to it. */
async function fulfil(kernel: Kernel, tx: Tx, { name, facts, labels }: Entrant, host: Host): Promise<Host> {
  const own = new Set(host.labels.map(label => label.key))
  await changeHost(tx, host, {
    ...settled(kernel),
    facts: { ...host.facts, ...facts },
    labels: [...host.labels, ...labels.filter(label => !own.has(label.key))],
    name: name === '' ? spokenName(host, facts) : name,
  })
  return host
}

/** A host that nobody has named goes by what its machine calls itself, as if it had not been registered. */
function spokenName(host: Host, facts: HostFacts): string | undefined {
  return host.name === host.id ? facts.hostname : undefined
}

/** The old certificates and what waited for the old installation are void; what is desired stays. */
async function reclaim(kernel: Kernel, tx: Tx, { facts }: Entrant, host: Host): Promise<Host> {
  const { project, id } = host
  await revokeAll(tx, project, id)
  await dropCommands(tx, project, id, kernel.clock.now())
  await changeHost(tx, host, { ...settled(kernel), epoch: host.epoch + 1, facts })
  tx.afterCommit(() => kernel.bus.disconnect(id, 'reclaimed'))
  return host
}

function settled({ clock }: Kernel) {
  const at = formatTime(clock.now())
  return {
    state: 'onboarded',
    registration: { ...STATEMENTS.registered, at },
    onboarding: { ...STATEMENTS.onboarded, at },
    clock,
  } as const
}

async function announce(kernel: Kernel, tx: Tx, entrant: Entrant, host: Host): Promise<void> {
  const { project, address, how, by } = entrant
  const reclaimed = entrant.host !== undefined && entrant.host.state !== 'registered'
  const data = { how, address, name: host.name, simulated: host.simulated, reclaimed }
  await kernel.events.emit(tx, { project, type: 'host.enrolled', subject: host.id, data })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: reclaimed ? 'host.reclaim' : 'host.enroll',
    target: host.id,
    outcome: 'done',
    detail: data,
  })
}
