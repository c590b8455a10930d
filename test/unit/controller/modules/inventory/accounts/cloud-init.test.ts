// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { MAX_CHARACTERS, wrongCloudConfig } from '../../../../../../controller/modules/inventory/accounts/cloud-init.ts'

const config = (...lines: readonly string[]): string => ['#cloud-config', ...lines, ''].join('\n')

describe('a cloud-init configuration', () => {
  it.each([
    ['packages', config('packages: [jq]')],
    ['lines that end in CR LF', '#cloud-config\r\npackages: [jq]\r\n'],
    ['binary content', config('write_files:', '- content: !!binary |', '    aGVsbG8=', '  path: /x')],
    ['keys nobody knows', config('something_new: {a: [1, 2]}')],
    ['tabs within a value', config('a: "x\ty"')],
  ])('takes %s', (_, text) => {
    expect(wrongCloudConfig(text)).toBeUndefined()
  })

  it.each([
    ['nothing', '', 'line 1'],
    ['a shell script', '#!/bin/sh\necho', 'line 1'],
    ['only the first line', config(), 'mapping'],
    ['a list', config('- a'), 'line 2: the top level must be a mapping'],
    ['a number as a key', config('1: 2'), 'line 2: keys of the top level must be texts'],
    ['a program in a tag', config('a: 1', 'b: !!js/function "x"'), 'line 3: the tag is not taken'],
    ['a tag of its own', config('a: !mine x'), 'line 2: the tag is not taken'],
    ['a key twice', config('a: 1', 'b: 2', 'a: 3'), 'line 4: the same key stands there twice'],
    ['a key twice further down', config('x:', '  a: 1', '  a: 3'), 'line 4: the same key stands there twice'],
    ['tabs that indent', config('a:', '\tb: 1'), 'line 3: tabs cannot indent'],
    ['an open quote', config('a: "unclosed'), 'line 3: a character is missing'],
    ['a second document', config('a: 1', '---', 'b: 2'), 'a second document'],
    ['a control character', config('a: 1', 'b: \u0000'), 'line 3: a control character'],
    ['half a character', config('a: \ud800'), 'Unicode'],
    ['8,000 brackets', config('['.repeat(8_000)), 'nests too deep'],
  ])('refuses %s, with the line', (_, text, words) => {
    expect(wrongCloudConfig(text)).toContain(words)
  })

  it('refuses texts that grow by aliases before they grow', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [at, name] of [...'bcdefghi'].entries()) {
      const before = 'abcdefgh'[at]
      lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`)
    }

    expect(wrongCloudConfig(config(...lines))).toBe('line 3: aliases are not taken; write the value out')
  })

  it('takes exactly as many characters as EIM, whatever they take in bytes', () => {
    const room = MAX_CHARACTERS - '#cloud-config\na: \n'.length
    const of = (length: number) => `#cloud-config\na: ${'😀'.repeat(length)}\n`

    expect(wrongCloudConfig(of(room))).toBeUndefined()
    expect(wrongCloudConfig(of(room + 1))).toBe('it has 16385 characters; at most 16384 are taken')
  })

  it('never repeats the text it complains of', () => {
    const secret = 'hunter2-hunter2'

    expect(wrongCloudConfig(config(`password: "${secret}`))).not.toContain(secret)
    expect(wrongCloudConfig(config(`password: ${secret}`, `password: ${secret}`))).not.toContain(secret)
  })
})
