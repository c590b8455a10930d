// SPDX-License-Identifier: Apache-2.0
/** Keeps root certificates and their keys: made once, together, and never again. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Issuer } from '../../../../provisioning/pki/authority.ts'
import { createCiraRoot } from '../../../../provisioning/pki/cira.ts'
import type { Surroundings } from '../../../kernel/ports.ts'
import { Secret, type SecretName, type Secrets } from '../../../secrets/secrets.ts'
import type { Db, Store } from '../../../store/store.ts'
import { problem } from './problems.ts'
import type { CiraRootRow, CiraTables } from './tables.ts'

export type RootsParts = Pick<Surroundings, 'clock' | 'random'> & {
  readonly store: Store
  readonly secrets: Secrets
  readonly backdatedMs?: number
}

export type KeptRoot = { readonly project: string; readonly address: string | undefined; readonly issuer: Issuer }

/** Everything that is kept. Throws `cira-root-incomplete` when the key of one is not there. */
export async function keptRoots(parts: RootsParts): Promise<readonly KeptRoot[]> {
  const rows = await parts.store.installation<CiraTables>().selectFrom('oob_cira_roots').selectAll().execute()
  return Promise.all(rows.map(row => complete(parts, row)))
}

/**
 * The root of a project, made if there has never been one. Of several who want to make it at once, one does and the
 * others are given the same. Throws `cira-root-incomplete`, and `cira-address-taken`.
 */
export async function rootFor(parts: RootsParts, project: string, address: string | undefined): Promise<KeptRoot> {
  const known = await find(parts.store, project)
  if (known !== undefined) return complete(parts, known)
  if ((await keyOf(parts, parts.store, project)) !== undefined) {
    throw incomplete(project, 'its key is there, but not the certificate')
  }
  const made = await createCiraRoot({ ...parts, now: parts.clock.now() })
  const kept = await parts.store.change(async tx => {
    const winner = await find(tx, project)
    if (winner !== undefined) return winner
    if (address !== undefined) await refuseTaken(tx, project, address)
    const row: CiraRootRow = {
      project,
      address: address ?? null,
      certificate: made.certificate,
      created_at: formatTime(parts.clock.now()),
    }
    await tx.installation<CiraTables>().insertInto('oob_cira_roots').values(row).execute()
    await parts.secrets.put(tx, nameOf(project), Secret.of(made.privateKey))
    return row
  })
  return complete(parts, kept)
}

/** Tells devices of a project another address from now on; the root stays. Throws `cira-address-taken`. */
export async function moveRoot({ store }: RootsParts, project: string, address: string): Promise<void> {
  await store.change(async tx => {
    await refuseTaken(tx, project, address)
    await tx
      .installation<CiraTables>()
      .updateTable('oob_cira_roots')
      .set({ address })
      .where('project', '=', project)
      .execute()
  })
}

async function refuseTaken(db: Db, project: string, address: string): Promise<void> {
  const taken = await db
    .installation<CiraTables>()
    .selectFrom('oob_cira_roots')
    .select('project')
    .where('address', '=', address)
    .where('project', '!=', project)
    .executeTakeFirst()
  if (taken !== undefined) throw problem('cira-address-taken', undefined, { address })
}

function find(db: Db, project: string): Promise<CiraRootRow | undefined> {
  return db
    .installation<CiraTables>()
    .selectFrom('oob_cira_roots')
    .selectAll()
    .where('project', '=', project)
    .executeTakeFirst()
}

async function complete(parts: RootsParts, row: CiraRootRow): Promise<KeptRoot> {
  const { project, certificate } = row
  const key = await keyOf(parts, parts.store, project)
  if (key === undefined) throw incomplete(project, 'its key is missing')
  return key.use(privateKey => {
    if (!belongs(certificate, privateKey)) throw incomplete(project, 'its key is that of another certificate')
    return { project, address: row.address ?? undefined, issuer: { certificate, privateKey } }
  })
}

async function keyOf({ secrets }: RootsParts, db: Db, project: string): Promise<Secret | undefined> {
  try {
    return await secrets.active(db, nameOf(project))
  } catch (thrown) {
    throw incomplete(project, 'its key cannot be read', thrown)
  }
}

function belongs(certificate: string, privateKey: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))
  } catch {
    return false // one of them is none
  }
}

function incomplete(project: string, detail: string, cause?: unknown): Error {
  return problem('cira-root-incomplete', detail, { project }, cause)
}

// A project's name has no slash, so none can take the place of the installation's own.
function nameOf(project: string): SecretName {
  return { project: '', kind: 'cira-root-key', owner: project === '' ? 'installation' : `project/${project}` }
}
