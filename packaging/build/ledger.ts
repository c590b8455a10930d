// SPDX-License-Identifier: Apache-2.0
/** The ledger of footprints: what every bundle consists of, committed so that a change of it is seen in review. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from './bundle.ts'
import { type Footprint, footprintOf, type Ledger } from './footprint.ts'
import { variants } from './variants.ts'

const FILE = 'packaging/build/footprint.json'

/** Measures every bundle there is; nothing is written to disk. */
export async function measure(root: string): Promise<Ledger> {
  const measured: Record<string, Footprint> = {}
  for (const [name, program] of Object.entries(await variants(root))) {
    measured[name] = footprintOf((await bundle(root, program)).metafile)
  }
  return measured
}

export async function readLedger(root: string): Promise<Ledger> {
  return JSON.parse(await readFile(join(root, FILE), 'utf8'))
}

export async function writeLedger(root: string, ledger: Ledger): Promise<void> {
  await writeFile(join(root, FILE), `${JSON.stringify(ledger, null, 2)}\n`)
}
