// SPDX-License-Identifier: Apache-2.0
/** The chart: real helm lints and renders it, what comes out fits Kubernetes, and the manifests beside it are the same. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { manifests } from '../../packaging/kubernetes/render.ts'
import { ROOT, read } from '../arch/tree.ts'
import { faultsOf } from '../support/kubernetes-schema.ts'

const CHART = 'packaging/helm/muster'
const fetched = join(ROOT, 'node_modules/.cache/containers/helm')
const HELM = existsSync(fetched) ? fetched : 'helm'
const hasHelm = spawnSync(HELM, ['version']).status === 0
if (!hasHelm) process.stderr.write('no helm here: test/containers/fetch-tools.sh builds one; its tests are skipped\n')

type Objects = readonly Record<string, any>[]

/** YAML 1.1, as Kubernetes reads it: 0400 is octal. */
function objectsIn(text: string): Objects {
  return parseAllDocuments(text, { version: '1.1' }).flatMap(document => {
    expect(document.errors).toEqual([])
    const value: unknown = document.toJS()
    return value === null ? [] : [value as Record<string, any>]
  })
}

function helm(...args: string[]): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(HELM, args, { cwd: ROOT, encoding: 'utf8' })
  return { code: status, said: `${stdout}${stderr}` }
}

function rendered(...sets: string[]): Objects {
  const args = ['template', 'plant', CHART, '--namespace', 'edge', '--kube-version', '1.31.0']
  return objectsIn(
    execFileSync(HELM, [...args, ...sets.flatMap(set => ['--set', set])], { cwd: ROOT, encoding: 'utf8' }),
  )
}

const EVERYTHING = [
  'simulator.enabled=true,simulator.tokenSecret=join,simulator.replicas=3',
  'controller.ingress.enabled=true,controller.ingress.host=muster.example,controller.ingress.tlsSecret=web',
  'controller.ingress.className=nginx,controller.tlsSecret=own,controller.mqtt.announce=mq.muster.example:443',
  'controller.mqtt.type=LoadBalancer,controller.names={a.example,b.example},image.pullSecrets={key}',
  'image.registry=registry.example/edge/,image.tag=9.9.9,controller.persistence.existingClaim=disk',
  'controller.config.logLevel=debug,controller.nodeSelector.disk=ssd,controller.podAnnotations.a=b',
]

/** Every pod the chart makes. */
function pods(objects: Objects): readonly Record<string, any>[] {
  return objects.flatMap(each => (each.spec?.template === undefined ? [] : [each.spec.template.spec]))
}

describe.skipIf(!hasHelm)('the chart', () => {
  it('passes helm lint, strictly', () => {
    const { code, said } = helm('lint', '--strict', CHART)

    expect(said).toContain('0 chart(s) failed')
    expect(code).toBe(0)
  })

  it.each([
    ['as it is', [] as string[], 8],
    ['with everything that can be switched on', EVERYTHING, 11],
    [
      'with everything that can be switched off',
      ['networkPolicy.enabled=false,podDisruptionBudget.enabled=false,controller.cira.enabled=false'],
      5,
    ],
  ])('gives objects that fit the schemas of Kubernetes, %s', (_, sets, count) => {
    const objects = rendered(...sets)

    expect(objects).toHaveLength(count)
    for (const each of objects) expect({ [each.kind]: faultsOf(each) }).toEqual({ [each.kind]: [] })
    const names = objects.map(each => `${each.kind}/${each.metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(objects.every(each => each.metadata.namespace === 'edge')).toBe(true)
  })

  it('runs every pod as the standard `restricted` wants, with a root file system that is read-only', () => {
    const made = pods(rendered(...EVERYTHING))

    expect(made).toHaveLength(2)
    for (const pod of made) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532, fsGroup: 65_532 })
      expect(pod.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' })
      expect(pod.automountServiceAccountToken).toBe(false)
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(container.resources.requests).toBeDefined()
        expect(container.resources.limits.memory).toBeDefined()
      }
    }
  })

  it('mounts only volumes it declares, and every service and policy finds ports that a container names', () => {
    const objects = rendered(...EVERYTHING)
    const [pod] = pods(objects.filter(each => each.kind === 'StatefulSet'))
    const named = new Set(pod?.containers.flatMap((each: any) => each.ports.map((port: any) => port.name)))
    for (const each of pods(objects)) {
      const declared = new Set(each.volumes.map((volume: any) => volume.name))
      for (const { name } of each.containers.flatMap((container: any) => container.volumeMounts))
        expect(declared).toContain(name)
    }

    const targets = objects
      .filter(each => each.kind === 'Service')
      .flatMap(each => each.spec.ports.map((port: any) => port.targetPort))
    expect(targets).toEqual(['https', 'https', 'mqtt', 'cira'])
    for (const target of targets) expect(named).toContain(target)
  })

  it('puts the names that agents and people use into the certificate', () => {
    const [pod] = pods(rendered(...EVERYTHING).filter(each => each.kind === 'StatefulSet'))
    const env = Object.fromEntries(pod?.containers[0].env.map((each: any) => [each.name, each.value]))

    expect(env.MUSTER_CONTROLLER_HTTP_NAMES.split(',')).toEqual(
      expect.arrayContaining([
        'plant-muster',
        'plant-muster-mqtt.edge.svc',
        'a.example',
        'b.example',
        'muster.example',
        'mq.muster.example',
      ]),
    )
    expect(env.MUSTER_CONTROLLER_HTTP_URL).toBe('https://muster.example')
    expect(env.MUSTER_CONTROLLER_BUS_ANNOUNCE).toBe('mq.muster.example:443')
  })

  it.each([
    ['a simulator without a token', 'simulator.enabled=true', 'tokenSecret'],
    ['a value nobody reads', 'controller.replicas=3', 'replicas'],
    ['a port that is none', 'controller.https.port=99999', 'port'],
    ['a number of hosts that is none', 'simulator.hosts=many', 'hosts'],
    ['an address without TLS', 'controller.url=http://muster.example', 'url'],
    ['a type of service there is not', 'controller.mqtt.type=External', 'type'],
    ['a data folder beside the volume', 'controller.config.dataDir=/data', 'dataDir'],
    ['a name that no object can have', 'fullnameOverride=Under_Score', 'fullnameOverride'],
  ])('refuses %s', (_, set, place) => {
    const { code, said } = helm('template', 'plant', CHART, '--kube-version', '1.31.0', '--set', set)

    expect(code).not.toBe(0)
    expect(said).toContain(place)
  })

  it('takes values whose names are long', () => {
    const args = [
      'template',
      'a-release-with-a-name-as-long-as-helm-lets-it-be-abcd',
      CHART,
      '--kube-version',
      '1.31.0',
    ]
    const objects = objectsIn(execFileSync(HELM, args, { cwd: ROOT, encoding: 'utf8' }))

    for (const each of objects) expect(each.metadata.name.length).toBeLessThanOrEqual(52)
  })

  it('is what the manifests were written from', () => {
    const written = manifests(HELM)

    for (const [name, text] of Object.entries(written)) expect(read(`packaging/kubernetes/${name}`)).toBe(text)
    expect(Object.keys(written).sort()).toEqual(['controller.yaml', 'simulator.yaml'])
  })
})

describe('the manifests', () => {
  const files = readdirSync(join(ROOT, 'packaging/kubernetes')).filter(file => file.endsWith('.yaml'))

  it.each(files)('%s fits the schemas of Kubernetes', file => {
    const objects = objectsIn(read(`packaging/kubernetes/${file}`))

    expect(objects.length).toBeGreaterThan(0)
    for (const each of objects) expect({ [each.kind]: faultsOf(each) }).toEqual({ [each.kind]: [] })
  })

  it('do not pretend that Helm made them', () => {
    for (const file of files) expect(read(`packaging/kubernetes/${file}`)).not.toMatch(/managed-by|helm\.sh/)
  })
})

describe('the check against the schemas', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 1 }] } }

  it('finds nothing wrong with a service', () => {
    expect(faultsOf(service)).toEqual([])
  })

  it('finds a member that is misspelt, of another type, or missing', () => {
    expect(faultsOf({ ...service, spec: { port: [] } })).toEqual(['/spec/port is not known'])
    expect(faultsOf({ ...service, spec: { ports: [{ port: '1' }] } })).toEqual([
      '/spec/ports/0/port must be an integer',
    ])
    expect(faultsOf({ ...service, spec: { ports: [{ name: 'a' }] } })).toEqual(['/spec/ports/0/port is missing'])
    expect(faultsOf({ ...service, kind: 'Servise' })).toEqual(['there is no schema of v1 Servise'])
  })
})

describe('the values', () => {
  const text = read(`${CHART}/values.yaml`)
  const documented = documentedValues(text)

  it('have a comment each', () => {
    const leaves = leavesOf(parse(text))

    expect(documented.map(({ path }) => path)).toEqual(leaves)
    expect(documented.filter(({ comment }) => comment === '')).toEqual([])
  })

  it('stand in the README of the chart with these comments', () => {
    const readme = read(`${CHART}/README.md`)
    for (const { path, shown, comment } of documented)
      expect(readme).toContain(`| \`${path}\` | \`${shown}\` | ${comment} |`)
  })

  it('are all in the schema', () => {
    const schema = JSON.parse(read(`${CHART}/values.schema.json`))
    const known = (path: string): boolean => {
      let at = schema
      for (const name of path.split('.')) at = at?.properties?.[name]
      return at !== undefined
    }
    expect(documented.map(({ path }) => path).filter(path => !known(path))).toEqual([])
  })
})

/** Mappings that are one value: resources, and what people fill themselves. */
const WHOLE = /(resources|annotations|config|nodeSelector|affinity|podAnnotations)$/

function leavesOf(value: Record<string, unknown>, above = ''): readonly string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const path = above === '' ? name : `${above}.${name}`
    const isMapping = typeof member === 'object' && member !== null && !Array.isArray(member)
    return isMapping && !WHOLE.test(path) ? leavesOf(member as Record<string, unknown>, path) : [path]
  })
}

type Documented = { readonly path: string; readonly shown: string; readonly comment: string }

/** Reads the comments above values; the file keeps to two spaces and one comment line. */
function documentedValues(text: string): readonly Documented[] {
  const values: Record<string, unknown> = parse(text)
  const names: string[] = []
  const comments = new Map<string, string>()
  let comment = ''
  for (const line of text.split('\n')) {
    const [, indent = '', said, name] = /^( *)(?:# (.*)|([A-Za-z]+):.*)$/.exec(line) ?? []
    if (said !== undefined) comment = said
    else if (name !== undefined) {
      names.splice(indent.length / 2)
      names.push(name)
      comments.set(names.join('.'), comment)
      comment = ''
    } else comment = ''
  }
  return leavesOf(values).map(path => {
    const value = path.split('.').reduce<any>((at, name) => at[name], values)
    return {
      path,
      shown: value === '' ? '""' : JSON.stringify(value).replaceAll('"', ''),
      comment: comments.get(path) ?? '',
    }
  })
}
