// SPDX-License-Identifier: Apache-2.0
/** The folders in which the hosts of a fleet keep what they keep. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { check } from '../plugins/contract/index.ts'
import { simulatorProblem } from './problems.ts'

const Label = Type.Object({ seed: Type.String() })
type Label = Static<typeof Label>

export interface Yard {
  /** The folder of a host. That of a clone is empty, whatever an earlier run left there. */
  place(number: number, options?: { readonly clone?: boolean }): string
  /** Removes the folders when they were temporary. */
  close(): void
}

export type YardOptions = {
  readonly seed: string
  readonly dir: string | undefined
  /** The first number of the part of the fleet that is opened; 1 unless said otherwise. */
  readonly part?: number
}

/**
 * Opens the folder of a fleet, or a temporary one. Throws `simulator-usage` when it holds a fleet of another seed, whose
 * identities would end up on other machines.
 */
export function openYard({ seed, dir, part = 1 }: YardOptions): Yard {
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'muster-sim-'))
  if (dir !== undefined) claim(dir, seed)
  // Each part of a fleet has copies of its own, so that no process removes what another has just made.
  const clones = join(folder, part === 1 ? 'clones' : `clones-${part}`)
  rmSync(clones, { recursive: true, force: true })
  return {
    place(number, { clone = false } = {}) {
      const name = String(number).padStart(5, '0')
      return join(clone ? clones : join(folder, 'hosts'), name)
    },
    close() {
      if (dir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function claim(dir: string, seed: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'fleet.json')
  const found = labelIn(path)
  if (found !== undefined && found.seed !== seed) {
    throw simulatorProblem(
      'simulator-usage',
      `${dir} holds a fleet of seed \`${found.seed}\`; name that seed or another folder`,
    )
  }
  writeFileSync(path, JSON.stringify({ seed }), { mode: 0o600 })
}

function labelIn(path: string): Label | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return check(Label, JSON.parse(text), path)
}
