// SPDX-License-Identifier: Apache-2.0
/** Completion scripts: they only pass the line on, so that they never grow old. */

const bash = `# bash completion for muster
_muster() {
  local IFS=$'\\n' line files=
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then files=1; else COMPREPLY+=("$line"); fi
  done < <("$1" __complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ -n "$files" ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  fi
}
complete -F _muster muster
`

const zsh = `#compdef muster
_muster() {
  local line word about files=
  local -a words_found shown
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then files=1; continue; fi
    word="\${line%%$'\\t'*}"
    about="\${line#*$'\\t'}"
    words_found+=("$word")
    if [[ "$about" == "$line" ]]; then shown+=("$word"); else shown+=("$word  -- $about"); fi
  done < <("\${words[1]}" __complete zsh "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#words_found} )) && compadd -l -d shown -a words_found
  [[ -n "$files" ]] && _files
  return 0
}
if [ "\${funcstack[1]}" = "_muster" ]; then _muster "$@"; else compdef _muster muster; fi
`

const fish = `# fish completion for muster
function __muster_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete fish $words[2..-1] 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c muster -f -a '(__muster_complete)'
`

export const SCRIPTS: Readonly<Record<string, string>> = { bash, zsh, fish }
