// SPDX-License-Identifier: Apache-2.0
/** What the pages of a host's firmware decide without a browser. */
import { describe, expect, it } from 'vitest'
import { plainText } from '../../../controller/web/app/modules/oob/host/firmware.ts'
import { SPECIAL, strokesOf } from '../../../controller/web/app/modules/oob/kvm/strokes.ts'
import { actionsIn, powerActs, usableByFirmware } from '../../../controller/web/app/modules/oob/power/path.ts'
import { hasSeveralLines, withControl } from '../../../controller/web/app/modules/oob/sol/line.ts'

const spelled = (text: string) => strokesOf(text).strokes.map(({ key, isDown }) => `${isDown ? '+' : '-'}${key}`)

describe('text that is typed on a machine', () => {
  it('holds Shift for what stands above, and lets go in the other order', () => {
    expect(spelled('a')).toEqual(['+97', '-97'])
    expect(spelled('A')).toEqual(['+65505', '+65', '-65', '-65505'])
    expect(spelled('!~"')).toEqual([
      ...['+65505', '+49', '-49', '-65505'],
      ...['+65505', '+96', '-96', '-65505'],
      ...['+65505', '+39', '-39', '-65505'],
    ])
  })

  it('has Enter once for each line end, and counts what no key has', () => {
    expect(spelled('\r\n\n\r')).toEqual(['+65293', '-65293', '+65293', '-65293', '+65293', '-65293'])
    expect(strokesOf('aü€😀b').left).toBe(3)
    expect(spelled('aü€😀b')).toEqual(spelled('ab'))
  })

  it('presses all of a special key before it lets go of any', () => {
    expect(SPECIAL.cad.map(({ isDown }) => isDown)).toEqual([true, true, true, false, false, false])
  })
})

describe('what is pasted and typed into a console', () => {
  it.each([
    ['one line', false],
    ['', false],
    ['a\nb', true],
    ['ends here\n', true],
    ['a\rb', true],
  ])('knows that %j has several lines: %s', (text, several) => {
    expect(hasSeveralLines(text)).toBe(several)
  })

  it.each([
    ['c', '\x03'],
    ['[', '\x1b'],
    ['@', '\x00'],
    ['1', '1'],
    ['ab', 'ab'],
  ])('makes of %j with Ctrl %j', (text, made) => {
    expect(withControl(text)).toBe(made)
  })
})

describe('texts of firmware', () => {
  it('are shown with their control and direction characters as what they are, and bounded', () => {
    expect(plainText('a\u202eb\x1b[0m\u0000')).toBe('a\\u{202e}b\\u{1b}[0m\\u{0}')
    expect(plainText('x'.repeat(500))).toHaveLength(301)
    expect(plainText(undefined)).toBe('')
    expect(plainText({ evil: true })).toBe('')
  })
})

describe('power by way of the firmware', () => {
  const uuid = '4c4c4544-004b-4210-8033-b6c04f504633'

  it('offers what the state allows', () => {
    expect(actionsIn('POWER_STATE_OFF')).toEqual(['on'])
    expect(actionsIn('POWER_STATE_ON')).not.toContain('on')
    expect(actionsIn('POWER_STATE_UNSPECIFIED')).toContain('on')
    const on = { uuid, currentAmtState: 'AMT_STATE_PROVISIONED', currentPowerState: 'POWER_STATE_ON' }
    expect(usableByFirmware(on).actions).toEqual(actionsIn('POWER_STATE_ON'))
  })

  it('says why it offers nothing, or why it would wait', () => {
    expect(usableByFirmware({ amtSku: 'AMT_SKU_AMT' })).toMatchObject({ actions: [] })
    expect(usableByFirmware({ uuid, amtSku: 'AMT_SKU_AMT' }).why).toContain('not activated')
    expect(usableByFirmware({ uuid }).why).toContain('no AMT')
    expect(usableByFirmware({ uuid, currentAmtState: 'AMT_STATE_DISCONNECTED' })).toMatchObject({ waits: true })
  })

  it('asks the operating system first where the word promises it, and not where it does not', () => {
    const bodyOf = (action: keyof typeof powerActs) => {
      const [sent] = powerActs[action].calls({ project: 'default', host: 'host-0123abcd', name: 'a', guid: uuid })
      return sent?.body
    }

    expect(bodyOf('shutdown')).toEqual({ action: 'off', policy: 'ordered' })
    expect(bodyOf('off')).toEqual({ action: 'off', policy: 'immediate' })
    expect(bodyOf('reboot')).toEqual({ action: 'reset', policy: 'ordered' })
    expect(bodyOf('cycle')).toEqual({ action: 'power-cycle', policy: 'immediate' })
  })
})
