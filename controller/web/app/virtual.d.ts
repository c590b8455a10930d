// SPDX-License-Identifier: Apache-2.0
/** What the build provides: style sheets, and the modules that are built in. */
declare module '*.css'
interface ImportMeta {
  /** Every module that a pattern fits, by its path. */
  glob<T>(pattern: string, options: { readonly eager: true }): Readonly<Record<string, T>>
}
declare module 'virtual:muster-modules' {
  import type { ModulePages } from './modules/pages.ts'
  export const modules: Readonly<Record<string, (() => Promise<{ readonly default: ModulePages }>) | undefined>>
}
