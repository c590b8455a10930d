// SPDX-License-Identifier: Apache-2.0
/** Each fence between projects is needed: with any one of them taken out, the proof of isolation fails. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../arch/tree.ts'

const SOURCES = [
  'controller',
  'plugins',
  'provisioning',
  'simulator',
  'agent',
  'test/support',
  'test/fixtures',
  'test/arch/tree.ts',
  'test/integration/isolation.test.ts',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
]

type Mutant = {
  readonly fence: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** What the proof says when it fails: a test of it, or the answer that betrays the other project. */
  readonly notices: string
}

const MUTANTS: readonly Mutant[] = [
  {
    fence: 'the guard of the routes',
    file: 'controller/http/guard.ts',
    from: 'if (!mayEnter(principal, project))',
    to: 'if (false && !mayEnter(principal, project))',
    notices: 'is not there on its own paths',
  },
  {
    fence: 'the builders of the store',
    file: 'controller/store/scoped.ts',
    from: `select: (table: string) => kysely.selectFrom(table).where(\`\${table}.project\`, '=', project),`,
    to: 'select: (table: string) => kysely.selectFrom(table),',
    // Objects of one project stand in the way of those of the next, so it ends before its first test.
    notices: 'the name bare belongs to',
  },
  {
    fence: 'the audit',
    file: 'controller/kernel/audit-fence.ts',
    from: `if (!mayEnter(principal, project)) return 'breach'`,
    to: `if (false && !mayEnter(principal, project)) return 'breach'`,
    notices: 'takes no entry of somebody who may not enter',
  },
]

/** Runs the proof in a copy of the sources, changed or not. */
async function proveIn(change: (dir: string) => void): Promise<{ code: number | null; text: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-mutant-'))
  try {
    for (const source of SOURCES) cpSync(join(ROOT, source), join(dir, source), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
    change(dir)
    const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/integration/isolation.test.ts', '--reporter=verbose']
    const child = spawn(process.execPath, args, { cwd: dir, env: { ...process.env, NO_COLOR: '1', CI: undefined } })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
    const code = await new Promise<number | null>(resolve => child.once('close', resolve))
    return { code, text }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

describe('the proof of isolation', () => {
  it('holds in a copy of the sources as they are', async () => {
    const { code, text } = await proveIn(() => {})

    expect(code, text).toBe(0)
  })

  it.each(MUTANTS)('fails without $fence', async ({ file, from, to, notices }) => {
    const { code, text } = await proveIn(dir => {
      const source = readFileSync(join(dir, file), 'utf8')
      expect(source.split(from), `${file} has the fence once`).toHaveLength(2)
      writeFileSync(
        join(dir, file),
        source.replace(from, () => to),
      )
    })

    expect(code, text).toBe(1)
    const told = text.split('\n').filter(line => /^\s*(FAIL|×|AssertionError)/.test(line))
    expect(told.filter(line => line.includes(notices)).length, text).toBeGreaterThan(0)
  })
})
