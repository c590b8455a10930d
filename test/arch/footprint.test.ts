// SPDX-License-Identifier: Apache-2.0
/** What is off is absent: bundles hold exactly what the ledger says, and nothing of a part that was left out. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { load, resolveConfig } from '../../controller/config.ts'
import { orderModules } from '../../controller/kernel/load.ts'
import { catalog as modules } from '../../controller/modules/catalog.ts'
import { BUILDERS, VALUE_ACTS } from '../../packaging/build/adapt.ts'
import { partsOf, withOnly } from '../../packaging/build/catalog.ts'
import type { Footprint } from '../../packaging/build/footprint.ts'
import { measure, readLedger } from '../../packaging/build/ledger.ts'
import { profileModules, profiles } from '../../packaging/build/variants.ts'
import { catalog as plugins } from '../../plugins/catalog.ts'
import { productSources, ROOT, read } from './tree.ts'

const measured = await measure(ROOT)
const ledger = await readLedger(ROOT)
const NOTHING: Footprint = { packages: [], folders: [] }

const of = (name: string): Footprint => measured[name] ?? NOTHING

describe('the ledger', () => {
  it('names every bundle there is', () => {
    expect(Object.keys(measured)).toEqual(Object.keys(ledger))
  })

  // When a difference is wanted: node packaging/build/main.ts --ledger
  it.each(Object.keys(ledger))('is right about the %s', name => {
    expect(of(name)).toEqual(ledger[name])
  })
})

describe('a controller', async () => {
  for (const profile of await profiles(ROOT)) {
    const wanted = await profileModules(ROOT, profile)
    const bundle = of(`controller ${profile}`)

    it(`of the profile ${profile} has these modules and no other`, () => {
      const present = bundle.folders.filter(folder => folder.startsWith('controller/modules/'))

      expect(present).toEqual(wanted.map(name => `controller/modules/${name}`).sort())
    })

    it(`of the profile ${profile} has nothing of an agent`, () => {
      expect(bundle.packages.length).toBeGreaterThan(40)
      expect(bundle.folders.filter(folder => /^(agent|simulator)/.test(folder))).toEqual([])
      expect(bundle.packages.filter(name => ['mqtt', 'systeminformation', 'commander'].includes(name))).toEqual([])
    })
  }

  it('without out-of-band management knows nothing of AMT', () => {
    expect(of('controller full').folders).toContain('plugins/amt')
    expect(of('controller observability').folders).not.toContain('plugins/amt')
    expect(of('controller onboarding').folders).toEqual(expect.not.arrayContaining(['plugins/amt', 'plugins/hardware']))
  })
})

describe('an agent', () => {
  it.each(Object.keys(plugins))('with %s has no other plugin', name => {
    const present = of(`agent with ${name}`).folders.filter(folder => /^plugins\/(?!contract)/.test(folder))

    expect(present).toEqual([`plugins/${name}`])
  })

  it('carries the hardware library for the hardware plugin only', () => {
    const carriers = Object.keys(measured).filter(name => of(name).packages.includes('systeminformation'))

    expect(carriers).toEqual(['agent', 'agent with hardware'])
  })

  it('carries nothing of a controller', () => {
    expect(of('agent').packages).toContain('mqtt')
    expect(
      of('agent').packages.filter(name => /^(fastify|@fastify\/.*|aedes|kysely|prom-client|node-cron)$/.test(name)),
    ).toEqual([])
    expect(of('agent').folders.filter(folder => folder.startsWith('controller'))).toEqual([])
  })
})

describe('the command line', () => {
  it('carries no database, no broker, no web server and no certificate library', () => {
    const heavy = ['better-sqlite3', 'kysely', 'aedes', 'mqtt', 'fastify', '@peculiar/x509', 'pino', 'jose']

    expect(of('command line').packages).toContain('commander')
    expect(of('command line').packages.filter(name => heavy.includes(name))).toEqual([])
  })
})

describe('the schema library in a bundle', () => {
  const used = (namespace: string): readonly string[] => {
    const calls = productSources().flatMap(file => [
      ...read(file).matchAll(new RegExp(`\\b${namespace}\\.(\\w+)(?:<[^()]*?>)?\\(`, 'g')),
    ])
    return [...new Set(calls.map(([, name = '']) => name))].sort()
  }

  it('has every builder that the sources use, and no other', () => {
    expect(Object.values(BUILDERS).toSorted()).toEqual(used('Type'))
  })

  it('has every act on values that the sources use, and no other', () => {
    expect(Object.values(VALUE_ACTS).toSorted()).toEqual(used('Value'))
  })
})

describe('a profile', async () => {
  it.each(await profiles(ROOT))('%s is a configuration the controller takes', async profile => {
    const { modules: wanted } = resolveConfig(load([join(ROOT, 'packaging/profiles', `${profile}.yaml`)], {}))
    const enabled = Object.entries(wanted).map(async ([name, config]) => ({ module: await modules[name]!(), config }))

    expect(orderModules(await Promise.all(enabled), SHELL)).toHaveLength(Object.keys(wanted).length)
  })
})

/** Ports that the program around the modules offers. */
const SHELL = ['certificate-authority', 'secrets', 'secret-files', 'blobs', 'host-streams', 'running']

describe('a catalog written anew', () => {
  it('keeps what is wanted and loses every trace of the rest', async () => {
    const source = await readFile(join(ROOT, 'controller/modules/catalog.ts'), 'utf8')

    expect(partsOf(source)).toEqual(Object.keys(modules))
    expect(withOnly(source, ['onboarding'])).toContain('./onboarding/module.ts')
    expect(withOnly(source, ['onboarding'])).not.toMatch(/oob|inventory/)
  })

  it('is refused when it asks for what there is not', () => {
    expect(() => withOnly(read('plugins/catalog.ts'), ['teleport'])).toThrow('the catalog has no teleport')
  })

  it('is refused when an entry has a form that cannot be taken out', () => {
    const strange =
      "import { amt } from './amt/plugin.ts'\nexport const catalog = {\n  amt: async () => (await import('./amt/plugin.ts')).amt,\n}\n"

    expect(() => withOnly(strange, [])).toThrow('still names amt')
  })
})
