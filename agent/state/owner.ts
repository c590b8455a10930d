// SPDX-License-Identifier: Apache-2.0
/** Keeps what a machine remembers as one host from being taken for what it remembers as another. */
import type { Journal } from './journal.ts'

export type Owner = { readonly installation: string; readonly project: string; readonly host: string }

/**
 * Ties a journal to the host this machine is. What it holds of another host, documents, epoch and ticket, is forgotten;
 * true when there was such. To be called before anything acts on the journal.
 */
export function adoptOwner(journal: Journal, { installation, project, host }: Owner): boolean {
  const owner = `${installation}/${project}/${host}`
  const before = journal.values.get('owner')
  if (before === owner) return false
  journal.atomically(() => {
    if (before !== undefined) journal.forget()
    journal.values.put('owner', owner)
  })
  return before !== undefined
}
