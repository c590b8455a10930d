// SPDX-License-Identifier: Apache-2.0
/** How failures read. */
import { describe, expect, it } from 'vitest'
import { explain } from '../../../../controller/cli/explain.ts'
import { Problem } from '../../../../plugins/contract/problem.ts'

const type = { status: 400, title: 'This needs a reason', retry: 'never' } as const

describe('a failure', () => {
  it('is cause before code, then the next step', () => {
    const problem = new Problem(
      'reason-missing',
      { ...type, next: 'say why, with `--reason`' },
      { detail: 'power reboot' },
    )

    expect(explain(problem)).toBe(
      'error: this needs a reason: power reboot [reason-missing]\ntry: say why, with `--reason`\n',
    )
  })

  it('names the places that do not fit', () => {
    const fields = {
      findings: [{ pointer: '/timeZone', message: 'must be string' }, { pointer: '', message: 'x' }, 'junk'],
    }

    expect(explain(new Problem('invalid', type, { fields }))).toBe(
      'error: this needs a reason [invalid]\n  /timeZone: must be string\n  /: x\n',
    )
  })

  it('keeps words in capitals, and shows what a stranger wrote literally', () => {
    const problem = new Problem('x', { ...type, title: 'AMT is off' }, { detail: 'a\u001b[2Jb\nc' })

    expect(explain(problem)).toBe('error: AMT is off: a\\x1b[2Jb\\nc [x]\n')
  })
})
