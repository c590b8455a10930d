// SPDX-License-Identifier: Apache-2.0
/** What every package tells about itself: licence, changes, parts of others, bill of materials, manual, completion. */
import { gzipSync } from 'node:zlib'
import { debianChangelog } from './changelog.ts'
import { completionEntries, completionOf } from './completion.ts'
import { programCopyright, runtimeCopyright } from './copyright.ts'
import type { BuiltProgram, Ingredients } from './ingredients.ts'
import { manPage } from './man.ts'
import { type Entry, type Package, text } from './package.ts'
import { PAGES } from './pages.ts'

export type Subject =
  | { readonly program: BuiltProgram; readonly scripts: ReadonlySet<string>; readonly more?: readonly Entry[] }
  | { readonly runtimeLicense: string; readonly sbom: string }

export type Naming = Pick<Package, 'name' | 'version' | 'epoch' | 'release'>

export async function documents(from: Ingredients, unit: Naming, subject: Subject): Promise<readonly Entry[]> {
  const { name } = unit
  const folder = `/usr/share/doc/${name}`
  const changelog = debianChangelog(unit.release, { ...unit, maintainer: from.maintainerName })
  const override = from.overrides.get(name)
  const common = [
    packed(`${folder}/changelog.gz`, changelog),
    ...(override === undefined ? [] : [text(`/usr/share/lintian/overrides/${name}`, override)]),
    ...conffiles(from, name),
    ...manual(from, name),
    ...completion(from, name),
  ]
  if ('runtimeLicense' in subject)
    return [
      ...common,
      text(`${folder}/copyright`, runtimeCopyright(subject.runtimeLicense)),
      packed(`${folder}/sbom.cdx.json.gz`, subject.sbom),
    ]
  const { notices, sbom, parts } = await subject.program.papers(subject.scripts, name)
  return [
    ...common,
    text(`${folder}/copyright`, programCopyright(parts)),
    text(`${folder}/THIRD-PARTY-NOTICES.txt`, notices),
    packed(`${folder}/sbom.cdx.json.gz`, sbom),
  ]
}

function conffiles({ conffiles: all }: Ingredients, name: string): readonly Entry[] {
  return [...(all.get(name) ?? [])].map(([file, content]) => ({
    ...text(`/etc/${name}/${file}`, content),
    conffile: true as const,
  }))
}

function manual({ commands, version, epoch }: Ingredients, name: string): readonly Entry[] {
  return PAGES.filter(page => page.package === name).flatMap(page => {
    const command = commands.get(page.name)
    if (command === undefined) return []
    const file = `/usr/share/man/man${page.section}/${page.name}.${page.section}.gz`
    return [packed(file, manPage(page, command, { version, epoch }))]
  })
}

function completion({ commands, completion: own }: Ingredients, name: string): readonly Entry[] {
  return PAGES.filter(page => page.package === name && page.completed).flatMap(page => {
    const command = commands.get(page.name)
    if (command === undefined) return []
    return completionEntries(page.name, page.name === 'muster' ? own : completionOf(command))
  })
}

/** A file packed so that the same text gives the same bytes: without name and time. */
export function packed(path: string, content: string): Entry {
  return { path, mode: 0o644, content: gzipSync(content, { level: 9 }) }
}
