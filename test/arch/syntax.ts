// SPDX-License-Identifier: Apache-2.0
/** Reads sources as syntax trees, for the house rules that no linter knows. */
import ts from 'typescript'
import { read } from './tree.ts'

export type Source = { readonly file: string; readonly text: string; readonly tree: ts.SourceFile }

export function parse(file: string, text: string = read(file)): Source {
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) }
}

/** Calls for every node of a file, parents first. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, child => visit(child, look))
}

export function lineOf({ tree }: Source, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

export function linesOf({ tree }: Source, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - lineOf({ tree } as Source, node) // only the tree is read
}

/** `file:line`, as editors understand it. */
export function at(source: Source, node: ts.Node): string {
  return `${source.file}:${lineOf(source, node)}`
}

/**
 * What is wrong with the head of a file; undefined when it has a licence line and one sentence that says what it is for.
 * A test says that by the names of its tests.
 */
export function faultyHead({ file, text }: Source): string | undefined {
  const lines = text.split('\n').filter((line, index) => !(index === 0 && line.startsWith('#!')))
  if (lines[0] !== '// SPDX-License-Identifier: Apache-2.0') return 'has no SPDX line'
  if (file.endsWith('.test.ts')) return undefined
  const comment = /^\n*\/\*\*([\s\S]*?)\*\//.exec(lines.slice(1).join('\n'))?.[1]
  if (comment === undefined) return 'does not say what it is for'
  const sentence = comment.replaceAll(/^\s*\* ?/gm, '').trim()
  if (!/^[A-Z`$]/.test(sentence) || !/[.:]([\s)`]|$)/.test(sentence)) return 'opens with no sentence'
  return undefined
}

/**
 * State that lives as long as the module: `let`, `var`, and constants whose content this file changes. Two agents in one
 * process would share it. Weak collections are exempt: what they hold belongs to its key.
 */
export function moduleState(source: Source): readonly string[] {
  const changed = changedNames(source)
  return source.tree.statements.filter(ts.isVariableStatement).flatMap(({ declarationList, modifiers }) => {
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true) return []
    const constant = (declarationList.flags & ts.NodeFlags.Const) !== 0
    return declarationList.declarations
      .filter(each => !constant || (changed.has(each.name.getText(source.tree)) && !isWeak(each)))
      .map(each => at(source, each))
  })
}

const MUTATORS = /^(add|set|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill)$/

/** Names whose content is changed somewhere in the file: by a method that mutates, or by assigning to a member. */
function changedNames({ tree }: Source): ReadonlySet<string> {
  const names = new Set<string>()
  visit(tree, node => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression
      if (ts.isIdentifier(expression) && MUTATORS.test(name.text)) names.add(expression.text)
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const { left } = node
      const of = ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left) ? left.expression : undefined
      if (of !== undefined && ts.isIdentifier(of)) names.add(of.text)
    }
  })
  return names
}

function isWeak({ initializer }: ts.VariableDeclaration): boolean {
  return (
    initializer !== undefined &&
    ts.isNewExpression(initializer) &&
    /^Weak(Map|Set)$/.test(initializer.expression.getText())
  )
}

export type Long = { readonly where: string; readonly lines: number; readonly parameters: number }

/** Every function with a body, with its length and its number of parameters. */
export function functions(source: Source): readonly Long[] {
  const found: Long[] = []
  visit(source.tree, node => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return
    found.push({ where: at(source, node), lines: ownLines(source, node), parameters: node.parameters.length })
  })
  return found
}

/** Lines of a function without the functions inside it, which are read one at a time: a list of routes is a list. */
function ownLines(source: Source, node: ts.Node): number {
  let nested = 0
  const look = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) nested += linesOf(source, child) - 1
    else ts.forEachChild(child, look)
  }
  ts.forEachChild(node, look)
  return linesOf(source, node) - nested
}

/** Names a file imports from a module at run time; `*` for all of it. */
export function importedNames({ tree }: Source, module: RegExp): readonly string[] {
  return tree.statements.filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier, importClause }) => {
    if (!ts.isStringLiteral(moduleSpecifier) || !module.test(moduleSpecifier.text)) return []
    if (importClause === undefined) return ['*']
    if (importClause.isTypeOnly) return []
    const { name, namedBindings } = importClause
    const own = name === undefined ? [] : ['*']
    if (namedBindings === undefined) return own
    if (ts.isNamespaceImport(namedBindings)) return ['*']
    return [
      ...own,
      ...namedBindings.elements.filter(each => !each.isTypeOnly).map(each => (each.propertyName ?? each.name).text),
    ]
  })
}
