// SPDX-License-Identifier: Apache-2.0
/** What is written can be read again: text, order, lists, references. */
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { escapeXml } from '../../../../../../controller/modules/oob/wsman/escape.ts'
import { invokeMessage, putMessage } from '../../../../../../controller/modules/oob/wsman/messages.ts'
import {
  embedded,
  type Instance,
  Reference,
  selectorsOf,
} from '../../../../../../controller/modules/oob/wsman/wsman.ts'
import { readEnvelope } from '../../../../../../controller/modules/oob/wsman/xml.ts'

const target = { resource: 'AMT_GeneralSettings' }
const written = (instance: Instance): string => putMessage(target, instance)(1)
const reread = (instance: Instance): Instance =>
  readEnvelope(Buffer.from(written(instance))).Body.AMT_GeneralSettings as Instance

describe('text', () => {
  it.each(['&', '<', '>', '"', "'", ']]>', '&amp;', 'Zoë & <日本> "x" \'y\' 😀', '\t\n', 'a\rb', ' a '])(
    'comes back as it was: %j',
    text => {
      expect(reread({ HostName: text }).HostName).toBe(text)
    },
  )

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        fc.pre(canSpeak(text))
        expect(reread({ HostName: text, Other: 'x' })).toEqual({ HostName: text, Other: 'x' })
      }),
    )
  })

  it('reads the same for another parser, and is well formed', () => {
    const oracle = new XMLParser({
      removeNSPrefix: true,
      parseTagValue: false,
      trimValues: false,
      ignoreAttributes: false,
    })
    const xml = written({ HostName: `P@ss&<>"'` })

    expect(XMLValidator.validate(xml)).toBe(true)
    expect(oracle.parse(xml).Envelope.Body.AMT_GeneralSettings.HostName).toBe(`P@ss&<>"'`)
  })

  it.each(['\u0000', '\u0008', '\ufffe', '\ud800', 'a\udc00b'])('that XML cannot carry is refused: %j', text => {
    expect(() => escapeXml(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('instances', () => {
  it('are written in the order of their members, with lists as repeated elements and without what is undefined', () => {
    const xml = written({ B: '2', A: ['1', ''], C: undefined, D: [] })

    expect(xml).toContain('<h:B>2</h:B><h:A>1</h:A><h:A></h:A></h:AMT_GeneralSettings>')
  })

  it('of another class are written in its namespace', () => {
    const xml = invokeMessage({ resource: 'AMT_WiFiPortConfigurationService' }, 'AddWiFiSettings', {
      WiFiEndpointSettingsInput: embedded('CIM_WiFiEndpointSettings', { ElementName: 'lab & co' }),
    })(1)

    expect(xml).toContain(
      '<h:WiFiEndpointSettingsInput xmlns:q="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_WiFiEndpointSettings">' +
        '<q:ElementName>lab &amp; co</q:ElementName></h:WiFiEndpointSettingsInput>',
    )
  })

  it.each(['a b', '', '1a', 'a>', 'h:a'])('with a name that XML cannot carry are refused: %j', name => {
    expect(() => written({ [name]: 'x' })).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('of no known schema are refused', () => {
    expect(() => putMessage({ resource: 'Win32_Process' }, {})).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('references', () => {
  it('come back with their selectors', () => {
    const instance = reread({
      Source: new Reference('CIM_BootSourceSetting', { InstanceID: 'Intel(r) AMT: "PXE" & <x>' }),
    })

    expect(selectorsOf(instance.Source)).toEqual({ InstanceID: 'Intel(r) AMT: "PXE" & <x>' })
  })

  it('that a device gave are written back as they were', () => {
    const given = reread({ Source: new Reference('CIM_BootSourceSetting', { A: '1', B: '2' }, 'default') })

    expect(reread(given)).toEqual(given)
  })
})

function canSpeak(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)
}
