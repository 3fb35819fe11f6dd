#!/bin/sh
# Compiles the generated machine with the POSIX host, where a C compiler is installed: build/mvm-c, and build/continue-c,
# with which test262 is run on it (test/c/continue.c). With --sanitize:
# build/mvm-c-asan, which finds accesses outside of arrays and undefined behaviour while it runs, and build/judge-asan,
# build/linktest-asan and build/simulate-asan, which do so with what tests bring about (test/c), and build/fuzz/NAME-replay,
# which do so with inputs in files (test/fuzz). With --fuzz: build/fuzz/NAME, the same under libFuzzer, by clang. With
# --processor i686 | arm | s390x: build/mvm-c-i686 and so on, the same program for another processor, which QEMU's user mode
# runs where this one does not. With --compact [PROCESSOR]: build/mvm-c-compact or build/mvm-c-compact-arm and so on, as
# firmware has it, small and with the core where it is; with --packed smaller still (hosts/c/packed.ts). With --profile small
# and so on: build/mvm-c-small, packed and without what that profile lacks (hosts/c/profiles.ts). A processor whose compiler
# is not installed is said, and nothing is built.
#
# The machine takes a while to compile, so every object keeps a checksum of what it was made from (sources, headers,
# compiler, flags) and is made again only if that has changed.
set -e
cd "$(dirname "$0")/../.."

usage() {
  echo "usage: hosts/c/build.sh [--sanitize | --fuzz | --processor PROCESSOR | --compact [PROCESSOR] | --packed [PROCESSOR] | --profile NAME], PROCESSOR: i686, arm or s390x" >&2
  exit 2
}
cc=${CC:-gcc}
package=gcc
flags="-std=c99 -Wall -Wextra -Wconversion -Werror -ffp-contract=off -D_POSIX_C_SOURCE=200809L -DMVMJS_CAPABILITIES_BYTES=4096 -DMVMJS_IO_BYTES=4096 -DMVMJS_IO_OPEN_MAX=64 -DMVMJS_GRANTS -DMVMJS_PROXIES"
compact="$flags -Os -ffunction-sections -fdata-sections -Wl,--gc-sections -DMVMJS_COMPACT -DMVMJS_SPLIT -DMVMJS_CACHE=0"
flags="$flags -DMVMJS_SLACK=256"
profile=full generated=build/c
[ $# -le 2 ] || usage
form=${1:-} processor=${2:-}
case "$form $processor" in
  " ") program=build/mvm-c tests="test/c/continue.c" objects=build/c/objects flags="$flags -O2" ;;
  "--sanitize ") program=build/mvm-c-asan tests="test/c/hostile.c test/c/judge.c test/c/linktest.c test/c/simulate.c test/c/serialdevice.c $(echo test/fuzz/*.c)" objects=build/c/sanitized flags="$flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" ;;
  "--fuzz ") program=build/fuzz tests="test/c/hostile.c test/c/serialdevice.c $(echo test/fuzz/*.c)" objects=build/c/fuzz
    cc=${CC:-clang} package=clang flags="$flags -Wno-error -O1 -g -DFUZZ_LIBFUZZER -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" ;;
  "--processor "?*) program=build/mvm-c-$processor tests="" objects=build/c/objects-$processor flags="$flags -O2" ;;
  "--compact "*) program=build/mvm-c-compact${processor:+-$processor} tests="" objects=build/c/compact${processor:+-$processor} flags=$compact ;;
  "--packed "*) program=build/mvm-c-packed${processor:+-$processor} tests="" objects=build/c/packed${processor:+-$processor} flags="$compact -DMVMJS_PACKED" ;;
  "--profile "?*) profile=$processor processor="" generated=build/c/$profile program=build/mvm-c-$profile tests="" objects=build/c/$profile/objects flags="$compact -DMVMJS_PACKED -DMVMJS_PROFILE" ;;
  *) usage ;;
esac
case "$processor" in
  "") ;;
  # x87 computes with more digits than a double has.
  i686) cc=i686-linux-gnu-gcc package="gcc-i686-linux-gnu libc6-dev-i386-cross" flags="$flags -msse2 -mfpmath=sse -static" ;;
  arm) cc=arm-linux-gnueabihf-gcc package="gcc-arm-linux-gnueabihf libc6-dev-armhf-cross" flags="$flags -static" ;;
  s390x) cc=s390x-linux-gnu-gcc package="gcc-s390x-linux-gnu libc6-dev-s390x-cross" flags="$flags -static" ;;
  *) usage ;;
esac
if ! command -v "$cc" >/dev/null 2>&1; then
  echo "$program is not built: no $cc here (on Debian: apt-get install $package)" >&2
  exit 0
fi

mkdir -p build/c
# Tests that run side by side may want it at the same time.
if command -v flock >/dev/null 2>&1; then
  exec 9>build/c/lock
  flock 9
fi
# Images are verified wherever they come from.
node build/hosts/c/core-to-c.js --c "$generated" --profile "$profile" --with verifier hashes names unused
[ "$profile" = full ] || node build/hosts/c/translate.js --c "$generated" --profile "$profile" --with verifier hashes names unused
node build/hosts/c/wire-to-c.js
mkdir -p "$objects"

# Other hosts are spoken to under TLS or not at all.
serve="" libraries=-lm
# Whoever has the whole language has the compiler, which is written in it; firmware takes images.
compiler=""
case "$form" in "" | --sanitize | --processor) compiler=build/c/compiler-image.c flags="$flags -DMVMJS_COMPILER" ;; esac
# What a profile, another processor or a fuzzer is tried out with needs no others.
if [ "$profile$processor" != full ] || [ "$form" = --fuzz ]; then
  :
elif printf '#include <mbedtls/ssl.h>\nint main(void) { return 0; }\n' | "$cc" -x c - -o "$objects/tls" -lmbedtls -lmbedx509 -lmbedcrypto >/dev/null 2>&1; then
  serve="hosts/c/posix/serve/*.c" flags="$flags -DMVMJS_SERVE" libraries="-lmbedtls -lmbedx509 -lmbedcrypto -lm"
else
  echo "$program is built without serve: no Mbed TLS here (on Debian: apt-get install libmbedtls-dev)" >&2
fi
version=$("$cc" --version | head -n 1)

# compile SOURCE HEADERS...: its object, unless that is up to date.
compile() {
  object=$objects/$(basename "$1" .c).o
  made_from=$({ echo "$version $flags"; cat "$@"; } | cksum)
  if [ -f "$object" ] && [ -f "$object.from" ] && [ "$(cat "$object.from")" = "$made_from" ]; then return; fi
  rm -f "$object.from"
  # shellcheck disable=SC2086
  "$cc" $flags -I"$generated" -Ibuild/c -Ihosts/c/embed -Ihosts/c/io -Ihosts/c/link -Ihosts/c/posix -Ihosts/c/posix/serve -Itest/c -Itest/fuzz -c "$1" -o "$object"
  echo "$made_from" > "$object.from"
}

compile "$generated"/machine.c "$generated"/machine.h "$generated"/format.h "$generated"/packed.h &
machine=$!
compile "$generated"/core.c "$generated"/core.h
compile build/c/messages.c build/c/messages.h
for source in hosts/c/embed/*.c hosts/c/io/*.c hosts/c/link/*.c hosts/c/posix/*.c $compiler $serve $tests; do
  compile "$source" hosts/c/*/*.h hosts/c/posix/serve/*.h test/c/*.h test/fuzz/*.h "$generated"/*.h build/c/messages.h
done
wait "$machine"

# link PROGRAM NAMES...: of the objects with those names.
link() {
  target=$1
  shift
  list=""
  for name in "$@"; do list="$list $objects/$name.o"; done
  # shellcheck disable=SC2086
  "$cc" $flags $list -o "$target" $libraries
}
# names FOLDER: of its sources.
names() { (cd "$1" && ls | sed -n 's/\.c$//p'); }
embed=$(names hosts/c/embed)
# fuzz MAIN SUFFIX: the harnesses, with that object's main or libFuzzer's.
fuzz() {
  mkdir -p build/fuzz
  link build/fuzz/loader$2 loader-target fuzz $1 hostile machine core $embed
  for target in wire serial; do
    link build/fuzz/$target$2 $target-target peer fuzz $1 serialdevice machine core messages host clock $(names hosts/c/io) $(names hosts/c/link) $embed
  done
}
if [ "$form" = --fuzz ]; then
  flags="$flags -fsanitize=fuzzer"
  fuzz "" ""
  exit 0
fi
link "$program" machine core messages $embed $(names hosts/c/io) $(names hosts/c/link) $(names hosts/c/posix) ${compiler:+compiler-image} ${serve:+$(names hosts/c/posix/serve)}
[ "$form" ] || link build/continue-c continue memory machine core $embed
if [ "$form" = --sanitize ]; then
  fuzz replay -replay
  link build/judge-asan machine core hostile judge $embed
  link build/linktest-asan linktest messages wire wire-write ownership utf8
  link build/simulate-asan simulate machine core messages $embed $(names hosts/c/io) $(names hosts/c/link) host clock
fi
