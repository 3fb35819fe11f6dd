#!/bin/sh
# Builds the firmware of a board with a program in it: hosts/c/firmware/build.sh BOARD [PROGRAM [PROGRAM_BYTES]] makes
# build/firmware/BOARD.elf. Boards: lm3s6965evb, netduinoplus2, riscv-virt. PROGRAM is JavaScript or an image (hello.js
# here, if none is named), PROGRAM_BYTES the memory that it gets on the board. With --serve instead of PROGRAM the firmware
# is a host that programs move to and from (serve.c), build/firmware/BOARD-serve.elf. `npm run build` must have been run.
#
# In the environment: KEY is the key, 64 hexadecimal digits, that those must have who want something of a host (this user's,
# if none is given), SLOTS how many programs it has room for, PACKETS how many packets of each direction the link keeps (with
# two, a packet that comes tells that the one before it was lost). SCRATCH and SCRATCH_PLACE are the kernel's scratch in words
# (prelude.h), STACK_BYTES is the least C stack that the linker accepts, FLAGS are further flags of the compiler. PROFILE says
# which parts of kernel and core there are (hosts/c/profiles.ts); one that is not standard makes build/firmware/BOARD-PROFILE.elf.
# ELF is a file to copy what was built to, before others build their own.
set -e
cd "$(dirname "$0")/../../.."
board=${1:?usage: hosts/c/firmware/build.sh BOARD [PROGRAM [PROGRAM_BYTES]]}
program=${2:-hosts/c/firmware/hello.js}
serve=""
stack_bytes=${STACK_BYTES:-2048}
if [ "$program" = --serve ]; then
  serve=-serve program_bytes=${3:-16384} stack_bytes=${STACK_BYTES:-4096}
  key=${KEY:-$(node build/hosts/node/mvm.js key show --json | sed -n 's/.*"key": *"\([0-9a-f]\{64\}\)".*/\1/p')}
  serving="-DMVMJS_KEY=$(echo "$key" | sed 's/../0x&,/g; s/,$//') -DMVMJS_BOARD=\"$board\" -DMVMJS_SLOTS=${SLOTS:-2} -DMVMJS_SERIAL_PACKETS=${PACKETS:-2} -DMVMJS_SERIAL_CLIENT=0 -DMVMJS_LINE_BYTES=200 -Ihosts/c/link -Ihosts/c/io"
else
  program_bytes=${3:-4096}
fi
profile=${PROFILE:-standard}
out=build/firmware/$board$serve generated=build/c without= with= use=
[ "$profile" = standard ] || out=$out-$profile
# Who takes images verifies them, and does not know what they use; else the C is for the program that is built in.
if [ "$profile" != full ]; then
  without=-DMVMJS_PROFILE
  if [ -n "$serve" ]; then generated=build/c/$profile with="--with verifier hashes names unused"; else generated=$out; fi
fi
scratch="-DMVMJS_SCRATCH=${SCRATCH:-256} -DMVMJS_SCRATCH_PLACE=${SCRATCH_PLACE:-80}"

ports=hosts/c/ports
# What keeps the kernel small where flash is short; elsewhere it is native throughout.
size=
case "$board" in
  lm3s6965evb) size="-DMVMJS_PACKED" prefix=arm-none-eabi package="gcc-arm-none-eabi libnewlib-arm-none-eabi" start=$ports/cortex-m.c processor="-mcpu=cortex-m3 -mthumb --specs=nano.specs" ;;
  netduinoplus2) prefix=arm-none-eabi package="gcc-arm-none-eabi libnewlib-arm-none-eabi" start=$ports/cortex-m.c processor="-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard --specs=nano.specs" ;;
  riscv-virt) prefix=riscv64-unknown-elf package="gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf" start=$ports/riscv-start.S processor="-march=rv32imac -mabi=ilp32 --specs=picolibc.specs" ;;
  *) echo "no board $board: lm3s6965evb, netduinoplus2 or riscv-virt" >&2; exit 2 ;;
esac
if ! command -v $prefix-gcc >/dev/null 2>&1; then
  echo "$board is not built: no $prefix-gcc here (on Debian: apt-get install $package)" >&2
  exit 3
fi

flags="$processor -std=c99 -Os -ffreestanding -ffunction-sections -fdata-sections -Wall -Wextra -Wconversion -Werror -ffp-contract=off
  $size $without -DMVMJS_COMPACT -DMVMJS_SPLIT -DMVMJS_CACHE=0 $scratch -DMVMJS_CAPABILITIES_BYTES=64 -DMVMJS_MEMORY_BYTES=$program_bytes $serving $FLAGS
  -I$generated -Ibuild/c -Ihosts/c/embed -Ihosts/c/firmware -I$ports"
mkdir -p "$out"
# Tests that run side by side want firmware with different keys.
if command -v flock >/dev/null 2>&1; then
  exec 9>build/firmware/lock
  flock 9
fi
image=$program
case "$program" in
  --serve) image=/dev/null ;;
  *.mvm) ;;
  *) image=$out/boot.mvm; node build/hosts/node/mvm.js build "$program" --memory "$program_bytes" --no-debug -o "$image" ;;
esac

if [ "$profile" != full ]; then
  [ -n "$serve" ] || with="--image $image" use="--use $out/use.json"
  made_from=$({ echo "$with"; find build/hosts/c build/vm build/core.bin hosts/c -name '*.js' -o -name '*.[ch]' -o -name core.bin | sort | xargs cat; cat "$image"; } | cksum)
  if [ "$(cat "$generated/from" 2>/dev/null)" != "$made_from" ]; then
    # shellcheck disable=SC2086
    node build/hosts/c/translate.js --c "$generated" --profile "$profile" $with
    echo "$made_from" > "$generated/from"
  fi
fi
[ -z "$use" ] || with=
# shellcheck disable=SC2086
node build/hosts/c/core-to-c.js --c "$generated" --profile "$profile" $with $use
node build/hosts/c/wire-to-c.js
# The board's pins, where it has some that QEMU shows, and who runs there may want them.
pins=""
if [ -f $ports/$board-pins.c ] && { [ -n "$serve" ] || grep -qaE "io\.(digital|analog|pwm)" "$image"; }; then
  pins="$ports/$board-pins.c hosts/c/firmware/pins.c hosts/c/io/ask.c"
  [ -n "$serve" ] || pins="$pins hosts/c/io/session.c hosts/c/embed/line.c"
  flags="$flags -DMVMJS_PINS -DMVMJS_IO_BYTES=16 -DMVMJS_IO_OPEN_MAX=4 -Ihosts/c/io"
  # With them, what stays open here for programs that have left (GRANTS=0: without).
  if [ -n "$serve" ] && [ "${GRANTS:-1}" = 1 ]; then flags="$flags -DMVMJS_GRANTS"; fi
fi
objects=""
# The compiler's version and flags and the sources tell whether an object is up to date; machine.c takes a while.
version=$($prefix-gcc --version | head -n 1)
compile() {
  object=$out/$(basename "$1").o
  shift
  made_from=$({ echo "$version $flags $image"; cat "$@" "$generated"/*.h hosts/c/embed/*.h hosts/c/firmware/*.h hosts/c/io/*.h $ports/*.h "$image"; } | cksum)
  objects="$objects $object"
  if [ -f "$object" ] && [ -f "$object.from" ] && [ "$(cat "$object.from")" = "$made_from" ]; then return; fi
  rm -f "$object.from"
  # shellcheck disable=SC2086
  $prefix-gcc $flags -DMVMJS_BOOT_IMAGE="\"$image\"" -c "$1" -o "$object"
  echo "$made_from" > "$object.from"
}
if [ -n "$serve" ]; then
  main="hosts/c/firmware/serve.c build/c/messages.c hosts/c/embed/image-write.c hosts/c/embed/image-fault.c hosts/c/embed/line.c hosts/c/io/session.c $(ls hosts/c/link/*.c)"
else
  main="hosts/c/firmware/main.c hosts/c/firmware/boot.S"
fi
for source in "$generated"/machine.c "$generated"/core.c hosts/c/embed/core-place.c hosts/c/embed/door.c hosts/c/embed/program.c hosts/c/embed/image.c hosts/c/embed/sha256.c \
  hosts/c/embed/utf8.c hosts/c/embed/value.c $main $pins hosts/c/firmware/host.c \
  $ports/"$board".c $ports/stack.c $ports/noise.c "$start"; do
  compile "$source" "$source"
done
# shellcheck disable=SC2086
$prefix-gcc $flags -nostartfiles -Wl,--gc-sections -Wl,--defsym=MVMJS_STACK_BYTES="$stack_bytes" -Wl,-Map="$out/map" -L$ports -T "$board".ld $objects -lm -o "$out.elf"
$prefix-size "$out.elf"
[ -z "$ELF" ] || cp "$out.elf" "$ELF"
