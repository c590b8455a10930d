// SPDX-License-Identifier: Apache-2.0
/** Which program this is. */
import manifest from '../package.json' with { type: 'json' }

/** Semantic version of the package, which every program of it shares. */
export const VERSION: string = manifest.version
