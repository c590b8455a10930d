// SPDX-License-Identifier: Apache-2.0
/** Proxies that devices go through, by the network they are in. */
import { formatOf, isFullName } from './address.ts'
import { allErrors, Field, type Given, has, text } from './checks.ts'
import type { Kind } from './kind.ts'
import type { AddressFormat, ProxyConfig } from './records.ts'

const FORMATS: readonly AddressFormat[] = [3, 4, 201]

export const proxyKind: Kind<'proxy'> = {
  kind: 'proxy',
  path: 'proxyconfigs',
  type: 'Proxy',
  title: 'Proxy configurations',
  access: 'host.change',
  versionless: true,
  secretKinds: [],
  nameIn: given => text(given[nameMember(given)]),
  check: async given => ({ errors: errorsOf(given) }),
  write: (given, old) => ({ record: recordOf(given, old), secrets: [] }),
  distinct: ({ address, port }) => `${address.toLowerCase()} ${port}`,
  // Clients of two generations read one name or the other.
  show: ({ name, ...record }) => ({ name, proxyName: name, ...record }),
  duplicate: name => `Proxy profile ${name} already exists`,
  inUse: name => ({
    error: 'Foreign key violation',
    message: `Proxy profile: ${name} is associated with an AMT Profile.`,
  }),
}

function nameMember(given: Given): 'name' | 'proxyName' {
  return !has(given, 'name') && given.proxyName !== undefined ? 'proxyName' : 'name'
}

function errorsOf(given: Given) {
  const format = has(given, 'infoFormat') ? Number(text(given.infoFormat)) : undefined
  return allErrors([
    new Field(given, nameMember(given))
      .required('Proxy profile name is required')
      .matches(/^[a-zA-Z0-9]+$/, 'Proxy profile name should be alphanumeric')
      .length({ max: 32 }, 'Proxy profile name maximum length is 32'),
    new Field(given, 'infoFormat')
      .optional()
      .oneOf(FORMATS, 'Server address format should be either 3(IPV4), 4(IPV6) or 201(FQDN)'),
    new Field(given, 'address')
      .required('Server address is required')
      .custom(value => addressError(text(value), format)),
    new Field(given, 'port').integer({ min: 1, max: 65_535 }, 'Port value should range between 1 and 65535'),
    new Field(given, 'networkDnsSuffix')
      .required('Domain name of the network is required')
      .custom(value =>
        isFullName(text(value))
          ? undefined
          : 'Domain name of the network should contain alphanumeric and hyphens in the middle',
      )
      .length({ max: 192 }, 'Domain name of the network maximum length is 192'),
  ])
}

/** Older clients say the format too; then it must be that of the address. */
function addressError(address: string, format: number | undefined): string | undefined {
  const found = formatOf(address)
  if (format === 3 && found !== 3) return 'infoFormat 3 requires IPV4 server address'
  if (format === 4 && found !== 4) return 'infoFormat 4 requires IPV6 server address'
  if (format === 201 && found !== 201) return 'infoFormat 201 requires FQDN server address'
  return found === undefined ? 'Server address must be a valid IPv4, IPv6, or FQDN' : undefined
}

function recordOf(given: Given, old: ProxyConfig | undefined): ProxyConfig {
  const address = text(given.address)
  return {
    name: old?.name ?? text(given[nameMember(given)]),
    address,
    infoFormat: formatOf(address) ?? 201,
    port: Number(text(given.port)),
    networkDnsSuffix: text(given.networkDnsSuffix),
  }
}
