// SPDX-License-Identifier: Apache-2.0
/** Wireless: the radio, profile synchronisation, profiles. */
import type { Http } from '../../../http/http.ts'
import { addCertificate, addKey, readCertificates } from '../device/certificates.ts'
import { readBootCapabilities } from '../device/power.ts'
import {
  changeSync,
  type ProfileSync,
  radioStateOf,
  readRadio,
  readWirelessService,
  switchRadio,
  syncOf,
} from '../device/wireless.ts'
import {
  addProfile,
  MOST_PROFILES,
  type Profile,
  readProfiles,
  removeProfile,
  updateProfile,
} from '../device/wireless-profiles.ts'
import { type Fields, flagIn, fulfils, isFlag, matches, saying } from './fields.ts'
import { missing } from './network.ts'
import { profileJson } from './network-json.ts'
import type { MpsParts } from './parts.ts'
import { type DeviceContext, declare } from './route.ts'
import { refusal } from './texts.ts'
import { profileChecks, profileComplaint, profileOf } from './wireless-fields.ts'

const exception = 'Exception during AMT Network Settings request'
const STATE = '/amt/networkSettings/wireless/state/:guid'
const SYNC = '/amt/networkSettings/wireless/profileSync/:guid'
const PROFILE = '/amt/networkSettings/wireless/profile/:guid'
const NO_STATE = 'Wireless State not found'
const NO_SYNC = 'Wireless Profile Sync not found'
const NO_PORT = 'No WiFi port found on the device'
const NO_PROFILE = 'Wireless Profile not found'

export function wirelessRoutes(http: Http, parts: MpsParts): void {
  stateRoutes(http, parts)
  syncRoutes(http, parts)
  profileRoutes(http, parts)
}

async function radio({ wsman, guid, options }: DeviceContext, absent: string) {
  const found = await readRadio(wsman, options)
  if (found === undefined) throw missing(absent, `${absent} for guid : ${guid}.`)
  return found
}

function stateRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: STATE,
    access: 'host.read',
    summary: 'Read the state of the radio',
    exception,
    device: async context => {
      const { state } = await radio(context, NO_STATE)
      if (state === undefined) throw missing(NO_STATE, `${NO_STATE} for guid : ${context.guid}.`)
      return { body: { state } }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: STATE,
    access: 'host.change',
    summary: 'Switch the radio',
    exception,
    act: 'radio',
    check: fields =>
      void fields.check(
        'body',
        'state',
        fulfils(value => radioStateOf(value) !== undefined, 'Unsupported wireless state'),
      ),
    device: async context => {
      const wanted = radioStateOf(context.body.state)
      const { state } = await radio(context, NO_STATE)
      if (wanted === undefined) throw refusal(400, `Unsupported wireless state: ${context.body.state}`)
      if (wanted !== state) await switchRadio(context.wsman, wanted, context.options)
      return { body: { state: wanted }, note: { state: wanted } }
    },
  })
}

function syncRoutes(http: Http, parts: MpsParts): void {
  const read = async (context: DeviceContext) => {
    await radio(context, NO_SYNC)
    const service = await readWirelessService(context.wsman, context.options)
    if (service === undefined) throw missing(NO_SYNC, `${NO_SYNC} for guid : ${context.guid}.`)
    const capabilities = await readBootCapabilities(context.wsman, context.options)
    return { service, capabilities }
  }
  declare(http, parts, {
    method: 'GET',
    path: SYNC,
    access: 'host.read',
    summary: 'Tell whether profiles of the operating system are taken over',
    exception,
    device: async context => {
      const { service, capabilities } = await read(context)
      return { body: syncJson(syncOf(service, capabilities)) }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: SYNC,
    access: 'host.change',
    summary: 'Switch the taking over of profiles',
    exception,
    act: 'wireless.sync',
    check: syncChecks,
    device: async context => {
      const { wsman, body, options, guid } = context
      const [local, uefi] = [flagIn(body.localProfileSync), flagIn(body.uefiProfileSync)]
      const { service, capabilities } = await read(context)
      if (uefi === true && !syncOf(service, capabilities).uefiSupported) {
        const why = 'UEFI WiFi profile sync is not supported on this device'
        throw refusal(409, `${why} for guid : ${guid}.`, { error: why })
      }
      const change = { ...(local === undefined ? {} : { local }), ...(uefi === undefined ? {} : { uefi }) }
      const changed = await changeSync(wsman, { service, ...change }, options)
      return { body: syncJson(syncOf(changed, capabilities)), note: change }
    },
  })
}

function syncChecks(fields: Fields): void {
  for (const name of ['localProfileSync', 'uefiProfileSync']) {
    fields.nullable('body', name, saying(isFlag, `${name} must be a boolean`))
  }
}

function syncJson({ local, uefi, uefiSupported }: ProfileSync): object {
  return { localProfileSync: local, uefiProfileSync: uefi, uefiProfileSyncSupported: uefiSupported }
}

function profileRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: PROFILE,
    access: 'host.read',
    summary: 'List wireless profiles, without their secrets',
    exception,
    device: async ({ wsman, options }) => ({ body: (await readProfiles(wsman, options)).map(profileJson) }),
  })
  declare(http, parts, {
    method: 'POST',
    path: PROFILE,
    access: 'host.change',
    summary: 'Add a wireless profile',
    exception,
    act: 'wireless.profile',
    check: profileChecks,
    device: context => writeProfile(context, 'add'),
  })
  declare(http, parts, {
    method: 'PATCH',
    path: PROFILE,
    access: 'host.change',
    summary: 'Replace a wireless profile',
    exception,
    act: 'wireless.profile',
    check: profileChecks,
    device: context => writeProfile(context, 'update'),
  })
  declare(http, parts, {
    method: 'DELETE',
    path: `${PROFILE}/:profileName`,
    access: 'host.change',
    summary: 'Remove a wireless profile',
    exception,
    act: 'wireless.profile',
    check: fields =>
      void fields.check('params', 'profileName', matches(/^[a-zA-Z0-9]+$/, 'profileName must be alphanumeric')),
    device: async context => {
      const { wsman, params, options } = context
      const name = String(params.profileName)
      const stored = (await readProfiles(wsman, options)).find(each => each.name === name)
      if (stored === undefined) throw missing(NO_PROFILE, `${NO_PROFILE}: ${name}.`)
      await removeProfile(wsman, stored.instanceId, options)
      return { status: 204, note: { removed: name } }
    },
  })
}

async function writeProfile(context: DeviceContext, how: 'add' | 'update') {
  const { wsman, body, guid, options } = context
  const complaint = profileComplaint(body)
  if (complaint !== undefined) throw refusal(400, complaint)
  await radio(context, NO_PORT)
  const wanted = profileOf(body)
  const stored = await readProfiles(wsman, options)
  const same = stored.find(each => each.name === wanted.name)
  const rival = stored.find(each => each.priority === wanted.priority && each.instanceId !== same?.instanceId)
  if (how === 'update' && same === undefined) throw missing(NO_PROFILE, `${NO_PROFILE}: ${wanted.name}.`)
  if (how === 'add' && same !== undefined) throw clash('Wireless Profile already exists', wanted.name)
  if (rival !== undefined) throw clash('Wireless Profile with the requested priority already exists', wanted.priority)
  if (how === 'add' && stored.length >= MOST_PROFILES) {
    throw refusal(409, `Maximum number of wireless profiles already configured on the device for guid : ${guid}.`)
  }
  const profile = await withCredentials(context, wanted)
  const output =
    same === undefined
      ? await addProfile(wsman, profile, options)
      : await updateProfile(wsman, { stored: same, profile }, options)
  if (output.returnValue !== 0) throw refusal(400, `Wireless Profile ${how} failed for guid : ${guid}.`)
  return { status: 204, note: { profile: wanted.name, how } }
}

function clash(what: string, which: string | number) {
  return refusal(409, `${what}: ${which}.`, { error: what })
}

/** Installs the key and the certificates a profile brings, unless the device has them. */
async function withCredentials({ wsman, body, options }: DeviceContext, profile: Profile): Promise<Profile> {
  const { login } = profile
  if (login === undefined) return profile
  const { clientCert, privateKey, caCert } = body.ieee8021x as Record<string, unknown> // there is a login, so it is an object
  const bare = (value: unknown): string =>
    typeof value === 'string' ? value.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '') : ''
  const { certificates, keys } = await readCertificates(wsman, options)
  const key = bare(privateKey)
  if (key !== '' && !keys.some(each => each.der === key)) await addKey(wsman, key, options)
  const handleOf = async (x509: string, isTrusted: boolean): Promise<string | undefined> => {
    if (x509 === '') return undefined
    const known = certificates.find(each => each.x509 === x509 && each.isTrustedRoot === isTrusted)
    return known?.instanceId ?? addCertificate(wsman, { x509, isTrusted }, options)
  }
  const clientCertificate = await handleOf(bare(clientCert), false)
  const rootCertificate = await handleOf(bare(caCert), true)
  return { ...profile, login: { ...login, clientCertificate, rootCertificate } }
}
