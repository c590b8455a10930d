// SPDX-License-Identifier: Apache-2.0
/** The bill of materials of one program: what npm says of the lockfile, reduced to what is in the bundle. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

type Component = { readonly name: string; readonly version: string; readonly 'bom-ref': string }
type Dependency = { readonly ref: string; readonly dependsOn?: readonly string[] }

/** CycloneDX 1.5, as far as it is read here; other members pass through. */
export type Bom = {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly component: Readonly<Record<string, unknown>> }
  readonly components: readonly Component[]
  readonly dependencies: readonly Dependency[]
}

/** Asks npm about the production dependencies in the lockfile; node_modules is not looked at. */
export async function lockfileBom(root: string): Promise<Bom> {
  const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 64 * 1_048_576 })
  return JSON.parse(stdout)
}

export type Contents = {
  readonly program: string
  /** `name@version` of every package in the bundle. */
  readonly packages: ReadonlySet<string>
  /** Version of Node the program is tested with. */
  readonly node: string
}

/**
 * The bill of one program. Serial number and time are left out, both optional in CycloneDX, because they would differ
 * between two builds of the same sources.
 */
export function programBom(bom: Bom, { program, packages, node }: Contents): object {
  const components = bom.components.filter(({ name, version }) => packages.has(`${name}@${version}`))
  const refs = new Set(components.map(component => component['bom-ref']))
  const { serialNumber: _, ...rest } = bom as Bom & { serialNumber?: string } // present in every answer of npm
  const { timestamp: __, ...metadata } = rest.metadata
  return {
    ...rest,
    metadata: { ...metadata, component: { ...metadata.component, type: 'application', name: program } },
    components: [
      ...components,
      { 'bom-ref': `node@${node}`, type: 'platform', name: 'node', version: node, scope: 'required' },
    ],
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(each => refs.has(each)) })),
  }
}
