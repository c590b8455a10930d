// SPDX-License-Identifier: Apache-2.0
/** Opens the secrets of an installation: its key, and a look whether key and database belong together. */
import type { Surroundings } from '../kernel/ports.ts'
import type { Store } from '../store/store.ts'
import { openKeyFile } from './key-file.ts'
import { Secret, type SecretName, type Secrets } from './secrets.ts'
import { createSecrets } from './store.ts'

const CANARY: SecretName = { project: '', kind: 'canary', owner: 'secrets' }

export type OpenSecrets = Pick<Surroundings, 'clock' | 'random'> & { readonly store: Store; readonly file: string }

/** Throws `secrets-key-unusable` or `secrets-unreadable` rather than start with a key that opens nothing. */
export async function openSecrets({ store, file, clock, random }: OpenSecrets): Promise<Secrets> {
  const row = await store
    .installation<{ secrets_values: { kind: string } }>()
    .selectFrom('secrets_values')
    .select('kind')
    .limit(1)
    .executeTakeFirst()
  const secrets = createSecrets({ master: openKeyFile({ file, random, inUse: row !== undefined }), clock, random })
  const canary = await secrets.active(store, CANARY)
  if (canary === undefined) await store.change(tx => secrets.put(tx, CANARY, Secret.of('it sings')))
  return secrets
}
