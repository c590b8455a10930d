#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the agent from this folder without a network: looks at signatures first, installs, and joins if it can.
#
# Exit codes: 0 done; 2 not called rightly; 3 the kit is for other machines; 4 a signature or digest is wrong;
# 5 packages were not installed; 6 the machine has not joined.
set -eu
LC_ALL=C
export LC_ALL

usage() {
  cat <<'END'
Usage: sh install.sh --fingerprint KEY [options]

  --fingerprint KEY   fingerprint of the key the packages are signed with, from somebody you trust:
                      of the apt key on Debian and Ubuntu, of the rpm key on Fedora and RHEL
  --check             look at signatures and at this machine, and change nothing
  --no-enroll         install only
  --url URL           controller to join (as the kit says)
  --token-file FILE   join token (the one in the kit, if there is one)
  --plain             install with dpkg or rpm alone, without apt or dnf
  --help              print this
END
}

fail() {
  code=$1
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}

say() { printf '%s\n' "$*"; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
fingerprint=
check=no
enroll=yes
plain=no
url=
token=
while [ $# -gt 0 ]; do
  case $1 in
    --fingerprint | --url | --token-file)
      [ $# -ge 2 ] || fail 2 "$1 wants a value"
      case $1 in
        --fingerprint) fingerprint=$2 ;;
        --url) url=$2 ;;
        --token-file) token=$2 ;;
      esac
      shift 2
      ;;
    --check) check=yes && shift ;;
    --no-enroll) enroll=no && shift ;;
    --plain) plain=yes && shift ;;
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
fingerprint=$(printf '%s' "$fingerprint" | tr -d ' :\n' | tr 'a-f' 'A-F')
case $fingerprint in
  *[!0-9A-F]* | '') fail 2 'say with --fingerprint which key the packages are signed with: 40 hexadecimal digits' ;;
esac
[ "${#fingerprint}" -eq 40 ] || fail 2 "a fingerprint has 40 hexadecimal digits, and this has ${#fingerprint}"
[ -r "$here/kit.env" ] || fail 3 "there is no kit beside this script: $here/kit.env is missing"

# A value of kit.env; read, not run, because nobody has signed it.
known() { sed -n "s/^$1='\([^']*\)'\$/\1/p" "$here/kit.env" | head -n 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# What this machine is, and whether the kit is for it.
[ "$(uname -s)" = Linux ] || fail 3 "this is $(uname -s), and the packages are for Linux"
case $(uname -m) in
  x86_64) arch=amd64 rpmarch=x86_64 ;;
  aarch64) arch=arm64 rpmarch=aarch64 ;;
  *) fail 3 "this machine is $(uname -m), and the packages are for x86_64 and aarch64" ;;
esac
if has dpkg; then
  format=deb
  [ "$(dpkg --print-architecture)" = "$arch" ] ||
    fail 3 "the kernel is $arch and the system $(dpkg --print-architecture): the packages do not fit"
elif has rpm; then
  format=rpm
else
  fail 3 'there is neither dpkg nor rpm on this machine'
fi
case " $(known MUSTER_FORMATS) " in *" $format "*) ;; *) fail 3 "the kit holds no .$format: make one with --format $format" ;; esac
case " $(known MUSTER_ARCHES) " in *" $arch "*) ;; *) fail 3 "the kit is not for $arch: make one with --arch $arch" ;; esac
if has getconf && glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null); then
  minor=${glibc#glibc 2.}
  [ "${minor%%.*}" -ge 34 ] || fail 3 "this system has $glibc, and the packages need glibc 2.34 or later"
else
  fail 3 'this system has no glibc (musl?), which the packages need'
fi
if [ "$check" = no ] && [ "$(id -u)" -ne 0 ]; then fail 2 'installing needs root: sudo sh install.sh …'; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
chosen=$work/chosen
: >"$chosen"

# Signed index, digest of the list, digest of each package: what is not in this chain is not installed.
verify_deb() {
  has gpgv || fail 4 'gpgv is missing, without which no signature can be looked at'
  gpgv --status-fd 1 --keyring "$here/keys/muster-archive-keyring.gpg" --output "$work/Release" \
    "$here/deb/InRelease" >"$work/status" 2>"$work/said" || fail 4 "the signature of the index is wrong: $(tail -n 1 "$work/said")"
  awk -v key="$fingerprint" '$2 == "VALIDSIG" && ($3 == key || $12 == key) { found = 1 } END { exit !found }' "$work/status" ||
    fail 4 "the index is signed by another key than $fingerprint"
  list=$here/deb/Packages.$arch
  [ -r "$list" ] || fail 4 "the list of packages for $arch is missing"
  wanted=$(awk -v path="main/binary-$arch/Packages" '$3 == path { print $1; exit }' "$work/Release")
  if [ -z "$wanted" ] || [ "$(sum "$list")" != "$wanted" ]; then
    fail 4 'the list of packages is not the one that was signed'
  fi
  for file in "$here/deb"/*_"$arch".deb "$here/deb"/*_all.deb; do
    [ -f "$file" ] || continue
    awk -v name="$(basename "$file")" -v digest="$(sum "$file")" '
      BEGIN { RS = ""; FS = "\n" }
      {
        at = ""; is = ""
        for (i = 1; i <= NF; i++) {
          if ($i ~ /^Filename: /) { n = split($i, parts, "/"); at = parts[n] }
          if ($i ~ /^SHA256: /) is = substr($i, 9)
        }
        if (at == name && is == digest) found = 1
      }
      END { exit !found }' "$list" || fail 4 "$(basename "$file") is not what was published"
    printf '%s\n' "$file" >>"$chosen"
  done
}

# Each package carries its signature; the key is looked at by its fingerprint, in a store of its own.
verify_rpm() {
  has gpg || fail 4 'gpg is missing, without which the key cannot be looked at'
  mkdir -m 700 "$work/gpg" "$work/db"
  gpg --homedir "$work/gpg" --batch --with-colons --show-keys "$here/keys/muster-rpm.asc" >"$work/status" 2>/dev/null ||
    fail 4 'the key cannot be read'
  awk -F: -v key="$fingerprint" '
    $1 == "pub" { fresh = 1 }
    $1 == "fpr" && fresh { fresh = 0; total++; if ($10 == key) found = 1 }
    END { exit !(found && total == 1) }' "$work/status" || fail 4 "the key in the kit is not $fingerprint alone"
  rpmkeys --dbpath "$work/db" --import "$here/keys/muster-rpm.asc" || fail 4 'rpm does not take the key'
  for file in "$here/rpm"/*."$rpmarch".rpm "$here/rpm"/*.noarch.rpm; do
    [ -f "$file" ] || continue
    rpmkeys --dbpath "$work/db" --define '_pkgverify_level all' --checksig "$file" >"$work/said" 2>&1 || true
    grep -q 'signatures OK$' "$work/said" ||
      fail 4 "$(basename "$file") is not signed by $fingerprint: $(tail -n 1 "$work/said")"
    printf '%s\n' "$file" >>"$chosen"
  done
}

sum() { sha256sum "$1" | cut -d ' ' -f 1; }

if [ "$format" = deb ]; then verify_deb; else verify_rpm; fi
[ -s "$chosen" ] || fail 3 "the kit holds no package for $arch"
say "signed by $fingerprint:"
sed 's|.*/|  |' "$chosen"
if [ "$check" = yes ]; then
  say 'nothing was changed'
  exit 0
fi

# Names with blanks do not occur in packages; the folder the kit lies in may have them.
set --
while IFS= read -r file; do set -- "$@" "$file"; done <"$chosen"
if [ "$format" = deb ]; then
  install -D -m 0644 "$here/keys/muster-archive-keyring.gpg" /usr/share/keyrings/muster-archive-keyring.gpg
  roots=/usr/share/keyrings
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  if [ "$plain" = no ] && has apt-get; then
    # No list of sources is looked at: what the machine lacks besides is said, not fetched.
    apt-get -y -q --no-install-recommends -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/dev/null \
      -o APT::Sandbox::User=root install "$@" || fail 5 'apt did not install the packages'
  else
    dpkg -i "$@" || fail 5 'dpkg did not install the packages'
  fi
else
  install -D -m 0644 "$here/keys/muster-rpm.asc" /etc/pki/rpm-gpg/RPM-GPG-KEY-muster
  roots=/etc/pki/tls/certs
  rpm --import "$here/keys/muster-rpm.asc" || fail 5 'rpm does not take the key'
  if [ "$plain" = no ] && has dnf; then
    dnf -y --disablerepo='*' --setopt=localpkg_gpgcheck=1 install "$@" || fail 5 'dnf did not install the packages'
  else
    rpm -U --replacepkgs "$@" || fail 5 'rpm did not install the packages'
  fi
fi
if [ -r "$here/keys/controller-root.pem" ]; then
  install -D -m 0644 "$here/keys/controller-root.pem" "$roots/muster-controller-root.pem"
fi

[ "$enroll" = yes ] || exit 0
[ -n "$url" ] || url=$(known MUSTER_URL)
if [ -z "$token" ] && [ -r "$here/join-token" ]; then token=$here/join-token; fi
if [ -z "$url" ] || [ -z "$token" ]; then
  say 'installed; to join: sudo muster-agent enroll URL TOKEN'
  exit 0
fi
# A stick knows no modes, and the agent takes no token that others can read.
(umask 077 && cat "$token" >"$work/join-token")
muster-agent enroll "$url" --token-file "$work/join-token" || fail 6 "the machine has not joined $url: see above, then run the line again"
