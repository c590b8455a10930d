#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches what the tests of images and charts need and Debian 12 has not: helm, built from its Go module, and the plugin
# `docker compose`, from Debian 13. Writes <folder>/helm and <folder>/docker/cli-plugins/docker-compose.
# Usage: fetch-tools.sh <folder>
# Exit codes: 0 both are there, 2 wrong usage, 3 one or both cannot be had; the tests that need them say so and are skipped.
set -eu

folder=${1:-}
[ -n "$folder" ] || { echo "usage: fetch-tools.sh <folder>" >&2; exit 2; }
mkdir -p "$folder/docker/cli-plugins"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
failed=0

helm_version=v3.16.4
if [ ! -x "$folder/helm" ]; then
  PATH="$PATH:/usr/local/go/bin"
  # The checksum database vouches for the module and everything it needs.
  if command -v go >/dev/null 2>&1 &&
    GOBIN="$work" GOFLAGS=-trimpath GOCACHE="$work/cache" GOPATH="$work/go" \
      go install -ldflags '-s -w' "helm.sh/helm/v3/cmd/helm@$helm_version" >"$work/log" 2>&1; then
    mv "$work/helm" "$folder/helm"
  else
    echo "helm cannot be had: $(tail -n 1 "$work/log" 2>/dev/null || echo 'there is no Go')" >&2
    failed=3
  fi
fi

plugin="$folder/docker/cli-plugins/docker-compose"
if [ ! -x "$plugin" ] && ! docker compose version >/dev/null 2>&1; then
  a="$work/apt"
  mkdir -p "$a/etc/preferences.d" "$a/lists/partial" "$a/cache/archives/partial"
  : >"$a/status"
  mirror=${DEBIAN_MIRROR:-http://deb.debian.org}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror/debian trixie main" >"$a/etc/sources.list"
  set -- -q -o "Dir::Etc=$a/etc" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$a/lists" \
    -o "Dir::State::status=$a/status" -o "Dir::Cache=$a/cache" -o APT::Sandbox::User= -o Acquire::Languages=none
  if (cd "$work" && apt-get "$@" update && apt-get "$@" download docker-compose && dpkg-deb -x docker-compose_*.deb x) \
    >"$work/log" 2>&1; then
    mv "$work/x/usr/libexec/docker/cli-plugins/docker-compose" "$plugin"
  else
    echo "docker compose cannot be had: $(tail -n 1 "$work/log")" >&2
    failed=3
  fi
fi
exit "$failed"
