// SPDX-License-Identifier: Apache-2.0
/** Contexts: where they are kept, and what is refused. */
import { describe, expect, it } from 'vitest'
import { type Contexts, homeFolder, readContexts, withContext } from '../../../../controller/cli/contexts.ts'
import { files } from '../../../../controller/cli/system/files.ts'

const holding = (text: string | undefined) => ({ ...files, readPrivate: async () => text })
const whole = {
  v: 1,
  current: 'plant',
  contexts: { plant: { url: 'https://ctl.example', token: 't' }, lab: { url: 'https://lab.example' } },
}

describe('the folder of contexts', () => {
  it('is the flag, then MUSTER_HOME, then that of XDG, then .config', () => {
    const env = { MUSTER_HOME: '/m', XDG_CONFIG_HOME: '/x' }

    expect(homeFolder({ flag: '/f', env, home: '/h' })).toBe('/f')
    expect(homeFolder({ env, home: '/h' })).toBe('/m')
    expect(homeFolder({ env: { XDG_CONFIG_HOME: '/x' }, home: '/h' })).toBe('/x/muster')
    expect(homeFolder({ env: { XDG_CONFIG_HOME: 'relative' }, home: '/h' })).toBe('/h/.config/muster')
    expect(homeFolder({ env: {}, home: '/h' })).toBe('/h/.config/muster')
  })

  it('is missed aloud when there is no home at all', () => {
    expect(() => homeFolder({ env: {}, home: undefined })).toThrow(expect.objectContaining({ code: 'no-home' }))
  })
})

describe('the file of contexts', () => {
  it('reads what was written, and nothing as nothing', async () => {
    expect(await readContexts(holding(JSON.stringify(whole)), '/m')).toEqual({
      current: 'plant',
      contexts: whole.contexts,
    })
    expect(await readContexts(holding(undefined), '/m')).toEqual({ contexts: {} })
  })

  it.each([
    '',
    '{',
    '[]',
    '{"v":2,"contexts":{}}',
    '{"v":1}',
    '{"v":1,"current":4,"contexts":{}}',
    '{"v":1,"contexts":{"../x":{"url":"https://a"}}}',
    '{"v":1,"contexts":{"a":{"url":4}}}',
    '{"v":1,"contexts":{"a":{"url":"https://a","token":["x"]}}}',
  ])('is refused when it is not one of ours: %s', async text => {
    await expect(readContexts(holding(text), '/m')).rejects.toMatchObject({ code: 'context-file-broken' })
  })
})

describe('changing contexts', () => {
  const contexts: Contexts = { current: 'plant', contexts: whole.contexts }

  it('uses what was signed in to last', () => {
    expect(withContext(contexts, 'new', { url: 'https://n' })).toMatchObject({
      current: 'new',
      contexts: { new: {}, lab: {} },
    })
  })

  it('uses none after the one in use was forgotten', () => {
    expect(withContext(contexts, 'plant', undefined)).toEqual({ contexts: { lab: whole.contexts.lab } })
    expect(withContext(contexts, 'lab', undefined)).toMatchObject({ current: 'plant' })
  })
})
