// SPDX-License-Identifier: Apache-2.0
/** The catalog of plugins: every entry is what its name says, keeps the rules of the contract and is described. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../../agent/hosting/manifest.ts'
import { catalog } from '../../../plugins/catalog.ts'
import { type Commands, isSegment } from '../../../plugins/contract/index.ts'

describe.each(Object.entries(catalog))('%s', (name, load) => {
  const readme = readFileSync(new URL(`../../../plugins/${name}/README.md`, import.meta.url), 'utf8')

  it('bears its name in catalog, manifest and section', async () => {
    const { manifest, section } = await load()

    expect([manifest.name, section.name]).toEqual([name, name])
    expect(isSegment(name)).toBe(true)
    expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('is one that the agent accepts', async () => {
    expect(refusalOf(await load())).toBeUndefined()
  })

  it('refuses desired members it does not know', async () => {
    expect((await load()).section.desired).toMatchObject({ type: 'object', additionalProperties: false })
  })

  it('describes what it observes, runs, reads and writes', async () => {
    const { manifest, section } = await load()
    const { run = [], read = [], write = [] } = manifest.permissions
    const commands: Commands = section.commands
    const observed = Object.keys(section.observed.properties).map(field => new RegExp(`\`${field}(\\[\\])?\``))
    const granted = [
      ...run.filter(program => program !== process.execPath),
      ...read,
      ...write,
      ...Object.keys(commands),
    ]

    for (const field of observed) expect(readme).toMatch(field)
    for (const grant of granted) expect(readme).toContain(`\`${grant}\``)
  })
})
