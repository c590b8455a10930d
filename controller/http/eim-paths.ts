// SPDX-License-Identifier: Apache-2.0
/** One table from every path that EIM's clients use to the one path we serve it on. */

/** EIM's service-native prefix: the project stands in the query or in a header instead of the path. */
export const NATIVE_BASE = '/edge-infra.orchestrator.apis/v2'
const PROJECT_BASE = '/v1/projects'

/** Folders that EIM serves under a second name, as `[theirs, ours]`, below the project. */
const ALIASES = [
  ['compute/hosts_summary', 'compute/hosts/summary'],
  ['compute/operating_systems', 'compute/os'],
  ['compute/schedules', 'schedules'],
  ['compute/workloads', 'workloads'],
  // Where EIM's gateway has the services that manage AMT, by the releases of its command line.
  ['dm/amt/admin', 'oob/rps'],
  ['dm', 'oob/mps'],
  ['oob/amt', 'oob/mps/amt'],
  ['oob/authorize', 'oob/mps/authorize'],
  ['os_update_policy', 'os-update-policies'],
  ['os_update_run', 'os-update-runs'],
  ['telemetry/groups/logs', 'telemetry/loggroups'],
  ['telemetry/groups/metrics', 'telemetry/metricgroups'],
] as const

/** The same for the folders below the native base. */
const NATIVE = [
  ['hosts', 'compute/hosts'],
  ['hosts_summary', 'compute/hosts/summary'],
  ['instances', 'compute/instances'],
  ['operating_systems', 'compute/os'],
  ['os_update_policy', 'os-update-policies'],
  ['os_update_run', 'os-update-runs'],
  ['telemetry/groups/logs', 'telemetry/loggroups'],
  ['telemetry/groups/metrics', 'telemetry/metricgroups'],
  ...(
    [
      'customConfigs',
      'localAccounts',
      'locations',
      'providers',
      'regions',
      'schedules',
      'sites',
      'telemetry/profiles',
      'workload_members',
      'workloads',
    ] as const
  ).map(same => [same, same] as const),
] as const

type Folders = readonly (readonly [theirs: string, ours: string])[]

/** Why a request's project cannot be told from what it says. */
export type Refusal = 'project-not-named' | 'project-disagrees'

/** Where a request goes, or why it goes nowhere. */
export type Landing = { readonly url: string } | { readonly refused: Refusal }

export type Asked = {
  /** As it came: path and query. */
  readonly url: string
  /** The header `ActiveProjectID`. */
  readonly activeProject: string | undefined
  /** The name of a project by its UUID. */
  readonly nameOf: (uuid: string) => string | undefined
}

/**
 * Finds the canonical address of a request. Pure, and total: what is none of EIM's paths comes back as it was.
 * `projectName` is taken out of the query; where it contradicts the path or the header the request is refused.
 * A UUID that no project has goes on as a name no project has, so that it ends like any other unknown project.
 */
export function landing(asked: Asked): Landing {
  const { path, query } = split(asked.url)
  if (path.startsWith(`${NATIVE_BASE}/`)) return native(asked, path.slice(NATIVE_BASE.length + 1), query)
  if (!path.startsWith(`${PROJECT_BASE}/`)) return { url: asked.url }
  const [project = '', ...rest] = path.slice(PROJECT_BASE.length + 1).split('/')
  const ours = renamed(ALIASES, rest.join('/')) ?? rest.join('/')
  const { names, kept } = withoutProject(query)
  if (names.some(name => name !== decoded(project))) return { refused: 'project-disagrees' }
  const tail = rest.length === 0 ? '' : `/${ours}`
  return { url: `${PROJECT_BASE}/${project}${tail}${names.length === 0 ? query : kept}` }
}

function native({ activeProject, nameOf, url }: Asked, rest: string, query: string): Landing {
  const ours = renamed(NATIVE, rest)
  if (ours === undefined) return { url }
  const { names, kept } = withoutProject(query)
  const fromHeader = activeProject === undefined || activeProject === '' ? undefined : activeProject.toLowerCase()
  const named = fromHeader === undefined ? names : [...names, nameOf(fromHeader) ?? fromHeader]
  const [project] = named
  if (project === undefined || project === '') return { refused: 'project-not-named' }
  if (named.some(name => name !== project)) return { refused: 'project-disagrees' }
  return { url: `${PROJECT_BASE}/${encodeURIComponent(project)}/${ours}${kept}` }
}

function renamed(folders: Folders, path: string): string | undefined {
  const found = folders.find(([theirs]) => path === theirs || path.startsWith(`${theirs}/`))
  return found === undefined ? undefined : `${found[1]}${path.slice(found[0].length)}`
}

function split(url: string): { path: string; query: string } {
  const at = url.indexOf('?')
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at) }
}

// The rest of the query stays as it was written: re-encoding it could change what a filter says.
function withoutProject(query: string): { names: readonly string[]; kept: string } {
  const parts = query === '' ? [] : query.slice(1).split('&')
  const isName = (part: string): boolean => part === 'projectName' || part.startsWith('projectName=')
  const kept = parts.filter(part => !isName(part))
  return {
    names: parts.filter(isName).map(part => decoded(part.slice('projectName='.length).replaceAll('+', ' '))),
    kept: kept.length === 0 ? '' : `?${kept.join('&')}`,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Collections whose members EIM calls `{resourceId}`, below the project; deeper paths of ours keep our words. */
const COLLECTIONS = [
  'compute/hosts',
  'compute/instances',
  'compute/os',
  'customConfigs',
  'localAccounts',
  'locations',
  'os-update-policies',
  'os-update-runs',
  'providers',
  'regions',
  'schedules',
  'schedules/repeated',
  'schedules/single',
  'sites',
  'telemetry/loggroups',
  'telemetry/metricgroups',
  'telemetry/profiles/logs',
  'telemetry/profiles/metrics',
  'workload_members',
  'workloads',
] as const

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^regions\/\{[^}]+\}\/sites$/, 'regions/{regionId}/sites'],
  [/^regions\/\{[^}]+\}\/sites\/\{[^}]+\}$/, 'regions/{regionId}/sites/{resourceId}'],
  [/^compute\/hosts\/(register|summary)$/, 'compute/hosts/$1'],
  [/^compute\/(hosts|instances)\/\{[^}]+\}\/(invalidate|onboard|register)$/, 'compute/$1/{resourceId}/$2'],
  ...COLLECTIONS.flatMap(name => [
    [new RegExp(`^${name}$`), name] as const,
    [new RegExp(`^${name}/\\{[^}]+\\}$`), `${name}/{resourceId}`] as const,
  ]),
]

/** How EIM's specification spells a path of ours, parameters included; `undefined` when the path is not EIM's. */
export function spelledByEim(template: string): string | undefined {
  const below = /^\/v1\/projects\/\{[^}]+\}\/(.+)$/.exec(template)?.[1]
  if (below === undefined) return undefined
  const shape = SHAPES.find(([pattern]) => pattern.test(below))
  return shape === undefined ? undefined : `${PROJECT_BASE}/{projectName}/${below.replace(...shape)}`
}

/** The other paths at which EIM's specification has the resource of one it spells. */
export function aliasesOf(spelled: string): readonly string[] {
  const below = spelled.slice(`${PROJECT_BASE}/{projectName}/`.length)
  const back = (folders: Folders): string[] =>
    folders.flatMap(([theirs, ours]) =>
      below === ours || (below.startsWith(`${ours}/`) && isOwn(folders, ours, below))
        ? [`${theirs}${below.slice(ours.length)}`]
        : [],
    )
  return [
    ...back(ALIASES).map(path => `${PROJECT_BASE}/{projectName}/${path}`),
    ...back(NATIVE)
      .filter(path => !path.startsWith('regions/{regionId}/'))
      .map(path => `${NATIVE_BASE}/${path}`),
  ]
}

/** Whether no longer folder claims the path: `compute/hosts/summary` is not a member of `compute/hosts`. */
function isOwn(folders: Folders, ours: string, below: string): boolean {
  return !folders.some(([, other]) => other.length > ours.length && (below === other || below.startsWith(`${other}/`)))
}
