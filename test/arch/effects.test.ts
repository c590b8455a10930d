// SPDX-License-Identifier: Apache-2.0
/** Time, chance and the network reach the product through ports only. */
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { at, importedNames, parse, type Source, visit } from './syntax.ts'
import { productSources } from './tree.ts'

/** Folders that implement the ports, and programs that are tools for people. */
const EFFECTFUL =
  /^(agent|agent\/helper|controller|controller\/cli)\/system\/|^controller\/(bus|store|http|web)\/|^agent\/(link|hosting|cli)\/|^simulator\/|^controller\/modules\/oob\/(cira\/listener|wsman\/lan)\.ts$|^controller\/modules\/webhooks\/post\.ts$/

const GLOBALS = new Set(['setTimeout', 'setInterval', 'fetch', 'WebSocket'])
const MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'crypto.getRandomValues',
  'AbortSignal.timeout',
])

/** Uses of the clock, chance, timers and the network that no port can replace. */
function direct(source: Source): readonly string[] {
  const found: string[] = []
  visit(source.tree, node => {
    const name = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression.getText(source.tree) : ''
    const now = ts.isNewExpression(node) && name === 'Date' && (node.arguments?.length ?? 0) === 0
    if (now || GLOBALS.has(name) || MEMBERS.has(name)) found.push(`${at(source, node)} ${name}`)
  })
  return found
}

const inside = productSources().filter(file => !EFFECTFUL.test(file))

describe('outside the folders that implement ports', () => {
  it('lies most of the product', () => {
    expect(inside.length).toBeGreaterThan(120)
  })

  it('nobody reads the clock, throws dice, sets a timer or opens a connection', () => {
    expect(inside.flatMap(file => direct(parse(file)))).toEqual([])
  })

  it('the network library serves for arithmetic only', () => {
    const arithmetic = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'])
    const names = inside.flatMap(file => importedNames(parse(file), /^node:net$/).map(name => ({ file, name })))

    expect(names.filter(({ name }) => !arithmetic.has(name))).toEqual([])
  })
})

describe('the search', () => {
  it('finds what it looks for', () => {
    const text = 'const a = Date.now()\nconst b = new Date()\nsetTimeout(() => {}, 1)\nawait fetch("x")\n'

    expect(direct(parse('planted.ts', text))).toHaveLength(4)
  })

  it('leaves a date from a value alone', () => {
    expect(direct(parse('planted.ts', 'const a = new Date(0)\nclock.now()\n'))).toEqual([])
  })
})
