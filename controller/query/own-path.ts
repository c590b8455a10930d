// SPDX-License-Identifier: Apache-2.0
/** Where to go on after signing in: a path of this installation, and nothing that leads elsewhere. Pure; read by server and browser. */

const LONGEST = 2_000
const HERE = 'https://here.invalid'

/**
 * The path, query and fragment of what was asked for, as a browser would read it; `/` for everything else. Addresses of
 * other origins hide behind `//`, backslashes, tabs and the like, so the reading of the URL standard decides, not ours.
 */
export function ownPath(asked: string | null | undefined): string {
  if (typeof asked !== 'string' || asked.length > LONGEST || !asked.startsWith('/')) return '/'
  if (!URL.canParse(asked, HERE)) return '/'
  const { origin, pathname, search, hash } = new URL(asked, HERE)
  // `/.//elsewhere` stays here when it is read, and would leave once it is read again.
  if (origin !== HERE || pathname.startsWith('//')) return '/'
  return `${pathname}${search}${hash}`
}
