// SPDX-License-Identifier: Apache-2.0
/** EIM's series: which families there are, what values a status takes in them, and how a line is written. Pure. */

/** What is needed of a host to write its lines. */
export type Exported = {
  readonly id: string
  readonly uuid: string | null
  readonly name: string
  readonly hostname: string | null
  readonly serial: string | null
  readonly status: string
  readonly onboarding: string
  readonly provisioning: string | null
  readonly update: string | null
  /** In a maintenance window, by a schedule of its own, of its site or of a region around it. */
  readonly inMaintenance: boolean
  /** From the registration of the host to the end of its provisioning, where that is known. */
  readonly provisioningSeconds: number | undefined
}

/** One family, and the lines of one host in it. */
export type Family = {
  readonly name: string
  readonly help: string
  lines(host: Exported, labels: string): string
}

/** A status that was never told. */
const UNKNOWN = 'Unknown'

/**
 * The values of a status label are these and no others, so that the number of series is the number of hosts times a
 * constant: texts that go on after a colon count as what stands before it, anything else as `Unknown`.
 */
export const STATUS_VALUES = {
  host: [
    ...['Running', 'Booting', 'Rebooting', 'Initializing', 'Updating', 'Agent stopped', 'No Connection', 'Error'],
    ...['Invalidated', 'Deleting', UNKNOWN],
  ],
  onboarding: [
    ...['Device initialized', 'Device initialization failed', 'Onboarded', 'Onboarding Failed', 'Invalidated'],
    UNKNOWN,
  ],
  provisioning: ['Provisioning In Progress', 'Provisioning Failed', 'Provisioned', UNKNOWN],
  update: [
    ...['No new updates available', 'Updating', 'Downloading artifacts', 'Download complete', 'Update completed'],
    ...['Update failed', UNKNOWN],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Which of the values a text counts as. */
export function statusValue(values: readonly string[], text: string | null): string {
  if (text === null || text === '') return UNKNOWN
  if (values.includes(text)) return text
  const [head = ''] = text.split(':')
  const known = values.find(value => head === value || text.startsWith(`${value} `))
  return known ?? UNKNOWN
}

/** Escapes a label value as the exposition format wants it: backslash, quote and line feed. */
export function escapeLabel(text: string): string {
  if (!/[\\"\n]/.test(text)) return text
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** The labels that every line of a host carries. */
export function labelsOf({ id, uuid, name, hostname, serial }: Exported, projectId: string): string {
  const shown = escapeLabel(name)
  return `hostID="${id}",deviceGuid="${escapeLabel(uuid ?? '')}",name="${shown}",display_name="${shown}",hostname="${escapeLabel(hostname ?? '')}",serial="${escapeLabel(serial ?? '')}",projectId="${escapeLabel(projectId)}"`
}

function statusFamily(
  name: string,
  help: string,
  told: { values: readonly string[]; of: (host: Exported) => string | null },
): Family {
  const { values, of } = told
  return {
    name,
    help,
    lines: (host, labels) => {
      const holds = statusValue(values, of(host))
      let text = ''
      for (const value of values) text += `${name}{${labels},status="${value}"} ${value === holds ? 1 : 0}\n`
      return text
    },
  }
}

/** In the order in which they are written. */
export const FAMILIES: readonly Family[] = [
  statusFamily('edge_host_status', 'Status of the host: 1 for the value that holds', {
    values: STATUS_VALUES.host,
    of: host => host.status,
  }),
  {
    name: 'edge_host_schedule',
    help: 'Whether the host is in a maintenance window',
    lines: ({ inMaintenance }, labels) => `edge_host_schedule{${labels}} ${inMaintenance ? 1 : 0}\n`,
  },
  statusFamily('edge_host_provisioning_status', 'Status of the provisioning of the host: 1 for the value that holds', {
    values: STATUS_VALUES.provisioning,
    of: host => host.provisioning,
  }),
  statusFamily('edge_host_onboarding_status', 'Status of the onboarding of the host: 1 for the value that holds', {
    values: STATUS_VALUES.onboarding,
    of: host => host.onboarding,
  }),
  statusFamily('edge_host_update_status', 'Status of the updates of the host: 1 for the value that holds', {
    values: STATUS_VALUES.update,
    of: host => host.update,
  }),
  {
    name: 'edge_host_total_provisioning_time',
    help: 'Seconds from the registration of the host to the end of its provisioning',
    lines: ({ provisioningSeconds }, labels) =>
      provisioningSeconds === undefined ? '' : `edge_host_total_provisioning_time{${labels}} ${provisioningSeconds}\n`,
  },
]
