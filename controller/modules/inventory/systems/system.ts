// SPDX-License-Identifier: Apache-2.0
/** Operating systems: images that instances run or may be brought to. */
import { Type } from 'typebox'
import { defineKind } from '../engine/kind.ts'
import { SECURITY_FEATURES } from '../instances/rules.ts'

const Wide = '^$|^[a-zA-Z-_0-9./:;=@?!#,<>*()" ]+$'
const Url = { format: 'uri-reference' }

/** Of texts that a feed writes later: packages and vulnerabilities. */
const Fed = Type.String({ maxLength: 500_000, description: 'Read-only' })

export const operatingSystem = defineKind({
  name: 'operatingSystem',
  words: ['operating system', 'operating systems'],
  prefix: 'os',
  table: 'inventory_systems',
  places: [{ path: '/compute/os' }],
  plural: 'OperatingSystemResources',
  verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
  members: {
    name: {
      is: 'column',
      column: 'name',
      schema: Type.String({ maxLength: 128, pattern: '^$|^[a-zA-Z-_0-9./: ()]+$' }),
      searched: true,
    },
    architecture: { is: 'column', column: 'architecture', schema: Type.String({ maxLength: 20, pattern: Wide }) },
    imageUrl: { is: 'column', column: 'image_url', schema: Type.String({ maxLength: 500, pattern: Wide }) },
    imageId: { is: 'column', column: 'image_id', schema: Type.String({ maxLength: 500, pattern: Wide }) },
    description: {
      is: 'column',
      column: 'description',
      schema: Type.String({ maxLength: 1_000, pattern: '^$|^[a-zA-Z-_0-9.:;=@?!#,<>*(){}&%$`^+\\- ]+$' }),
    },
    sha256: {
      is: 'column',
      column: 'sha256',
      schema: Type.String({ minLength: 64, maxLength: 64, pattern: '^[a-f0-9]+$' }),
      required: true,
    },
    profileName: {
      is: 'column',
      column: 'profile_name',
      schema: Type.String({ maxLength: 128, pattern: Wide }),
      searched: true,
    },
    profileVersion: { is: 'column', column: 'profile_version', schema: Type.String(), write: 'never' },
    installedPackages: {
      is: 'column',
      column: 'installed_packages',
      schema: Fed,
      write: 'never',
      filter: 'none',
    },
    installedPackagesUrl: {
      is: 'column',
      column: 'installed_packages_url',
      schema: Type.String({ maxLength: 200, ...Url }),
      write: 'create',
    },
    securityFeature: { is: 'column', column: 'security_feature', schema: Type.Enum([...SECURITY_FEATURES]) },
    osType: {
      is: 'column',
      column: 'os_type',
      schema: Type.Enum(['OS_TYPE_UNSPECIFIED', 'OS_TYPE_MUTABLE', 'OS_TYPE_IMMUTABLE']),
    },
    osProvider: {
      is: 'column',
      column: 'os_provider',
      schema: Type.Enum(['OS_PROVIDER_KIND_UNSPECIFIED', 'OS_PROVIDER_KIND_INFRA', 'OS_PROVIDER_KIND_LENOVO']),
    },
    platformBundle: {
      is: 'column',
      column: 'platform_bundle',
      schema: Type.String(),
      write: 'never',
      filter: 'none',
    },
    metadata: {
      is: 'column',
      column: 'metadata',
      schema: Type.String({ maxLength: 500, pattern: '^$|^[a-z0-9,.\\-_:/"\\\\ n{}\\[\\]]+$' }),
    },
    tlsCaCert: {
      is: 'column',
      column: 'tls_ca_cert',
      schema: Type.String({
        maxLength: 10_000,
        pattern: '^$|^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
        description: 'A certificate in base 64; public',
      }),
      filter: 'none',
    },
    existingCvesUrl: {
      is: 'column',
      column: 'existing_cves_url',
      schema: Type.String({ maxLength: 500, ...Url }),
      write: 'create',
    },
    existingCves: { is: 'column', column: 'existing_cves', schema: Fed, write: 'never' },
    fixedCvesUrl: {
      is: 'column',
      column: 'fixed_cves_url',
      schema: Type.String({ maxLength: 500, ...Url }),
      write: 'create',
    },
    fixedCves: { is: 'column', column: 'fixed_cves', schema: Fed, write: 'never' },
    repoUrl: {
      is: 'column',
      column: 'repo_url',
      schema: Type.String({ maxLength: 500, pattern: Wide, description: 'Deprecated; see imageUrl' }),
    },
    osResourceID: { is: 'alias' },
  },
  unique: [
    { columns: ['image_url', 'sha256'], key: 'imageUrl and sha256' },
    { columns: ['profile_name', 'profile_version'], key: 'profileName and profileVersion' },
  ],
})
