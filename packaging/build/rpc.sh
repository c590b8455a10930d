#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds `rpc` of the Device Management Toolkit from its Go module, for packages: the same version gives the same bytes.
# Usage: rpc.sh <folder> [amd64] [arm64]
# Leaves rpc-<machine>, LICENSE, NOTICES.txt (licences of what is inside) and version in the folder; hand it to
# `node packaging/build/main.ts --packages --rpc <folder>`. RPC_VERSION chooses another version.
# Exit codes: 0 built, 2 wrong usage, 3 no Go, 4 the module cannot be had or does not build.
set -eu

folder=${1:-}
[ -n "$folder" ] || { echo "usage: rpc.sh <folder> [amd64] [arm64]" >&2; exit 2; }
shift
[ $# -gt 0 ] || set -- amd64 arm64
for machine in "$@"; do
  case "$machine" in amd64 | arm64) ;; *) echo "rpc.sh: there is no $machine here, only amd64 and arm64" >&2; exit 2 ;; esac
done

command -v go >/dev/null 2>&1 || PATH="$PATH:/usr/local/go/bin"
command -v go >/dev/null 2>&1 || { echo "rpc.sh: no Go" >&2; exit 3; }

module=github.com/device-management-toolkit/rpc-go/v2
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
fail() {
  tail -n 3 "$1" >&2
  exit 4
}

go mod init muster-rpc >/dev/null 2>&1
go get "$module@${RPC_VERSION:-v2.52.4}" >get.log 2>&1 || fail get.log
# Its main package moved from cmd to cmd/rpc.
main=$module/cmd/rpc
go list "$main" >/dev/null 2>&1 || main=$module/cmd
for machine in "$@"; do
  CGO_ENABLED=0 GOOS=linux GOARCH=$machine go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' \
    -o "$folder/rpc-$machine" "$main" >build.log 2>&1 || fail build.log
done

# Everything that is linked in, with its licence; the first is its own.
CGO_ENABLED=0 GOOS=linux go list -deps -f '{{with .Module}}{{.Path}} {{.Version}} {{.Dir}}{{end}}' "$main" |
  LC_ALL=C sort -u | while read -r path version dir; do
  [ -n "$dir" ] || continue
  printf '%s %s\n\n' "$path" "$version"
  find "$dir" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) | LC_ALL=C sort |
    while read -r text; do cat "$text"; echo; done
  printf '%s\n' '--------------------------------------------------------------------------------'
done >"$folder/NOTICES.txt"
cat "$(go list -m -f '{{.Dir}}' "$module")/LICENSE" >"$folder/LICENSE"
go list -m -f '{{.Version}}' "$module" >"$folder/version"
echo "rpc $(cat "$folder/version") in $folder for $*"
