// SPDX-License-Identifier: Apache-2.0
/** Many acts with a few of them under way at once. */

export type Abreast = {
  readonly atOnce: number
  /** Asked before each act; nothing more is started once it says yes. */
  readonly over: () => boolean
}

/** Runs an act for each in the order of the list; resolves when all that were started have ended. */
export async function abreast<Item>(
  items: readonly Item[],
  { atOnce, over }: Abreast,
  act: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) {
      if (over()) return
      await act(item, at)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
}
