// SPDX-License-Identifier: Apache-2.0
/** Remembers what was read of devices that are still the same ones, so that looking again costs little. */

export type Recall<T> = {
  /** Answers from memory when this device was last read under the same key; a device without a key is always read. */
  of(name: string, key: string | undefined, read: () => Promise<T>): Promise<T>
  /** Forgets every device but these. */
  keep(names: readonly string[]): void
}

export function recall<T>(): Recall<T> {
  const known = new Map<string, { readonly key: string; readonly value: T }>()
  return {
    async of(name, key, read) {
      const last = known.get(name)
      if (last !== undefined && last.key === key) return last.value
      const value = await read()
      if (key === undefined) known.delete(name)
      else known.set(name, { key, value })
      return value
    },
    keep(names) {
      for (const name of known.keys()) if (!names.includes(name)) known.delete(name)
    },
  }
}
