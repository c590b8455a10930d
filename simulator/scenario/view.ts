// SPDX-License-Identifier: Apache-2.0
/** What the controller says of a fleet, read through its public API. */
import type { Api } from './api.ts'

export type CommandEnd = {
  readonly id: string
  readonly state: string
  readonly createdAt: string
  readonly finishedAt: string | undefined
}

export interface View {
  /** Ids of hosts that a filter of the host list fits; `undefined` when the controller does not answer. */
  hostsWhere(filter: string): Promise<ReadonlySet<string> | undefined>
  /** Ids of hosts that are set apart because two machines were seen under one identity. */
  quarantined(): Promise<ReadonlySet<string> | undefined>
  /** How many hosts a filter fits. */
  countWhere(filter: string): Promise<number | undefined>
  /** Ids of commands in a state. */
  commandsIn(state: string): Promise<ReadonlySet<string> | undefined>
  /** The commands with these ids, by id; `undefined` when the controller does not answer. */
  commands(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, CommandEnd> | undefined>
  /** GUIDs whose tunnel stands. */
  tunnels(): Promise<ReadonlySet<string> | undefined>
  /** Whether the activation of a host has come to its end; `undefined` when the controller does not answer. */
  isActivated(host: string): Promise<boolean | undefined>
}

type DeviceLine = { readonly guid: string; readonly connectionStatus: boolean }

const PAGE = 500
const DEVICES = 1_000

/** What is quarantined may be online and compliant, but its status is an error. */
const WRONG = 'STATUS_INDICATION_ERROR'
export const SETTLED = `reachability = online AND compliance = settled AND hostStatusIndicator != ${WRONG}`
export const UNSETTLED = `reachability != online OR compliance != settled OR hostStatusIndicator = ${WRONG}`

export function createView(api: Api): View {
  const get = async <T>(path: string): Promise<T | undefined> => {
    const answer = await api.ask({ method: 'GET', path }).catch(() => undefined)
    return answer?.status === 200 ? (answer.body as T) : undefined // as the API describes this path
  }
  return {
    hostsWhere: filter => eachHost(get, `filter=${encodeURIComponent(filter)}&fields=resourceId`, () => true),
    quarantined: () =>
      eachHost(get, 'fields=resourceId,presence.standing', ({ presence }) => presence?.standing === 'quarantined'),
    async countWhere(filter) {
      return (await get<{ total: number }>(`/compute/hosts/summary?filter=${encodeURIComponent(filter)}`))?.total
    },
    async commandsIn(state) {
      const found = new Set<string>()
      const isWhole = await eachCommand(get, `&state=${state}`, ({ id }) => {
        found.add(id)
        return false
      })
      return isWhole ? found : undefined
    },
    async commands(ids) {
      const found = new Map<string, CommandEnd>()
      const isWhole = await eachCommand(get, '', command => {
        if (ids.has(command.id)) found.set(command.id, command)
        return found.size === ids.size
      })
      return isWhole ? found : undefined
    },
    async tunnels() {
      const standing = new Set<string>()
      for (let skip = 0; ; skip += DEVICES) {
        const page = await get<DeviceLine[]>(`/oob/mps/devices?$top=${DEVICES}&$skip=${skip}`)
        if (page === undefined) return undefined
        for (const { guid, connectionStatus } of page) if (connectionStatus) standing.add(guid.toLowerCase())
        if (page.length < DEVICES) return standing
      }
    },
    async isActivated(host) {
      const order = await get<{ indicator: string }>(`/oob/hosts/${host}/activation`)
      return order === undefined ? undefined : order.indicator === 'IDLE'
    },
  }
}

type HostLine = { readonly resourceId: string; readonly presence?: { readonly standing?: string } }

/** The ids of hosts that fit; `undefined` when the controller fell silent. */
async function eachHost(
  get: Get,
  query: string,
  fits: (host: HostLine) => boolean,
): Promise<ReadonlySet<string> | undefined> {
  const found = new Set<string>()
  for (let cursor = ''; ; ) {
    const page = await get<{ hosts: HostLine[]; nextCursor?: string }>(
      `/compute/hosts?${query}&pageSize=${PAGE}${cursor}`,
    )
    if (page === undefined) return undefined
    for (const host of page.hosts) if (fits(host)) found.add(host.resourceId)
    if (page.nextCursor === undefined || page.hosts.length === 0) return found
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`
  }
}

type Get = <T>(path: string) => Promise<T | undefined>

/** Goes through commands, newest first, until it is told that this is enough; false when the controller fell silent. */
async function eachCommand(get: Get, more: string, isEnough: (command: CommandEnd) => boolean): Promise<boolean> {
  for (let cursor = ''; ; ) {
    const page = await get<{ commands: CommandEnd[]; nextCursor?: string }>(`/commands?limit=${PAGE}${more}${cursor}`)
    if (page === undefined) return false
    for (const command of page.commands) if (isEnough(command)) return true
    if (page.nextCursor === undefined) return true
    cursor = `&cursor=${page.nextCursor}`
  }
}
