// SPDX-License-Identifier: Apache-2.0
/** The telemetry groups every project starts with. */

export type Seed = {
  readonly name: string
  readonly collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST' | 'TELEMETRY_COLLECTOR_KIND_CLUSTER'
  readonly groups: readonly string[]
}

const host = (name: string, ...groups: readonly string[]): Seed => ({
  name,
  collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST',
  groups,
})
const cluster = (name: string, ...groups: readonly string[]): Seed => ({
  name,
  collectorKind: 'TELEMETRY_COLLECTOR_KIND_CLUSTER',
  groups,
})

export const LOG_SEEDS: readonly Seed[] = [
  host('SystemD', 'systemd'),
  host(
    'Agents',
    'installer',
    'caddy',
    'hw_agent',
    'cluster_agent',
    'node_agent',
    'platform_update_agent',
    'platform_telemetry_agent',
    'apt_install_logs',
    'inbd',
    'inbm_update_status_logs',
  ),
  host('Opentelemetry', 'opentelemetry'),
  cluster('Container_Cluster', 'container'),
  cluster('RKE_Cluster', 'kubelet'),
  cluster('Opentelemetry_Cluster', 'opentelemetry'),
]

export const METRIC_SEEDS: readonly Seed[] = [
  host('Disk_Usage_and_Health', 'disk', 'diskio', 'smart'),
  host('Network_Usage', 'net'),
  host('Ipmi_Sensor', 'ipmi_sensor'),
  host('GPU_Usage', 'intel_gpu_top (exec)'),
  host('Reliability_Availability_Serviceability', 'ras'),
  host('Power_Usage_And_Temperature', 'temp', 'intel_powerstat'),
  cluster('K8s_Stat_Cluster', 'kube_inventory'),
  cluster('Opentelemetry_Cluster', 'opentelemetry'),
]
