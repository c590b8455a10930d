// SPDX-License-Identifier: Apache-2.0
/** The dashboard keeps its rules: texts in catalogues, walls between modules, and for every button a line of the command line. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { grammar } from '../../controller/cli/nouns/grammar.ts'
import { read as readLine } from '../../controller/cli/program.ts'
import {
  APP,
  actNamesIn,
  importFault,
  importsOf,
  isShared,
  literalsIn,
  sharedKeys,
  shellWords,
} from './dashboard-rules.ts'
import { faultyHead, moduleState, parse, type Source } from './syntax.ts'
import { productSources, ROOT, read, trackedFiles } from './tree.ts'

const files = productSources().filter(
  file => /\.tsx?$/.test(file) && file.startsWith(`${APP}/`) && file !== `${APP}/api/schema.d.ts`,
)
const app = files.map(file => parse(file))
const isShown = ({ file }: Source): boolean =>
  file.endsWith('.tsx') && !file.startsWith(`${APP}/kit/stories/`) && !file.startsWith(`${APP}/modules/kit/`)
const planted = (text: string): Source => parse(`${APP}/kit/planted.tsx`, text)

describe('texts', () => {
  it('stand in catalogues and not in components', () => {
    expect(app.filter(isShown).flatMap(literalsIn)).toEqual([])
  })

  it.each([
    ['const a = <p>Hello</p>', 1],
    ['const a = <p>{"Hello"}</p>', 1],
    ['const a = <p>{ok ? "Yes" : t.no}</p>', 1],
    ['const a = <p>{name ?? "nobody"}</p>', 1],
    ['const a = <p>{`in ' + `\${name} days\`}</p>`, 2],
    ['const a = <p aria-label="Close" />', 1],
    ['const a = <p label={ok ? "On" : "Off"} />', 2],
    ['const a = <EmptyState title="Nothing" />', 1],
    ['notifications.show({ message: "Done" })', 1],
    ['const a = <p>{t.hello}: {count} Muster · 12 ms %</p>', 0],
    ['const a = <p className="mu-row" id="x" data-part="head">{t.a}{" · "}</p>', 0],
    ['const a = <p>ms</p>', 0],
    ['const a = <p>/openapi.json</p>', 0],
    ['const HUES = { done: "ok", title: "Ends" }', 1],
  ])('are found in %s', (text, count) => {
    expect(literalsIn(planted(text))).toHaveLength(count)
  })
})

describe('imports', () => {
  it('of the dashboard stay within it, what is shared with the browser, and its packages', () => {
    const faults = app.flatMap(importsOf).flatMap(each => {
      const fault = importFault(each)
      return fault === undefined ? [] : [`${each.from} imports ${each.to}: ${fault}`]
    })

    expect(faults).toEqual([])
  })

  it('that are shared with the browser reach nothing of the server', () => {
    const seen = new Set<string>()
    const reach = (file: string): readonly string[] => {
      if (seen.has(file)) return []
      seen.add(file)
      return importsOf(parse(file))
        .filter(({ isType }) => !isType)
        .flatMap(({ to }) => {
          if (to.startsWith('plugins/') || isShared(to)) return reach(to)
          return /^(typebox|croner)(\/|$)/.test(to) ? [] : [`${file} imports ${to}`]
        })
    }
    const shared = app
      .flatMap(importsOf)
      .filter(({ to, isType }) => !isType && isShared(to))
      .map(({ to }) => to)

    expect(shared.length).toBeGreaterThan(0)
    expect([...new Set(shared)].flatMap(reach)).toEqual([])
  })

  it('of everything else leave the dashboard alone', () => {
    const others = productSources().filter(file => !file.startsWith(`${APP}/`))
    const wrong = others
      .filter(file => read(file).includes('web/app'))
      .flatMap(file => importsOf(parse(file)))
      .filter(({ to }) => to.startsWith(`${APP}/`))
      .map(({ from, to }) => `${from} imports ${to}`)

    expect(others.length).toBeGreaterThan(200)
    expect(wrong).toEqual([])
  })

  it.each([
    ['modules/oob/a.ts', 'controller/web/app/modules/access/b.ts', 'another module'],
    ['modules/kernel/a.ts', 'controller/web/app/modules/oob/b.ts', 'another module'],
    ['kit/a.tsx', 'controller/web/app/modules/kernel/b.ts', 'kit knows no module'],
    ['shell/a.tsx', 'controller/web/app/modules/oob/b.ts', 'shell knows no module'],
    ['shell/a.tsx', 'controller/web/app/modules/kernel/door/b.tsx', undefined],
    ['kit/a.tsx', 'controller/kernel/hosts.ts', 'outside of the dashboard'],
    ['kit/a.tsx', 'controller/modules/dashboard/module.ts', 'outside of the dashboard'],
    ['kit/a.tsx', 'controller/modules/dashboard/boot.ts', undefined],
    ['kit/a.tsx', 'plugins/power/contract.ts', undefined],
    ['kit/a.tsx', 'plugins/power/plugin.ts', 'outside of the dashboard'],
    ['kit/a.tsx', 'lodash', 'no package of the dashboard'],
    ['kit/a.tsx', 'node:fs', 'no package of the dashboard'],
    ['kit/a.tsx', '@mantine/core/styles.css', undefined],
    ['modules/oob/a.ts', 'controller/web/app/modules/pages.ts', undefined],
  ])('from %s to %s', (from, to, fault) => {
    expect(importFault({ from: `${APP}/${from}`, to, isType: false })).toBe(fault)
  })
})

type Sent = { readonly method: string; readonly path: string; readonly body?: unknown }
type Act = {
  readonly name: string
  readonly riskClass: number
  readonly cli: (input: unknown) => string
  readonly calls: (input: unknown) => readonly Sent[]
  readonly example: unknown
}
type Module = { readonly name: string; readonly acts: () => Promise<readonly Act[]> }

/** The sources themselves are for a browser and have types of their own. */
async function modulesOfApp(): Promise<readonly Module[]> {
  const folder = join(ROOT, APP, 'modules')
  const names = readdirSync(folder, { withFileTypes: true }).flatMap(each => (each.isDirectory() ? [each.name] : []))
  return Promise.all(
    names.map(async name => ((await import(join(folder, name, 'index.ts'))) as { default: Module }).default),
  )
}

/** Lines of a command; what begins with `#` says only that there are more of the kind. */
const linesOf = (cli: string): readonly string[] =>
  cli.split(/\n| && /).filter(line => line.trim() !== '' && !line.trimStart().startsWith('#'))

/** Why the command line does not understand a line; `undefined` when it does. */
function lineFault(whole: string): string | undefined {
  // What a verb reads from its standard input is given it by `echo`.
  const [, fed, line = whole] = /^echo (.*) \| (muster .*)$/.exec(whole) ?? []
  if (fed !== undefined && shellWords(fed).length !== 1) return `feeds more than one word: ${whole}`
  const [program, ...words] = shellWords(line)
  if (program !== 'muster') return `is no line of muster: ${line}`
  const reading = readLine(grammar, words, { version: '0', columns: 80 })
  if (reading.kind === 'verb') return undefined
  return `${reading.kind === 'usage' ? reading.message : 'is not finished'}: ${line}`
}

type Schema = { readonly properties?: Readonly<Record<string, unknown>>; readonly required?: readonly string[] }
type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
const description = JSON.parse(read('docs/reference/openapi.json')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** The template of a path with the fewest parameters that fits; fixed words win over parameters. */
function templateOf(path: string, method: string): string | undefined {
  const parts = path.split('/')
  return Object.keys(description.paths)
    .filter(template => {
      const names = template.split('/')
      const fits =
        names.length === parts.length && names.every((name, at) => /^\{\w+\}$/.test(name) || name === parts[at])
      return fits && description.paths[template]?.[method.toLowerCase()] !== undefined
    })
    .sort((one, other) => one.split('{').length - other.split('{').length)[0]
}

/** What does not fit the description of the API. */
function callFaults({ method, path, body }: Sent): readonly string[] {
  const [bare = '', query = ''] = path.split('?')
  const template = templateOf(bare, method)
  if (template === undefined) return [`there is no ${method} ${bare}`]
  if (!template.endsWith('/') && bare.slice(1).split('/').includes('')) return [`${bare} has an empty part`]
  const operation = description.paths[template]?.[method.toLowerCase()]
  const known = operation?.parameters?.filter(each => each.in === 'query').map(({ name }) => name) ?? []
  // The toolkit's routes are described by the toolkit, without what stands after the question mark.
  const isToolkit = /\/oob\/(rps|mps)\//.test(template)
  const strange = isToolkit ? [] : [...new URLSearchParams(query).keys()].filter(name => !known.includes(name))
  const schema = operation?.requestBody?.content['application/json']?.schema
  const given = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : []
  const unknown = schema?.properties === undefined ? [] : given.filter(name => schema.properties?.[name] === undefined)
  const missing = schema?.required?.filter(name => !given.includes(name)) ?? []
  return [
    ...strange.map(name => `${method} ${template} takes no ?${name}`),
    ...unknown.map(name => `${method} ${template} knows no ${name} in its body`),
    ...missing.map(name => `${method} ${template} needs ${name} in its body`),
  ]
}

describe('acts', async () => {
  const modules = await modulesOfApp()
  const listed = await Promise.all(
    modules.map(async ({ name, acts: own }) => (await own()).map(act => ({ module: name, act }))),
  )
  const acts = listed.flat()

  it('have names of their own', () => {
    const names = acts.map(({ act }) => act.name)

    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('are all listed by a module', () => {
    const defined = app.filter(({ file }) => !file.startsWith(`${APP}/kit/stories/`)).flatMap(actNamesIn)
    const known = new Set(acts.map(({ act }) => act.name))

    expect(defined.length).toBeGreaterThan(20)
    expect(defined.filter(name => !known.has(name))).toEqual([])
  })

  it.each(acts.map(({ module, act }) => [`${module} ${act.name}`, act] as const))(
    'have a command line: %s',
    (_, act) => {
      const lines = linesOf(act.cli(act.example))

      expect(lines.length).toBeGreaterThan(0)
      expect(lines.flatMap(line => lineFault(line) ?? [])).toEqual([])
    },
  )

  it.each(acts.map(({ module, act }) => [`${module} ${act.name}`, act] as const))(
    'send what the API takes: %s',
    (_, act) => {
      const calls = act.calls(act.example)

      expect(calls.length).toBeGreaterThan(0)
      expect(calls.flatMap(callFaults)).toEqual([])
    },
  )

  it.each([
    ['muster hots ls', /hots/],
    ['muster host lss', /lss/],
    ['muster host ls --onlin', /onlin/],
    ['muster person rm', /missing/],
    ['kubectl get hosts', /no line of muster/],
    ['muster host', /not finished/],
    ["echo '{}' | muster host lss", /lss/],
  ])('would be caught with the line %s', (line, fault) => {
    expect(lineFault(line)).toMatch(fault)
  })

  it.each([
    [{ method: 'POST', path: '/v1/access/nobody' }, 'there is no POST /v1/access/nobody'],
    [{ method: 'PATCH', path: '/v1/access/people' }, 'there is no PATCH /v1/access/people'],
    [{ method: 'DELETE', path: '/v1/access/people/anna?why=x' }, 'DELETE /v1/access/people/{person} takes no ?why'],
    [
      { method: 'POST', path: '/v1/access/people', body: { name: 'a', rank: 1 } },
      'POST /v1/access/people knows no rank in its body',
    ],
    [{ method: 'POST', path: '/v1/access/people', body: {} }, 'POST /v1/access/people needs name in its body'],
  ])('would be caught with the call %j', (sent, fault) => {
    expect(callFaults(sent)).toEqual([fault])
  })
})

describe('a line of a shell', () => {
  it('is read as a shell reads it', () => {
    expect(shellWords(`muster a --reason 'it'\\''s  done' -l "k=v w"  x`)).toEqual([
      'muster',
      'a',
      '--reason',
      "it's  done",
      '-l',
      'k=v w',
      'x',
    ])
    expect(shellWords("a '' b")).toEqual(['a', '', 'b'])
  })

  it.each(['a | b', 'a; b', 'a $(b)', 'a > b', "a 'b", 'a "$b"', 'a *'])('starts one program only: %s', line => {
    expect(() => shellWords(line)).toThrow()
  })
})

describe('what is kept of answers', () => {
  it('has a key for each kind of answer', () => {
    expect(sharedKeys(app)).toEqual([])
  })

  it.each([
    [
      `{ queryKey: ['host', project, id], queryFn: get('/v1/a') }`,
      `{ queryKey: ['host', where, of], queryFn: get('/v1/a') }`,
      0,
    ],
    [
      `{ queryKey: ['host', project, id], queryFn: get('/v1/a') }`,
      `{ queryKey: ['host', project, id], queryFn: async () => 1 }`,
      1,
    ],
    [`{ queryKey: ['host', project], queryFn: get('/v1/a') }`, `{ queryKey: ['host', 'b'], queryFn: get('/v1/b') }`, 0],
  ])('would be mixed up: %s and %s', (one, other, count) => {
    expect(sharedKeys([planted(`use(${one})\nuse(${other})`)])).toHaveLength(count)
  })
})

describe('files of the dashboard', () => {
  it('open with their licence and say what they are for', () => {
    const styles = trackedFiles().filter(file => file.startsWith(`${APP}/`) && file.endsWith('.css'))
    const faulty = app.flatMap(source => {
      const fault = faultyHead(source)
      return fault === undefined ? [] : [`${source.file} ${fault}`]
    })

    expect(app.length).toBeGreaterThan(60)
    expect(faulty).toEqual([])
    expect(styles.filter(file => !read(file).startsWith('/* SPDX-License-Identifier: Apache-2.0 */'))).toEqual([])
  })

  it('have no state of their own', () => {
    expect(app.filter(({ file }) => file !== `${APP}/main.tsx`).flatMap(moduleState)).toEqual([])
  })

  it('are no longer than 500 lines', () => {
    expect(app.filter(({ text }) => text.trimEnd().split('\n').length > 500).map(({ file }) => file)).toEqual([])
  })
})
