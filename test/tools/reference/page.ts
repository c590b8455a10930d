// SPDX-License-Identifier: Apache-2.0
/** The form of generated pages. */

const NOTICE = '<!-- Written by `node test/tools/reference.ts` from the sources. Change those, not this page. -->'

export function page(title: string, parts: readonly string[]): string {
  return `# ${title}\n\n${NOTICE}\n\n${parts.join('\n\n')}\n`
}

/** A table in Markdown; bars and line breaks inside cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
