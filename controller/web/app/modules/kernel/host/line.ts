// SPDX-License-Identifier: Apache-2.0
/** The command line that shows what this page shows. */
import { notifications } from '@mantine/notifications'
import { quoted } from '../../../acts/act.ts'
import { t } from '../../../words/host.ts'
import { muster } from './acts.ts'

export function lineOf(project: string, id: string, search: URLSearchParams): string {
  const name = muster(project)
  const asOf = search.get('asof') ?? ''
  const section = search.get('section') ?? ''
  switch (search.get('tab') ?? 'summary') {
    case 'inventory':
      return `${name} host inventory ${id}${asOf === '' ? '' : ` --as-of ${quoted(asOf)}`}`
    case 'config':
      return section === '' ? `${name} section ls ${id}` : `${name} section get ${id} ${quoted(section)}`
    case 'events':
      return `${name} events --host ${id} --since 0`
    case 'commands':
      return `${name} command ls --host ${id}`
    case 'raw':
      return `${name} host get ${id} -o json`
    default:
      return `${name} why ${id}`
  }
}

export async function copyLine(line: string): Promise<void> {
  await navigator.clipboard.writeText(line)
  notifications.show({ message: t.head.copied(line) })
}
