// SPDX-License-Identifier: Apache-2.0
/** What can be typed after `muster-provision`, and the failure of typing something else. */

export const USAGE = `Usage: muster-provision <verb> [options]

Prepares machines before there is an agent on them. Needs neither a controller that runs nor an agent.

Verbs:
  seed            write seeds for cloud-init (NoCloud): user-data and meta-data for each machine
  kit build       put packages, keys and a script into one archive, from a repository in a folder
  kit verify      look whether a kit is what was published; runs nothing of it
  token inspect   say what a join token is, without its secret
  version         print the version

muster-provision seed --url URL --fingerprint sha256:ROOT --keys DIR --out DIR
  --url URL            address of the controller
  --fingerprint HEX    of the root of its certificate, as the controller prints it
  --keys DIR           folder with muster-archive-keyring.asc and controller-root.pem (from /packages/keys/)
  --out DIR            where to; a folder for each machine
  --machines FILE      table (CSV) with the columns hostname and, if they have their own, token
  --hostname NAME      one machine, without a table
  --token-file FILE    join token for all that have none of their own
  --package NAME       more packages than muster-agent; may be repeated
  --proxy URL          way out for apt and the agent

muster-provision kit build --repository DIR --out FILE
  --repository DIR     what packaging/repository has written
  --out FILE           the archive
  --arch NAME          amd64 or arm64; may be repeated (amd64)
  --format NAME        deb or rpm; may be repeated (all there are)
  --package NAME       with what it needs; may be repeated (muster-agent)
  --url URL            controller to join
  --root FILE          root of its certificate, PEM
  --token-file FILE    join token that goes along

muster-provision kit verify FILE --fingerprint KEY
  --fingerprint KEY    of a key that is believed, 40 hexadecimal digits; may be repeated

muster-provision token inspect [FILE]
  FILE                 file with the token; - or nothing for standard input

Exit codes: 0 done, 1 refused or failed, 2 not called rightly.
`

export class UsageError extends Error {}
