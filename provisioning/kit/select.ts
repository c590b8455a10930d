// SPDX-License-Identifier: Apache-2.0
/** Chooses the packages a kit needs: the newest of what was asked for, with what these need from the same repository. Pure. */
import { compareVersions } from './versions.ts'

/** A package as the signed index of apt, or the listing of the repository, describes it. */
export type Offer = {
  readonly name: string
  readonly version: string
  readonly arch: string
  /** Below the repository. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Names it depends on, whoever brings them. */
  readonly needs: readonly string[]
}

/** Reads `Packages`; its paths are below the folder of apt. */
export function readPackages(text: string): readonly Offer[] {
  return text
    .split(/\n\n+/)
    .filter(stanza => stanza.trim() !== '')
    .map(stanza => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1]?.trim() ?? ''
      return {
        name: field('Package'),
        version: field('Version'),
        arch: field('Architecture'),
        path: `apt/${field('Filename')}`,
        bytes: Number(field('Size')),
        sha256: field('SHA256'),
        needs: [...namesIn(field('Pre-Depends')), ...namesIn(field('Depends'))],
      }
    })
}

/** Every name of a line of dependencies; of alternatives too, since only those of the repository count. */
function namesIn(line: string): readonly string[] {
  return line
    .split(/[,|]/)
    .map(each => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(each)?.[1] ?? '')
    .filter(name => name !== '')
}

/** The newest of each, in order of their names; `absent` are names that were asked for and are not there. */
export function choose(
  offers: readonly Offer[],
  wanted: readonly string[],
): { readonly chosen: readonly Offer[]; readonly absent: readonly string[] } {
  const newest = new Map<string, Offer>()
  for (const offer of offers) {
    const present = newest.get(offer.name)
    if (present === undefined || compareVersions(offer.version, present.version) > 0) newest.set(offer.name, offer)
  }
  const chosen = new Map<string, Offer>()
  const waiting = [...wanted]
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const offer = newest.get(name)
    if (offer === undefined || chosen.has(name)) continue
    chosen.set(name, offer)
    waiting.push(...offer.needs)
  }
  return {
    chosen: [...chosen.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    absent: wanted.filter(name => !newest.has(name)),
  }
}
