// SPDX-License-Identifier: Apache-2.0
/** The kinds of resources inventory keeps, and their tables: each part adds its own. */
import type { Kernel } from '../../kernel/kernel.ts'
import type { Secrets } from '../../secrets/secrets.ts'
import type { Migrations } from '../../store/store.ts'
import { customConfig } from './accounts/custom-config.ts'
import { localAccount } from './accounts/local-account.ts'
import { providerKind } from './accounts/provider.ts'
import { accountMigrations } from './accounts/tables.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { hostKind } from './engine/host-kind.ts'
import type { Kind } from './engine/kind.ts'
import { fleetKinds, fleetMigrations } from './fleet.ts'
import { region } from './locations/region.ts'
import { site } from './locations/site.ts'
import { locationMigrations } from './locations/tables.ts'

/** What kinds may need of their surroundings. */
export type ResourceParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets | undefined
  /** The engine itself, for rules that look at other kinds; not before all kinds are there. */
  readonly engine: () => Engine
}

function kindsOf(parts: ResourceParts): readonly Kind[] {
  return [region, site, providerKind(parts.secrets), localAccount, customConfig, ...fleetKinds(parts)]
}

/** Ledger keys sort in the order in which they run. */
export const resourceMigrations: Migrations = { ...locationMigrations, ...accountMigrations, ...fleetMigrations }

export function createResources({ kernel, secrets }: Omit<ResourceParts, 'engine'>): Engine {
  const parts: ResourceParts = { kernel, secrets, engine: () => engine }
  const find = (name: string): Kind => engine.kind(name)
  const engine = createEngine({ kernel, kinds: kindsOf(parts), outside: [hostKind(kernel, find)] })
  return engine
}
