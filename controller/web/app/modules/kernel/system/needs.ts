// SPDX-License-Identifier: Apache-2.0
/** What somebody should look at about the controller itself. */
import { get } from '../../../api/call.ts'
import { t } from '../../../words/system.ts'
import type { Need, NeedSource } from '../../pages.ts'

/** Fewer refusals than this in ten minutes are the usual noise of hosts that come and go. */
const MANY = 20

type Rank = Need['rank']

/** Security, outage, expiry, drift: by what a concern is about. */
const RANKS: Readonly<Record<string, Rank>> = {
  overloaded: 1,
  'disk-full': 1,
  'certificate-over': 1,
  'certificate-ending': 2,
  'backup-none': 2,
  'backup-old': 2,
}
const TABS: Readonly<Record<string, string>> = {
  'certificate-over': 'certificates',
  'certificate-ending': 'certificates',
  'backup-none': 'backups',
  'backup-old': 'backups',
  'disk-full': 'database',
  'disk-low': 'database',
  'wal-large': 'database',
  'job-failed': 'database',
}

const concerns: NeedSource = {
  id: 'system',
  permission: 'system.read',
  key: 'system',
  ask: async ({ signal }) => {
    const { concerns: found, bus } = await get('/v1/system')({ signal })
    const needs: Need[] = found.map(({ code, title }, at) => ({
      id: `system-${code}-${at}`,
      rank: RANKS[code] ?? 3,
      text: title,
      to: `/system?tab=${TABS[code] ?? 'health'}`,
      verb: t.need.look,
    }))
    const refused = Object.entries(bus.refusedLately).sort(([, one], [, other]) => other - one)
    const count = refused.reduce((sum, [, each]) => sum + each, 0)
    const [most] = refused
    if (count < MANY || most === undefined) return needs
    const text = t.need.refused(count, t.reason[most[0]] ?? most[0])
    return [...needs, { id: 'system-refused', rank: 0, text, to: '/system?tab=broker', verb: t.need.why }]
  },
}

const hostCertificates: NeedSource = {
  id: 'host-certificates',
  permission: 'system.read',
  key: 'system',
  ask: async ({ signal }) => {
    const { hosts } = await get('/v1/system/certificates')({ signal })
    const to = '/system?tab=certificates'
    const verb = t.need.why
    return [
      ...(hosts.expired === 0
        ? []
        : [{ id: 'certificates-expired', rank: 1 as const, text: t.need.expired(hosts.expired), to, verb }]),
      ...(hosts.within7Days === 0
        ? []
        : [{ id: 'certificates-ending', rank: 2 as const, text: t.need.certificates(hosts.within7Days), to, verb }]),
    ]
  },
}

export const systemNeeds: readonly NeedSource[] = [concerns, hostCertificates]
