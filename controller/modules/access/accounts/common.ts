// SPDX-License-Identifier: Apache-2.0
/** Passwords that are long enough and guessed first all the same. */

const COMMON = new Set([
  ...['administrator', 'administrador', 'administrateur', 'changemeplease', 'changeme1234', 'chocolate123'],
  ...[
    'correcthorsebatterystaple',
    'letmein12345',
    'letmeinplease',
    'password1234',
    'password12345',
    'passwordpassword',
  ],
  ...[
    'passw0rd1234',
    'p@ssw0rd1234',
    'p@ssword1234',
    'welcome12345',
    'welcome2muster',
    'qwertyuiop12',
    'qwertyuiop123',
  ],
  ...['qwerty123456', 'qwertyqwerty', '1q2w3e4r5t6y', '1qaz2wsx3edc', 'zaq12wsxcde3', 'q1w2e3r4t5y6', 'asdfghjkl123'],
  ...[
    'iloveyou1234',
    'iloveyouforever',
    'sunshine1234',
    'football1234',
    'baseball1234',
    'princess1234',
    'superman1234',
  ],
  ...['123456789012', '1234567890123', '12345678901234567890', '123123123123', '123456123456', '111222333444'],
  ...[
    '987654321098',
    'abcdefghijkl',
    'abcdefghijklmnop',
    'abc123abc123',
    'abcd1234abcd',
    'testtesttest',
    'test12345678',
  ],
  ...['muster123456', 'mustermuster', 'mustercontroller', 'defaultpassword', 'intel1234567', 'g@ppm0ymg@ppm0ym'],
  ...[
    'trustno1trustno1',
    'monkey123456',
    'dragon123456',
    'master123456',
    'secret123456',
    'supersecret1',
    'topsecret123',
  ],
  ...[
    'raspberrypi1',
    'ubuntuubuntu',
    'rootrootroot',
    'toortoortoor',
    'adminadmin12',
    'admin1234567',
    'adminadminadmin',
  ],
])

const SHORTEST = 12
const LONGEST = 512
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm']

/** Why a password must not be taken, or `undefined`. `names` are what everybody knows of its owner. */
export function weakness(password: string, names: readonly string[]): string | undefined {
  const plain = password.toLowerCase()
  if ([...password].length < SHORTEST) return `it has fewer than ${SHORTEST} characters`
  if (password.length > LONGEST) return `it has more than ${LONGEST} characters`
  if (COMMON.has(plain)) return 'it is among the most common ones'
  if (new Set(plain).size < 5) return 'it repeats a few characters'
  if (RUNS.some(run => run.includes(plain) || [...run].reverse().join('').includes(plain)))
    return 'it is a run of neighbouring characters'
  const known = names.map(name => name.toLowerCase()).filter(name => name.length > 2)
  if (known.some(name => plain.replaceAll(name, '').length < 6)) return 'it is little more than a name'
  return undefined
}
