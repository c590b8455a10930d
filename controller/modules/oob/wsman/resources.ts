// SPDX-License-Identifier: Apache-2.0
/** Where classes live: the resource URIs of AMT, by the prefix of the class name. */
import { problem } from '../../../../plugins/contract/index.ts'

const HOMES = {
  AMT: 'http://intel.com/wbem/wscim/1/amt-schema/1/',
  CIM: 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/',
  IPS: 'http://intel.com/wbem/wscim/1/ips-schema/1/',
} as const

const CLASS = /^(AMT|CIM|IPS)_[A-Za-z0-9_]+$/

/** The resource URI of a class; a whole URI is given back as it is. Throws `invalid` for a name of no known schema. */
export function resourceUri(name: string): string {
  if (name.includes('://')) return name
  const [, schema] = CLASS.exec(name) ?? []
  if (schema === undefined) throw problem('invalid', 'no class of AMT, CIM or IPS has this name')
  return HOMES[schema as keyof typeof HOMES] + name // the expression lists these three
}
