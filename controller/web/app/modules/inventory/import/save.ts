// SPDX-License-Identifier: Apache-2.0
/** Gives a text to whoever reads, as a file of the browser. */

/** The address is taken back once the browser has begun. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
