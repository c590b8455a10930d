// SPDX-License-Identifier: Apache-2.0
/** Why a host is not what it should be: everything that keeps it, in the order in which it must be mended. */
import { SECOND } from '../../plugins/contract/index.ts'
import { getHost, type Host } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Blocker } from '../kernel/module.ts'
import { RANKS } from '../kernel/ranks.ts'
import { type Facts, gatherFacts } from './facts.ts'
import { standingBlockers } from './standing.ts'
import { workBlockers } from './work.ts'

/** Where one section stands. */
export type SectionState = {
  readonly section: string
  readonly status: string
  /** Revision of the desired document; 0 when there is none. */
  readonly desired: number
  readonly reported: number
  /** RFC 3339: when it was last reported, or else desired. */
  readonly at: string
}

export type Why = {
  readonly host: Host
  /** Nothing keeps it, and everybody who might know of something was asked. */
  readonly settled: boolean
  readonly blockers: readonly Blocker[]
  readonly sections: readonly SectionState[]
}

/** How long a module may think. */
const PATIENCE_MS = 2 * SECOND

/**
 * Asks the kernel and every module. A module that fails or does not answer in time is itself told as `could-not-ask`.
 * With a section: what keeps the host as a whole, and that section. Throws `not-found` for a host, and what
 * `Sections.get` throws for a section.
 */
export async function explainHost(
  kernel: Kernel,
  { project, id, section }: { readonly project: string; readonly id: string; readonly section?: string | undefined },
): Promise<Why> {
  const host = await getHost(kernel.store, project, id)
  if (section !== undefined) kernel.sections.get(section)
  const facts = await gatherFacts(kernel, host)
  const told = await Promise.all(kernel.blockers.map(each => askModule(kernel, each, host)))
  const all = [...standingBlockers(facts), ...workBlockers(facts), ...told.flat()]
  const blockers = distinct(all)
    .filter(each => section === undefined || each.section === undefined || each.section === section)
    .sort(inOrder)
  const sections = sectionsOf(facts).filter(each => section === undefined || each.section === section)
  return { host, settled: blockers.length === 0, blockers, sections }
}

function inOrder(a: Blocker, b: Blocker): number {
  return a.rank - b.rank || compared(a.since ?? '~', b.since ?? '~') || compared(a.section ?? '', b.section ?? '')
}

function compared(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** What several know of is told once, in the words of the first. */
function distinct(blockers: readonly Blocker[]): Blocker[] {
  const seen = new Map<string, Blocker>()
  for (const blocker of blockers) {
    const key = JSON.stringify([blocker.code, blocker.section ?? '', blocker.evidence.id ?? ''])
    if (!seen.has(key)) seen.set(key, blocker)
  }
  return [...seen.values()]
}

async function askModule(
  { clock, log }: Kernel,
  { module, ask }: Kernel['blockers'][number],
  host: Host,
): Promise<readonly Blocker[]> {
  let forget = (): void => {}
  const impatience = new Promise<never>((_, reject) => {
    forget = clock.after(PATIENCE_MS, () => reject(new Error(`no answer within ${PATIENCE_MS / SECOND} s`)))
  })
  try {
    return await Promise.race([Promise.resolve(host).then(ask), impatience])
  } catch (thrown) {
    log.warn('a module could not say what keeps a host', { module, host: host.id, error: String(thrown) })
    return [
      {
        code: 'could-not-ask',
        rank: RANKS.unknown,
        title: `The module ${module} could not say whether it knows of anything`,
        evidence: { module, id: module },
        next: 'ask again; if it stays, look at the log of the controller',
      },
    ]
  } finally {
    forget()
  }
}

function sectionsOf({ desired, reported }: Facts): readonly SectionState[] {
  const wanted = new Map(desired.map(each => [each.section, each]))
  return [...new Set([...wanted.keys(), ...reported.keys()])].sort().map(section => {
    const document = wanted.get(section)
    const report = reported.get(section)
    return {
      section,
      status: report?.status ?? 'unknown',
      desired: document?.revision ?? 0,
      reported: report?.revision ?? 0,
      at: report?.receivedAt ?? document?.updatedAt ?? '',
    }
  })
}
