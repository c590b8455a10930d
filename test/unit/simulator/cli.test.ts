// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { readArguments } from '../../../simulator/cli.ts'

const URL_ARGUMENTS = ['--url', 'https://ctl.local:8443']

describe('the arguments of muster-sim', () => {
  it('are read with what stands for what was left out', () => {
    expect(readArguments(['up', '20', ...URL_ARGUMENTS, '--token-file', './token'], '1.2.3')).toEqual({
      kind: 'up',
      request: {
        count: 20,
        url: 'https://ctl.local:8443',
        token: undefined,
        tokenFile: './token',
        seed: 'muster',
        dir: undefined,
        shares: undefined,
        model: undefined,
        network: undefined,
        processes: 1,
        reportIntervalMs: undefined,
        json: false,
        verbose: false,
      },
    })
  })

  it('are read in full', () => {
    const words = [
      '--token',
      't',
      '--seed',
      's',
      '--dir',
      '/d',
      '--amt',
      'vpro=60,ism=20,none=20',
      '--model',
      'panel-pc',
    ]

    expect(readArguments(['up', '3', ...URL_ARGUMENTS, ...words, '--json', '--verbose'], '1.2.3')).toMatchObject({
      request: {
        token: 't',
        seed: 's',
        dir: '/d',
        shares: { vpro: 60, ism: 20, none: 20, unknown: 0 },
        model: 'panel-pc',
        json: true,
        verbose: true,
      },
    })
  })

  it.each([
    [['--version'], '1.2.3'],
    [['--help'], 'run the real agent'],
    [['up', '--help'], '--token-file'],
    [[], 'Usage: muster-sim'],
  ])('%j asks for text', (args, text) => {
    expect(readArguments(args, '1.2.3')).toEqual({ kind: 'text', text: expect.stringContaining(text) })
  })

  it.each([
    [['down'], "unknown command 'down'"],
    [['up', ...URL_ARGUMENTS], "missing required argument 'count'"],
    [['up', '20'], "required option '--url <url>'"],
    [['up', 'many', ...URL_ARGUMENTS], '`many` hosts; a number from 1 to 10000 is wanted'],
    [['up', '0', ...URL_ARGUMENTS], 'a number from 1 to 10000'],
    [['up', '20', '--url', 'http://ctl'], 'starts with https://'],
    [['up', '20', ...URL_ARGUMENTS, '--token', 'a', '--token-file', 'b'], 'cannot be used with'],
    [['up', '20', ...URL_ARGUMENTS, '--amt', 'vpro=1'], 'add up to 1'],
    [['up', '20', ...URL_ARGUMENTS, '--model', 'toaster'], 'toaster; there are'],
    [['up', '20', ...URL_ARGUMENTS, '--colour'], "unknown option '--colour'"],
  ])('%j is refused', (args, message) => {
    expect(() => readArguments(args, '1.2.3')).toThrow(message)
  })
})
