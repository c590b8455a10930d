#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes this machine one that is managed out of band only: runtime, agent and what AMT needs, one file of settings, nothing else.
#
# Exit codes: 0 done, or all in place; 1 something is missing (--check); 2 not called rightly; 3 not for this machine;
# 4 a fingerprint or signature is wrong; 5 packages; 6 the machine has not joined; 7 AMT was not activated.
set -eu
LC_ALL=C
export LC_ALL

PACKAGES='muster-runtime muster-agent muster-agent-oob'
ETC=/etc/muster-agent
ENV_FILE=$ETC/oob.env
DROP_IN=/etc/systemd/system/muster-agent.service.d/50-oob.conf
STATE=/var/lib/muster-agent
NAMES='MUSTER_OOB_CONTROLLER MUSTER_OOB_FINGERPRINT MUSTER_OOB_KEY MUSTER_OOB_KIT MUSTER_OOB_PROFILE MUSTER_OOB_TOKEN
  MUSTER_OOB_TOKEN_FILE HTTPS_PROXY NO_PROXY MUSTER_AGENT_PLUGINS'

usage() {
  cat <<'END'
Usage: sh install.sh [--env FILE] [options]

  --env FILE      settings, in the form of oob.env.example; those in the environment win
  --dry-run       say what would be done, and do nothing
  --check         say what is in place and what is missing, and change nothing
  --uninstall     take away packages, settings and the drop-in; the identity stays, so that the machine can come back
  --purge         the same, and the identity too; the controller is told
  --help          print this

Run it again whenever a setting has changed: what is in place already stays as it is.
END
}

say() { printf '%s\n' "$*"; }
fail() {
  code=$1
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}
has() { command -v "$1" >/dev/null 2>&1; }

# Runs a command, or says it.
act() {
  if [ "$dry" = yes ]; then
    say "would run: $*"
  else
    "$@"
  fi
}

# The last value of a name in a file of settings; read as systemd reads it, and never run.
value_in() { sed -n "s/^$2=//p" "$1" | tail -n 1 | sed "s/^\"\\(.*\\)\"\$/\\1/; s/^'\\(.*\\)'\$/\\1/"; }

given=
mode=install
dry=no
while [ $# -gt 0 ]; do
  case $1 in
    --env)
      [ $# -ge 2 ] || fail 2 '--env wants a file'
      given=$2
      shift 2
      ;;
    --dry-run) dry=yes && shift ;;
    --check | --uninstall | --purge) mode=${1#--} && shift ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail 2 "there is no option $1"
      ;;
  esac
done
[ -z "$given" ] || [ -r "$given" ] || fail 2 "there is no file $given"
if [ "$dry" = no ] && [ "$mode" != check ] && [ "$(id -u)" -ne 0 ]; then fail 2 'this needs root: sudo sh install.sh …'; fi

# Environment, then the file given, then what was installed before.
setting() {
  eval "found=\${$1-}"
  # shellcheck disable=SC2154 # set by eval
  if [ -z "$found" ] && [ -n "$given" ]; then found=$(value_in "$given" "$1"); fi
  if [ -z "$found" ] && [ -r "$ENV_FILE" ]; then found=$(value_in "$ENV_FILE" "$1"); fi
  case $found in
    *[\"\'\\\`\$]* | *'
'*) fail 2 "$1 holds a character that no such setting has" ;;
  esac
  printf '%s' "$found"
}
for name in $NAMES; do
  value=$(setting "$name") || exit $?
  eval "$name=\$value"
done
MUSTER_AGENT_PLUGINS=${MUSTER_AGENT_PLUGINS:-amt,power}
fingerprint=$(printf '%s' "${MUSTER_OOB_FINGERPRINT#sha256:}" | tr -d ':' | tr 'A-F' 'a-f')
# shellcheck disable=SC2153 # set by eval
key=$(printf '%s' "$MUSTER_OOB_KEY" | tr -d ' ' | tr 'a-f' 'A-F')

if has dpkg; then
  format=deb
elif has rpm; then
  format=rpm
else
  fail 3 'there is neither dpkg nor rpm on this machine'
fi
installed() {
  if [ "$format" = deb ]; then
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
  else
    rpm -q "$1" >/dev/null 2>&1
  fi
}
enrolled() { ls "$STATE"/identity/identity-*.json >/dev/null 2>&1; }

check() {
  missing=0
  told() {
    if [ "$1" = yes ]; then say "ok       $2"; else
      say "missing  $2"
      missing=1
    fi
  }
  is() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
  for package in $PACKAGES; do told "$(is installed "$package")" "package $package"; done
  told "$(is test -e "$ENV_FILE")" "settings $ENV_FILE"
  [ ! -e "$ENV_FILE" ] || told "$(is test "$(stat -c '%a %u' "$ENV_FILE")" = '600 0')" "$ENV_FILE is root's alone"
  told "$(is test -e "$DROP_IN")" "drop-in $DROP_IN"
  told "$(is enrolled)" 'identity: the machine has joined'
  if [ -d /run/systemd/system ]; then told "$(is systemctl is-active --quiet muster-agent.service)" 'the agent runs'; fi
  exit "$missing"
}

uninstall() {
  act rm -f "$DROP_IN"
  [ ! -d "${DROP_IN%/*}" ] || act rmdir --ignore-fail-on-non-empty "${DROP_IN%/*}"
  # Those that need others first.
  set --
  for package in muster-agent-oob muster-agent muster-runtime; do
    if installed "$package" || { [ "$mode" = purge ] && [ "$format" = deb ]; }; then set -- "$@" "$package"; fi
  done
  if [ $# -gt 0 ]; then
    verb=remove
    if [ "$format" = deb ]; then
      [ "$mode" = uninstall ] || verb=purge
      DEBIAN_FRONTEND=noninteractive
      export DEBIAN_FRONTEND
      act dpkg "--$verb" "$@" || fail 5 'dpkg did not take the packages away: does something else need them?'
    else
      # rpm knows no purge: the program itself leaves, while it is still there.
      if [ "$mode" = purge ] && enrolled && has muster-agent; then act muster-agent leave --yes || true; fi
      act rpm -e "$@" || fail 5 'rpm did not take the packages away: does something else need them?'
    fi
  fi
  act rm -f "$ENV_FILE" "$ETC/join-token"
  [ ! -d /run/systemd/system ] || act systemctl daemon-reload
  say 'taken away'
  exit 0
}

case $mode in
  check) check ;;
  uninstall | purge) uninstall ;;
esac

# What this machine is, and whether the settings fit together, before anything is changed.
[ "$(uname -s)" = Linux ] || fail 3 "this is $(uname -s), and the packages are for Linux"
case $(uname -m) in
  x86_64 | aarch64) ;;
  *) fail 3 "this machine is $(uname -m), and the packages are for x86_64 and aarch64" ;;
esac
has systemctl || fail 3 'there is no systemd here, which runs the agent'
case $MUSTER_OOB_CONTROLLER in
  https://?*) url=${MUSTER_OOB_CONTROLLER%/} ;;
  *) fail 2 'MUSTER_OOB_CONTROLLER is the https:// address of the controller' ;;
esac
case $fingerprint in *[!0-9a-f]*) fail 2 'MUSTER_OOB_FINGERPRINT is sha256: and 64 hexadecimal digits' ;; esac
[ "${#fingerprint}" -eq 64 ] || fail 2 'MUSTER_OOB_FINGERPRINT is sha256: and 64 hexadecimal digits'
[ -z "$MUSTER_OOB_TOKEN" ] || [ -z "$MUSTER_OOB_TOKEN_FILE" ] || fail 2 'give MUSTER_OOB_TOKEN or MUSTER_OOB_TOKEN_FILE'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The token names the root it was made for: another controller's is refused before anybody is asked.
if ! enrolled; then
  if [ -n "$MUSTER_OOB_TOKEN_FILE" ]; then
    [ -r "$MUSTER_OOB_TOKEN_FILE" ] || fail 2 "there is no file $MUSTER_OOB_TOKEN_FILE"
    MUSTER_OOB_TOKEN=$(tr -d ' \r\n' <"$MUSTER_OOB_TOKEN_FILE")
  fi
  [ -n "$MUSTER_OOB_TOKEN" ] || fail 2 'the machine has not joined yet: MUSTER_OOB_TOKEN or MUSTER_OOB_TOKEN_FILE is needed'
  root=$(printf '%s' "$MUSTER_OOB_TOKEN" | cut -d . -f 4 | tr -- '-_' '+/')
  root=$(printf '%s=' "$root" | base64 -d 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
  [ "$root" = "$fingerprint" ] || fail 4 'the join token is of another controller than MUSTER_OOB_FINGERPRINT'
fi

# Fetches key and root, which nobody vouches for on the way, and keeps them only if their fingerprints are the right ones.
trust_deb() {
  has gpgv || fail 4 'gpgv is missing, without which no signature can be looked at'
  fetch "$url/packages/keys/muster-archive-keyring.gpg" "$work/keyring.gpg"
  fetch "$url/packages/keys/controller-root.pem" "$work/root.pem"
  fetch "$url/packages/apt/dists/stable/InRelease" "$work/InRelease"
  gpgv --status-fd 1 --keyring "$work/keyring.gpg" "$work/InRelease" >"$work/status" 2>/dev/null ||
    fail 4 'the index of the repository is not signed by the key that lies beside it'
  awk -v key="$key" '$2 == "VALIDSIG" && ($3 == key || $12 == key) { found = 1 } END { exit !found }' "$work/status" ||
    fail 4 "the repository is signed by another key than $key"
  check_root
  install -D -m 0644 "$work/keyring.gpg" /usr/share/keyrings/muster-archive-keyring.gpg
  install -D -m 0644 "$work/root.pem" /usr/share/keyrings/muster-controller-root.pem
  host=${url#https://}
  host=${host%:*}
  echo "deb [signed-by=/usr/share/keyrings/muster-archive-keyring.gpg] $url/packages/apt stable main" >/etc/apt/sources.list.d/muster.list
  echo "Acquire::https::$host::CaInfo \"/usr/share/keyrings/muster-controller-root.pem\";" >/etc/apt/apt.conf.d/90muster
}

trust_rpm() {
  has gpg || fail 4 'gpg is missing, without which the key cannot be looked at'
  fetch "$url/packages/keys/muster-rpm.asc" "$work/rpm.asc"
  fetch "$url/packages/keys/controller-root.pem" "$work/root.pem"
  mkdir -m 700 "$work/gpg"
  gpg --homedir "$work/gpg" --batch --with-colons --show-keys "$work/rpm.asc" >"$work/status" 2>/dev/null || fail 4 'the key cannot be read'
  awk -F: -v key="$key" '
    $1 == "pub" { fresh = 1 }
    $1 == "fpr" && fresh { fresh = 0; total++; if ($10 == key) found = 1 }
    END { exit !(found && total == 1) }' "$work/status" || fail 4 "the key of the repository is not $key alone"
  check_root
  install -D -m 0644 "$work/rpm.asc" /etc/pki/rpm-gpg/RPM-GPG-KEY-muster
  install -D -m 0644 "$work/root.pem" /etc/pki/tls/certs/muster-controller-root.pem
  printf '%s\n' '[muster]' 'name=Muster' "baseurl=$url/packages/rpm" 'enabled=1' 'gpgcheck=1' 'repo_gpgcheck=1' \
    'gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-muster' 'sslcacert=/etc/pki/tls/certs/muster-controller-root.pem' \
    ${HTTPS_PROXY:+"proxy=$HTTPS_PROXY"} >/etc/yum.repos.d/muster.repo
}

check_root() {
  is=$(sed '/^-----/d' "$work/root.pem" | base64 -d 2>/dev/null | sha256sum | cut -d ' ' -f 1)
  [ "$is" = "$fingerprint" ] || fail 4 "the controller shows the root sha256:$is, and not the one of MUSTER_OOB_FINGERPRINT"
}

fetch() {
  if has curl; then
    curl -fsSk ${HTTPS_PROXY:+--proxy "$HTTPS_PROXY"} ${NO_PROXY:+--noproxy "$NO_PROXY"} "$1" -o "$2" || fail 4 "$1 cannot be fetched"
  elif [ -x /usr/lib/apt/apt-helper ]; then
    /usr/lib/apt/apt-helper -qq -o Acquire::https::Verify-Peer=false -o APT::Sandbox::User=root \
      ${HTTPS_PROXY:+-o Acquire::https::Proxy="$HTTPS_PROXY"} download-file "$1" "$2" || fail 4 "$1 cannot be fetched"
  else
    fail 5 'there is neither curl nor apt here, so nothing can be fetched: use a kit (MUSTER_OOB_KIT)'
  fi
}

packages_in_place() {
  for package in $PACKAGES; do installed "$package" || return 1; done
}

bring_packages() {
  if [ -n "$MUSTER_OOB_KIT" ]; then
    [ -r "$MUSTER_OOB_KIT/install.sh" ] || fail 2 "there is no kit in $MUSTER_OOB_KIT"
    [ -n "$key" ] || fail 2 'MUSTER_OOB_KEY is needed with a kit'
    act sh "$MUSTER_OOB_KIT/install.sh" --fingerprint "$key" --no-enroll || exit $?
    return
  fi
  if [ -n "$key" ]; then act "trust_$format"; fi
  # shellcheck disable=SC2086 # these are words
  if [ "$format" = deb ]; then
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    set -- ${HTTPS_PROXY:+-o Acquire::https::Proxy="$HTTPS_PROXY"}
    act apt-get -q "$@" update || fail 5 'apt cannot read its sources'
    act apt-get -y -q --no-install-recommends "$@" install $PACKAGES || fail 5 'apt did not install the packages'
  else
    act dnf -y install $PACKAGES || fail 5 'dnf did not install the packages'
  fi
}

# Settings without the token, which is for once.
write_settings() {
  install -d -m 0755 "$ETC"
  (
    umask 077
    {
      echo '# Written by the installation for out-of-band management only; read by muster-agent.service.'
      for name in $NAMES; do
        case $name in MUSTER_OOB_TOKEN | MUSTER_OOB_TOKEN_FILE) continue ;; esac
        eval "value=\$$name"
        # shellcheck disable=SC2154 # set by eval
        [ -z "$value" ] || printf '%s=%s\n' "$name" "$value"
      done
    } >"$work/oob.env"
  )
  if ! cmp -s "$work/oob.env" "$ENV_FILE"; then changed=yes; fi
  install -m 0600 -o root -g root "$work/oob.env" "$ENV_FILE"
  printf '[Service]\nEnvironmentFile=-%s\n' "$ENV_FILE" >"$work/drop-in"
  if ! cmp -s "$work/drop-in" "$DROP_IN"; then changed=yes; fi
  install -D -m 0644 "$work/drop-in" "$DROP_IN"
}

join() {
  (umask 077 && printf '%s\n' "$MUSTER_OOB_TOKEN" >"$work/join-token")
  # The same way out as the agent will have.
  env ${HTTPS_PROXY:+HTTPS_PROXY="$HTTPS_PROXY"} ${NO_PROXY:+NO_PROXY="$NO_PROXY"} \
    muster-agent enroll "$url" --token-file "$work/join-token" || fail 6 'the machine has not joined: see above, then run this again'
}

# `rpc` of the second generation has single dashes; both skip only the certificate of the controller, which they cannot know.
activate() {
  rpc=/usr/lib/muster-agent/bin/rpc
  if [ ! -x "$rpc" ]; then rpc=$(command -v rpc) || fail 7 'there is no rpc to activate AMT with'; fi
  at="wss://${url#https://}/activate"
  if "$rpc" activate --help 2>&1 | grep -q -e ' --profile'; then
    "$rpc" activate --url "$at" --profile "$MUSTER_OOB_PROFILE" --skip-cert-check || fail 7 "AMT was not activated with $MUSTER_OOB_PROFILE"
  else
    "$rpc" activate -u "$at" -profile "$MUSTER_OOB_PROFILE" -n || fail 7 "AMT was not activated with $MUSTER_OOB_PROFILE"
  fi
}

changed=no
# Before the packages: the agent that starts with them has its settings already.
act write_settings
if packages_in_place; then say 'packages are in place'; else bring_packages; fi
[ ! -d /run/systemd/system ] || act systemctl daemon-reload
if enrolled; then say 'the machine has joined already'; else act join; fi
if [ "$changed" = yes ] && [ -d /run/systemd/system ]; then act systemctl try-restart muster-agent.service; fi
if [ -n "$MUSTER_OOB_PROFILE" ]; then act activate; fi
[ "$dry" = yes ] || say "done: muster-agent status · settings in $ENV_FILE"
