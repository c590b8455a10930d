// SPDX-License-Identifier: Apache-2.0
/** Which columns somebody wants, in which order and how wide: kept in the browser for each person. Pure but for the hook. */
import { useLocalStorage } from '@mantine/hooks'
import { useMe } from '../../../shell/session.tsx'

export const WIDTHS = ['narrow', 'normal', 'wide'] as const
export type Width = (typeof WIDTHS)[number]

export type Pref = { readonly id: string; readonly shown: boolean; readonly width: Width }

/** What was kept, made to fit the columns there are: unknown ones go, new ones come behind, as they are by default. */
export function prefsFor(kept: unknown, defaults: readonly Pref[]): readonly Pref[] {
  const known = new Map(defaults.map(each => [each.id, each]))
  const mine = (Array.isArray(kept) ? kept : []).flatMap(each => {
    const pref = read(each)
    const own = pref === undefined ? undefined : known.get(pref.id)
    return pref === undefined || own === undefined ? [] : [pref]
  })
  const first = mine.filter(({ id }, at) => mine.findIndex(each => each.id === id) === at)
  return [...first, ...defaults.filter(({ id }) => !first.some(each => each.id === id))]
}

function read(value: unknown): Pref | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return undefined
  const width = 'width' in value ? WIDTHS.find(each => each === value.width) : undefined
  return { id: value.id, shown: !('shown' in value) || value.shown !== false, width: width ?? 'normal' }
}

/** The column one place earlier or later. */
export function moved(prefs: readonly Pref[], id: string, by: -1 | 1): readonly Pref[] {
  const from = prefs.findIndex(each => each.id === id)
  const to = from + by
  const [one, other] = [prefs[from], prefs[to]]
  if (one === undefined || other === undefined) return prefs
  return prefs.map((each, at) => (at === from ? other : at === to ? one : each))
}

export function usePrefs(defaults: readonly Pref[]) {
  const me = useMe()
  const [kept, setKept, forget] = useLocalStorage<readonly Pref[] | null>({
    key: `muster.hosts.columns.${me.id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
    deserialize: text => readJson(text),
  })
  return { prefs: prefsFor(kept, defaults), set: setKept, reset: forget }
}

function readJson(text: string | undefined): readonly Pref[] | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
