// SPDX-License-Identifier: Apache-2.0
/** The public documents are complete, lead somewhere, and show commands that exist. */
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { faultOf, runShown, shownCommands } from '../arch/commands.ts'
import { ROOT, read, trackedFiles } from '../arch/tree.ts'

const pages = trackedFiles().filter(file => file.endsWith('.md') && !file.startsWith('test/fixtures/'))
const guides = pages.filter(file => !file.startsWith('docs/reference/'))

const HEADINGS = [
  'What it is',
  'Picture',
  'Try it in five minutes',
  'Use',
  'Configure',
  'How it works',
  'Limits',
  'Where next',
]

describe('a README', () => {
  const readmes = guides.filter(file => /^((packaging|simulator)\/)?README\.md$/.test(file))

  it.each(readmes)('%s has the eight headings', file => {
    expect([...read(file).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS)
  })

  it.each(guides.filter(file => /^plugins\/.*README\.md$/.test(file)))(
    '%s says what a plugin sees and touches',
    file => {
      const headings = [...read(file).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)

      expect(headings[0]).toBe('What it is')
      expect(headings).toEqual(expect.arrayContaining(['What it reads', 'Permissions', 'Observed']))
    },
  )

  it('prints a profile as it is', () => {
    const [, file = '', block = ''] = /```yaml\n# (\S+)\n([\s\S]*?)```/.exec(read('README.md')) ?? []

    expect(parse(block)).toEqual(parse(read(file)))
  })

  it('shows a picture that needs nothing from elsewhere and reads in light and dark', () => {
    const picture = read('docs/picture.svg')

    expect(picture).toContain('prefers-color-scheme: dark')
    expect(picture).toMatch(/<title[^>]*>.+<\/title>[\s\S]*<desc[^>]*>.+<\/desc>/)
    expect(picture.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<image|@import/)
  })
})

/** Guides whose every line is typed by a test of their own, which asks more than whether it could be. */
const TYPED: Readonly<Record<string, string>> = {
  'docs/guides/oob-only.md': 'test/fleet/oob-guide.test.ts',
  'docs/guides/operator.md': 'test/fleet/operator-guide.test.ts',
}

describe('a command that a document shows', () => {
  const untyped = guides.filter(file => TYPED[file] === undefined)
  const shown = untyped.flatMap(file => shownCommands(read(file)).map(each => ({ ...each, file })))

  it.each(Object.entries(TYPED))('in %s is typed by %s', (guide, test) => {
    expect(existsSync(join(ROOT, guide))).toBe(true)
    expect(read(test)).toContain(guide.split('/').at(-1))
  })

  it('is one of many', () => {
    expect(shown.length).toBeGreaterThan(30)
  })

  it.each([...new Set(shown.map(({ line }) => line))])('exists: %s', line => {
    expect(faultOf(line)).toBeUndefined()
  })

  it.each(shown.filter(({ run }) => run).map(({ line }) => line))('succeeds: %s', line => {
    const { code, output } = runShown(line)

    expect(code, output).toBe(0)
    expect(output.length).toBeGreaterThan(0)
  })

  it('is refused when it does not', () => {
    expect(faultOf('npm run teleport')).toBeDefined()
    expect(faultOf('npx muster host teleport press-04')).toBeDefined()
    expect(faultOf('npx muster host ls --teleport')).toBeDefined()
    expect(faultOf('curl https://example.org')).toBeDefined()
  })
})

describe('a link', () => {
  it.each(pages)('in %s leads somewhere', file => {
    const targets = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const inside = targets.filter(target => !/^[a-z]+:/.test(target))
    const dead = inside.filter(target => {
      const [path = '', anchor] = target.split('#')
      const to = path === '' ? file : normalize(join(dirname(file), path))
      if (!existsSync(join(ROOT, to))) return true
      return anchor !== undefined && !anchorsOf(read(to)).includes(anchor)
    })

    expect(dead).toEqual([])
  })
})

function anchorsOf(markdown: string): readonly string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  )
  return [...headings, ...[...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]
}

describe('a decision', () => {
  const decisions = pages.filter(file => /^docs\/adr\/\d/.test(file))

  it('has a number of its own, in sequence', () => {
    const numbers = decisions.map(file => Number(/\d{4}/.exec(file)?.[0]))

    expect(numbers).toEqual(decisions.map((_, index) => index + 1))
    expect(numbers.length).toBeGreaterThanOrEqual(9)
  })

  it.each(decisions)('%s is one page with context, decision and consequences, and in the list', file => {
    const text = read(file)

    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ])
    expect(text.split(/\s+/).length).toBeLessThan(500)
    expect(read('docs/adr/README.md')).toContain(`(${file.split('/').at(-1)})`)
  })
})

describe('the other documents', () => {
  it('say what is next, how to report, and how to contribute', () => {
    expect(read('CHANGELOG.md')).toMatch(/^## Unreleased$/m)
    expect(read('SECURITY.md')).toMatch(/^## Reporting$/m)
    expect(read('CONTRIBUTING.md')).toMatch(/^## Add a plugin$[\s\S]*^## Add a module$/m)
  })

  it('count twenty house rules', () => {
    const rules = /^## House rules$([\s\S]*?)^## /m.exec(read('CONTRIBUTING.md'))?.[1] ?? ''

    expect([...rules.matchAll(/^\d+\. /gm)]).toHaveLength(20)
  })
})
