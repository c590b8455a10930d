// SPDX-License-Identifier: Apache-2.0
/** Which agent this is. */
import manifest from '../package.json' with { type: 'json' }

/** Semantic version of the package, which every program of it shares. */
export const VERSION: string = manifest.version

/** When this version was made: time cannot be earlier, whatever the clock of a machine says. */
export const BUILT_AT: number = Date.UTC(2026, 10, 21)
