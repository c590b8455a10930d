// SPDX-License-Identifier: Apache-2.0
/** Reads scenario files: those that come with the simulator by name, others by path; faults are told with their line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { type Finding, findings } from '../../plugins/contract/index.ts'
import { simulatorProblem } from '../problems.ts'
import { Frame, type Scenario, STEPS, type Step, type Verb } from './schema.ts'

const FOLDER = fileURLToPath(new URL('../scenarios/', import.meta.url))
/** In a build the folder lies beside the program. */
const BUILT_FOLDER = fileURLToPath(new URL('./scenarios/', import.meta.url))
const ENDING = '.yaml'

/** The scenarios that come with the simulator, by name. Throws `scenario-invalid` when one of them is broken. */
export function shippedScenarios(): readonly Scenario[] {
  const folder = existsSync(FOLDER) ? FOLDER : BUILT_FOLDER
  const names = readdirSync(folder).filter(name => name.endsWith(ENDING))
  return names.sort().map(name => parseScenario(readFileSync(`${folder}/${name}`, 'utf8'), nameOf(name)))
}

/** Reads a scenario by its name or by the path of a file. Throws `no-such-scenario` and `scenario-invalid`. */
export function readScenario(nameOrPath: string): Scenario {
  if (/[/.]/.test(nameOrPath)) return parseScenario(contentOf(nameOrPath), nameOf(nameOrPath), nameOrPath)
  const shipped = shippedScenarios()
  const found = shipped.find(({ name }) => name === nameOrPath)
  if (found !== undefined) return found
  throw simulatorProblem('no-such-scenario', `${nameOrPath}; there are ${shipped.map(({ name }) => name).join(', ')}`)
}

function nameOf(path: string): string {
  return basename(path, ENDING)
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const cause = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unreadable'
    throw simulatorProblem('no-such-scenario', `${path} cannot be read (${cause})`, { cause })
  }
}

/** Reads the text of a scenario. Throws `scenario-invalid`, which names file, line and what is wrong there. */
export function parseScenario(text: string, name: string, file = `${name}${ENDING}`): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'core',
    customTags: [],
    uniqueKeys: true,
    merge: false,
    lineCounter: lines,
  })
  const broken = document.errors[0] ?? document.warnings[0]
  if (broken !== undefined) {
    throw invalid(file, broken.linePos?.[0].line, broken.message.split('\n', 1)[0] ?? '')
  }
  const value: unknown = document.toJS({ maxAliasCount: 20 })
  const refuse = (found: readonly Finding[]): void => {
    const [first] = found
    if (first === undefined) return
    const where = first.pointer === '' ? '' : `${first.pointer.slice(1).replaceAll('/', '.')} `
    throw invalid(file, lineOf(document, lines, first.pointer), `${where}${first.message}`)
  }
  refuse(findings(Frame, value))
  const scenario = value as Frame // the schema has just said so
  scenario.steps.forEach((step, at) => {
    const found = findings(STEPS[step.do as Verb], step) // the frame lets no other verb through
    refuse(found.map(each => ({ pointer: `/steps/${at}${each.pointer}`, message: each.message })))
  })
  const steps = scenario.steps as readonly unknown[] as readonly Step[] // each was checked by the schema of its verb
  refuse(unknownGroups(scenario, steps))
  return { ...scenario, name, steps }
}

function unknownGroups({ groups = {} }: Frame, steps: readonly Step[]): readonly Finding[] {
  const known = ['all', 'others', ...Object.keys(groups)]
  return steps.flatMap((step, at) => {
    if (!('hosts' in step) || step.hosts === undefined || known.includes(step.hosts)) return []
    return [{ pointer: `/steps/${at}/hosts`, message: `names no group; there are ${known.join(', ')}` }]
  })
}

/** The line of a place, or of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, pointer: string): number | undefined {
  const path = pointer.split('/').slice(1)
  for (let length = path.length; length >= 0; length--) {
    const steps = path.slice(0, length).map(step => (/^\d+$/.test(step) ? Number(step) : step))
    const node = length === 0 ? document.contents : document.getIn(steps, true)
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line
  }
  return undefined
}

function invalid(file: string, line: number | undefined, message: string): Error {
  return simulatorProblem('scenario-invalid', `${file}${line === undefined ? '' : `:${line}`}: ${message}`)
}
