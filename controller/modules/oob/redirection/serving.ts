// SPDX-License-Identifier: Apache-2.0
/** Machines that read stored images as their CD or floppy: started, watched and stopped without a browser. */
import { asProblem, formatTime } from '../../../../plugins/contract/index.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { problem as oobProblem } from '../problems.ts'
import { openAsHost } from './hosting.ts'
import { CD, type Drive, FLOPPY, type StartWhen } from './ider/frames.ts'
import { SECTOR } from './ider/scsi.ts'
import { type IderProgress, startIder } from './ider/server.ts'
import type { Image } from './images.ts'
import { closeStream, whenOver } from './line.ts'
import type { Ended, Seat } from './live.ts'
import { problem } from './problems.ts'
import type { ServingParts } from './redirection.ts'
import { wantsConsent } from './relay-route.ts'
import { createSession } from './session.ts'

export type ServeOrder = {
  readonly project: string
  /** Lower-case GUID. */
  readonly device: string
  readonly image: string
  readonly drive?: 'cd' | 'floppy' | undefined
  readonly start: StartWhen
  readonly principal: Principal
}

export type Serving = {
  readonly id: string
  readonly project: string
  readonly device: string
  readonly image: string
  readonly drive: 'cd' | 'floppy'
  readonly size: number
  readonly since: string
  readonly by: string
  /** `serving` until it ended; then who ended it and why. */
  readonly state: 'serving' | 'ended'
  readonly ended?: Ended
} & IderProgress

export interface Servings {
  /** Resolves once the device is logged in to. Throws what claiming, reaching and opening throw, and `image-invalid`. */
  start(order: ServeOrder, signal: AbortSignal): Promise<Serving>
  list(project: string): readonly Serving[]
  find(project: string, id: string): Serving | undefined
}

/** Ended ones that are still told about. */
const MAX_ENDED = 200

export function createServings(parts: ServingParts): Servings {
  const servings = new Map<string, () => Serving>()
  const keep = (id: string, read: () => Serving): void => {
    servings.set(id, read)
    const ended = [...servings].filter(([, each]) => each().state === 'ended')
    for (const [old] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) servings.delete(old)
  }
  const start: Servings['start'] = async (order, signal) => {
    const { project, device, principal } = order
    const reach = await parts.reaches.reach(project, device)
    parts.consent.allow(device)
    if (parts.rules.checkConsent && (await wantsConsent(reach, 'ider'))) throw oobProblem('amt-consent-needed', device)
    const image = await parts.images.open(order.image)
    try {
      const drive = driveOf(order)
      if (image.size === 0 || image.size % SECTOR[drive] !== 0) throw problem('image-invalid', order.image)
      const seat = parts.live.claim({ project, guid: device, mode: 'ider', principal, kind: 'image' })
      const read = await serve(parts, { order, seat, image, drive, reach, signal })
      keep(seat.id, read)
      return read()
    } catch (thrown) {
      await image.close().catch(() => undefined)
      throw thrown
    }
  }
  return {
    start,
    list: project => [...servings.values()].map(read => read()).filter(each => each.project === project),
    find: (project, id) => {
      const found = servings.get(id)?.()
      return found?.project === project ? found : undefined
    },
  }
}

function driveOf({ drive, image }: ServeOrder): Drive {
  if (drive !== undefined) return drive === 'cd' ? CD : FLOPPY
  return /\.(img|ima|flp)$/i.test(image) ? FLOPPY : CD
}

type Serve = {
  readonly order: ServeOrder
  readonly seat: Seat
  readonly image: Image
  readonly drive: Drive
  readonly reach: Parameters<typeof openAsHost>[0]['reach']
  readonly signal: AbortSignal
}

async function serve(parts: ServingParts, { order, seat, image, drive, reach, signal }: Serve): Promise<() => Serving> {
  const { kernel } = parts
  const session = createSession(parts, seat)
  const abort = new AbortController()
  seat.occupy(() => abort.abort(problem('redirection-ended')))
  try {
    const { stream, rest } = await openAsHost({ kernel, reach, mode: 'ider' }, AbortSignal.any([signal, abort.signal]))
    let ended: Ended | undefined
    const end = (how: Ended): void => {
      if (ended !== undefined) return
      ended = how
      if (how.by === 'controller') server.close()
      seat.release()
      seat.bytes.sent = server.progress.bytesRead
      void closeStream(stream, kernel.clock)
        .then(() => Promise.all([image.close(), session.finish(how)]))
        .catch((thrown: unknown) => parts.log.warn('an image was not closed', { error: String(thrown) }))
        .then(seat.left)
    }
    const server = startIder({
      stream,
      image,
      drive,
      start: order.start,
      ended: why => end({ by: 'device', why }),
    })
    whenOver(stream, why => end({ by: 'device', why }))
    seat.occupy(end)
    await session.begin(end)
    stream.on('data', (data: Uint8Array) => {
      seat.bytes.received += data.length
      server.feed(data)
    })
    if (rest.length > 0) server.feed(rest)
    stream.resume()
    return () => described({ order, seat, image, drive, progress: server.progress, ended })
  } catch (thrown) {
    seat.release()
    await session.finish({ by: 'device', why: asProblem(thrown).code })
    seat.left()
    throw thrown
  }
}

type Described = Pick<Serve, 'order' | 'seat' | 'image' | 'drive'> & {
  readonly progress: IderProgress
  readonly ended: Ended | undefined
}

function described({ order, seat, image, drive, progress, ended }: Described): Serving {
  return {
    id: seat.id,
    project: order.project,
    device: order.device,
    image: order.image,
    drive: drive === CD ? 'cd' : 'floppy',
    size: image.size,
    since: formatTime(seat.since),
    by: order.principal.name,
    state: ended === undefined ? 'serving' : 'ended',
    ...(ended === undefined ? {} : { ended }),
    ...progress,
  }
}
