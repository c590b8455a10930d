// SPDX-License-Identifier: Apache-2.0
/** Replies become trees, and everything that is not a plain SOAP envelope is refused. */
import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import {
  type Instance,
  selectorsOf,
  type Value,
  withoutAttributes,
} from '../../../../../../controller/modules/oob/wsman/wsman.ts'
import { MAX_XML_BYTES, readEnvelope } from '../../../../../../controller/modules/oob/wsman/xml.ts'
import { enveloped, reference, settings } from './replies.ts'

const read = (xml: string) => readEnvelope(Buffer.from(xml))
const bodyOf = (body: string): Instance => read(enveloped(body)).Body
const inner = (content: string): Value | undefined => bodyOf(`<h:X>${content}</h:X>`).X

function refusal(xml: string | Uint8Array): { code: string; detail: string } {
  try {
    readEnvelope(typeof xml === 'string' ? Buffer.from(xml) : xml)
  } catch (thrown) {
    return thrown as { code: string; detail: string }
  }
  throw new Error('it was accepted')
}

describe('a reply', () => {
  it('loses prefixes and attributes and keeps text as text, in its order', () => {
    const { Header, Body } = read(enveloped(settings({ HostName: '00042', AMTNetworkEnabled: '1', DDNS: 'true' })))

    expect(Header.RelatesTo).toBe('1')
    expect(Body).toEqual({ AMT_GeneralSettings: { HostName: '00042', AMTNetworkEnabled: '1', DDNS: 'true' } })
    expect(Object.keys(Body.AMT_GeneralSettings as Instance)).toEqual(['HostName', 'AMTNetworkEnabled', 'DDNS'])
  })

  it('makes a list of what stands several times, and leaves singletons alone', () => {
    expect(inner('<h:P>2</h:P><h:Q>a</h:Q><h:P>8</h:P><h:P>5</h:P>')).toEqual({ P: ['2', '8', '5'], Q: 'a' })
  })

  it('makes empty and nil elements empty text', () => {
    expect(inner('<h:A/><h:B></h:B><h:C xsi:nil="true">x</h:C><h:D xsi:nil="false">x</h:D>')).toEqual({
      A: '',
      B: '',
      C: '',
      D: 'x',
    })
    expect(inner('')).toBe('')
  })

  it('keeps white space in text and drops it between elements', () => {
    expect(inner('\r\n\t<h:A> a\r\nb </h:A>\n  <h:B> </h:B>\n')).toEqual({ A: ' a\nb ', B: ' ' })
  })

  it('resolves the predefined entities and character references', () => {
    expect(inner('&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&amp;lt;')).toBe('<>&"\'A😀&lt;')
  })

  it('takes character data as it stands and skips comments and instructions', () => {
    expect(inner('a<![CDATA[<&>]]>b<!-- <x> & -->c<?pi & ?>d')).toBe('a<&>bcd')
    expect(inner('<!-- & --><h:A>&amp;</h:A>')).toEqual({ A: '&' })
  })

  it('keeps the names of selectors, also of those that are references', () => {
    const nested = `<c:SelectorSet><c:Selector Name="ManagedElement"><b:EndpointReference>${reference}</b:EndpointReference></c:Selector></c:SelectorSet>`
    const plain = inner(`<h:R>${reference}</h:R>`) as Instance
    const deep = inner(nested) as Instance

    expect(selectorsOf(plain.R)).toEqual({ CreationClassName: 'CIM_ComputerSystem', Name: 'ManagedSystem' })
    const { ManagedElement } = selectorsOf(deep)
    expect(selectorsOf(ManagedElement)).toEqual({ CreationClassName: 'CIM_ComputerSystem', Name: 'ManagedSystem' })
    expect(withoutAttributes(plain)).toEqual({
      R: {
        Address: 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous',
        ReferenceParameters: {
          ResourceURI: 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ComputerSystem',
          SelectorSet: { Selector: ['CIM_ComputerSystem', 'ManagedSystem'] },
        },
      },
    })
  })

  it('has members named like those of every object', () => {
    expect(inner('<h:constructor>a</h:constructor><h:toString>b</h:toString>')).toEqual({
      constructor: 'a',
      toString: 'b',
    })
  })

  it('may begin with a byte order mark and declare any namespace as the default', () => {
    const xml =
      '<?xml version="1.0"?>\n<!-- x -->\n<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Body/></Envelope>\n'

    expect(readEnvelope(Buffer.from(`\ufeff${xml}`))).toEqual({ Header: {}, Body: {} })
  })
})

describe('what is refused', () => {
  const soap = 'xmlns="http://www.w3.org/2003/05/soap-envelope"'
  const cases: readonly (readonly [string, string])[] = [
    ['a document type', `<!DOCTYPE Envelope [<!ENTITY x "y">]><Envelope ${soap}><Body>&x;</Body></Envelope>`],
    ['a document type within', enveloped('<!DOCTYPE a><h:X/>')],
    ['an entity that is not predefined', enveloped('<h:X>&nbsp;</h:X>')],
    ['an entity without end', enveloped('<h:X>a & b</h:X>')],
    ['an entity for a character that is none', enveloped('<h:X>&#0;</h:X>')],
    ['an entity for half a character', enveloped('<h:X>&#xD800;</h:X>')],
    ['an HTML page', '<!DOCTYPE html><html><head><title>Log on</title></head><body><br></body></html>'],
    ['an HTML page without type', '<html><body>Log on</body></html>'],
    ['SOAP 1.1', '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'],
    ['an envelope of no namespace', '<Envelope><Body/></Envelope>'],
    ['a body of another namespace', `<Envelope ${soap}><Body xmlns="urn:x"/></Envelope>`],
    ['a fault of another namespace', enveloped('<h:Fault/>')],
    ['a prefix that nobody declared', '<a:Envelope><a:Body/></a:Envelope>'],
    ['a second body', `<Envelope ${soap}><Body><X/></Body><Body><X/></Body></Envelope>`],
    ['no body', `<Envelope ${soap}><Header/></Envelope>`],
    ['something after the envelope', `${enveloped('')}<x/>`],
    ['tags that cross', enveloped('<h:A><h:B></h:A></h:B>')],
    ['an end tag with a longer name', enveloped('<h:A></h:AB>')],
    ['an element without end', enveloped('<h:A>')],
    ['an attribute without quotes', enveloped('<h:A b=c/>')],
    ['an attribute twice', enveloped('<h:A b="1" b="2"/>')],
    ['attributes without space between', enveloped('<h:A b="1"c="2"/>')],
    ['markup in an attribute', enveloped('<h:A b="<"/>')],
    ['text between elements', enveloped('<h:A>x<h:B/></h:A>')],
    ['a name with two colons', enveloped('<h:A:B/>')],
    ['a control character', enveloped('<h:A>\u0001</h:A>')],
    ['a member that would be the prototype', enveloped('<h:A><h:__proto__>x</h:__proto__></h:A>')],
    ['nesting without bound', enveloped('<h:A>'.repeat(500) + '</h:A>'.repeat(500))],
    ['attributes without bound', enveloped(`<h:A ${Array.from({ length: 60 }, (_, i) => `b${i}="1"`).join(' ')}/>`)],
    ['a comment without end', enveloped('<!-->')],
    ['nothing', ''],
  ]
  it.each(cases)('is %s', (_, xml) => {
    expect(refusal(xml).code).toBe('amt-unexpected')
  })

  it('is more than 1 MB, before anything is read', () => {
    expect(refusal(Buffer.alloc(MAX_XML_BYTES + 1, 0x20)).detail).toBe('it is larger than 1 MB')
  })

  it('is what is not UTF-8', () => {
    const bytes = Buffer.from(enveloped('<h:X>?</h:X>'))
    bytes[bytes.indexOf('?</h')] = 0xff

    expect(refusal(bytes).detail).toBe('it is not UTF-8')
  })

  it('never repeats what was read', () => {
    expect(refusal(enveloped('<h:X>&hunter2;</h:X>')).detail).not.toContain('hunter2')
  })

  it('never is anything but a problem, whatever byte is changed', () => {
    const whole = Buffer.from(enveloped(`${settings({ A: '&amp;&#65;', B: '<![CDATA[x]]>' })}`))
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(40), (at, byte, cut) => {
        const bytes = Buffer.concat([whole.subarray(0, at), Buffer.of(byte), whole.subarray(at + cut)])
        try {
          readEnvelope(bytes)
        } catch (thrown) {
          expect((thrown as { code?: string }).code).toBe('amt-unexpected')
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('against another parser', () => {
  const oracle = new XMLParser({
    removeNSPrefix: true,
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    ignoreDeclaration: true,
  })
  const name = fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,8}$/)
  // The oracle trims and drops white space in places of its own, so text here has none at its ends.
  const text = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map(each => each.trim())
    .filter(isPlain)
  const escaped = (plain: string) =>
    plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const { tree } = fc.letrec<{ tree: string; leaf: string; branch: string }>(tie => ({
    tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('branch')),
    leaf: fc.tuple(name, text).map(([each, plain]) => `<h:${each}>${escaped(plain)}</h:${each}>`),
    branch: fc
      .tuple(name, fc.array(tie('tree'), { minLength: 1, maxLength: 6 }))
      .map(([each, children]) => `<h:${each}>${children.join('')}</h:${each}>`),
  }))

  it('reads the same', () => {
    fc.assert(
      fc.property(tree, content => {
        const xml = enveloped(content)
        const { Envelope } = oracle.parse(xml) as { Envelope: { Body: unknown; Header: unknown } }

        const ours = readEnvelope(Buffer.from(xml))

        expect(ours.Body).toEqual(Envelope.Body)
        expect(ours.Header).toEqual(Envelope.Header)
      }),
      { numRuns: 400 },
    )
  })
})

function isPlain(plain: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  return !/[\u0000-\u001f\ufffe\uffff]/.test(plain)
}
