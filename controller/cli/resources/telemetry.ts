// SPDX-License-Identifier: Apache-2.0
/** Kinds of resources that say what is collected from hosts. */
import { either, type Kind, member, word } from './kind.ts'

const ALL = ['ls', 'get', 'create', 'set', 'rm'] as const
const ID = { title: 'RESOURCEID', cell: member('resourceId') }
const NAMED = { title: 'NAME', cell: member('name') }

export const telemetryGroup: Kind = {
  noun: 'telemetry-group',
  summary: 'What can be collected from hosts',
  kind: 'TelemetryGroup',
  prefixes: ['telemetrygroup'],
  places: [
    { variant: 'logs', path: 'telemetry/loggroups', list: 'telemetryLogsGroups' },
    { variant: 'metrics', path: 'telemetry/metricgroups', list: 'telemetryMetricsGroups' },
  ],
  named: 'name',
  verbs: ['ls', 'get', 'create', 'rm'],
  columns: [
    ID,
    NAMED,
    { title: 'COLLECTOR', cell: word('collectorKind', 'TELEMETRY_COLLECTOR_KIND_') },
    { title: 'GROUPS', cell: ({ groups }) => (Array.isArray(groups) ? groups.map(String).join(',') : '-') },
  ],
  settings: [
    { flags: '--group <key>', member: 'groups', about: 'what it collects; may be repeated', form: { is: 'list' } },
    {
      flags: '--collector <kind>',
      member: 'collectorKind',
      about: 'host or cluster',
      form: { is: 'enum', prefix: 'TELEMETRY_COLLECTOR_KIND_', values: ['host', 'cluster'] },
    },
  ],
  defaults: { collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST' },
  examples: {
    ls: 'ls --kind metrics',
    get: 'get line-logs',
    create: 'create disks --kind metrics --group disk --dry-run',
    rm: 'rm line-logs --dry-run',
  },
}

const LEVELS = ['critical', 'error', 'warn', 'info', 'debug'] as const

export const telemetryProfile: Kind = {
  noun: 'telemetry-profile',
  summary: 'What is collected from which hosts, and how often',
  kind: 'TelemetryProfile',
  prefixes: ['telemetryprofile'],
  places: [
    { variant: 'logs', path: 'telemetry/profiles/logs', list: 'telemetryLogsProfiles' },
    { variant: 'metrics', path: 'telemetry/profiles/metrics', list: 'telemetryMetricsProfiles' },
  ],
  verbs: ALL,
  columns: [
    ID,
    { title: 'TARGET', cell: either('targetInstance', 'targetSite', 'targetRegion') },
    { title: 'GROUP', cell: either('logsGroup.name', 'metricsGroup.name', 'logsGroupId', 'metricsGroupId') },
    { title: 'LEVEL', cell: word('logLevel', 'SEVERITY_LEVEL_') },
    { title: 'EVERY', cell: resource => member('metricsInterval')(resource).replace(/^(\d+)$/, '$1 s') },
  ],
  settings: [
    {
      flags: '--instance <instance>',
      member: 'targetInstance',
      about: 'for one instance',
      form: { is: 'reference', noun: 'instance' },
    },
    { flags: '--site <site>', member: 'targetSite', about: 'for a site', form: { is: 'reference', noun: 'site' } },
    {
      flags: '--region <region>',
      member: 'targetRegion',
      about: 'for a region',
      form: { is: 'reference', noun: 'region' },
    },
    {
      flags: '--logs-group <group>',
      member: 'logsGroupId',
      about: 'what is collected, of logs',
      form: { is: 'reference', noun: 'telemetry-group' },
    },
    {
      flags: '--metrics-group <group>',
      member: 'metricsGroupId',
      about: 'what is collected, of metrics',
      form: { is: 'reference', noun: 'telemetry-group' },
    },
    {
      flags: '--level <level>',
      member: 'logLevel',
      about: 'critical, error, warn, info or debug',
      form: { is: 'enum', prefix: 'SEVERITY_LEVEL_', values: LEVELS },
    },
    { flags: '--interval <seconds>', member: 'metricsInterval', about: 'how often', form: { is: 'integer' } },
  ],
  examples: {
    ls: 'ls --kind logs',
    get: 'get telemetryprofile-1a2b3c4d',
    create: 'create --kind logs --site plant-1 --logs-group line-logs --level warn --dry-run',
    set: 'set telemetryprofile-1a2b3c4d --level debug --dry-run',
    rm: 'rm telemetryprofile-1a2b3c4d --dry-run',
  },
}
