// SPDX-License-Identifier: Apache-2.0
/** Replies in the shape that AMT gives them, for the tests of this folder. */

const NAMESPACES =
  'xmlns:a="http://www.w3.org/2003/05/soap-envelope" xmlns:b="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
  'xmlns:c="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:g="http://schemas.xmlsoap.org/ws/2004/09/enumeration" ' +
  'xmlns:h="http://intel.com/wbem/wscim/1/amt-schema/1/AMT_GeneralSettings" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

export function enveloped(body: string, relatesTo: number | string = 1): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><a:Envelope ${NAMESPACES}><a:Header>` +
    '<b:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</b:To>' +
    `<b:RelatesTo>${relatesTo}</b:RelatesTo><b:Action a:mustUnderstand="true">urn:reply</b:Action>` +
    '<b:MessageID>uuid:00000000-8086-8086-8086-000000000001</b:MessageID>' +
    `</a:Header><a:Body>${body}</a:Body></a:Envelope>`
  )
}

export function fault(code: string, subcode: string, reason: string, relatesTo: number | string = 1): string {
  return enveloped(
    `<a:Fault><a:Code><a:Value>a:${code}</a:Value><a:Subcode><a:Value>${subcode}</a:Value></a:Subcode></a:Code>` +
      `<a:Reason><a:Text xml:lang="en-US">${reason}</a:Text></a:Reason><a:Detail></a:Detail></a:Fault>`,
    relatesTo,
  )
}

export function settings(members: Readonly<Record<string, string>>): string {
  const inner = Object.entries(members).map(([name, value]) => `<h:${name}>${value}</h:${name}>`)
  return `<h:AMT_GeneralSettings>${inner.join('')}</h:AMT_GeneralSettings>`
}

export function output(method: string, returnValue: number | string): string {
  return `<h:${method}_OUTPUT><h:ReturnValue>${returnValue}</h:ReturnValue></h:${method}_OUTPUT>`
}

export function opened(context: string): string {
  return `<g:EnumerateResponse><g:EnumerationContext>${context}</g:EnumerationContext></g:EnumerateResponse>`
}

export function pulled(items: string, next?: string): string {
  const end = next === undefined ? '<g:EndOfSequence></g:EndOfSequence>' : ''
  const context = next === undefined ? '' : `<g:EnumerationContext>${next}</g:EnumerationContext>`
  return `<g:PullResponse>${context}<g:Items>${items}</g:Items>${end}</g:PullResponse>`
}

export const reference =
  '<b:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</b:Address><b:ReferenceParameters>' +
  '<c:ResourceURI>http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ComputerSystem</c:ResourceURI><c:SelectorSet>' +
  '<c:Selector Name="CreationClassName">CIM_ComputerSystem</c:Selector><c:Selector Name="Name">ManagedSystem</c:Selector>' +
  '</c:SelectorSet></b:ReferenceParameters>'
