// SPDX-License-Identifier: Apache-2.0
/** What is told of each kind of record in its list; never a secret. */
import type { ReactNode } from 'react'
import { absolute, spoken } from '../../../kit/age.ts'
import type { Column } from '../../../kit/data-table.tsx'
import { useNow } from '../../../kit/now.ts'
import { Badge } from '../../../kit/status-chip.tsx'
import { t as fleet } from '../../../words/oob-fleet.ts'
import { t } from '../../../words/oob-records.ts'
import type { RecordKind } from '../acts-records.ts'
import { countOf, useSuffixes } from './domain-check.tsx'
import { type Item, nameOf } from './reads.ts'
import { list, text } from './spec.ts'

type Draw = (item: Item) => ReactNode

const column = (id: string, title: string, cell: Draw, more: Partial<Column<Item>> = {}): Column<Item> => ({
  id,
  title,
  cell: item => <span className="mu-cut">{cell(item)}</span>,
  width: 'minmax(96px, 1fr)',
  ...more,
})

const word = (words: Readonly<Record<string, string>>, value: unknown): string => words[text(value)] ?? text(value)

const CONSENT = { None: t.choice.None, KVM: t.choice.KVM, All: t.choice.All }

const profile: readonly Column<Item>[] = [
  column('mode', t.column.mode, ({ activation }) => (activation === 'acmactivate' ? fleet.mode.acm : fleet.mode.ccm)),
  column('way', t.column.way, ({ ciraConfigName, tlsMode }) => {
    if (ciraConfigName !== null) return t.value.cira(text(ciraConfigName))
    return tlsMode === null ? t.value.neither : t.value.tls(word(t.choice.tlsModes, tlsMode))
  }),
  column('features', t.column.features, ({ kvmEnabled, solEnabled, iderEnabled }) => {
    const on = [kvmEnabled === true && 'KVM', solEnabled === true && 'SOL', iderEnabled === true && 'IDER']
    return on.filter(each => each !== false).join(', ') || t.value.nothing
  }),
  column('consent', t.column.consent, ({ userConsent }) => word(CONSENT, userConsent), { narrow: 'hidden' }),
  column(
    'passwords',
    t.column.passwords,
    ({ generateRandomPassword }) => (generateRandomPassword === true ? t.value.random : t.value.given),
    { narrow: 'hidden' },
  ),
  column('tags', t.column.tags, ({ tags }) => list(tags).join(', '), { narrow: 'hidden' }),
]

const domain: readonly Column<Item>[] = [
  column('suffix', t.column.suffix, ({ domainSuffix }) => text(domainSuffix)),
  column('expires', t.column.expires, item => <Expiry at={text(item.expirationDate)} />, {
    width: 'minmax(180px, 1fr)',
  }),
  column('hosts', t.column.used, item => <Announced suffix={text(item.domainSuffix)} />),
]

const cira: readonly Column<Item>[] = [
  column('address', t.column.address, ({ mpsServerAddress, mpsPort }) => `${text(mpsServerAddress)}:${text(mpsPort)}`),
  column('user', t.column.user, ({ username }) => text(username)),
  column(
    'auth',
    t.column.authentication,
    ({ authMethod }) => (authMethod === 1 ? t.choice.mutual : t.choice.password),
    { narrow: 'hidden' },
  ),
]

const wireless: readonly Column<Item>[] = [
  column('ssid', t.column.ssid, ({ ssid }) => text(ssid)),
  column('auth', t.column.authentication, item => word(t.choice.auth, item.authenticationMethod)),
  column('encryption', t.column.encryption, item => word(t.choice.encryption, item.encryptionMethod)),
]

const ieee8021x: readonly Column<Item>[] = [
  column('interface', t.column.interface, item => (item.wiredInterface === true ? t.value.wired : t.value.wireless)),
  column('protocol', t.column.protocol, item => word(t.choice.protocols, item.authenticationProtocol)),
  column('timeout', t.column.timeout, ({ pxeTimeout }) => (pxeTimeout === null ? '' : `${text(pxeTimeout)} s`)),
]

const proxy: readonly Column<Item>[] = [
  column('address', t.column.address, ({ address, port }) => `${text(address)}:${text(port)}`),
  column('network', t.column.network, ({ networkDnsSuffix }) => text(networkDnsSuffix)),
]

const BY_KIND: Readonly<Record<RecordKind, readonly Column<Item>[]>> = {
  profile,
  domain,
  cira,
  wireless,
  ieee8021x,
  proxy,
}

export function columnsOf(kind: RecordKind): readonly Column<Item>[] {
  return [
    column('name', t.column.name, item => nameOf(kind, item), { width: 'minmax(140px, 1.5fr)', narrow: 'title' }),
    ...BY_KIND[kind],
  ]
}

const SOON_MS = 30 * 86_400_000

function Expiry({ at }: { readonly at: string }) {
  const now = useNow()
  if (at === '') return null
  const left = Date.parse(at) - now
  const date = absolute(at).slice(0, 10)
  if (left <= 0) return <Badge hue="failing">{`${date} · ${t.value.expired}`}</Badge>
  return <Badge hue={left < SOON_MS ? 'degraded' : 'ok'}>{`${date} · ${t.value.inTime(spoken(left))}`}</Badge>
}

function Announced({ suffix }: { readonly suffix: string }) {
  const suffixes = useSuffixes()
  return suffixes === undefined ? null : t.value.hosts(countOf(suffixes, suffix))
}
