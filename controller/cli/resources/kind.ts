// SPDX-License-Identifier: Apache-2.0
/** What the command line knows of a kind of EIM's resources: where it is, what is shown, what may be set. */

/** A resource as the controller sends it. */
export type Resource = Readonly<Record<string, unknown>>

/** How what is typed becomes a member of a body. */
export type Form =
  | { readonly is: 'text' | 'integer' | 'boolean' | 'labels' | 'list' | 'content' }
  /** Degrees of at most `most` to either side, kept as whole numbers of 10^-7 degrees. */
  | { readonly is: 'degrees'; readonly most: 90 | 180 }
  /** Typed without the prefix and in small letters: `lenovo-loca`. */
  | { readonly is: 'enum'; readonly prefix: string; readonly values: readonly string[] }
  /** Name or id of another resource; `many` takes several. */
  | { readonly is: 'reference'; readonly noun: string; readonly many?: true }

/** An option that sets a member. */
export type Setting = {
  /** `--name <text>`. */
  readonly flags: string
  readonly member: string
  readonly about: string
  readonly form: Form
}

/** Where resources of a kind stand; two places are two variants of one noun. */
export type Place = {
  /** Below the project: `telemetry/loggroups`. */
  readonly path: string
  /** Member of a list that holds them. */
  readonly list: string
  /** `logs`: what `--kind` takes and the column KIND shows; absent where there is but one place. */
  readonly variant?: string
  /** What a list must be asked for so that its columns are filled. */
  readonly asks?: Readonly<Record<string, boolean>>
}

export type Column = {
  readonly title: string
  readonly cell: (resource: Resource) => string
  /** Shown with `-o wide` only. */
  readonly wide?: true
}

export type ResourceVerb = 'ls' | 'get' | 'create' | 'set' | 'rm'

export type Kind = {
  readonly noun: string
  readonly summary: string
  /** `Region`: names the envelope of `-o json`. */
  readonly kind: string
  /** Start of its ids: `region` of `region-1a2b3c4d`. */
  readonly prefixes: readonly string[]
  readonly places: readonly [Place, ...Place[]]
  /** The member that people know it by; absent where it has ids only. */
  readonly named?: string
  readonly verbs: readonly ResourceVerb[]
  readonly columns: readonly Column[]
  readonly settings: readonly Setting[]
  /** Members that a new one gets unless something else is said. */
  readonly defaults?: Resource
  /** Words of EIM's own files for members and values: `osImageUrl` for `imageUrl`. */
  readonly spelled?: (document: Resource) => Resource
  /** Lines that help shows, without `muster <noun>`. */
  readonly examples: Readonly<Partial<Record<ResourceVerb, string>>>
}

/** The text of a member, following dots: `region.name`; `-` when it is not there. */
export function member(path: string): (resource: Resource) => string {
  const names = path.split('.')
  return resource => {
    let at: unknown = resource
    for (const name of names) at = typeof at === 'object' && at !== null ? (at as Resource)[name] : undefined // just looked
    if (at === undefined || at === null || at === '') return '-'
    return Array.isArray(at) ? String(at.length) : String(at)
  }
}

/** The first of several members that is there. */
export function either(...paths: readonly string[]): (resource: Resource) => string {
  return resource => paths.map(path => member(path)(resource)).find(text => text !== '-') ?? '-'
}

/** An enum without its prefix, in small letters. */
export function word(path: string, prefix: string): (resource: Resource) => string {
  return resource => member(path)(resource).replace(prefix, '').toLowerCase().replaceAll('_', '-')
}

/** Unix seconds as RFC 3339. */
export function moment(path: string): (resource: Resource) => string {
  return resource => {
    const seconds = Number(member(path)(resource))
    return Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z') : '-'
  }
}
