// SPDX-License-Identifier: Apache-2.0
/** What EIM's clients ask before they show a command: which features this installation has. */
import { type Static, Type } from 'typebox'
import type { Http } from '../http.ts'
import { failures } from '../schemas.ts'
import type { SystemActs } from './system.ts'

const Installed = { installed: Type.Boolean() }
const Feature = Type.Object(Installed)
const Features = Type.Object({
  'application-orchestration': Feature,
  'cluster-orchestration': Feature,
  'edge-infrastructure-manager': Type.Object({
    ...Installed,
    onboarding: Feature,
    provisioning: Feature,
    day2: Feature,
    oob: Feature,
    'oxm-profile': Feature,
  }),
  observability: Feature,
  multitenancy: Feature,
})
const Orchestrator = Type.Object({
  'schema-version': Type.String(),
  orchestrator: Type.Object({ version: Type.String(), features: Features }),
})
type Features = Static<typeof Features>

const SCHEMA_VERSION = '1.0'

/** Feature by feature, from the modules that run: a feature is there when the resources of its commands are served. Pure. */
export function featuresOf(modules: SystemActs['modules']): Features {
  const has = (name: string) => ({ installed: modules.some(module => module.name === name && module.enabled) })
  const never = { installed: false }
  return {
    'application-orchestration': never,
    'cluster-orchestration': never,
    'edge-infrastructure-manager': {
      ...has('inventory'),
      onboarding: has('onboarding'),
      provisioning: has('inventory'),
      day2: has('inventory'),
      oob: has('oob'),
      'oxm-profile': never,
    },
    observability: never,
    multitenancy: has('tenancy'),
  }
}

/** EIM's component status; in EIM too it asks for a signed-in caller and nothing more. */
export function orchestratorRoute(http: Http, { version, modules }: SystemActs): void {
  http.get(
    '/v1/orchestrator',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['system'],
        summary: 'Which features this installation has',
        response: { 200: Orchestrator, ...failures },
      },
    },
    async () => ({ 'schema-version': SCHEMA_VERSION, orchestrator: { version, features: featuresOf(modules) } }),
  )
}
