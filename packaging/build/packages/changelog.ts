// SPDX-License-Identifier: Apache-2.0
/** What changed, from CHANGELOG.md, in the forms of dpkg and rpm. */

export type Release = { readonly title: string; readonly changes: readonly string[] }

export type Stamp = {
  readonly name: string
  readonly version: string
  readonly maintainer: string
  readonly epoch: number
}

/** The newest part of the file: what is unreleased while it is built, and released when it is out. */
export function newestOf(markdown: string): Release {
  const [, title = '', body = ''] = /^## (.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(markdown) ?? []
  const items = body
    .split(/\n(?=- )/)
    .map(item => item.replace(/^- /, '').replaceAll(/\s+/g, ' ').replaceAll('`', '').trim())
    .filter(item => item !== '')
  return { title, changes: items.flatMap(item => item.split(/(?<=\w\.) (?=- )/)) }
}

/** The changelog of a package of dpkg. */
export function debianChangelog({ changes }: Release, { name, version, maintainer, epoch }: Stamp): string {
  const lines = changes.map(change => fold(change, '  * ', '    '))
  const date = new Date(epoch * 1_000).toUTCString().replace('GMT', '+0000')
  return `${name} (${version}) stable; urgency=medium\n\n${lines.join('\n')}\n\n -- ${maintainer}  ${date}\n`
}

/** The section of a spec file. */
export function rpmChangelog({ changes }: Release, { version, maintainer, epoch }: Stamp): string {
  const [, day = '', date = '', month = '', year = ''] =
    /^(\w+), (\d+) (\w+) (\d+)/.exec(new Date(epoch * 1_000).toUTCString()) ?? []
  const lines = changes.map(change => fold(change.replaceAll('%', '%%'), '- ', '  '))
  return `* ${day} ${month} ${date} ${year} ${maintainer} - ${version}-1\n${lines.join('\n')}\n`
}

const WIDTH = 78

function fold(text: string, first: string, next: string): string {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    const fits = line.length + word.length < WIDTH || line === first || line === next
    if (!fits) {
      lines.push(line.trimEnd())
      line = next
    }
    line += `${word} `
  }
  return [...lines, line.trimEnd()].join('\n')
}
