// mvm-c: compiles and runs programs on a POSIX system, with the machine that was generated from vm/kernel. This file owns
// the command line: what it means and what is said about it.

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "files.h"
#include "image-fault.h"
#include "memory.h"
#include "mock.h"
#include "output.h"
#include "program.h"
#include "residents.h"
#include "run.h"
#ifdef MVMJS_SERVE
#include "serve.h"
#endif
#include "trouble.h"

/** The largest memory that this host gives to a program, in bytes. */
#define MEMORY_MAX (UINT64_C(1024) * 1024 * 1024)
/** What a program from source has unless --memory says otherwise, as in mvm run. */
#define MEMORY_DEFAULT (UINT64_C(64) * 1024 * 1024)

static const char help[] =
  "usage: mvm-c run FILE [options] [-- arguments]\n"
  "       mvm-c build FILE -o OUT.mvm [--memory SIZE]\n"
  "       mvm-c serve [--listen HOST:PORT] [options]\n"
  "\n"
  "Runs a program: FILE is source (.js, .mjs, .cjs), with all that it imports, or an image (.mvm), compiled before or\n"
  "stopped in the middle, which goes on there. `build` compiles and does not run: the image is the one of `mvm build`.\n"
  "\n"
  "  --memory SIZE       memory that a program from source may take, 2K to 1G (default 64M)\n"
  "  --fuel N            stop with exit code 5 when the program has run N steps in all\n"
  "  --stop-after N      stop when it has run N steps in all, and write its image (needs -o)\n"
  "  -o OUT.mvm          where to\n"
  "  --hash-every N      print `STEPS HASH` to stderr every N steps and at the end: equal programs have equal hashes\n"
  "                      on every host\n"
  "  --collect-every N   collect garbage every N steps, which must make no difference\n"
  "  --virtual-time      the program sees nothing of this host: time passes only while it waits, the wall clock begins\n"
  "                      at 1700000000000, random numbers are always the same; for comparisons\n"
  "  --io KIND           pins and buses for programs that import embedded:io/...: mock (in memory only; default) or none\n"
  "  -h, --help          this text\n"
  "\n"
  "Steps are counted from the program's beginning, on whatever host it ran then. What follows -- is process.argv from\n"
  "the third element on.\n"
  "\n"
  "mvm-c serve is a host that takes programs in; what they print goes to stdout as `NAME| text`. It knows other hosts by\n"
  "the keys of `mvm key`, and is asked by `mvm ps --on HOST:PORT` and the other commands of mvm.\n"
  "\n"
  "  --listen HOST:PORT  where to listen for other hosts (default 127.0.0.1:7070; port 0: any)\n"
  "  --max-memory BYTES  memory that one program may have (default 1073741824)\n"
  "  --max-programs N    how many programs may be here at once (default 64)\n"
  "  --io KIND           pins and buses, as above\n"
  "  --max-chunk BYTES   bytes of an image that it takes at a time (default 262144): as small as a device's, to try that\n"
  "\n"
  "Examples:\n"
  "  mvm-c run hello.js\n"
  "  mvm-c build hello.js -o hello.mvm && mvm-c run hello.mvm\n"
  "  mvm-c run life.mvm --stop-after 100000 -o frozen.mvm && mvm run frozen.mvm\n"
  "  mvm-c serve --listen 0.0.0.0:7070 --max-memory 67108864\n"
  "  mvm-c run sum.mvm --fuel 5000000 -- 1 2 3\n"
  "\n"
  "Exit codes: 0 done; 1 the program failed; 2 the command was not understood; 3 the image cannot be read, run or\n"
  "written; 4 it cannot listen there; 5 a limit was met; 70 a fault of mvm's. A program that ends gives its own code.\n";

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
    mvmjs_give_up(MVMJS_EXIT_USAGE, "%s takes a whole number%s, not '%s'", name, strncmp(name, "--max", 5) == 0 ? "" : " of steps", text);
  }
  return value;
}

/** Bytes, or a number with K, M or G. */
static uint64_t option_size(const char *name, const char *text) {
  char *end;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  const unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
  if (shift > 0) end++;
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > MEMORY_MAX >> shift || value << shift < 2048) {
    mvmjs_give_up(MVMJS_EXIT_USAGE, "%s takes bytes, or a number with K, M or G, from 2K to 1G, not '%s'", name, text);
  }
  return value << shift;
}

static const struct mvmjs_io_port *option_io(const char *text) {
  if (strcmp(text, "mock") == 0) return mvmjs_io_mock();
  if (strcmp(text, "none") == 0) return NULL;
  mvmjs_give_up(MVMJS_EXIT_USAGE, "--io takes mock or none, not '%s'", text);
}

/** Takes the option at `argv[*at]`: false if it is none that exists. */
static bool take_option(struct mvmjs_run *run, uint64_t *memory_bytes, int argc, char **argv, int *at) {
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
  if (length == strlen("--io") && strncmp(argument, "--io", length) == 0) {
    run->host.io.port = option_io(option_value("--io", inside, argc, argv, at));
    return true;
  }
  if (length == strlen("--memory") && strncmp(argument, "--memory", length) == 0) {
    *memory_bytes = option_size("--memory", option_value("--memory", inside, argc, argv, at));
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
  struct mvmjs_line line;
  mvmjs_describe_fault(&line, fault, MEMORY_MAX);
  mvmjs_give_up(fault->reason == MVMJS_IMAGE_NO_ROOM ? MVMJS_EXIT_LIMIT : MVMJS_EXIT_FILE, "%s: %s", path, line.text);
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

/** Loads what was compiled. */
static void load_compiled(struct mvmjs_program *program, const char *path, struct mvmjs_compiled image) {
  static struct mvmjs_image_reader reader;
  mvmjs_program_init(program, &mvmjs_memory_rooms);
  mvmjs_program_begin_loading(program, &reader, MEMORY_MAX / 4);
  if (mvmjs_program_load(program, &reader, image.bytes, image.length) == MVMJS_IMAGE_REFUSED || !mvmjs_program_end_loading(program, &reader)) refuse(path, &reader.fault);
  free(image.bytes);
}

static void put(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  mvmjs_output_bytes(stream, bytes, length);
}

/** `mvm-c build`. */
static int build(int argc, char **argv) {
  const char *path = NULL, *out = NULL;
  uint64_t memory_bytes = MEMORY_DEFAULT;
  for (int at = 2; at < argc; at++) {
    const char *argument = argv[at];
    if (strcmp(argument, "-o") == 0) out = option_value("-o", NULL, argc, argv, &at);
    else if (strcmp(argument, "--memory") == 0) memory_bytes = option_size("--memory", option_value("--memory", NULL, argc, argv, &at));
    else if (strncmp(argument, "--memory=", 9) == 0) memory_bytes = option_size("--memory", argument + 9);
    else if (argument[0] == '-') misuse("mvm-c build has no option ", argument);
    else if (path == NULL) path = argument;
    else misuse("one program at a time, unlike ", argument);
  }
  if (path == NULL) misuse("name the program to build", "");
  if (out == NULL) misuse("say where to with -o OUT.mvm", "");
  if (!mvmjs_is_source(path)) mvmjs_give_up(MVMJS_EXIT_FILE, "%s is no source that is compiled here; give a .js, .mjs or .cjs file", path);
  struct mvmjs_compiled image = mvmjs_compile(path, memory_bytes);
  struct mvmjs_file file;
  mvmjs_file_create(&file, out);
  mvmjs_file_write(&file, image.bytes, image.length);
  mvmjs_file_finish(&file);
  free(image.bytes);
  return MVMJS_EXIT_OK;
}

#ifdef MVMJS_SERVE
static int serve(int argc, char **argv) {
  struct mvmjs_serve options = {.listen = "127.0.0.1:7070", .memory_max = MEMORY_MAX, .programs_max = 64, .chunk_bytes = 262144, .io = mvmjs_io_mock()};
  static const struct {
    const char *name;
    uint64_t least;
    uint64_t most;
  } numbers[] = {{"--max-memory", 65536, UINT64_C(2147483648)}, {"--max-programs", 1, 1024}, {"--max-chunk", 16, 262144}};
  for (int at = 2; at < argc; at++) {
    const char *argument = argv[at];
    const char *equals = strchr(argument, '=');
    const size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
    const char *inside = equals == NULL ? NULL : equals + 1;
    size_t which = 0;
    if (strncmp(argument, "--listen", length) == 0 && length == strlen("--listen")) {
      options.listen = option_value("--listen", inside, argc, argv, &at);
      continue;
    }
    if (strncmp(argument, "--io", length) == 0 && length == strlen("--io")) {
      options.io = option_io(option_value("--io", inside, argc, argv, &at));
      continue;
    }
    while (which < 3 && (strlen(numbers[which].name) != length || strncmp(numbers[which].name, argument, length) != 0)) which++;
    if (which == 3) misuse("mvm-c serve has no option ", argument);
    const uint64_t value = option_number(numbers[which].name, option_value(numbers[which].name, inside, argc, argv, &at), numbers[which].least);
    if (value > numbers[which].most) mvmjs_give_up(MVMJS_EXIT_USAGE, "%s takes at most %" PRIu64, numbers[which].name, numbers[which].most);
    if (which == 0) options.memory_max = value;
    else if (which == 1) options.programs_max = (int)value;
    else options.chunk_bytes = (uint32_t)value;
  }
  return mvmjs_serve(&options);
}
#else
static int serve(int argc, char **argv) {
  (void)argc;
  (void)argv;
  mvmjs_give_up(MVMJS_EXIT_USAGE, "this mvm-c was built without Mbed TLS, and nothing is served without TLS; install it (on Debian: apt-get install libmbedtls-dev) and build again");
}
#endif

int main(int argc, char **argv) {
  static struct mvmjs_run run = {.fuel = UINT64_MAX, .stop_after = UINT64_MAX};
  const char *path = NULL;
  uint64_t memory_bytes = MEMORY_DEFAULT;
  int at;
  run.host.io.port = mvmjs_io_mock();
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0 || (i == 1 && strcmp(argv[i], "help") == 0)) {
      fputs(help, stdout);
      return fflush(stdout) == 0 ? MVMJS_EXIT_OK : MVMJS_EXIT_FILE;
    }
  }
  if (argc < 2) misuse("there is no command", "");
  if (strcmp(argv[1], "serve") == 0) return serve(argc, argv);
  if (strcmp(argv[1], "build") == 0) return build(argc, argv);
  if (strcmp(argv[1], "run") != 0) misuse("there is no command ", argv[1]);
  for (at = 2; at < argc && strcmp(argv[at], "--") != 0; at++) {
    if (argv[at][0] == '-' && argv[at][1] != '\0') {
      if (!take_option(&run, &memory_bytes, argc, argv, &at)) misuse("there is no option ", argv[at]);
    } else if (path == NULL) {
      path = argv[at];
    } else {
      misuse("one program at a time; put arguments of the program behind --, unlike ", argv[at]);
    }
  }
  if (path == NULL) misuse("name the program to run", "");
  if ((run.stop_path == NULL) != (run.stop_after == UINT64_MAX)) misuse("--stop-after and -o go together", "");
  set_arguments(&run.host, path, argc - at - (at < argc), argv + at + (at < argc));
  run.name = name_of(path);

  if (mvmjs_is_source(path)) load_compiled(&run.program, path, mvmjs_compile(path, memory_bytes));
  else load(&run.program, path);
  struct mvmjs_line why;
  if (!mvmjs_has_needs_of(run.host.io.port, &run.program.head, &why)) mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s; run it with --io mock, or on a host that has it", why.text);
  run.host.program = &run.program;
  run.host.output = put;
  const int code = mvmjs_run_image(&run);
  mvmjs_output_flush();
  return code;
}
