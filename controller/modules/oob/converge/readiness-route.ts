// SPDX-License-Identifier: Apache-2.0
/** The route that tells what a host still lacks for out-of-band management. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import { failures, OfHost } from '../../../http/schemas.ts'
import { getHost } from '../../../kernel/hosts.ts'
import type { Db } from '../../../store/store.ts'
import { deviceSecret } from '../devices/secrets.ts'
import type { DeviceRow, DeviceTables } from '../devices/tables.ts'
import type { OobParts, Tunnels } from '../ports.ts'
import { choose } from '../records/policy-store.ts'
import { domainFor } from '../records/resolve.ts'
import type { OobTables } from '../tables.ts'
import { findIntent } from './intents.ts'
import { CHECKS, type ReadinessFacts, readinessOf } from './readiness.ts'

export type ReadinessParts = OobParts & {
  readonly tunnels: () => Tunnels
  /** Makes what a project has without anybody asking. */
  readonly offer: (project: string) => Promise<void>
  readonly announced: (project: string) => { readonly host: string; readonly port: number }
}

const Line = Type.Object({
  check: Type.Enum([...CHECKS]),
  state: Type.Enum(['met', 'unmet', 'open', 'unneeded'], {
    description: 'open: activation brings it about; unneeded: this host does without it',
  }),
  says: Type.String(),
})

export function readinessRoute(http: Http, parts: ReadinessParts): void {
  http.get(
    '/v1/projects/:project/oob/hosts/:host/readiness',
    {
      config: { access: 'host.read', busy: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'What a host still lacks to be managed out of band, and why',
        params: OfHost,
        response: { 200: Type.Object({ ready: Type.Boolean(), checks: Type.Array(Line) }), ...failures },
      },
    },
    async ({ params }) => {
      const checks = readinessOf(await factsOf(parts, params.project, params.host))
      return { ready: checks.every(({ state }) => state === 'met' || state === 'unneeded'), checks: [...checks] }
    },
  )
}

async function factsOf(parts: ReadinessParts, project: string, id: string): Promise<ReadinessFacts> {
  const { store, clock } = parts.kernel
  const host = await getHost(store, project, id)
  await parts.offer(project)
  const detection = await store
    .of<OobTables>(project)
    .select('oob_detections')
    .selectAll()
    .where('host', '=', id)
    .executeTakeFirst()
  const device = await deviceOf(store, project, id)
  const intent = await findIntent(store, project, id)
  const suffix = intent?.dns_suffix ?? detection?.dns_suffix ?? undefined
  const labels = Object.fromEntries(host.labels.map(({ key, value }) => [key, value]))
  const sku = (detection?.sku ?? 'unknown') as 'amt' // written from the plugin's enumeration
  const choice = await choose(store, project, { sku, labels, tags: [], dnsSuffix: suffix })
  const domain = suffix === undefined ? undefined : await domainFor(store, project, suffix)
  const why = choice.why.at(-1) ?? 'no profile fits'
  const { host: address, port } = parts.announced(project)
  return {
    detected:
      detection === undefined
        ? undefined
        : { sku, why: detection.why, version: detection.version ?? undefined, mode: detection.control_mode ?? 'none' },
    chosen: choice.profile === undefined ? { why } : { profile: choice.profile, controlMode: choice.controlMode, why },
    domain:
      domain === undefined
        ? undefined
        : { name: domain.profileName, suffix: domain.domainSuffix, expires: domain.expirationDate },
    suffix,
    wantedMode: (intent?.mode ?? undefined) as 'acm' | undefined, // one of the two, or none
    hasPassword: device !== undefined && (await isSealed(parts, project, device.guid)),
    failed: intent?.indicator === 'ERROR' ? intent.status : undefined,
    ...tunnelOf(parts, device),
    endpoint: `${address}:${port}`,
    now: clock.now(),
  }
}

async function deviceOf(db: Db, project: string, host: string): Promise<DeviceRow | undefined> {
  return db.of<DeviceTables>(project).select('oob_devices').selectAll().where('host', '=', host).executeTakeFirst()
}

/** A value that cannot be read is none that helps. */
async function isSealed({ secrets, kernel }: OobParts, project: string, guid: string): Promise<boolean> {
  const known = await secrets.active(kernel.store, deviceSecret(project, guid, 'amt-admin')).catch(() => undefined)
  return known !== undefined
}

function tunnelOf(
  { tunnels }: ReadinessParts,
  device: DeviceRow | undefined,
): Pick<ReadinessFacts, 'tunnel' | 'lastTunnel'> {
  const tunnel = device === undefined ? undefined : tunnels().find(device.guid)
  const at = device?.last_disconnected ?? undefined
  return {
    tunnel: tunnel && { since: new Date(tunnel.since).toISOString(), address: tunnel.address },
    lastTunnel: at === undefined ? undefined : { at, why: device?.disconnect_reason ?? undefined },
  }
}
