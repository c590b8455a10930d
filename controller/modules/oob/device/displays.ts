// SPDX-License-Identifier: Apache-2.0
/** Displays of a machine, and which of them KVM shows. */
import {
  type CallOptions,
  flagOf,
  type Instance,
  listOf,
  numberOf,
  type Reply,
  type Value,
  type Wsman,
} from '../wsman/wsman.ts'
import { contentOf, overlay, present } from './wire.ts'

export type Display = {
  readonly displayIndex: number
  readonly isActive: boolean
  readonly upperLeftX: number
  readonly upperLeftY: number
  readonly resolutionX: number
  readonly resolutionY: number
  readonly role?: 'primary' | 'secondary' | 'tertiary' | 'quaternary'
  readonly isDefault: boolean
}

const KVM = 'IPS_KVMRedirectionSettingData'

export async function readDisplays(wsman: Wsman, options?: CallOptions): Promise<readonly Display[]> {
  const screens = await present(wsman.list('IPS_ScreenSettingData', options))
  const chosen = numberOf((await contentOf(wsman.get(KVM, options)))?.DefaultScreen)
  return (screens?.instances ?? []).flatMap(screen => displaysOf(screen, chosen))
}

/** Each member of the instance has one value for each display. */
export function displaysOf(screen: Instance, chosen: number | undefined): readonly Display[] {
  const columns = [screen.IsActive, screen.UpperLeftX, screen.UpperLeftY, screen.ResolutionX, screen.ResolutionY].map(
    listOf,
  )
  const [active = [], left = [], top = [], width = [], height = []] = columns
  const at = (column: readonly Value[], index: number): number => numberOf(column[index]) ?? 0
  return Array.from({ length: Math.max(0, ...columns.map(column => column.length)) }, (_, index) => {
    const role = roleOf(screen, index)
    return {
      displayIndex: index,
      isActive: flagOf(active[index]),
      upperLeftX: at(left, index),
      upperLeftY: at(top, index),
      resolutionX: at(width, index),
      resolutionY: at(height, index),
      isDefault: chosen === index,
      ...(role === undefined ? {} : { role }),
    }
  })
}

/** The fourth is misspelt in the schema of the class. */
const ROLES = [
  ['PrimaryIndex', 'primary'],
  ['SecondaryIndex', 'secondary'],
  ['TertiaryIndex', 'tertiary'],
  ['QuadraryIndex', 'quaternary'],
] as const

function roleOf(screen: Instance, index: number): Display['role'] {
  return ROLES.find(([member]) => numberOf(screen[member]) === index)?.[1]
}

/** Chooses what KVM shows, and answers with the settings as they now are. */
export async function chooseDisplay(wsman: Wsman, displayIndex: number, options?: CallOptions): Promise<Reply> {
  const { content } = await wsman.get(KVM, options)
  return wsman.put(KVM, overlay(content, { DefaultScreen: displayIndex }), options)
}
