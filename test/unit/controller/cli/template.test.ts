// SPDX-License-Identifier: Apache-2.0
/** Places in texts are filled from what a command found. */
import { describe, expect, it } from 'vitest'
import { readTemplate } from '../../../../controller/cli/render/template.ts'

const LIST = {
  kind: 'HostList',
  items: [
    { name: 'press-1', cores: 8, metadata: [{ key: 'line', value: '4' }] },
    { name: 'press-2', 'a.b': null, metadata: [] },
  ],
}

describe('a jsonpath', () => {
  it.each([
    ['{.items[0].name}', 'press-1'],
    ['{.items[*].name}', 'press-1 press-2'],
    ['{$.kind}: {.items[1].name}', 'HostList: press-2'],
    ['{range .items[*]}{.name}{"\\t"}{.cores}{"\\n"}{end}', 'press-1\t8\npress-2\t\n'],
    ['{range .items[*]}{@.name},{end}', 'press-1,press-2,'],
    ['{.items[0].metadata}', '[{"key":"line","value":"4"}]'],
    ["{.items[1]['a.b']}{.items[1]['name']}", 'press-2'],
    ['{.nothing.at.all}{.items[9].name}{.constructor}{.items.length}', ''],
    ['plain', 'plain'],
    ['{range .items[*]}{range .metadata[*]}{.key}={.value}{end};{end}', 'line=4;;'],
  ])('%s', (text, says) => {
    expect(readTemplate('jsonpath', text)(LIST)).toBe(says)
  })
})

describe('a template', () => {
  it('has two braces, so that single ones are text', () => {
    const told = readTemplate('template', '{{range .items}}{ {{.name}} }{{"\\n"}}{{end}}')(LIST)

    expect(told).toBe('{ press-1 }\n{ press-2 }\n')
  })
})

it.each([
  '{.items[*].name',
  '.items}',
  '{end}',
  '{range .items[*]}{.name}',
  '{items}',
  '{.items[?(@.name)]}',
  '{}',
  '{"\\q"}',
])('refuses %s', text => {
  expect(() => readTemplate('jsonpath', text)).toThrow(expect.objectContaining({ code: 'usage' }))
})
