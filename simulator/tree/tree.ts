// SPDX-License-Identifier: Apache-2.0
/** A read-only file tree whose folders and contents are made when somebody looks, and forgotten when memory is short. */

/** A file: its content, or how to make it. `undefined` stands for a file that cannot be read just now. */
export type Leaf = string | Uint8Array | (() => string | Uint8Array | undefined)

export type Symlink = { readonly to: string }

export type Folder = { readonly [name: string]: Node }

/** A folder may be a function, so that nothing below it exists before it is entered. */
export type Node = Leaf | Symlink | { readonly entries: Folder | (() => Folder) }

/** What a path leads to once links were followed. */
export type Found =
  | { readonly kind: 'file'; readonly leaf: Leaf }
  | { readonly kind: 'folder'; readonly names: readonly string[] }

export interface Tree {
  find(path: string): Found | undefined
  /** Where the last part of the path points, when it is a link. */
  link(path: string): string | undefined
  /** The path with the links in its folders followed, as far as these exist; the last part stays as it is. */
  canonical(path: string): string
}

export function folder(entries: Folder | (() => Folder)): Node {
  return { entries }
}

export function symlink(to: string): Node {
  return { to }
}

/** Builds a tree over a root; folders made by functions live as long as the garbage collector lets them. */
export function createTree(root: () => Folder): Tree {
  const opened = new WeakMap<object, WeakRef<Folder>>()
  const top: Node = { entries: root }
  const enter = (node: { readonly entries: Folder | (() => Folder) }): Folder => {
    if (typeof node.entries !== 'function') return node.entries
    const kept = opened.get(node)?.deref()
    if (kept !== undefined) return kept
    const made = node.entries()
    opened.set(node, new WeakRef(made))
    return made
  }
  const walk = (path: string, follow: boolean): Walked | undefined => walkFrom(top, enter, { path, follow })
  return {
    find(path) {
      const node = walk(path, true)?.node
      if (node === undefined || isLink(node)) return undefined
      if (!isFolder(node)) return { kind: 'file', leaf: node }
      return { kind: 'folder', names: Object.keys(enter(node)).sort() }
    },
    link(path) {
      const node = walk(path, false)?.node
      return node !== undefined && isLink(node) ? node.to : undefined
    },
    canonical: path => canonicalFrom(path, parent => walk(parent, true)?.path),
  }
}

type FolderNode = { readonly entries: Folder | (() => Folder) }
type Walked = { readonly node: Node; readonly path: string }

/** As many as Linux follows before it says ELOOP. */
const MAX_LINKS = 40

function walkFrom(
  top: FolderNode,
  enter: (node: FolderNode) => Folder,
  { path, follow }: { path: string; follow: boolean },
): Walked | undefined {
  let names = partsOf(path)
  let node: Node = top
  let at: string[] = []
  let links = 0
  // A fleet walks millions of these: nothing is copied on the way.
  for (let index = 0; index < names.length; index++) {
    if (!isFolder(node)) return undefined
    const name = names[index] ?? ''
    const entries = enter(node)
    const next: Node | undefined = Object.hasOwn(entries, name) ? entries[name] : undefined
    if (next === undefined) return undefined
    if (isLink(next) && (index < names.length - 1 || follow)) {
      if (++links > MAX_LINKS) return undefined
      const target = next.to.startsWith('/') ? next.to : `/${[...at, next.to].join('/')}`
      names = [...partsOf(target), ...names.slice(index + 1)]
      index = -1
      node = top
      at = []
    } else {
      node = next
      at.push(name)
    }
  }
  return { node, path: `/${at.join('/')}` }
}

function canonicalFrom(path: string, folderPath: (path: string) => string | undefined): string {
  const parts = partsOf(path)
  const below = parts.splice(-1)
  for (;;) {
    const known = folderPath(`/${parts.join('/')}`)
    if (known !== undefined) return `${known === '/' ? '' : known}/${below.join('/')}`
    below.unshift(...parts.splice(-1))
  }
}

/** Splits an absolute path and takes `.` and `..` out of it. */
function partsOf(path: string): string[] {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts
}

function isFolder(node: Node): node is FolderNode {
  return typeof node === 'object' && 'entries' in node
}

function isLink(node: Node): node is Symlink {
  return typeof node === 'object' && 'to' in node
}
