// SPDX-License-Identifier: Apache-2.0
/** The redirection sessions that live: who has which kind on which device, within limits; and how they are ended. */
import { type Clock, newUlid, type RandomBytes, SECOND } from '../../../../plugins/contract/index.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { LiveRedirections } from '../ports.ts'
import type { RedirectionRules } from './config.ts'
import type { Mode } from './framing.ts'
import { problem } from './problems.ts'

export type Ended = { readonly by: 'browser' | 'device' | 'controller'; readonly why: string }

export type Claim = {
  readonly project: string
  readonly guid: string
  /** Missing when the client has not said yet; it counts as KVM until it does. */
  readonly mode: Mode | undefined
  readonly principal: Principal
  /** `relay`: a client's. `terminal`: of our own. `image`: we serve a medium. */
  readonly kind: 'relay' | 'terminal' | 'image'
  /** Ends after so long, where that is sooner than the rules say. */
  readonly maxMs?: number | undefined
}

/** A place among the living sessions, from the moment a session is allowed. */
export interface Seat extends Claim {
  readonly id: string
  /** Epoch ms. */
  readonly since: number
  readonly mode: Mode | undefined
  readonly bytes: { received: number; sent: number }
  /** Settles the kind. `false` when the device already has such a session. */
  settle(mode: Mode): boolean
  /** What ends the session; called at once when somebody already asked for it. Until then the place is kept for a short while only. */
  occupy(end: (ended: Ended) => void): void
  end(ended: Ended): void
  release(): void
  /** Resolves once the session's channel is closed. */
  readonly gone: Promise<void>
  left(): void
}

export interface Live extends LiveRedirections {
  /** Throws `redirection-busy` and `redirection-limit`. */
  claim(claim: Claim): Seat
  all(project: string): readonly Seat[]
  readonly size: number
  /** Ends one kind of session of a device. */
  endMode(guid: string, mode: Mode, why: string): Promise<void>
  /** Ends all sessions of a project. */
  leave(project: string, why: string): Promise<void>
  /** Ends everything, and resolves when all channels are closed. */
  stop(why: string): Promise<void>
}

export type LiveParts = { readonly rules: RedirectionRules; readonly clock: Clock; readonly random: RandomBytes }

/** An upgrade that was allowed and never came. */
const VACANT_MS = 30 * SECOND

export function createLive({ rules, clock, random }: LiveParts): Live {
  const seats = new Map<string, Seat>()
  const of = (guid: string): Seat[] => [...seats.values()].filter(each => each.guid === guid)
  const taken = (guid: string, mode: Mode | undefined, but?: string): boolean =>
    of(guid).some(each => each.id !== but && (each.mode ?? 'kvm') === (mode ?? 'kvm'))
  const check = ({ project, guid, mode, principal }: Claim): void => {
    if (taken(guid, mode)) throw problem('redirection-busy', `${mode ?? 'kvm'} of ${guid}`)
    const all = [...seats.values()]
    if (all.filter(each => each.principal.id === principal.id).length >= rules.sessionsPerPerson)
      throw problem('redirection-limit', `${principal.name} has ${rules.sessionsPerPerson}`)
    if (all.filter(each => each.project === project).length >= rules.sessionsPerProject)
      throw problem('redirection-limit', `the project has ${rules.sessionsPerProject}`)
  }
  const claim = (wanted: Claim): Seat => {
    check(wanted)
    const id = newUlid(clock.now(), random)
    const { promise: gone, resolve: left } = Promise.withResolvers<void>()
    let mode = wanted.mode
    let end: ((ended: Ended) => void) | undefined
    let asked: Ended | undefined
    const release = (): void => void seats.delete(id)
    const forget = clock.after(VACANT_MS, () => {
      release()
      left()
    })
    const seat: Seat = {
      ...wanted,
      id,
      since: clock.now(),
      bytes: { received: 0, sent: 0 },
      get mode() {
        return mode
      },
      settle: settled => {
        if (taken(wanted.guid, settled, id)) return false
        mode = settled
        return true
      },
      occupy: act => {
        forget()
        end = act
        if (asked !== undefined) act(asked)
      },
      end: ended => {
        asked ??= ended
        if (end !== undefined) return end(ended)
        release()
        left()
      },
      release: () => {
        forget()
        release()
      },
      gone,
      left,
    }
    seats.set(id, seat)
    return seat
  }
  const endAll = async (some: readonly Seat[], why: string): Promise<void> => {
    for (const seat of some) seat.end({ by: 'controller', why })
    await Promise.all(some.map(seat => seat.gone))
  }
  return {
    claim,
    get size() {
      return seats.size
    },
    all: project => [...seats.values()].filter(each => each.project === project),
    of: guid => of(guid).map(({ id, mode, principal }) => ({ id, mode: mode ?? 'kvm', by: principal.name })),
    endMode: (guid, mode, why) =>
      endAll(
        of(guid).filter(each => (each.mode ?? 'kvm') === mode),
        why,
      ),
    end: (guid, why) => endAll(of(guid), why),
    leave: (project, why) =>
      endAll(
        [...seats.values()].filter(each => each.project === project),
        why,
      ),
    stop: why => endAll([...seats.values()], why),
  }
}
