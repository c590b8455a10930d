// SPDX-License-Identifier: Apache-2.0
/** Pages of the module oob. */
import type { ModulePages } from '../pages.ts'

const oob: ModulePages = { name: 'oob', nav: [], routes: [], acts: [], refresh: {} }
export default oob
