#!/bin/sh
# Compiles the generated machine with the C hosts, where a C compiler is installed: build/mvm-c.
set -e
cd "$(dirname "$0")/../.."
cc=${CC:-gcc}
if ! command -v "$cc" >/dev/null 2>&1; then
  echo "build/mvm-c is not built: no $cc here (on Debian: apt-get install gcc)" >&2
  exit 0
fi
flags="-std=c99 -O2 -Wall -Wextra -Wconversion -Werror -ffp-contract=off"
[ -f hosts/c/posix/main.c ] || exit 0
# shellcheck disable=SC2086
"$cc" $flags -Ibuild/c -Ihosts/c hosts/c/posix/*.c build/c/machine.c -o build/mvm-c -lm
