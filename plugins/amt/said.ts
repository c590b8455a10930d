// SPDX-License-Identifier: Apache-2.0
/** Reads the log that `rpc` prints while it works, in any of its forms. */

export type Line = {
  /** `info`, `warning`, `error` …; empty when the line does not say. */
  readonly level: string
  readonly text: string
}

/** Given to `rpc` where it insists on a password that the server does not need; it protects nothing. */
export const PLACEHOLDER = 'Ordered-by-the-server-0'

const MAX_OUTPUT = 65_536
const TEXT_FORM = /\blevel=(\w{1,16})\b.*?\bmsg=(?:"((?:[^"\\]|\\.){0,4000})"|(\S{1,4000}))/
const JSON_FORM = /"msg":"((?:[^"\\]|\\.){0,4000})"/
const JSON_LEVEL = /"level":"(\w{1,16})"/
const WORD_FORM = /^(TRACE|DEBUG|DEBU|INFO|WARNING|WARN|ERROR|ERRO|FATAL|FATA)(?:\[[^\]]{0,40}\])?:?[ \t]+(.*)$/

/** The lines of both outputs, standard error last, because that is where the log goes. Never throws. */
export function linesOf(stdout: string, stderr: string): readonly Line[] {
  return `${stdout.slice(-MAX_OUTPUT)}\n${stderr.slice(-MAX_OUTPUT)}`
    .split('\n')
    .map(line => lineOf(line.slice(0, 8_192).trimEnd()))
    .filter(({ text }) => text.trim() !== '')
}

function lineOf(line: string): Line {
  const [, level, quoted, bare] = TEXT_FORM.exec(line) ?? []
  if (level !== undefined) return { level, text: quoted === undefined ? (bare ?? '') : unescaped(quoted) }
  const [, message] = JSON_FORM.exec(line) ?? []
  if (message !== undefined) return { level: JSON_LEVEL.exec(line)?.[1] ?? '', text: unescaped(message) }
  const [, word, rest] = WORD_FORM.exec(line) ?? []
  if (word !== undefined) return { level: WORDS[word] ?? word.toLowerCase(), text: rest ?? '' }
  return { level: '', text: line }
}

const WORDS: Readonly<Record<string, string>> = { ERRO: 'error', FATA: 'fatal', DEBU: 'debug', WARN: 'warning' }

function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, '$1').replace(/\\n/g, ' ')
}

/** The server's message is JSON inside the line, of which `Status` is the telling part. */
export function statusIn(text: string): string {
  const [, status] = /"Status"\s*:\s*"((?:[^"\\]|\\.){1,2000})"/.exec(text) ?? []
  return status === undefined ? text : unescaped(status)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]+/g
const SECRET = /\b((?:password|passwd|token|secret|pwd)["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"',}]{1,200}/gi

/** A text fit for a report: without secrets, control characters and excess. */
export function presentable(text: string): string {
  return text
    .slice(0, 4_096)
    .replaceAll(PLACEHOLDER, '…')
    .replace(SECRET, '$1…')
    .replace(UNPRINTABLE, ' ')
    .trim()
    .slice(0, 500)
    .toWellFormed()
}
