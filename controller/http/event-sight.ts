// SPDX-License-Identifier: Apache-2.0
/** Which events somebody may see: those of the hosts within their reach, and of projects that are theirs as a whole. */
import { anyHost, decide, everyHost, hostsWithin } from '../kernel/access.ts'
import { hostOfEvent, type StoredEvent } from '../kernel/events.ts'
import { type HostsWithin, isWithin } from '../kernel/host-scope.ts'
import { findHost } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Principal } from '../kernel/permissions.ts'
import { listProjects } from '../kernel/projects.ts'

/** Answers at once wherever no host has to be looked up. */
export type Sight = (event: StoredEvent) => boolean | Promise<boolean>

/** What somebody sees, by their grants as they are now. A host is judged by where it is and what it is labelled now. */
export function sightOf(kernel: Kernel, principal: Principal): Sight {
  const reach = new Map<string, HostsWithin>()
  const within = (project: string): HostsWithin => {
    const known = reach.get(project) ?? hostsWithin(principal, 'event.read', project)
    reach.set(project, known)
    return known
  }
  const ofInstallation = decide(principal, 'event.read').allowed
  return event => {
    if (event.project === '') return ofInstallation
    const hosts = within(event.project)
    if (everyHost(hosts)) return true
    const id = hostOfEvent(event)
    if (id === undefined || !anyHost(hosts)) return false
    return findHost(kernel.store, event.project, id).then(host => host !== undefined && isWithin(host, hosts))
  }
}

/** Whether somebody may see any event at all. */
export async function seesAny({ store }: Kernel, principal: Principal): Promise<boolean> {
  if (decide(principal, 'event.read').allowed) return true
  const projects = await listProjects(store)
  return projects.some(({ name }) => anyHost(hostsWithin(principal, 'event.read', name)))
}
