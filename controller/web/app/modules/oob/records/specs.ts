// SPDX-License-Identifier: Apache-2.0
/** Every kind of record, by its name. */
import type { RecordKind } from '../acts-records.ts'
import { ciraSpec, domainSpec, ieee8021xSpec, proxySpec, wirelessSpec } from './others.ts'
import { profileSpec } from './profile.ts'
import type { Spec } from './spec.ts'

export const SPECS: Readonly<Record<RecordKind, Spec>> = {
  profile: profileSpec,
  domain: domainSpec,
  cira: ciraSpec,
  wireless: wirelessSpec,
  ieee8021x: ieee8021xSpec,
  proxy: proxySpec,
}
