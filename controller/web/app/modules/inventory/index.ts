// SPDX-License-Identifier: Apache-2.0
/** Pages of the module inventory. */
import type { ModulePages } from '../pages.ts'

const inventory: ModulePages = { name: 'inventory', nav: [], routes: [], acts: [], refresh: {} }
export default inventory
