// SPDX-License-Identifier: Apache-2.0
/** The file that says who made what and under which licence, in the form of Debian's machine-readable copyright (DEP-5). */
import type { Licensed } from '../notices.ts'

const HEAD = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: muster
`

/** Debian ships the text; other distributions find it in the same file as the parts of others. */
const APACHE = `License: Apache-2.0
 Licensed under the Apache License, Version 2.0 (the "License"); you may not
 use this file except in compliance with the License. You may obtain a copy of
 the License at https://www.apache.org/licenses/LICENSE-2.0
 .
 Unless required by applicable law or agreed to in writing, software
 distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
 WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
 License for the specific language governing permissions and limitations under
 the License.
 .
 On Debian systems the complete text of the License is in
 /usr/share/common-licenses/Apache-2.0.
`

/** Of a program: our code, and each package bundled with it; their texts are in the notices. */
export function programCopyright(packages: readonly Licensed[]): string {
  const parts = packages.map(({ name, license, texts }) => {
    const whose = holders(texts)
    return stanza([
      ['Files', `node_modules/${name}/*`],
      ['Copyright', (whose.length === 0 ? [`the authors of ${name}`] : whose).join('\n ')],
      ['License', `${short(license)}\n The text is in THIRD-PARTY-NOTICES.txt beside this file.`],
    ])
  })
  const own = stanza([
    ['Files', '*'],
    ['Copyright', '2026 the Muster authors'],
    ['License', 'Apache-2.0'],
  ])
  return [HEAD, own, ...parts, APACHE].join('\n')
}

/** Of the runtime: Node's own licence, which holds those of all its parts. */
export function runtimeCopyright(license: string): string {
  const lines = license
    .trimEnd()
    .split('\n')
    .map(line => (line.trim() === '' ? ' .' : ` ${line.replaceAll('\t', '    ')}`))
  const own = stanza([
    ['Files', '*'],
    ['Copyright', ['Node.js contributors', ...holders([license])].join('\n ')],
    ['License', `Node.js\n${lines.join('\n')}`],
  ])
  return [HEAD.replace('muster', 'node'), own].join('\n')
}

/** Lines that claim a copyright with a year. */
function holders(texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap(text => text.split('\n')).filter(line => /^\W*copyright\b.*\d{4}/i.test(line))
  return [...new Set(lines.map(line => line.replace(/^\W+/, '').trim()))]
}

function stanza(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\n`).join('')
}

/** An expression of SPDX as one word. */
function short(license: string): string {
  return license.replaceAll(/[()]/g, '').replaceAll(/\s+/g, '-')
}
