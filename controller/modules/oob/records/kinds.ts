// SPDX-License-Identifier: Apache-2.0
/** Every kind of record, by name. */
import { ciraKind } from './cira.ts'
import { domainKind } from './domains.ts'
import { ieee8021xKind } from './ieee8021x.ts'
import type { Kind } from './kind.ts'
import { profileKind } from './profiles.ts'
import { proxyKind } from './proxies.ts'
import type { RecordKind } from './records.ts'
import { wirelessKind } from './wireless.ts'

export const KINDS: { readonly [K in RecordKind]: Kind<K> } = {
  domain: domainKind,
  cira: ciraKind,
  profile: profileKind,
  wireless: wirelessKind,
  ieee8021x: ieee8021xKind,
  proxy: proxyKind,
}
