// SPDX-License-Identifier: Apache-2.0
/** Bundles one program into one file, with esbuild. */
import { build, type Metafile } from 'esbuild'
import { addonBeside, keepOnly, leanSchemas, smallManifest, withoutOptional } from './adapt.ts'
import type { Program } from './program.ts'

export type Bundle = {
  /** File name to content. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly metafile: Metafile
  readonly warnings: readonly string[]
}

const NEEDED = 24

/**
 * What CommonJS packages expect around them, and a look at the version of Node before anything of ours runs: the addon
 * ends an older one with a segmentation fault.
 */
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
import { setFlagsFromString as __setFlag } from 'node:v8';
if (Number(process.versions.node.split('.')[0]) < ${NEEDED}) {
  process.stderr.write('error: this needs Node ${NEEDED} or later, and this is ' + process.version + '\\n');
  process.exit(1);
}
// The same as packaging/launch.js does for the sources: a young generation that does not grow over a rush's garbage.
__setFlag('--max-semi-space-size=2');
__setFlag('--semi-space-growth-factor=1');
const require = __createRequire(import.meta.url);
const __filename = __pathOf(import.meta.url);
const __dirname = __dirnameOf(__filename);`

/**
 * Bundles a program in memory. The result depends on the sources and the lockfile only, not on where they lie. It says
 * the version of package.json, or another one when that is given.
 */
export async function bundle(root: string, program: Program, version?: string): Promise<Bundle> {
  const { name, entry, children, detachable } = program
  const points = Object.entries({ [name]: entry, ...children, ...detachable })
  const result = await build({
    absWorkingDir: root,
    entryPoints: points.map(([out, source]) => ({ in: source, out })),
    outdir: '/out',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    metafile: true,
    splitting: detachable !== undefined,
    chunkNames: '[name]-[hash]',
    platform: 'node',
    format: 'esm',
    // Old enough that an older Node can read the file as far as the sentence that says what it needs.
    target: 'node20',
    mainFields: ['module', 'main'],
    conditions: ['node', 'import', 'default'],
    banner: { js: BANNER },
    // One character beyond Latin-1 doubles what the engine keeps of the text, and white space is kept too.
    charset: 'ascii',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [
      ...(program.catalog === undefined ? [] : [keepOnly(root, program.catalog)]),
      addonBeside(),
      leanSchemas(root),
      smallManifest(root, version),
      withoutOptional(),
    ],
  })
  return {
    files: new Map(result.outputFiles.map(({ path, contents }) => [path.slice('/out/'.length), contents])),
    metafile: result.metafile,
    warnings: result.warnings.map(({ text, location }) => `${location?.file ?? ''}: ${text}`),
  }
}
