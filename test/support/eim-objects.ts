// SPDX-License-Identifier: Apache-2.0
/** One object of every kind of EIM, as its clients send them first. */

export type FirstObject = readonly [path: string, schema: string, body: () => Record<string, unknown>]

/**
 * What to post, in an order in which each finds what it refers to; `made` holds the ids of those before, by their path.
 * Paths are relative to a project.
 */
export function firstObjects(made: Readonly<Record<string, string>>): readonly FirstObject[] {
  return [
    ['regions', 'RegionResource', () => ({ name: 'North', metadata: [{ key: 'tier', value: 'gold' }] })],
    ['sites', 'SiteResource', () => ({ name: 'Plant 1', regionId: made.regions, siteLat: 523_700_000, siteLng: 0 })],
    [
      'providers',
      'ProviderResource',
      () => ({ name: 'bare', providerKind: 'PROVIDER_KIND_BAREMETAL', apiEndpoint: 'https://none' }),
    ],
    [
      'localAccounts',
      'LocalAccountResource',
      () => ({
        username: 'operator',
        sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f operator',
      }),
    ],
    ['customConfigs', 'CustomConfigResource', () => ({ name: 'base', config: '#cloud-config\npackages: [jq]\n' })],
    [
      'compute/os',
      'OperatingSystemResource',
      () => ({
        name: 'Debian 13',
        sha256: 'a'.repeat(64),
        imageUrl: 'https://images/debian.raw',
        architecture: 'x86_64',
      }),
    ],
    ['compute/hosts/register', 'HostResource', () => ({ name: 'press-1', serialNumber: 'SN00001', autoOnboard: true })],
    ['os-update-policies', 'OSUpdatePolicy', () => ({ name: 'latest', updatePolicy: 'UPDATE_POLICY_LATEST' })],
    [
      'compute/instances',
      'InstanceResource',
      () => ({
        name: 'press-1',
        kind: 'INSTANCE_KIND_METAL',
        hostID: made['compute/hosts/register'],
        osID: made['compute/os'],
        securityFeature: 'SECURITY_FEATURE_NONE',
      }),
    ],
    ['workloads', 'WorkloadResource', () => ({ name: 'cluster', kind: 'WORKLOAD_KIND_CLUSTER', externalId: 'c-1' })],
    [
      'workload_members',
      'WorkloadMember',
      () => ({
        kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
        workloadId: made.workloads,
        instanceId: made['compute/instances'],
      }),
    ],
    [
      'schedules/single',
      'SingleScheduleResource',
      () => ({
        name: 'night',
        scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
        startSeconds: Math.floor(Date.now() / 1_000) + 3_600,
        targetSiteId: made.sites,
      }),
    ],
    [
      'schedules/repeated',
      'RepeatedScheduleResource',
      () => ({
        name: 'weekly',
        scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
        durationSeconds: 3_600,
        cronMinutes: '0',
        cronHours: '3',
        cronDayMonth: '*',
        cronMonth: '*',
        cronDayWeek: '1',
        targetRegionId: made.regions,
      }),
    ],
    [
      'telemetry/loggroups',
      'TelemetryLogsGroupResource',
      () => ({ name: 'journal', collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST', groups: ['systemd'] }),
    ],
    [
      'telemetry/metricgroups',
      'TelemetryMetricsGroupResource',
      () => ({ name: 'cpu', collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST', groups: ['cpu'] }),
    ],
    [
      'telemetry/profiles/logs',
      'TelemetryLogsProfileResource',
      () => ({
        targetSite: made.sites,
        logLevel: 'SEVERITY_LEVEL_WARN',
        logsGroupId: made['telemetry/loggroups'],
      }),
    ],
    [
      'telemetry/profiles/metrics',
      'TelemetryMetricsProfileResource',
      () => ({
        targetRegion: made.regions,
        metricsInterval: 60,
        metricsGroupId: made['telemetry/metricgroups'],
      }),
    ],
  ]
}
