// SPDX-License-Identifier: Apache-2.0
/** Makes an .rpm of a package. */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rpmChangelog } from './changelog.ts'
import { type Making, wrapped } from './deb.ts'
import { type Entry, inOrder, MACHINES, type Package, type Relation, type Script } from './package.ts'
import { run } from './run.ts'
import { layOut } from './tree.ts'

/** The name of the file. */
export function rpmName(unit: Package): string {
  return `${unit.name}-${unit.version}-1.${machine(unit)}.rpm`
}

/** Builds the file and returns its path. */
export async function makeRpm(debian: Package, { work, out, fast, maintainer }: Making): Promise<string> {
  const unit = { ...debian, entries: debian.entries.flatMap(elsewhere) }
  const tree = join(work, 'rpm')
  const top = join(work, 'rpmbuild')
  for (const folder of [tree, top]) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
  }
  await layOut(tree, unit)
  const spec = join(work, `${unit.name}.spec`)
  await writeFile(spec, specOf(unit, maintainer))
  const macros = {
    srcroot: tree,
    _topdir: top,
    _binary_payload: fast ? 'w1.zstdio' : 'w6.xzdio',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
    _buildhost: 'reproducible',
    _build_id_links: 'none',
  }
  const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`])
  await run(['rpmbuild', '-bb', '--target', machine(unit), ...defines, spec], {
    env: { SOURCE_DATE_EPOCH: String(unit.epoch) },
  })
  const file = join(out, rpmName(unit))
  await copyFile(join(top, 'RPMS', machine(unit), rpmName(unit)), file)
  for (const path of [tree, top, spec]) await rm(path, { recursive: true, force: true })
  return file
}

/** Distributions with rpm have another folder for zsh, and none for Debian's reviewers. */
function elsewhere(entry: Entry): readonly Entry[] {
  if (entry.path.startsWith('/usr/share/lintian/')) return []
  return [{ ...entry, path: entry.path.replace('/zsh/vendor-completions/', '/zsh/site-functions/') }]
}

function machine({ architecture }: Package): string {
  return architecture === 'all' ? 'noarch' : MACHINES[architecture].rpm
}

function specOf(unit: Package, maintainer: string): string {
  return `%global debug_package %{nil}
%global __strip /bin/true
%global __os_install_post %{nil}
Name: ${unit.name}
Version: ${unit.version}
Release: 1
Summary: ${unit.summary.replace(/^./, first => first.toUpperCase())}
License: ${unit.license}
Group: System Environment/Daemons
Packager: ${maintainer}
AutoReqProv: no
${[
  ...relations('Requires', unit.depends.rpm),
  ...relations('Recommends', unit.recommends),
  ...relations('Suggests', unit.suggests),
  ...sectionsOf(unit),
].join('\n')}

%description
${unit.description.map(each => wrapped(each, 78).join('\n')).join('\n\n')}

%install
mkdir -p %{buildroot}
cp -a %{srcroot}/. %{buildroot}/
${scriptlets(unit)}
%files
%defattr(-,root,root,0755)
${ownFolders(unit.entries)
  .map(folder => `%dir ${folder}`)
  .join('\n')}
${inOrder(unit.entries).map(line).join('\n')}

%changelog
${rpmChangelog(unit.release, { ...unit, maintainer })}`
}

/** Scriptlets that need a shell say so. */
function sectionsOf({ scripts }: Package): readonly string[] {
  return Object.keys(scripts).length === 0 ? [] : ['Requires(post): /bin/sh', 'Requires(preun): /bin/sh']
}

function relations(tag: string, all: readonly Relation[]): readonly string[] {
  return all.map(({ name, version }) =>
    version === undefined ? `${tag}: ${name}` : `${tag}: ${name} ${version.op} ${version.than}`,
  )
}

/** Folders that no package of a distribution has, so that they go with this one. */
function ownFolders(entries: readonly Entry[]): readonly string[] {
  const found = entries.flatMap(({ path }) => {
    const parts = path.split('/')
    return parts.slice(1, -1).map((_, index) => parts.slice(0, index + 2).join('/'))
  })
  return [...new Set(found)].filter(folder => /^\/(usr\/lib|usr\/share\/doc|etc)\/muster/.test(folder)).sort()
}

function line({ path, mode, conffile }: Entry): string {
  const octal = (mode & 0o7777).toString(8).padStart(4, '0')
  const kind = conffile === true ? '%config(noreplace) ' : path.startsWith('/usr/share/doc/') ? '%doc ' : ''
  return `${kind}%attr(${octal},root,root) ${path}`
}

/** What rpm says to a scriptlet, in the words that dpkg says to the script it stands for. */
const CALLS: Readonly<Record<Script, { readonly section: string; readonly words: string }>> = {
  preinst: { section: 'pre', words: 'if [ "$1" -gt 1 ]; then set -- upgrade; else set -- install; fi' },
  postinst: {
    section: 'post',
    words: 'if [ "$1" -gt 1 ]; then set -- configure previous; else set -- configure ""; fi',
  },
  prerm: { section: 'preun', words: 'if [ "$1" -gt 0 ]; then set -- upgrade; else set -- remove; fi' },
  postrm: { section: 'postun', words: 'if [ "$1" -gt 0 ]; then set -- upgrade; else set -- remove; fi' },
}

function scriptlets({ scripts }: Package): string {
  return Object.entries(CALLS)
    .flatMap(([name, { section, words }]) => {
      const script = scripts[name as Script] // keys of CALLS
      if (script === undefined) return []
      // A percent sign begins a macro of the spec file.
      return [`%${section}\n${words}\n${script.replace(/^#!.*\n/, '').replaceAll('%', '%%')}\n`]
    })
    .join('\n')
}
