// SPDX-License-Identifier: Apache-2.0
/** Completion for programs whose few commands are known beforehand, for three shells. */
import type { Described } from './describe.ts'
import { type Entry, text } from './package.ts'

export type Scripts = Readonly<Record<'bash' | 'zsh' | 'fish', string>>

/** Where each shell looks for what packages bring. */
export function completionEntries(program: string, scripts: Scripts): readonly Entry[] {
  return [
    text(`/usr/share/bash-completion/completions/${program}`, scripts.bash),
    text(`/usr/share/zsh/vendor-completions/_${program}`, scripts.zsh),
    text(`/usr/share/fish/vendor_completions.d/${program}.fish`, scripts.fish),
  ]
}

/** Commands after the program's name, then options of the command; files where neither fits. */
export function completionOf(program: Described): Scripts {
  const commands = program.commands.map(({ name, about, options }) => ({ name, about, flags: flagsOf(options) }))
  const everywhere = flagsOf(program.options)
  const known = commands.map(each => ({ ...each, flags: [...new Set([...each.flags, ...everywhere])] }))
  return {
    bash: bash(program.name, known, everywhere),
    zsh: zsh(program.name, known, everywhere),
    fish: fish(program.name, known, program),
  }
}

type Known = { readonly name: string; readonly about: string; readonly flags: readonly string[] }

function flagsOf(options: Described['options']): readonly string[] {
  return options.flatMap(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? [])
}

function bash(name: string, commands: readonly Known[], everywhere: readonly string[]): string {
  const own = `_${name.replaceAll('-', '_')}`
  const cases = commands.map(each => `    ${first(each)}) words='${each.flags.join(' ')}' ;;`)
  return `# bash completion for ${name}
${own}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='' ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${[...new Set([...commands.map(first), ...everywhere])].join(' ')}'; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [ "\${#COMPREPLY[@]}" -eq 0 ] && [ "$COMP_CWORD" -gt 1 ]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F ${own} ${name}
`
}

function zsh(name: string, commands: readonly Known[], everywhere: readonly string[]): string {
  const cases = commands.map(each => `    ${first(each)}) compadd -- ${each.flags.join(' ')}; _files ;;`)
  const shown = commands.map(each => `    '${first(each)}:${each.about.replaceAll("'", '’').replaceAll(':', ' ')}'`)
  return `#compdef ${name}
local -a commands
if (( CURRENT == 2 )); then
  commands=(
${shown.join('\n')}
  )
  _describe command commands
  compadd -- ${everywhere.join(' ')}
else
  case "\${words[2]}" in
${cases.join('\n')}
    *) _files ;;
  esac
fi
`
}

function fish(name: string, commands: readonly Known[], program: Described): string {
  const quote = (about: string): string => `'${about.replaceAll("'", '’')}'`
  const begins = commands.map(
    each => `complete -c ${name} -f -n __fish_use_subcommand -a '${first(each)}' -d ${quote(each.about)}`,
  )
  const flags = commands.flatMap(each =>
    each.flags.map(flag => `complete -c ${name} -n '__fish_seen_subcommand_from ${first(each)}' -l ${flag.slice(2)}`),
  )
  const global = flagsOf(program.options).map(
    flag => `complete -c ${name} -n __fish_use_subcommand -l ${flag.slice(2)}`,
  )
  return `# fish completion for ${name}\n${[...new Set([...begins, ...global, ...flags])].join('\n')}\n`
}

function first({ name }: Known): string {
  return name.split(' ')[0] ?? name
}
