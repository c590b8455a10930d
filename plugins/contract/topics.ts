// SPDX-License-Identifier: Apache-2.0
/** The topics of the wire: the one place that knows how they are spelled. */
import { isHostId, isSegment, isUlid } from './ids.ts'

/** Every topic starts with these two segments: product and wire version. */
export const PREFIX = 'muster/1'

export type TopicOwner = { readonly project: string; readonly host: string }

export type Topic = TopicOwner &
  (
    | { readonly kind: 'presence' | 'result' | 'receipt' }
    | { readonly kind: 'desired' | 'command' | 'reported'; readonly section: string }
    | { readonly kind: 'telemetry'; readonly stream: string }
    | { readonly kind: 'up' | 'down'; readonly stream: string }
  )

/** Spells a topic. */
export function topicOf(topic: Topic): string {
  const base = `${PREFIX}/${topic.project}/${topic.host}`
  switch (topic.kind) {
    case 'presence':
    case 'result':
    case 'receipt':
      return `${base}/${topic.kind}`
    case 'desired':
    case 'command':
    case 'reported':
      return `${base}/${topic.kind}/${topic.section}`
    case 'telemetry':
      return `${base}/telemetry/${topic.stream}`
    case 'up':
    case 'down':
      return `${base}/stream/${topic.stream}/${topic.kind}`
  }
}

/** The filters a host subscribes to: these and no other wildcard. */
export function hostFilters({ project, host }: TopicOwner): readonly string[] {
  const base = `${PREFIX}/${project}/${host}`
  return [`${base}/desired/+`, `${base}/command/+`, `${base}/receipt`, `${base}/stream/+/down`]
}

/** Splits a topic and checks every segment before anything is compared; `undefined` for what is not one of ours. */
export function parseTopic(text: string): Topic | undefined {
  const parts = text.split('/')
  const [product, version, project = '', host = '', kind = '', name = '', direction] = parts
  if (`${product}/${version}` !== PREFIX || !isSegment(project) || !isHostId(host)) return undefined
  const owner = { project, host }
  if (parts.length === 5) {
    return kind === 'presence' || kind === 'result' || kind === 'receipt' ? { ...owner, kind } : undefined
  }
  if (parts.length === 6 && isSegment(name)) {
    if (kind === 'desired' || kind === 'command' || kind === 'reported') return { ...owner, kind, section: name }
    return kind === 'telemetry' ? { ...owner, kind, stream: name } : undefined
  }
  if (parts.length === 7 && kind === 'stream' && isUlid(name) && (direction === 'up' || direction === 'down')) {
    return { ...owner, kind: direction, stream: name }
  }
  return undefined
}

/** Whose tree a topic lies in, known or not; `undefined` when it lies in nobody's. */
export function ownerOf(text: string): TopicOwner | undefined {
  const [product, version, project = '', host = '', ...rest] = text.split('/')
  if (`${product}/${version}` !== PREFIX || rest.length === 0) return undefined
  return isSegment(project) && isHostId(host) ? { project, host } : undefined
}
