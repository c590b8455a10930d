// SPDX-License-Identifier: Apache-2.0
/** What `muster help <topic>` says; works without a controller. */

export const TOPICS: Readonly<Record<string, string>> = {
  'exit-codes': `Exit codes

   0  done
   1  unexpected: a defect
   2  the line is not understood, or was not confirmed
   3  not signed in, or the token has expired
   4  not found, or the name means several things
   5  not allowed
   6  the input is not valid
   7  conflict: somebody changed it meanwhile, or the state forbids it
   8  held, or waiting for approval; not a failure
   9  it did not succeed on every host (-o json lists them)
  10  the time to wait is over; the work goes on
  11  the controller cannot be reached, or is too busy
  12  verification failed: certificate, fingerprint, audit
 130  interrupted by Ctrl-C; the work goes on, and its id was printed
`,
  output: `Output

Data is on standard output, everything else on standard error.

  -o table   lines for people, cut to the terminal with an ellipsis; never cut in a pipe
  -o wide    more columns
  -o json    {"apiVersion":"v1","kind":"HostList","items":[...]}, one thing: "item"
  -o yaml    the same as YAML
  -o name    ids only, one per line
  -o jsonpath='{.items[*].name}'                           what json shows, by paths as kubectl's
  -o template='{{range .items}}{{.name}}{{"\\n"}}{{end}}'   the same in the manner of Go's templates
  -o csv     lists with all columns, for a spreadsheet; no cell is taken for a formula

Ages are 4m, 3h, 12d. Simulated hosts are marked: sim in the column KIND, (simulated) beside a name.
Colors are used on a terminal only, and never with NO_COLOR, --no-color or TERM=dumb.
Text that hosts supply is shown literally: control characters appear as \\x1b.
Events are one line each on a terminal, and one JSON object per line elsewhere.
`,
  search: `Search

-q of every verb that selects hosts, and the box above the list of hosts in the browser, read the same words.
All of them must fit; what they say stands between spaces, and quotes hold spaces together.

  press                     part of a name, host name, id, UUID or serial number
  -press                    a dash leaves out what fits
  line:4                    the label line with the value 4
  line:*                    any value of the label
  site:berlin               at the site, or with the label site=berlin
  reachability:offline      online, asleep, offline, never
  health:failing            ok, degraded, failing, unknown
  compliance:held           settled, progressing, held, failed, unsupported
  agent:<2.3                version of the agent: 2.3 is all of 2.3.x; <, <=, > and >= compare
  os:ubuntu  kernel:6.1  model:nuc  cpu:xeon     part of what the machine reported
  name:press  serial:SN4  address:10.1.  status:error  note:spare     part of what stands there
  state:onboarded           registered, onboarded, untrusted
  online:true  simulated:true
  label:lab  label:lab=a    with the label lab; with this value

Commas name alternatives of the words above (not of labels): reachability:offline,never. A word that is not
understood is refused with its column. Labels have no order, so line:<4 is refused.
--filter takes the whole filter language: OR, brackets, and every member.
`,
  contexts: `Contexts

A context is a controller with its root certificate, a project and a token. The first one in this list wins:

  which context   -c, MUSTER_CONTEXT, the one chosen with "muster context use"
  which project   -p, MUSTER_PROJECT, that of the context, "default"
  which token     MUSTER_TOKEN, that of the context
  which folder    --home, MUSTER_HOME, $XDG_CONFIG_HOME/muster, ~/.config/muster

They are kept in contexts.json in that folder, mode 0600. A file that others can read or change is refused.
Controllers are trusted by their root certificate alone (--ca-fingerprint or --ca-file at login); without one of
these, by the authorities of the system. There is no way to skip the check. Plain http is for this machine only.
`,
}
