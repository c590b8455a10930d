// SPDX-License-Identifier: Apache-2.0
/** The units are as closed as they can be: what systemd itself says of them, and what its figures do not weigh. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../arch/tree.ts'

const UNITS = join(ROOT, 'packaging/systemd')
const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasAnalyze) process.stdout.write('what systemd says of the units is skipped: there is no systemd-analyze here\n')

const text = (name: string): string => readFileSync(join(UNITS, name), 'utf8')
/** Values of a directive, in order. */
const valuesOf = (name: string, directive: string): readonly string[] =>
  [...text(name).matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value = '']) => value)

describe.skipIf(!hasAnalyze)('systemd says of the units', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'muster-units-'))
    for (const folder of ['etc/systemd/system', 'usr/bin', 'usr/lib/muster-runtime'])
      mkdirSync(join(root, folder), { recursive: true })
    for (const file of readdirSync(UNITS)) copyFileSync(join(UNITS, file), join(root, 'etc/systemd/system', file))
    for (const program of ['usr/bin/muster-agent', 'usr/bin/muster-controller', 'usr/lib/muster-runtime/node'])
      writeFileSync(join(root, program), '', { mode: 0o755 })
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it.each([
    ['muster-agent.service', 1.5],
    ['muster-controller.service', 1.5],
    ['muster-helper.service', 2],
  ])('%s is exposed by less than %d of ten', (unit, most) => {
    const options = ['security', '--offline=yes', `--root=${root}`, '--no-pager', `--threshold=${most * 10}`]
    const said = spawnSync('systemd-analyze', [...options, unit], { encoding: 'utf8' })

    expect(said.stdout + said.stderr).toMatch(/Overall exposure level for \S+: \d/)
    expect(said.status, said.stdout).toBe(0)
  })

  it('nothing in them is unknown or wrong', () => {
    const files = readdirSync(UNITS).filter(file => /\.(service|socket)$/.test(file))
    const paths = files.map(file => join(root, 'etc/systemd/system', file))

    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' })

    // It looks for the programs on this machine, where they are not.
    const rest = stderr.split('\n').filter(line => line !== '' && !/is not executable: No such file/.test(line))
    expect(rest.filter(line => line.includes('muster'))).toEqual([])
  })
})

describe('the units', () => {
  it('leave memory that is written and run to V8, which needs it', () => {
    for (const unit of ['muster-agent', 'muster-controller', 'muster-helper'])
      expect(valuesOf(`${unit}.service`, 'MemoryDenyWriteExecute')).toEqual([])
  })

  it('give the helper no network, and agent and controller no right of root', () => {
    expect(valuesOf('muster-helper.service', 'PrivateNetwork')).toEqual(['yes'])
    expect(valuesOf('muster-helper.service', 'RestrictAddressFamilies')).toEqual(['AF_UNIX'])
    for (const unit of ['muster-agent.service', 'muster-controller.service']) {
      expect(valuesOf(unit, 'CapabilityBoundingSet')).toEqual([''])
      expect(valuesOf(unit, 'NoNewPrivileges')).toEqual(['yes'])
    }
  })

  it('open the socket of the helper to root and the agent only', () => {
    expect(valuesOf('muster-helper.socket', 'SocketMode')).toEqual(['0660'])
    expect(valuesOf('muster-helper.socket', 'SocketGroup')).toEqual(['muster-agent'])
  })

  it('never give up on what a machine is reached by, and bound what it may take', () => {
    for (const unit of ['muster-agent.service', 'muster-controller.service']) {
      expect(valuesOf(unit, 'Restart')).toEqual(['always'])
      expect(valuesOf(unit, 'StartLimitIntervalSec')).toEqual(['0'])
    }
    for (const unit of ['muster-agent.service', 'muster-controller.service', 'muster-helper.service']) {
      expect(valuesOf(unit, 'MemoryMax')).toHaveLength(1)
      expect(valuesOf(unit, 'TasksMax')).toHaveLength(1)
      expect(valuesOf(unit, 'StandardOutput')).toEqual(['journal'])
    }
  })
})

describe('the maintainer scripts', () => {
  const folder = join(ROOT, 'packaging/maintainer')

  it.each(readdirSync(folder))('%s is a script of a plain shell that stops at failures and asks nothing', file => {
    const script = readFileSync(join(folder, file), 'utf8')

    expect(spawnSync('sh', ['-n', join(folder, file)]).status).toBe(0)
    expect(script.startsWith('#!/bin/sh\n')).toBe(true)
    expect(script).toMatch(/^set -e$/m)
    expect(script).not.toMatch(/\bread\b |debconf|db_input/)
  })
})
