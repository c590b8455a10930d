// SPDX-License-Identifier: Apache-2.0
/** Reads cloud-init user data as plain YAML, and says by line what is wrong with it. Pure. */
import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'

/** EIM's limit, in characters (code points). */
export const MAX_CHARACTERS = 16_384

// YAML 1.2 §5.1: what is not printable.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/

/** The first thing that is wrong with a configuration, for people; `undefined` when a host can use it. */
export function wrongCloudConfig(text: string): string | undefined {
  const length = [...text].length
  if (length > MAX_CHARACTERS) return `it has ${length} characters; at most ${MAX_CHARACTERS} are taken`
  const [first = ''] = text.split('\n')
  if (first.trimEnd() !== '#cloud-config') return 'line 1: the first line must be #cloud-config'
  const control = CONTROL.exec(text)
  if (control !== null)
    return `line ${text.slice(0, control.index).split('\n').length}: a control character stands there`
  if (!text.isWellFormed()) return 'it is not well-formed Unicode'
  try {
    return wrongYaml(text)
  } catch (thrown) {
    // The parser goes down by calling itself.
    if (thrown instanceof RangeError) return 'it nests too deep'
    throw thrown
  }
}

function wrongYaml(text: string): string | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    strict: true,
    merge: false,
    // Anything quieter would let a second document pass.
    logLevel: 'error',
  })
  const at = (offset: number): string => `line ${lines.linePos(offset).line}`
  const [fault] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  if (fault !== undefined) return `${at(fault.pos[0])}: ${worded(fault.code)}`
  if (!isMap(document.contents)) return `${at(startOf(document.contents))}: the top level must be a mapping`
  const key = document.contents.items.find(item => !isScalar(item.key) || typeof item.key.value !== 'string')
  if (key !== undefined) return `${at(startOf(key.key as Node))}: keys of the top level must be texts` // keys are nodes in a parsed document
  return wrongNode(document, at)
}

/** Aliases make small texts large, and tags of languages make texts into programs; neither is needed here. */
function wrongNode(document: Parameters<typeof visit>[0], at: (offset: number) => string): string | undefined {
  let wrong: string | undefined
  visit(document, {
    Alias: (_, node) => {
      wrong = `${at(startOf(node))}: aliases are not taken; write the value out`
      return visit.BREAK
    },
    Node: (_, node) => {
      if (node.tag === undefined || TAGS.has(node.tag)) return undefined
      wrong = `${at(startOf(node))}: the tag ${node.tag.slice(0, 60)} is not taken`
      return visit.BREAK
    },
  })
  return wrong
}

/** Tags of YAML's own schemas that cloud-init understands. */
const TAGS = new Set(
  ['binary', 'bool', 'float', 'int', 'map', 'null', 'seq', 'str'].map(name => `tag:yaml.org,2002:${name}`),
)

function startOf(node: { readonly range?: readonly number[] | null | undefined } | null): number {
  return node?.range?.[0] ?? 0
}

const WORDS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias has a tag or an anchor',
  BAD_ALIAS: 'aliases are not taken; write the value out',
  BAD_INDENT: 'the indentation is wrong',
  BAD_DQ_ESCAPE: 'an escape in double quotes is unknown',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping stands where one value must stand; is a quote or an indentation missing?',
  BLOCK_IN_FLOW: 'a block stands within brackets',
  DUPLICATE_KEY: 'the same key stands there twice',
  IMPOSSIBLE: 'it cannot be read',
  KEY_OVER_1024_CHARS: 'a key is too long',
  MISSING_CHAR: 'a character is missing, such as a closing quote, bracket or colon',
  MULTIPLE_ANCHORS: 'two anchors stand at one value',
  MULTIPLE_DOCS: 'a second document begins; only one is taken',
  MULTIPLE_TAGS: 'two tags stand at one value',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; is a colon or an indentation missing?',
  RESOURCE_EXHAUSTION: 'it nests too deep',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'the tag is not taken',
  UNEXPECTED_TOKEN: 'something unexpected stands there',
}

function worded(code: string): string {
  return WORDS[code] ?? `it cannot be read (${code.toLowerCase().replaceAll('_', ' ')})`
}
