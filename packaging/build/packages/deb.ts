// SPDX-License-Identifier: Apache-2.0
/** Makes a .deb of a package. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inOrder, type Package, type Relation, SCRIPTS } from './package.ts'
import { run } from './run.ts'
import { layOut, settle } from './tree.ts'

export type Making = {
  /** An empty folder to work in. */
  readonly work: string
  /** The folder for the result. */
  readonly out: string
  /** Light compression for tests instead of the best for releases. */
  readonly fast: boolean
  readonly maintainer: string
}

/** The name of the file. */
export function debName({ name, version, architecture }: Package): string {
  return `${name}_${version}_${architecture}.deb`
}

/** Builds the file and returns its path. */
export async function makeDeb(unit: Package, { work, out, fast, maintainer }: Making): Promise<string> {
  const tree = join(work, 'deb')
  await rm(tree, { recursive: true, force: true })
  await mkdir(join(tree, 'DEBIAN'), { recursive: true })
  await layOut(tree, unit)
  await mkdir(join(tree, 'DEBIAN'), { recursive: true })
  for (const [file, content, mode] of await controlFiles(tree, unit, maintainer))
    await writeFile(join(tree, 'DEBIAN', file), content, { mode })
  await settle(join(tree, 'DEBIAN'), unit.epoch)
  const file = join(out, debName(unit))
  const packed = fast ? ['-Zzstd', '-z1'] : ['-Zxz', '-z6']
  await run(['dpkg-deb', '--root-owner-group', ...packed, '--build', tree, file], {
    env: { SOURCE_DATE_EPOCH: String(unit.epoch) },
  })
  await rm(tree, { recursive: true, force: true })
  return file
}

async function controlFiles(
  tree: string,
  unit: Package,
  maintainer: string,
): Promise<readonly (readonly [string, string, number])[]> {
  const files = inOrder(unit.entries).map(({ path }) => path)
  const sums = await Promise.all(
    files.map(async path => {
      const digest = createHash('md5')
        .update(await readFile(join(tree, path)))
        .digest('hex')
      return `${digest}  ${path.slice(1)}\n`
    }),
  )
  const sizes = await Promise.all(files.map(async path => Math.ceil((await stat(join(tree, path))).size / 1_024)))
  const kept = inOrder(unit.entries).filter(({ conffile }) => conffile === true)
  const scripts = SCRIPTS.flatMap(name => {
    const script = unit.scripts[name]
    return script === undefined ? [] : [[name, script, 0o755] as const]
  })
  return [
    [
      'control',
      control(
        unit,
        maintainer,
        sizes.reduce((sum, size) => sum + size, files.length),
      ),
      0o644,
    ],
    ['md5sums', sums.join(''), 0o644],
    ...(kept.length === 0 ? [] : [['conffiles', kept.map(({ path }) => `${path}\n`).join(''), 0o644] as const]),
    ...scripts,
  ]
}

function control(unit: Package, maintainer: string, sizeKb: number): string {
  const fields: readonly (readonly [string, string])[] = [
    ['Package', unit.name],
    ['Source', 'muster'],
    ['Version', unit.version],
    ['Architecture', unit.architecture],
    ...(unit.multiArch === undefined ? [] : [['Multi-Arch', unit.multiArch] as const]),
    ['Maintainer', maintainer],
    ['Installed-Size', String(sizeKb)],
    ['Depends', relations(unit.depends.deb)],
    ['Recommends', relations(unit.recommends)],
    ['Suggests', relations(unit.suggests)],
    ['Section', unit.section],
    ['Priority', 'optional'],
    [
      'Description',
      `${unit.summary}\n${unit.description
        .map(each =>
          wrapped(each, 78)
            .map(line => ` ${line}`)
            .join('\n'),
        )
        .join('\n .\n')}`,
    ],
  ]
  return fields.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}\n`])).join('')
}

function relations(all: readonly Relation[]): string {
  return all
    .map(({ name, version }) => (version === undefined ? name : `${name} (${version.op} ${version.than})`))
    .join(', ')
}

/** Lines of at most so many characters. */
export function wrapped(paragraph: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line)
      line = ''
    }
    line += `${line === '' ? '' : ' '}${word}`
  }
  return [...lines, line]
}
