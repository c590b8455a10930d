// SPDX-License-Identifier: Apache-2.0
/** Turns a machine that may come in into a host with a certificate, in one transaction. */
import type { Admission, HostFacts } from '../../../plugins/contract/index.ts'
import { readHostCertificate } from '../../../provisioning/pki/host-certificate.ts'
import { projectChain } from '../../kernel/audit.ts'
import type { CertificateAuthority } from '../../kernel/authority.ts'
import { addCertificate, revokeAll } from '../../kernel/certificates.ts'
import { dropCommands } from '../../kernel/commands.ts'
import { addHost, changeHost, getHost, type Host, type Label } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { writeExpected } from '../../kernel/presence.ts'
import type { Tx } from '../../store/store.ts'

export type Entrant = {
  readonly project: string
  readonly csr: string
  readonly facts: HostFacts
  readonly name: string
  readonly labels: readonly Label[]
  readonly address: string
  /** The host this machine was before, when it comes back with a new key. */
  readonly reclaims: string | undefined
  /** Who let it in, or the system for a rule. */
  readonly by: Principal
  readonly how: string
}

export type AdmitParts = { readonly kernel: Kernel; readonly authority: CertificateAuthority }

/** Makes the host, its certificate and its first ticket. Throws `csr-refused`. */
export async function admitHost(parts: AdmitParts, tx: Tx, entrant: Entrant): Promise<Admission> {
  const { kernel, authority } = parts
  const { project, csr } = entrant
  const host =
    entrant.reclaims === undefined
      ? await newHost(kernel, tx, entrant)
      : await reclaim(kernel, tx, entrant, entrant.reclaims)
  const certificate = await authority.issueHost({ csr, host: host.id, project, epoch: host.epoch })
  const read = readHostCertificate(certificate)
  if (read === undefined) throw new TypeError('the authority issued what it cannot read')
  await addCertificate(tx, project, read, kernel.clock.now())
  await announce(kernel, tx, entrant, host)
  return admissionOf(parts, tx, { host, certificate })
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
  await writeExpected(tx, host.project, host.id, { ticket: digest(ticket), now: clock.now() })
  return ticket
}

function newHost(kernel: Kernel, tx: Tx, { project, name, facts, labels }: Entrant): Promise<Host> {
  return addHost(tx, project, { ...kernel, name, facts, labels, state: 'onboarded' })
}

/** The old certificates and what waited for the old installation are void; what is desired stays. */
async function reclaim(kernel: Kernel, tx: Tx, { project, facts }: Entrant, id: string): Promise<Host> {
  const host = await getHost(tx, project, id)
  await revokeAll(tx, project, id)
  await dropCommands(tx, project, id, kernel.clock.now())
  await changeHost(tx, host, { state: 'onboarded', epoch: host.epoch + 1, facts, clock: kernel.clock })
  tx.afterCommit(() => kernel.bus.disconnect(id, 'reclaimed'))
  return getHost(tx, project, id)
}

async function announce(kernel: Kernel, tx: Tx, entrant: Entrant, host: Host): Promise<void> {
  const { project, address, how, by, reclaims } = entrant
  const data = { how, address, name: host.name, simulated: host.simulated, reclaimed: reclaims !== undefined }
  await kernel.events.emit(tx, { project, type: 'host.enrolled', subject: host.id, data })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: reclaims === undefined ? 'host.enroll' : 'host.reclaim',
    target: host.id,
    outcome: 'done',
    detail: data,
  })
}
