// SPDX-License-Identifier: Apache-2.0
/** The devices that can be managed out of band: rows that MPS's interface lists, found by GUID, owned by a project. */
import type { RawBuilder, SqlBool } from 'kysely'
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Db, Tx } from '../../../store/store.ts'

/** What activation and `rpc` tell about a device; MPS hands it on as it came. */
export type DeviceInfo = Readonly<Record<string, Json>>

export type Device = {
  readonly project: string
  /** Lower case with hyphens; unique over all projects. */
  readonly guid: string
  readonly hostname: string
  readonly tags: readonly string[]
  /** What it logs in to the tunnel with. */
  readonly mpsUsername: string
  readonly friendlyName: string | undefined
  readonly dnsSuffix: string | undefined
  readonly deviceInfo: DeviceInfo | undefined
  /** Id of the host with this UUID, when it has an agent. */
  readonly host: string | undefined
  readonly connected: boolean
  readonly lastConnected: string | undefined
  readonly lastSeen: string | undefined
  readonly lastDisconnected: string | undefined
  readonly disconnectReason: string | undefined
  /** Address to dial directly, for machines without a tunnel: `host:port` or `tls://host:port`. */
  readonly address: string | undefined
  /** SHA-256 of the certificate it must show when it is dialled over TLS, lower-case hexadecimal. */
  readonly certHash: string | undefined
  /** Whether the certificate it shows first is taken for its own, and pinned. */
  readonly allowSelfSigned: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

export type DeviceChange = Partial<
  Pick<
    Device,
    | 'hostname'
    | 'tags'
    | 'mpsUsername'
    | 'friendlyName'
    | 'dnsSuffix'
    | 'deviceInfo'
    | 'address'
    | 'certHash'
    | 'allowSelfSigned'
  >
>

export type DeviceFilter = {
  readonly tags?: readonly string[]
  /** Whether all tags must be there; any is enough otherwise. */
  readonly allTags?: boolean
  readonly hostname?: string
  readonly friendlyName?: string
  readonly connected?: boolean
  readonly limit: number
  readonly offset: number
  readonly within?: Within
}

/** Whose devices: a condition over `oob_devices.guid`; all of the project's unless given. */
type Within = RawBuilder<SqlBool>

/** Device rows. Passwords are secrets by the names in `devices/secrets.ts` and never part of a row. */
export interface Devices {
  /** Throws `amt-not-connected`'s sibling `device-unknown` when there is none in the project. */
  get(db: Db, project: string, guid: string): Promise<Device>
  find(db: Db, project: string, guid: string): Promise<Device | undefined>
  /** Whoever owns the GUID. */
  owner(db: Db, guid: string): Promise<Device | undefined>
  /** Whose the GUID is, and what it logs in to the tunnel with: thousands ask at once after a cut, and for no more. */
  login(db: Db, guid: string): Promise<{ readonly project: string; readonly username: string } | undefined>
  list(
    db: Db,
    project: string,
    filter: DeviceFilter,
  ): Promise<{ readonly devices: readonly Device[]; readonly total: number }>
  tags(db: Db, project: string, within?: Within): Promise<readonly string[]>
  counts(db: Db, project: string, within?: Within): Promise<{ readonly total: number; readonly connected: number }>
  /** Makes or changes a device. Throws `device-elsewhere` when another project owns the GUID. */
  put(
    tx: Tx,
    project: string,
    guid: string,
    change: DeviceChange,
  ): Promise<{ readonly device: Device; readonly created: boolean }>
  /** Removes the row, and its secrets when asked to. */
  remove(tx: Tx, project: string, guid: string, options: { readonly secrets: boolean }): Promise<void>
}
