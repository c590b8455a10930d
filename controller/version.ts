// SPDX-License-Identifier: Apache-2.0
/** The version of the controller. */
import manifest from '../package.json' with { type: 'json' }

export const VERSION: string = manifest.version
