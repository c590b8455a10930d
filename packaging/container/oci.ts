// SPDX-License-Identifier: Apache-2.0
/** Image archives: the OCI layout, with the listing beside it that `docker load` reads. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Architecture } from '../build/packages/package.ts'
import { type Entry, tarOf } from './tar.ts'

export type Layer = {
  /** What made it, for `docker history`. */
  readonly title: string
  readonly packed: Uint8Array
  /** Digest of what is packed: how an image knows its layers. */
  readonly diffId: string
}

/** What runs in a container; the members' names are those of the specification. */
export type Runs = {
  readonly User: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly WorkingDir: string
  readonly ExposedPorts?: Readonly<Record<string, object>>
  readonly Volumes?: Readonly<Record<string, object>>
  readonly Labels: Readonly<Record<string, string>>
  readonly StopSignal: string
  /** Durations in nanoseconds. The specification leaves it to its readers, and docker and podman read it. */
  readonly Healthcheck: {
    readonly Test: readonly string[]
    readonly Interval: number
    readonly Timeout: number
    readonly StartPeriod: number
    readonly Retries: number
  }
}

export type Image = {
  readonly name: string
  readonly version: string
  readonly architecture: Architecture
  readonly layers: readonly Layer[]
  readonly runs: Runs
  /** Seconds since 1970 that everything in it carries. */
  readonly epoch: number
}

const zip = promisify(gzip)

/** Packs entries; the same entries give the same bytes. */
export async function layerOf(title: string, entries: readonly Entry[], epoch: number): Promise<Layer> {
  const tar = tarOf(entries, epoch)
  // The header of gzip has room for a time, which Node leaves at zero.
  return { title, packed: await zip(tar, { level: 6 }), diffId: digestOf(tar) }
}

const MEDIA = 'application/vnd.oci.image'

/** One archive with one image, for `docker load`, `podman load` and `skopeo copy oci-archive:`. */
export function archiveOf(image: Image): Buffer {
  const { name, version, layers, epoch } = image
  const config = json(configOf(image))
  const blobs = [config, ...layers.map(layer => layer.packed)]
  const describe = (mediaType: string, blob: Uint8Array) => ({ mediaType, digest: digestOf(blob), size: blob.length })
  const manifest = json({
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: describe(`${MEDIA}.config.v1+json`, config),
    layers: layers.map(({ packed }) => describe(`${MEDIA}.layer.v1.tar+gzip`, packed)),
    annotations: { 'org.opencontainers.image.version': version },
  })
  const index = json({
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests: [
      {
        ...describe(`${MEDIA}.manifest.v1+json`, manifest),
        platform: { architecture: image.architecture, os: 'linux' },
        annotations: { 'org.opencontainers.image.ref.name': `${name}:${version}` },
      },
    ],
  })
  const forDocker = json([
    { Config: pathOf(config), RepoTags: [`${name}:${version}`], Layers: layers.map(({ packed }) => pathOf(packed)) },
  ])
  const unique = new Map([...blobs, manifest].map(blob => [pathOf(blob), blob]))
  const file = (path: string, content: Uint8Array): Entry => ({ path, mode: 0o644, kind: 'file', content })
  return tarOf(
    [
      file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
      file('index.json', index),
      file('manifest.json', forDocker),
      ...[...unique].map(([path, content]) => file(path, content)),
    ],
    epoch,
  )
}

function configOf({ architecture, runs, layers, epoch }: Image): object {
  const created = new Date(epoch * 1_000).toISOString()
  return {
    created,
    architecture,
    os: 'linux',
    config: runs,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ title }) => ({ created, created_by: title })),
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

function pathOf(content: Uint8Array): string {
  return `blobs/${digestOf(content).replace(':', '/')}`
}
