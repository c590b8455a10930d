// SPDX-License-Identifier: Apache-2.0
/** Orders the enabled modules by what they need, and refuses a set that does not fit together. */
import { findings } from '../../plugins/contract/index.ts'
import type { AnyModule } from './module.ts'
import { problem } from './problems.ts'

export type Enabled = { readonly module: AnyModule; readonly config: unknown }

/**
 * Returns the modules in the order they can start. Pure.
 * Throws `module-graph` with everything that is wrong: a port nobody offers or several do, a cycle, two owners of one
 * section, a clash of table prefixes, a configuration that does not fit.
 */
export function orderModules(enabled: readonly Enabled[], provided: readonly string[] = []): readonly Enabled[] {
  const modules = enabled.map(each => each.module)
  const wrong = [
    ...wrongConfigurations(enabled),
    ...wrongPorts(modules, provided),
    ...twoOwners(modules),
    ...twice(
      'module',
      modules.map(module => module.name),
    ),
  ]
  const { ordered, stuck } = sorted(enabled, provided)
  if (wrong.length === 0 && stuck.length > 0) wrong.push(`a circle of needs: ${stuck.join(', ')}`)
  if (wrong.length > 0) throw problem('module-graph', wrong.join('; '), { findings: wrong })
  return ordered
}

const ids = (ports: object): readonly string[] => Object.values(ports).map(port => (port as { id: string }).id) // Ports

function wrongConfigurations(enabled: readonly Enabled[]): string[] {
  return enabled.flatMap(({ module, config }) =>
    findings(module.config, config).map(({ pointer, message }) => `modules/${module.name}${pointer}: ${message}`),
  )
}

function wrongPorts(modules: readonly AnyModule[], provided: readonly string[]): string[] {
  const offered = [...provided, ...modules.flatMap(module => ids(module.offers))]
  const missing = modules.flatMap(module =>
    ids(module.needs)
      .filter(need => !offered.includes(need))
      .map(need => `${module.name} needs ${need}, which nothing here offers`),
  )
  return [...missing, ...twice('port', offered)]
}

function twoOwners(modules: readonly AnyModule[]): string[] {
  return twice(
    'owner of section',
    modules.flatMap(module => module.owns.map(section => section.name)),
  )
}

function twice(what: string, names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map(name => `two of ${what} ${name}`)
}

function sorted(enabled: readonly Enabled[], provided: readonly string[]): { ordered: Enabled[]; stuck: string[] } {
  const ordered: Enabled[] = []
  const available = new Set(provided)
  let rest = [...enabled]
  while (rest.length > 0) {
    const ready = rest.filter(({ module }) => {
      const awaited = [
        ...ids(module.needs),
        ...ids(module.wants).filter(want => rest.some(each => ids(each.module.offers).includes(want))),
      ]
      return awaited.every(id => available.has(id))
    })
    if (ready.length === 0) return { ordered, stuck: rest.map(each => each.module.name) }
    for (const { module } of ready) for (const id of ids(module.offers)) available.add(id)
    ordered.push(...ready)
    rest = rest.filter(each => !ready.includes(each))
  }
  return { ordered, stuck: [] }
}
