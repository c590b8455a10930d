// SPDX-License-Identifier: Apache-2.0
/** What is asked before a device is touched, in RPS's order and words. */
import { isSegment } from '../../../../plugins/contract/index.ts'
import { findProject } from '../../../kernel/projects.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import { Secret, type StoredSecret } from '../../../secrets/secrets.ts'
import { deviceSecret } from '../devices/secrets.ts'
import type { ProvisioningCertificate, ResolvedProfile } from '../records/records.ts'
import type { Command } from './command-line.ts'
import type { ActivationParts, Ordered } from './parts.ts'
import { type DeviceClaim, Refusal } from './protocol.ts'
import { TEXT } from './texts.ts'
import { type Wanted, wantedFrom } from './wanted.ts'

/** UUIDs that boards carry when nobody gave them one. */
const SENTINELS = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
])

export function checkUuid({ uuid }: DeviceClaim): void {
  if (SENTINELS.has(uuid)) throw new Refusal(TEXT.invalidUuid(uuid))
}

/** Versions whose first builds could not be set up remotely. */
const NEED_BUILD = new Set([7, 7.1, 8, 8.1, 9, 9.1, 9.5, 10, 11, 11.5, 11.6])
const FIRST_BUILD = 3_000

export function checkVersion({ uuid, ver, build }: DeviceClaim, action: 'activation' | 'deactivation'): void {
  const version = Number.parseFloat(ver)
  if (NEED_BUILD.has(version)) {
    if (Number.parseInt(build, 10) < FIRST_BUILD) throw new Refusal(TEXT.oldBuild(uuid, action))
  } else if (!(version >= 7)) throw new Refusal(TEXT.tooOld(uuid, action, ver))
}

/** Rejects when the GUID belongs to another project. */
export async function checkOwner({ kernel, devices }: ActivationParts, project: string, uuid: string): Promise<void> {
  const owner = await devices.owner(kernel.store, uuid)
  if (owner !== undefined && owner.project !== project) throw new Refusal(TEXT.otherTenant)
}

/** With the policy `known`, only machines that somebody put into the project may be activated. */
export async function checkKnown(parts: ActivationParts, project: string, uuid: string): Promise<void> {
  const { store } = parts.kernel
  if ((await findProject(store, project))?.state === 'deleting') throw new Refusal(TEXT.unknownDevice(uuid))
  if (parts.config.policy !== 'known') return
  if ((await parts.devices.find(store, project, uuid)) !== undefined) return
  const host = await store
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select('id')
    .where('uuid', '=', uuid)
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  if (host === undefined) throw new Refusal(TEXT.unknownDevice(uuid))
}

/** The project a message is for: its tenant, or the first project. */
export function projectOf({ config }: ActivationParts, tenantId: string): string {
  return tenantId === '' ? config.project : tenantId
}

export async function resolvedFor(
  { kernel, secrets, records }: ActivationParts,
  { project, claim, name }: { readonly project: string; readonly claim: DeviceClaim; readonly name: string },
): Promise<{ readonly resolved: ResolvedProfile; readonly wanted: Wanted }> {
  const resolved = isSegment(project)
    ? await records.resolveProfile(kernel.store, secrets, { project, name })
    : undefined
  if (resolved === undefined) throw new Refusal(TEXT.unknownProfile(claim.uuid, name))
  const suffixes = [claim.fqdn, claim.hostnameInfo?.dnsSuffixOS ?? '']
  return { resolved, wanted: wantedFrom(resolved, { ip: claim.ipConfiguration, suffixes }) }
}

/** The certificate for admin control. Rejects before the firmware is touched when it would not take it. */
export async function certificateFor(
  { kernel, secrets, records }: ActivationParts,
  project: string,
  { uuid, certHashes, fqdn }: DeviceClaim,
): Promise<ProvisioningCertificate> {
  if (certHashes === undefined) throw new Refusal(TEXT.missingHashes(uuid))
  if (fqdn === '') throw new Refusal(TEXT.missingSuffix(uuid))
  const domain = await records.domainFor(kernel.store, project, fqdn)
  if (domain === undefined) throw new Refusal(TEXT.unknownSuffix(uuid, fqdn))
  const certificate = await records.provisioningCertificate(kernel.store, secrets, { project, domain })
  if (certificate === undefined) throw new Refusal(TEXT.noCertificate)
  const { sha1, sha256, sha384 } = certificate.rootHashes
  if (![sha256, sha384, sha1].some(each => certHashes.includes(each))) throw new Refusal(TEXT.wrongHash)
  return certificate
}

/** Under which version the password that came with the command is tried; stored ones count from 1. */
export const GIVEN = 0

/** Most likely first. */
export type Passwords = readonly { readonly version: number; readonly value: Secret }[]

export type PasswordQuestion = {
  readonly project: string
  readonly claim: DeviceClaim
  readonly command: Command
  /** What an operator ordered; our own passwords are used then, whatever the client sent. */
  readonly isOrdered: boolean
  /** An attempt of ours was cut off: nobody but us can know the password. */
  readonly isResumed: boolean
  /** Whether a device of which we have no password is taken over with the one that was sent. */
  readonly adopts: boolean
}

/** The passwords to be tried on an activated device, most likely first. */
export async function passwordsFor(
  { kernel, secrets }: ActivationParts,
  { project, claim, command, isOrdered, isResumed, adopts }: PasswordQuestion,
): Promise<Passwords> {
  const stored = await secrets.candidates(kernel.store, deviceSecret(project, claim.uuid, 'amt-admin'))
  const text = command.password ?? claim.password
  const given = { version: GIVEN, value: Secret.of(text) }
  const match = stored.find(each => each.value.equals(text))
  if (match !== undefined) return [match, ...stored.filter(each => each !== match)]
  if (command.force) return text === '' ? stored : [given, ...stored]
  if (stored.length > 0 && (isOrdered || isResumed || isUnconfirmed(stored))) return stored
  if (stored.length === 0 && adopts && text !== '') return [given]
  throw new Refusal(TEXT.wrongPassword(claim.uuid))
}

/**
 * Whether an order vouches for a client that does not know the password. An activation that is under way may be taken
 * back on the way; one that is done, and the device's settings, are nothing that whoever sits at the machine may undo.
 */
export function isVouchedFor(verb: Command['verb'], order: Ordered | undefined): boolean {
  if (verb === 'activate') return order === 'activate' || order === 'activated'
  return verb === 'deactivate' && (order === 'deactivate' || order === 'activate')
}

/** Only values that were kept ahead of being set: the activation never got as far as to tell anybody. */
function isUnconfirmed(stored: readonly StoredSecret[]): boolean {
  return stored.every(each => each.state === 'pending')
}
