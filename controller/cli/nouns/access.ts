// SPDX-License-Identifier: Apache-2.0
/** `muster access`: who may use the API. */
import { type Noun, shared } from '../grammar.ts'

const { expires, yes, dryRun, reason, label } = shared
const WHAT = { spelled: '<id>', about: 'id of the token' } as const

export const access: Noun = {
  name: 'access',
  summary: 'Who may use the API',
  verbs: [
    {
      name: 'token',
      summary: 'API tokens',
      verbs: [
        {
          name: 'ls',
          summary: 'List API tokens',
          examples: [{ line: 'muster access token ls', says: 'with their last use' }],
          load: async () => (await import('../verbs/access.ts')).listing,
        },
        {
          name: 'create',
          summary: 'Make an API token; it is printed once',
          options: [
            { flags: '--name <name>', about: 'whom or what it is for' },
            {
              flags: '--role <role>',
              about: 'what it may do',
              completes: ['viewer', 'operator', 'engineer', 'manager', 'security', 'admin'],
            },
            { flags: '--permission <name>', about: 'in place of a role; may be repeated', repeat: true },
            { flags: '--here', about: 'in the project of the context, or -p, only' },
            { flags: '--site <site>', about: 'only for hosts at this site; may be repeated', repeat: true },
            { ...label, about: 'only for hosts with this label; may be repeated' },
            { flags: '--network <range>', about: 'only from these addresses; may be repeated', repeat: true },
            expires,
            reason,
            dryRun,
          ],
          writes: true,
          examples: [
            { line: 'muster access token create --name ci --role operator --expires 30d', says: 'for a script' },
            {
              line: 'muster access token create --name gate --permission host.read --here -l line=4 --network 10.1.0.0/16 --expires 1h',
              says: 'a narrow one',
            },
          ],
          load: async () => (await import('../verbs/access.ts')).creating,
        },
        {
          name: 'revoke',
          summary: 'Make an API token useless',
          arguments: [WHAT],
          options: [reason, yes, dryRun],
          writes: true,
          examples: [{ line: 'muster access token revoke 01JD2Z9B3Q8V5K7M4N6P0R2S4X -y', says: 'at once' }],
          load: async () => (await import('../verbs/access.ts')).revoking,
        },
      ],
    },
    {
      name: 'explain',
      summary: 'Say why somebody may do something, or what is missing',
      arguments: [{ spelled: '<permission>', about: 'such as host.operate' }],
      options: [
        { flags: '--who <person>', about: 'somebody else than you' },
        { flags: '--host <host>', about: 'on this host of the project', completes: 'host' },
        { flags: '--everywhere', about: 'in the installation as a whole, not in the project' },
      ],
      examples: [
        { line: 'muster access explain host.operate --host press-04', says: 'which roles and bindings decide' },
        { line: 'muster access explain host.destroy --who anna', says: 'for somebody else' },
      ],
      load: async () => (await import('../verbs/access-explain.ts')).explaining,
    },
  ],
}
