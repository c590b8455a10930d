// SPDX-License-Identifier: Apache-2.0
/** Pages of the module onboarding. */
import type { ModulePages } from '../pages.ts'

const onboarding: ModulePages = { name: 'onboarding', nav: [], routes: [], acts: [], refresh: {} }
export default onboarding
