// SPDX-License-Identifier: Apache-2.0
/** The program that builds the images: `node packaging/container/main.ts`. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ARCHITECTURES } from '../build/packages/package.ts'
import { buildImages } from './build.ts'
import { type ImageName, PLANS } from './images.ts'

const USAGE = `Usage: node packaging/container/main.ts [options]

Builds images of controller, agent and simulator as archives that docker, podman and skopeo read. No base image is
pulled: the files come from packages of Debian 12, by apt, and from the packages of npm that the lockfile names.

  --out DIR        where to write (dist/images)
  --image A,B      controller, agent, simulator (all)
  --arch A,B       amd64, arm64 (both)
  --offline        take the Debian packages that an earlier build has fetched
  --mirror URL     a mirror of Debian, with /debian and /debian-security (http://deb.debian.org)
  --cache DIR      where packages and bundles are kept between builds (node_modules/.cache/images)
  --help           print this

SOURCE_DATE_EPOCH sets the time that files carry; without it, that of the last commit.
`

const root = resolve(import.meta.dirname, '../..')

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist/images' },
    image: { type: 'string', default: 'controller,agent,simulator' },
    arch: { type: 'string', default: 'amd64,arm64' },
    offline: { type: 'boolean', default: false },
    mirror: { type: 'string', default: 'http://deb.debian.org' },
    cache: { type: 'string', default: 'node_modules/.cache/images' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) process.stdout.write(USAGE)
else await build()

async function build(): Promise<void> {
  const { version }: { version: string } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'))
  const built = await buildImages({
    root,
    out: resolve(root, values.out),
    images: chosen('--image', values.image, Object.keys(PLANS) as ImageName[]), // the keys of a record of them
    architectures: chosen('--arch', values.arch, ARCHITECTURES),
    version,
    epoch: Number(process.env.SOURCE_DATE_EPOCH ?? lastCommit()),
    source: { cache: resolve(root, values.cache), offline: values.offline, mirror: values.mirror },
  })
  for (const { file, reference, sizeBytes, sha256, layers } of built) {
    const parts = Object.entries(layers).map(([title, bytes]) => `${title} ${megabytes(bytes)}`)
    process.stdout.write(`${sha256.slice(0, 12)}  ${megabytes(sizeBytes)}  ${relative(root, file)}  ${reference}\n`)
    process.stdout.write(`              ${parts.join(', ')}\n`)
  }
}

function chosen<T extends string>(option: string, text: string, among: readonly T[]): readonly T[] {
  const wanted = text.split(',')
  const unknown = wanted.filter(each => !among.some(known => known === each))
  if (unknown.length > 0) throw new Error(`${option} takes ${among.join(', ')}, not ${unknown.join(', ')}`)
  return among.filter(each => wanted.includes(each))
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

function lastCommit(): string {
  return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim()
}
