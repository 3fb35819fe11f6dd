// mvm-c: runs images on a POSIX system, with the machine that was generated from vm/kernel. This file owns the command
// line: what it means, what is said about it, and the sentences for images that are refused.

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "memory.h"
#include "output.h"
#include "program.h"
#include "run.h"
#include "trouble.h"

/** The largest memory that this host gives to a program, in bytes. */
#define MEMORY_MAX (UINT64_C(1024) * 1024 * 1024)

static const char help[] =
  "usage: mvm-c run FILE.mvm [options] [-- arguments]\n"
  "\n"
  "Runs an image: a program that `mvm build` has compiled, or one that was stopped in the middle and goes on there.\n"
  "\n"
  "  --fuel N            stop with exit code 5 when the program has run N steps in all\n"
  "  --stop-after N      stop when it has run N steps in all, and write its image (needs -o)\n"
  "  -o OUT.mvm          where to\n"
  "  --hash-every N      print `STEPS HASH` to stderr every N steps and at the end: equal programs have equal hashes\n"
  "                      on every host\n"
  "  --collect-every N   collect garbage every N steps, which must make no difference\n"
  "  --virtual-time      the program sees nothing of this host: time passes only while it waits, the wall clock begins\n"
  "                      at 1700000000000, random numbers are always the same; for comparisons\n"
  "  -h, --help          this text\n"
  "\n"
  "Steps are counted from the program's beginning, on whatever host it ran then. What follows -- is process.argv from\n"
  "the third element on.\n"
  "\n"
  "Examples:\n"
  "  mvm build hello.js -o hello.mvm && mvm-c run hello.mvm\n"
  "  mvm-c run life.mvm --stop-after 100000 -o frozen.mvm && mvm run frozen.mvm\n"
  "  mvm-c run sum.mvm --fuel 5000000 -- 1 2 3\n"
  "\n"
  "Exit codes: 0 done; 1 the program failed; 2 the command was not understood; 3 the image cannot be read, run or\n"
  "written; 5 a limit was met; 70 a fault of mvm's. A program that ends gives its own code.\n";

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void misuse(const char *what, const char *which) {
  mvmjs_give_up(MVMJS_EXIT_USAGE, "%s%s; mvm-c --help says what there is", what, which);
}

/** The value of option `name`: behind its `=`, or the next argument. */
static const char *option_value(const char *name, const char *inside, int argc, char **argv, int *at) {
  if (inside != NULL) return inside;
  if (*at + 1 >= argc || strcmp(argv[*at + 1], "--") == 0) misuse("a value is missing behind ", name);
  ++*at;
  return argv[*at];
}
static uint64_t option_number(const char *name, const char *text, uint64_t least) {
  char *end;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  // strtoull takes signs and blanks.
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < least || value > UINT64_C(9007199254740991)) {
    mvmjs_give_up(MVMJS_EXIT_USAGE, "%s takes a whole number of steps, not '%s'", name, text);
  }
  return value;
}

/** Takes the option at `argv[*at]`: false if it is none that exists. */
static bool take_option(struct mvmjs_run *run, int argc, char **argv, int *at) {
  static const char *const numbers[] = {"--fuel", "--hash-every", "--collect-every", "--stop-after"};
  uint64_t *const places[] = {&run->fuel, &run->hash_every, &run->collect_every, &run->stop_after};
  const char *argument = argv[*at];
  const char *equals = strchr(argument, '=');
  const size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
  const char *inside = equals == NULL ? NULL : equals + 1;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strlen(numbers[i]) != length || strncmp(argument, numbers[i], length) != 0) continue;
    *places[i] = option_number(numbers[i], option_value(numbers[i], inside, argc, argv, at), i == 0 || i == 3 ? 0 : 1);
    return true;
  }
  if (strcmp(argument, "-o") == 0) {
    run->stop_path = option_value("-o", NULL, argc, argv, at);
    return true;
  }
  if (strcmp(argument, "--virtual-time") == 0) {
    run->host.virtual_time = true;
    return true;
  }
  return false;
}

/** Says why an image is refused, and ends. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void refuse(const char *path, const struct mvmjs_image_fault *fault) {
  static const char again[] = "take the image again from where it came from";
  static const char other[] = "use the version of mvm that wrote it, or build the program again with this one";
  const enum mvmjs_exit code = MVMJS_EXIT_FILE;
  switch (fault->reason) {
    case MVMJS_IMAGE_NOT_AN_IMAGE: mvmjs_give_up(code, "%s: this is not an image of mvm; give a file that mvm build or mvm snapshot has written", path);
    case MVMJS_IMAGE_CUT_SHORT: mvmjs_give_up(code, "%s: the image is cut short: %s; %s", path, fault->detail, again);
    case MVMJS_IMAGE_FORMAT: mvmjs_give_up(code, "%s: the image has format %" PRIu64 ", this mvm reads format 1; use the version of mvm that wrote it, or write it again with this one", path, fault->number);
    case MVMJS_IMAGE_ABI: mvmjs_give_up(code, "%s: the image was made for abi %08" PRIx64 ", this mvm has %08" PRIx32 "; %s", path, fault->number, MVMJS_ABI, other);
    case MVMJS_IMAGE_KIND: mvmjs_give_up(code, "%s: the image holds no program; give the image of a program", path);
    case MVMJS_IMAGE_ENCRYPTED: mvmjs_give_up(code, "%s: the image is encrypted, which this mvm cannot read; send it without encryption", path);
    case MVMJS_IMAGE_TOO_LARGE: mvmjs_give_up(code, "%s: the program needs a memory of %" PRIu64 " bytes, this host allows %" PRIu64 "; start the program with a smaller --memory", path, fault->number, MEMORY_MAX);
    case MVMJS_IMAGE_CAPABILITIES: mvmjs_give_up(code, "%s: the program needs more of its host than the %" PRIu64 " bytes that this host keeps about that; run it with mvm run", path, fault->number);
    case MVMJS_IMAGE_NO_ROOM: mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left for the program; end others, or start it with a smaller --memory");
    case MVMJS_IMAGE_OTHER_CORE: mvmjs_give_up(code, "%s: the image was made with another core than this mvm has; %s", path, other);
    case MVMJS_IMAGE_PAGE_DAMAGED: mvmjs_give_up(code, "%s: page %" PRIu64 " of the image is damaged; %s", path, fault->number, again);
    case MVMJS_IMAGE_OTHER_HASH: mvmjs_give_up(code, "%s: the image does not have the hash that it says; %s", path, again);
    case MVMJS_IMAGE_TRAILING: mvmjs_give_up(code, "%s: %" PRIu64 " bytes follow the end of the image; %s", path, fault->number, again);
    case MVMJS_IMAGE_INVALID:
      if (fault->number == 0) mvmjs_give_up(code, "%s: the image is not one of a program: %s; %s", path, fault->detail, again);
      mvmjs_give_up(code, "%s: the image is not one of a program: %s (at word %" PRIu64 "); %s", path, fault->detail, fault->number, again);
    case MVMJS_IMAGE_MALFORMED:
    case MVMJS_IMAGE_SOUND: break;
  }
  mvmjs_give_up(code, "%s: the image is malformed: %s; %s", path, fault->detail, again);
}

/** A program's name, from the file that it comes from. */
static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *base = slash == NULL ? path : slash + 1;
  const char *dot = strrchr(base, '.');
  const size_t length = dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);
  char *name = calloc(length + 1, 1);
  if (name == NULL) return base;
  memcpy(name, base, length);
  return name;
}

/** process.argv: what it is called by, the file, and what follows `--`. */
static void set_arguments(struct mvmjs_host *host, const char *path, int count, char **rest) {
  const char **arguments = calloc((size_t)count + 2, sizeof *arguments);
  if (arguments == NULL) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "this machine has no memory left");
  arguments[0] = host->virtual_time ? "node" : "mvm";
  arguments[1] = host->virtual_time ? "program" : path;
  for (int i = 0; i < count; i++) arguments[i + 2] = rest[i];
  host->arguments = arguments;
  host->argument_count = count + 2;
}

/** Loads the image in a file, piece by piece. */
static void load(struct mvmjs_program *program, const char *path) {
  static struct mvmjs_image_reader reader;
  static uint8_t bytes[65536];
  struct mvmjs_file file;
  mvmjs_program_init(program, &mvmjs_memory_rooms);
  mvmjs_program_begin_loading(program, &reader, MEMORY_MAX / 4);
  mvmjs_file_open(&file, path);
  for (size_t length; (length = mvmjs_file_read(&file, bytes, sizeof bytes)) > 0;) {
    if (mvmjs_program_load(program, &reader, bytes, length) == MVMJS_IMAGE_REFUSED) refuse(path, &reader.fault);
  }
  mvmjs_file_close(&file);
  if (!mvmjs_program_end_loading(program, &reader)) refuse(path, &reader.fault);
}

static void put(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  mvmjs_output_bytes(stream, bytes, length);
}

int main(int argc, char **argv) {
  static struct mvmjs_run run = {.fuel = UINT64_MAX, .stop_after = UINT64_MAX};
  const char *path = NULL;
  int at;
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0 || (i == 1 && strcmp(argv[i], "help") == 0)) {
      fputs(help, stdout);
      return fflush(stdout) == 0 ? MVMJS_EXIT_OK : MVMJS_EXIT_FILE;
    }
  }
  if (argc < 2) misuse("there is no command", "");
  if (strcmp(argv[1], "run") != 0) misuse("there is no command ", argv[1]);
  for (at = 2; at < argc && strcmp(argv[at], "--") != 0; at++) {
    if (argv[at][0] == '-' && argv[at][1] != '\0') {
      if (!take_option(&run, argc, argv, &at)) misuse("there is no option ", argv[at]);
    } else if (path == NULL) {
      path = argv[at];
    } else {
      misuse("one image at a time; put arguments of the program behind --, unlike ", argv[at]);
    }
  }
  if (path == NULL) misuse("name the image to run", "");
  if ((run.stop_path == NULL) != (run.stop_after == UINT64_MAX)) misuse("--stop-after and -o go together", "");
  set_arguments(&run.host, path, argc - at - (at < argc), argv + at + (at < argc));
  run.name = name_of(path);

  load(&run.program, path);
  run.host.program = &run.program;
  run.host.output = put;
  const int code = mvmjs_run_image(&run);
  mvmjs_output_flush();
  return code;
}
