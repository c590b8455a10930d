#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the real `rpc` of the Device Management Toolkit into a folder and prints "<generation> <version> <path>".
# Usage: build-rpc.sh v2|v3 <folder>
# Exit codes: 0 built or already there, 2 wrong usage, 3 no Go, 4 the module cannot be had or does not build.
# RPC_V2 and RPC_V3 choose other versions, in any form `go get` takes. The third generation still has the module path of
# the second, so its tags are no versions of it and it is taken from a branch.
set -eu

generation=${1:-}
folder=${2:-}
case "$generation" in
  v2) wanted=${RPC_V2:-v2.52.4} ;;
  v3) wanted=${RPC_V3:-main} ;;
  *) echo "usage: build-rpc.sh v2|v3 <folder>" >&2; exit 2 ;;
esac
[ -n "$folder" ] || { echo "usage: build-rpc.sh v2|v3 <folder>" >&2; exit 2; }

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
binary="$folder/rpc-$generation"
record="$binary.version"
if [ -x "$binary" ] && [ -f "$record" ]; then
  echo "$generation $(cat "$record") $binary"
  exit 0
fi

if ! command -v go >/dev/null 2>&1; then
  PATH="$PATH:/usr/local/go/bin"
  command -v go >/dev/null 2>&1 || { echo "no Go" >&2; exit 3; }
fi

module=github.com/device-management-toolkit/rpc-go/v2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
go mod init interop >/dev/null 2>&1
go get "$module@$wanted" >get.log 2>&1 || { tail -n 3 get.log >&2; exit 4; }

# Its main package moved from cmd to cmd/rpc.
go build -o "$binary" "$module/cmd/rpc" >build.log 2>&1 ||
  go build -o "$binary" "$module/cmd" >>build.log 2>&1 ||
  { tail -n 3 build.log >&2; exit 4; }

go list -m -f '{{.Version}}' "$module" >"$record"
echo "$generation $(cat "$record") $binary"
