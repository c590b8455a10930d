// SPDX-License-Identifier: Apache-2.0
/** Checks of a wireless profile, with MPS's complaints. */
import { AUTHENTICATION, codeOf, credentialKind, ENCRYPTION, type Profile } from '../device/wireless-profiles.ts'
import { type Fields, fulfils, isInteger, isText, matches } from './fields.ts'

type Body = Readonly<Record<string, unknown>>

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

export function profileChecks(fields: Fields, { body }: { readonly body: Body }): void {
  fields
    .check('body', 'profileName', matches(/^[a-zA-Z0-9]{1,32}$/, 'profileName is required and must be alphanumeric'))
    .check('body', 'ssid', fulfils(isFilled, 'ssid is required'))
    .check('body', 'priority', isInteger(1, 255, 'priority must be between 1 and 255'))
    .check('body', 'authenticationMethod', fulfils(isFilled, 'authenticationMethod is required'))
    .check('body', 'encryptionMethod', fulfils(isFilled, 'encryptionMethod is required'))
    .lax('body', 'password', isText)
    .optional('body', 'ieee8021x', fulfils(isObject, 'ieee8021x must be an object'))
  if (body.ieee8021x === undefined) return
  fields
    .check('body', 'ieee8021x.username', fulfils(isFilled, 'ieee8021x.username is required'))
    .check(
      'body',
      'ieee8021x.authenticationProtocol',
      isInteger(0, 2, 'ieee8021x.authenticationProtocol must be 0 (EAP-TLS) or 2 (PEAP)'),
    )
}

/** What cannot be told member for member; `undefined` when there is nothing to complain of. */
export function profileComplaint(body: Body): string | undefined {
  const authentication = codeOf(AUTHENTICATION, body.authenticationMethod)
  if (authentication === undefined) return 'authenticationMethod is invalid'
  if (codeOf(ENCRYPTION, body.encryptionMethod) === undefined) return 'encryptionMethod is invalid'
  if (Buffer.byteLength(String(body.ssid)) > 32) return 'ssid is longer than 32 bytes'
  const has8021x = isObject(body.ieee8021x)
  switch (credentialKind(authentication)) {
    case 'passphrase':
      if (!isFilled(body.password) || has8021x) {
        return 'PSK authentication requires a password and must not include ieee8021x settings'
      }
      return /^[\x20-\x7e]{8,63}$/.test(String(body.password)) ? undefined : 'password must have 8 to 63 characters'
    case 'ieee8021x':
      return complaintOf8021x(body, has8021x)
    case 'open':
      return isFilled(body.password) || has8021x ? 'WPA3OWE takes neither a password nor ieee8021x settings' : undefined
    default:
      return 'authenticationMethod is not supported'
  }
}

function complaintOf8021x(body: Body, has8021x: boolean): string | undefined {
  if (!has8021x || isFilled(body.password)) {
    return 'IEEE 802.1x authentication requires ieee8021x settings and must not include a password'
  }
  const { authenticationProtocol } = body.ieee8021x as Body // an object, as was just seen
  if ([0, 2].includes(Number(authenticationProtocol))) return undefined
  return 'ieee8021x.authenticationProtocol must be 0 (EAP-TLS) or 2 (PEAP)'
}

/** The profile a checked body asks for. */
export function profileOf(body: Body): Profile {
  const given = isObject(body.ieee8021x) ? (body.ieee8021x as Body) : undefined // as the check says
  return {
    name: String(body.profileName),
    ssid: String(body.ssid),
    priority: Number(body.priority),
    authentication: codeOf(AUTHENTICATION, body.authenticationMethod) ?? 0,
    encryption: codeOf(ENCRYPTION, body.encryptionMethod) ?? 0,
    passphrase: isFilled(body.password) ? String(body.password) : undefined,
    login:
      given === undefined
        ? undefined
        : {
            protocol: Number(given.authenticationProtocol),
            username: String(given.username),
            password: isFilled(given.password) ? String(given.password) : undefined,
          },
  }
}
