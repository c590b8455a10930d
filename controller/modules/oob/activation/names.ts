// SPDX-License-Identifier: Apache-2.0
/** Names and numbers of the firmware that observation, plan and steps share. */

/** Instances of AMT_EthernetPortSettings. */
export const SETTINGS = {
  wired: 'Intel(r) AMT Ethernet Port Settings 0',
  wireless: 'Intel(r) AMT Ethernet Port Settings 1',
} as const

/** OptInRequired of IPS_OptInService. */
export const CONSENT = { None: 0, KVM: 1, All: 4_294_967_295 } as const

/** Local profile synchronisation of AMT_WiFiPortConfigurationService. */
export const LOCAL_SYNC = { off: 0, unrestricted: 3 } as const

/** Wi-Fi is on while the host runs and while it sleeps on mains power. */
export const WIFI_PORT_ON = 32_769

/** Both ways of user-initiated access: BIOS and operating system. */
export const USER_INITIATED_ON = 32_771

/** Both internal and external servers: with less, some firmware does not dial. */
export const MPS_BOTH = 2

/** When to dial. The periodic rule keeps a tunnel open at all times. */
export const RULES = {
  periodic: { name: 'Periodic', trigger: 2, lifetime: 0, extendedData: 'AAAAAAAAABk=' },
  user: { name: 'User Initiated', trigger: 0, lifetime: 300, extendedData: '' },
} as const
