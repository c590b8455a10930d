// SPDX-License-Identifier: Apache-2.0
/** From an upload to rows that may be imported, or to the whole list of what is wrong with them. */
import { findings } from '../../../../plugins/contract/index.ts'
import { MetadataItem } from '../../../http/schemas.ts'
import type { Engine } from '../engine/engine.ts'
import type { Overrides } from './columns.ts'
import type { PlannedRow } from './import.ts'
import { knownOf, type Looking } from './known.ts'
import { problem } from './problems.ts'
import { MAX_BYTES, readHosts, type UploadedRow } from './reading.ts'
import { type Checked, preflight } from './rules.ts'

export type Upload = {
  readonly bytes: AsyncIterable<Uint8Array>
  /** As announced. */
  readonly length: number | undefined
  readonly overrides: Overrides
}

export type Checking = Looking & { readonly engine: Engine; readonly requireProfile: boolean }

/** Reads and checks all of it. Throws `csv-unusable` and `import-too-large`. */
export async function checkUpload(checking: Checking, upload: Upload): Promise<readonly Checked[]> {
  if (upload.length !== undefined && upload.length > MAX_BYTES)
    throw problem('import-too-large', `${upload.length} bytes`)
  const rows = await readHosts(upload.bytes, upload.overrides)
  return preflight(rows, {
    known: await knownOf(checking, namedIn(rows)),
    requireProfile: checking.requireProfile,
    isLabel: label => findings(MetadataItem, label).length === 0,
  })
}

function namedIn(rows: readonly UploadedRow[]) {
  const texts = (pick: (row: UploadedRow['row']) => readonly string[]): readonly string[] => [
    ...new Set(rows.flatMap(({ row }) => pick(row)).filter(text => text !== '')),
  ]
  return {
    sites: texts(row => [row.site]),
    profiles: texts(row => [row.osProfile]),
    accounts: texts(row => [row.remoteUser]),
    configs: texts(row => row.cloudInit.split('&').map(name => name.trim())),
  }
}

/** The rows as plans; `undefined` when something is wrong with one of them. */
export function plannedRows(checked: readonly Checked[]): readonly PlannedRow[] | undefined {
  const planned = checked.filter(each => 'plan' in each)
  return planned.length === checked.length ? planned : undefined
}

export function errorsOf(checked: Checked): readonly string[] {
  return 'errors' in checked ? checked.errors : []
}
