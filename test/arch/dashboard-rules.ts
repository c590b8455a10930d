// SPDX-License-Identifier: Apache-2.0
/** Rules of the dashboard's sources: where texts stand, what may be imported, how a line of a shell is read. */
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'
import { at, type Source, visit } from './syntax.ts'

export const APP = 'controller/web/app'

/** Attributes that people read or hear. */
const ATTRIBUTES = new Set([
  'label',
  'title',
  'placeholder',
  'description',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'alt',
  'children',
  'error',
  'message',
  'verb',
  'about',
  'done',
  'note',
])
/** Members of objects that become such: of choices, columns and notifications. */
const MEMBERS = new Set(['label', 'title', 'placeholder', 'description', 'aria-label', 'message'])
/** What is the same in every language: the brand, units, names of formats and protocols. */
const SAME_EVERYWHERE = /^(Muster|UTC|JSON|YAML|CSV|API|UUID|KVM|SOL|AMT|CIRA|MAC|IP|ms|s|min|h|d|px|B|[KMGT]i?B|x)$/
/** Addresses and names of files. */
const CODE = /^\/[\w./-]*$/

function isText(text: string): boolean {
  if (CODE.test(text.trim())) return false
  const words = text.match(/\p{L}[\p{L}\p{N}]*/gu) ?? []
  return words.some(word => !SAME_EVERYWHERE.test(word))
}

/** `file:line text` of everything that a person reads and that no catalogue has. */
export function literalsIn(source: Source): readonly string[] {
  const found: string[] = []
  const take = (node: ts.Node, text: string): void => {
    if (isText(text)) found.push(`${at(source, node)} ${text.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}`)
  }
  visit(source.tree, node => {
    if (ts.isJsxText(node)) take(node, node.text)
    if (ts.isJsxExpression(node) && node.expression !== undefined && isChild(node)) textsOf(node.expression, take)
    if (ts.isJsxAttribute(node) && ATTRIBUTES.has(node.name.getText(source.tree))) {
      if (node.initializer !== undefined) textsOf(node.initializer, take)
    }
    if (ts.isPropertyAssignment(node) && MEMBERS.has(memberName(node.name))) textsOf(node.initializer, take)
  })
  return found
}

function isChild(node: ts.JsxExpression): boolean {
  return ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent)
}

function memberName(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : ''
}

/** Texts that an expression can be: itself, either side of a choice, the parts of a template. */
function textsOf(node: ts.Node, take: (node: ts.Node, text: string) => void): void {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) take(node, node.text)
  else if (ts.isTemplateExpression(node)) {
    take(node, node.head.text)
    for (const { literal } of node.templateSpans) take(node, literal.text)
  } else if (ts.isConditionalExpression(node)) {
    textsOf(node.whenTrue, take)
    textsOf(node.whenFalse, take)
  } else if (ts.isBinaryExpression(node) && isJoining(node.operatorToken.kind)) {
    textsOf(node.left, take)
    textsOf(node.right, take)
  } else if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node)) {
    if (node.expression !== undefined) textsOf(node.expression, take)
  }
}

function isJoining(kind: ts.SyntaxKind): boolean {
  return [
    ts.SyntaxKind.PlusToken,
    ts.SyntaxKind.QuestionQuestionToken,
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.AmpersandAmpersandToken,
  ].includes(kind)
}

export type Import = { readonly from: string; readonly to: string; readonly isType: boolean }

/** What a file imports: packages by name, files by their path below the root. */
export function importsOf({ file, tree }: Source): readonly Import[] {
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return
    const { text } = specifier
    found.push({ from: file, to: text.startsWith('.') ? normalize(join(dirname(file), text)) : text, isType })
  }
  visit(tree, node => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true)
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
  })
  return found
}

const PACKAGES =
  /^(react|react-dom|wouter|uplot|lucide-react|uqr|get-nonce|@device-management-toolkit\/ui-toolkit|@mantine\/[\w-]+|@tanstack\/[\w-]+|@xterm\/[\w-]+|virtual:muster-modules)(\/|$)/
/** Files outside of the app that run in the browser too; the last two are what both sides must decide alike. */
const SHARED = [
  /^controller\/query\/[\w-]+\.ts$/,
  /^controller\/modules\/dashboard\/(boot|areas)\.ts$/,
  /^plugins\/contract\/[\w-]+\.ts$/,
  /^plugins\/[\w-]+\/contract\.ts$/,
  /^controller\/modules\/inventory\/schedules\/(cron|occurrences)\.ts$/,
  /^controller\/modules\/inventory\/import\/columns\.ts$/,
  /^controller\/modules\/access\/accounts\/common\.ts$/,
]

/** Whether a file outside of the app is one that runs in the browser too. */
export function isShared(file: string): boolean {
  return SHARED.some(each => each.test(file))
}

/** Why the app may not import something; `undefined` when it may. */
export function importFault({ from, to }: Import): string | undefined {
  const isFile = to.includes('/') && /\.(tsx?|css|json|d\.ts)$/.test(to) && !to.startsWith('@')
  if (!isFile) return PACKAGES.test(to) ? undefined : 'no package of the dashboard'
  if (!to.startsWith(`${APP}/`)) {
    if (PACKAGES.test(to) || isShared(to)) return undefined
    return 'outside of the dashboard'
  }
  const [source, target] = [partOf(from), partOf(to)]
  if (to === `${APP}/modules/pages.ts`) return undefined
  if (target.module === undefined || target.module === source.module) return undefined
  // The doors stand before every module: the shell opens them.
  if (source.part === 'shell' && to.startsWith(`${APP}/modules/kernel/door/`)) return undefined
  return source.module === undefined ? `${source.part} knows no module` : 'another module'
}

/** `kit`, or `modules` with the module's name. */
function partOf(file: string): { readonly part: string; readonly module: string | undefined } {
  const [part = '', module] = file.slice(APP.length + 1).split('/')
  return { part, module: part === 'modules' && module !== 'pages.ts' ? module : undefined }
}

/** Names that are written in calls of `defineAct`; one that is computed has no say here. */
export function actNamesIn({ tree }: Source): readonly string[] {
  const found: string[] = []
  visit(tree, node => {
    if (!ts.isCallExpression(node) || node.expression.getText(tree) !== 'defineAct') return
    const [act] = node.arguments
    if (act === undefined || !ts.isObjectLiteralExpression(act)) return
    for (const member of act.properties)
      if (
        ts.isPropertyAssignment(member) &&
        memberName(member.name) === 'name' &&
        ts.isStringLiteral(member.initializer)
      )
        found.push(member.initializer.text)
  })
  return found
}

/**
 * The words of one line as a shell gives them to a program: spaces part, quotes keep. Throws for what would do more than
 * start one program with words.
 */
export function shellWords(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at)
    if (letter === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) throw new Error(`a quote is left open: ${line}`)
      word = (word ?? '') + line.slice(at + 1, end)
      at = end
    } else if (letter === '\\') word = (word ?? '') + line.charAt(++at)
    else if (letter === '"') {
      const end = line.indexOf('"', at + 1)
      const inner = line.slice(at + 1, end)
      if (end < 0 || /[$`\\]/.test(inner)) throw new Error(`a shell would change this: ${line}`)
      word = (word ?? '') + inner
      at = end
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (/[|&;<>()$`*?#~!{}[\]]/.test(letter)) throw new Error(`a shell would take ${letter} as its own: ${line}`)
    else word = (word ?? '') + letter
  }
  if (word !== undefined) words.push(word)
  return words
}

const ASKED = /queryKey: (\[[^\]]*\]),[\s\S]{0,160}?queryFn:\s*(?:get\('([^']+)')?/g

/**
 * Keys under which two places keep different things, each with where: whoever comes second is shown what the first has
 * kept, in another shape than it can read. Names are the same for this, texts are not.
 */
export function sharedKeys(sources: readonly Source[]): readonly string[] {
  const askedBy = new Map<string, Map<string, string>>()
  for (const source of sources) {
    for (const { 1: key = '', 2: path, index } of source.text.matchAll(ASKED)) {
      const shape = key.replaceAll(/'[^']*'|[^\s,[\]]+/g, part => (/^('|[A-Z][A-Z_]+$)/.test(part) ? part : '*'))
      const where = `${source.file}:${source.text.slice(0, index).split('\n').length}`
      const asked = askedBy.get(shape) ?? new Map<string, string>()
      askedBy.set(shape, asked.set(path ?? where, where))
    }
  }
  return [...askedBy].flatMap(([shape, asked]) =>
    asked.size > 1 ? [`${shape}: ${[...asked.values()].join(', ')}`] : [],
  )
}
