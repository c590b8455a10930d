// SPDX-License-Identifier: Apache-2.0
/** Spells EIM's paths in the description of the API as EIM's specification does, and lists its second paths too. */
import { aliasesOf, NATIVE_BASE, spelledByEim } from './eim-paths.ts'

type Parameter = { readonly in: string; readonly name: string }
type Operation = {
  readonly parameters?: readonly Parameter[]
  readonly summary?: string
  readonly deprecated?: boolean
}
type PathItem = Readonly<Record<string, Operation>>

/** Returns the document with EIM's spelling; operations of second paths are marked as deprecated. Pure. */
export function withEimPaths<D extends object>(document: D): D {
  const { paths = {} } = document as { paths?: Readonly<Record<string, PathItem>> } // OpenAPI 3.1, Paths Object
  const spelled: Record<string, PathItem> = {}
  const aliases: Record<string, PathItem> = {}
  for (const [template, item] of Object.entries(paths)) {
    const eim = spelledByEim(template)
    spelled[eim ?? template] = eim === undefined ? item : renamed(item, namesIn(template), namesIn(eim))
    if (eim === undefined) continue
    for (const alias of aliasesOf(eim)) aliases[alias] = asAlias(spelled[eim] ?? item, eim, alias)
  }
  return { ...document, paths: { ...spelled, ...aliases } }
}

function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
}

function renamed(item: PathItem, from: readonly string[], to: readonly string[]): PathItem {
  const rename = (parameter: Parameter): Parameter => {
    const name = parameter.in === 'path' ? to[from.indexOf(parameter.name)] : undefined
    return name === undefined ? parameter : { ...parameter, name }
  }
  return mapped(item, ({ parameters, ...rest }) => ({
    ...rest,
    ...(parameters === undefined ? {} : { parameters: parameters.map(rename) }),
  }))
}

function asAlias(item: PathItem, eim: string, alias: string): PathItem {
  const native = alias.startsWith(`${NATIVE_BASE}/`)
  return mapped(item, ({ parameters = [], ...rest }) => ({
    ...rest,
    deprecated: true,
    description: `The same as \`${eim}\`, for clients made for EIM.`,
    parameters: parameters.map(each =>
      native && each.in === 'path' && each.name === 'projectName' ? { ...each, in: 'query', required: true } : each,
    ),
  }))
}

function mapped(item: PathItem, act: (operation: Operation) => Operation): PathItem {
  return Object.fromEntries(Object.entries(item).map(([verb, operation]) => [verb, act(operation)]))
}
