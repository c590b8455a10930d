// SPDX-License-Identifier: Apache-2.0
/** Where units, users, folders and presets go on a machine. */
import { type Entry, text } from './package.ts'

const UNIT = /\.(service|socket|path|timer|target)$/

/** Files that belong to some units, and to the package itself. */
export function serviceFiles(
  systemd: ReadonlyMap<string, string>,
  name: string,
  units: readonly string[],
): readonly Entry[] {
  const own = [...systemd].filter(([file]) => UNIT.test(file) && units.includes(file.replace(UNIT, '')))
  const one = (suffix: string, path: string): readonly Entry[] => {
    const found = systemd.get(`${name}.${suffix}`)
    return found === undefined ? [] : [text(path, found)]
  }
  return [
    ...own.map(([file, content]) => text(`/usr/lib/systemd/system/${file}`, content)),
    ...one('sysusers', `/usr/lib/sysusers.d/${name}.conf`),
    ...one('tmpfiles', `/usr/lib/tmpfiles.d/${name}.conf`),
    ...one('preset', `/usr/lib/systemd/system-preset/50-${name}.preset`),
  ]
}
