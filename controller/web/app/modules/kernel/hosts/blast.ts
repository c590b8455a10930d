// SPDX-License-Identifier: Apache-2.0
/** What an act reaches, as a sentence: "Reboots 37 hosts on 3 sites, 2 offline." Pure. */
import { t } from '../../../words/hosts.ts'
import type { BulkKind } from './bulk-dialog.tsx'
import type { HostRow } from './rows.ts'

export type Blast = {
  readonly hosts: number
  readonly sites: number
  readonly offline: number
  readonly quarantined: number
  readonly simulated: number
}

export function blastOf(rows: readonly Pick<HostRow, 'presence' | 'site' | 'simulated'>[]): Blast {
  const sites = new Set(
    rows.flatMap(({ site }) => (site?.resourceId === undefined || site.resourceId === '' ? [] : [site.resourceId])),
  )
  return {
    hosts: rows.length,
    sites: sites.size,
    offline: rows.filter(({ presence }) => presence?.online !== true).length,
    quarantined: rows.filter(({ presence }) => presence?.standing === 'quarantined').length,
    simulated: rows.filter(({ simulated }) => simulated).length,
  }
}

export function blastSentence(kind: BulkKind, blast: Blast): string {
  const { hosts, sites, offline, quarantined, simulated } = blast
  const head = `${t.sentence.verbs[kind]} ${t.hosts(hosts)}${sites === 0 ? '' : ` ${t.sentence.sites(sites)}`}`
  const parts = [
    head,
    ...(offline === 0 ? [] : [t.sentence.offline(offline)]),
    ...(quarantined === 0 ? [] : [t.sentence.quarantined(quarantined)]),
    ...(simulated === 0 ? [] : [t.sentence.simulated(simulated)]),
  ]
  return t.sentence.whole(parts.join(', '))
}
