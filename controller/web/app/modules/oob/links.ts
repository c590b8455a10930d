// SPDX-License-Identifier: Apache-2.0
/** Addresses of these pages with their filters. */
export { Go } from '../../shell/go.tsx'

/** A path with parameters; what is empty is left out. */
export function withParams(path: string, params: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString()
  return search === '' ? path : `${path}?${search}`
}

/** The page of a host, at what is below its operating system. */
export function hostPath(host: string): string {
  return `/hosts/${host}?tab=out-of-band`
}
