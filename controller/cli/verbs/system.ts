// SPDX-License-Identifier: Apache-2.0
/** `muster system status`, `modules`. */
import { formatAge } from '../../../plugins/contract/time.ts'
import { paths, type System } from '../api.ts'
import type { Call } from '../call.ts'
import type { Run } from '../grammar.ts'
import { drawFacts } from '../render/table.ts'
import { formatBytes } from '../render/text.ts'
import { VERSION } from '../version.ts'
import { moduleView } from '../views/rest.ts'

export const status: Run = async call => {
  const system = await systemOf(call)
  await call.output.item({ kind: 'System', name: each => each.installation }, system, draw)
  return undefined
}

export const modules: Run = async call => {
  await call.output.list(moduleView, (await systemOf(call)).modules)
  return undefined
}

type Certificates = {
  readonly controller: readonly { readonly title: string; readonly notAfter: string }[]
  readonly hosts: Readonly<Record<'inUse' | 'expired' | 'within7Days' | 'within30Days', number>>
}

export const certificates: Run = async call => {
  const { client } = await call.session()
  const found: Certificates = await client.get(`${paths.system}/certificates`)
  await call.output.item({ kind: 'Certificates', name: () => 'certificates' }, found, ({ controller, hosts }) =>
    drawFacts([
      ...controller.map(({ title, notAfter }) => [title, `until ${notAfter}`] as const),
      ['Hosts', `${hosts.inUse} in use, ${hosts.expired} expired`],
      ['Hosts, soon', `${hosts.within7Days} end within 7 days, ${hosts.within30Days} within 30`],
    ]),
  )
  return undefined
}

async function systemOf(call: Call): Promise<System> {
  const { client } = await call.session()
  const system: System = await client.get(paths.system)
  if (minorsApart(system.version, VERSION) > 1) {
    await call.output.note(
      `warning: the controller is ${system.version} and this is ${VERSION}: keep them within one minor version`,
    )
  }
  return system
}

/** How many minor versions lie between two; across major versions, more than any. */
export function minorsApart(one: string, other: string): number {
  const [major, minor] = one.split('.').map(Number)
  const [otherMajor, otherMinor] = other.split('.').map(Number)
  return major === otherMajor ? Math.abs((minor ?? 0) - (otherMinor ?? 0)) : Number.POSITIVE_INFINITY
}

function draw({ version, installation, uptimeMs, hosts, modules: lines, bus, store, memory, ...more }: System): string {
  const bytes = (count: number | undefined): string | undefined =>
    count === undefined ? undefined : formatBytes(count)
  return drawFacts([
    ['version', version],
    ['installation', installation],
    ['up', formatAge(uptimeMs)],
    ['hosts', hosts === undefined ? undefined : `${hosts.total}, ${hosts.online} online`],
    ['connections', bus?.connections === undefined ? undefined : String(bus.connections)],
    ['database', bytes(store?.sizeBytes)],
    ['memory', bytes(memory?.rssBytes)],
    [
      'modules',
      lines
        .filter(line => line.enabled)
        .map(line => line.name)
        .join(' '),
    ],
    ['last backup', more.lastBackup?.takenAt],
    ...(more.concerns ?? []).map(({ severity, title, next }) => [severity, `${title}; ${next}`] as const),
  ])
}
