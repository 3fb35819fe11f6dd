// Runs the compiler (hosts/self/inside/compile.ts) to its end, with this host's files and core for its questions. Its image
// is the build's own and its answers are taken for an image from anywhere: what comes out is verified when it is loaded.

// For realpath.
#define _XOPEN_SOURCE 700

#include "compile.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "core-place.h"
#include "core.h"
#include "door.h"
#include "files.h"
#include "format.h"
#include "image-fault.h"
#include "machine.h"
#include "memory.h"
#include "output.h"
#include "program.h"
#include "trouble.h"
#include "value.h"

static const char *const endings[] = {".js", ".mjs", ".cjs"};

bool mvmjs_is_source(const char *path) {
  const char *dot = strrchr(path, '.');
  for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof *endings; i++) if (strcmp(dot, endings[i]) == 0) return true;
  return false;
}

#ifdef MVMJS_COMPILER

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/** Steps between two looks at what it has printed. */
enum { SLICE = 100000000 };

/** What the compiler's questions are answered from, and where its image comes to. */
struct compiling {
  struct mvmjs_compiled image;
  size_t room;
  char *refusal;
};

static void *allocate(void *old, size_t size) {
  void *place = realloc(old, size > 0 ? size : 1);
  if (place == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return place;
}

// Reading what it asks

static void append(void *context, const char *bytes, size_t length) {
  struct mvmjs_compiled *const to = context;
  to->bytes = allocate(to->bytes, to->length + length + 1);
  memcpy(to->bytes + to->length, bytes, length);
  to->length += length;
  to->bytes[to->length] = 0;
}
/** The text that it asks with, in memory of the C library's; NULL if it is none, or none that a path can be. */
static char *asked_text(const struct mvmjs_call *call) {
  struct mvmjs_text text;
  struct mvmjs_compiled copy = {NULL, 0};
  if (!mvmjs_read_text(mvmjs_read_element(call->arguments.word, 0), &text) || !mvmjs_text_put(&text, append, &copy)) return NULL;
  append(&copy, "", 0);
  if (strlen((const char *)copy.bytes) == copy.length) return (char *)copy.bytes;
  free(copy.bytes);
  return NULL;
}
static bool is_file(const char *path) {
  struct stat facts;
  return path != NULL && stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

// Answers

static void read_file(struct mvmjs_call *call) {
  char *const path = asked_text(call);
  FILE *const file = is_file(path) ? fopen(path, "rb") : NULL;
  free(path);
  if (file == NULL) {
    mvmjs_call_answer(call, mvmjs_undefined_value());
    return;
  }
  struct mvmjs_compiled text = {NULL, 0};
  char bytes[16384];
  for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;) append(&text, bytes, length);
  const bool is = ferror(file) == 0;
  fclose(file);
  mvmjs_call_answer(call, is ? mvmjs_bytes_value(text.bytes == NULL ? "" : (const char *)text.bytes, text.length) : mvmjs_undefined_value());
  free(text.bytes);
}
static void tell_whether_file(struct mvmjs_call *call) {
  char *const path = asked_text(call);
  const bool is = is_file(path);
  free(path);
  mvmjs_call_answer(call, mvmjs_boolean_value(is));
}
static void find_real_path(struct mvmjs_call *call) {
  char *const path = asked_text(call), *const real = path == NULL ? NULL : realpath(path, NULL);
  mvmjs_call_answer(call, mvmjs_text_value(real != NULL ? real : path != NULL ? path : ""));
  free(real);
  free(path);
}
/** Bytes as a text with one character for each. */
static struct mvmjs_value text_of_bytes(uint16_t *units, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) units[i] = bytes[i];
  return (struct mvmjs_value){.kind = MVMJS_UNITS, .units = units, .length = length};
}
static void hand_over_core(struct mvmjs_call *call) {
  uint8_t *const bytes = allocate(NULL, (size_t)MVMJS_CORE_END * 4);
  uint16_t *const units = allocate(NULL, ((size_t)MVMJS_CORE_END * 4 + sizeof mvmjs_core_hash) * sizeof *units);
  for (uint32_t at = 0; at < MVMJS_CORE_END;) {
    uint32_t words = 0;
    const uint8_t *const place = mvmjs_core_at(at, &words);
    if (place == NULL) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the compiler needs the whole core, and this mvm-c lacks parts of it");
    if (words > MVMJS_CORE_END - at) words = MVMJS_CORE_END - at;
    memcpy(bytes + (size_t)at * 4, place, (size_t)words * 4);
    at += words;
  }
  struct mvmjs_value items[] = {
    text_of_bytes(units, bytes, (size_t)MVMJS_CORE_END * 4), text_of_bytes(units + (size_t)MVMJS_CORE_END * 4, mvmjs_core_hash, sizeof mvmjs_core_hash),
  };
  mvmjs_call_answer(call, mvmjs_list_value(items, 2));
  free(units);
  free(bytes);
}
static void take_piece(struct mvmjs_call *call) {
  struct compiling *const compiling = call->context;
  struct mvmjs_text text;
  if (!mvmjs_read_text(mvmjs_read_element(call->arguments.word, 0), &text)) {
    mvmjs_call_throw(call, "a piece of an image is bytes", "usage");
    return;
  }
  if (text.length > compiling->room - compiling->image.length) {
    compiling->room = (compiling->image.length + text.length) * 2;
    compiling->image.bytes = allocate(compiling->image.bytes, compiling->room);
  }
  uint16_t *const units = allocate(NULL, text.length * sizeof *units);
  if (mvmjs_copy_text(&text, units)) {
    for (size_t i = 0; i < text.length; i++) compiling->image.bytes[compiling->image.length + i] = (uint8_t)units[i];
    compiling->image.length += text.length;
  }
  free(units);
  mvmjs_call_answer(call, mvmjs_undefined_value());
}
static void take_refusal(struct mvmjs_call *call) {
  struct compiling *const compiling = call->context;
  free(compiling->refusal);
  compiling->refusal = asked_text(call);
  mvmjs_call_answer(call, mvmjs_undefined_value());
}

// Its services

static void output(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  mvmjs_output_bytes(2, bytes, length);
}
static uint64_t now(void *context) {
  (void)context;
  return mvmjs_clock_now();
}

/** Loads the compiler. */
static void load(struct mvmjs_program *program) {
  static struct mvmjs_image_reader reader;
  mvmjs_program_init(program, &mvmjs_memory_rooms);
  mvmjs_program_begin_loading(program, &reader, UINT32_MAX / 4);
  if (mvmjs_program_load(program, &reader, mvmjs_compiler_image, mvmjs_compiler_image_bytes) != MVMJS_IMAGE_REFUSED && mvmjs_program_end_loading(program, &reader)) return;
  struct mvmjs_line line;
  mvmjs_describe_fault(&line, &reader.fault, UINT32_MAX);
  mvmjs_give_up(reader.fault.reason == MVMJS_IMAGE_NO_ROOM ? MVMJS_EXIT_LIMIT : MVMJS_EXIT_INTERNAL, "the compiler: %s", line.text);
}
/** Runs it to its end. */
static void run(struct mvmjs_door *door, const char *path) {
  struct mvmjs_program *const program = door->program;
  for (;;) {
    switch (mvmjs_program_run(program, SLICE)) {
      case STATUS_FUEL: break;
      case STATUS_HOST_CALL:
        switch (mvmjs_door_answer(door)) {
          case MVMJS_ANSWERED: break;
          case MVMJS_NO_ROOM: mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s is too large for the compiler; build it with mvm build, on a computer with Node", path);
          default: mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the compiler asks what no host answers");
        }
        break;
      case STATUS_ENDED: return;
      case STATUS_OUT_OF_MEMORY:
        if (program->host_is_full) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left for the compiler; end other programs");
        mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s is too large for the compiler; build it with mvm build, on a computer with Node", path);
      default: mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the compiler stopped at step %" PRIu64, mvmjs_program_steps(program));
    }
  }
}

struct mvmjs_compiled mvmjs_compile(const char *path, uint64_t memory_bytes) {
  struct mvmjs_program program;
  struct compiling compiling = {{NULL, 0}, 0, NULL};
  char memory[24];
  struct mvmjs_file file;
  mvmjs_file_open(&file, path);
  mvmjs_file_close(&file);
  char *const real = realpath(path, NULL);
  if (real == NULL) mvmjs_give_up(MVMJS_EXIT_FILE, "cannot read %s: %s", path, strerror(errno));
  snprintf(memory, sizeof memory, "%" PRIu64, memory_bytes);

  struct mvmjs_value arguments[] = {mvmjs_text_value("mvm"), mvmjs_text_value("compiler"), mvmjs_text_value(real), mvmjs_text_value(memory)};
  const struct mvmjs_function functions[] = {
    {"compiler.read", read_file, &compiling}, {"compiler.isFile", tell_whether_file, &compiling}, {"compiler.realPath", find_real_path, &compiling},
    {"compiler.core", hand_over_core, &compiling}, {"compiler.write", take_piece, &compiling}, {"compiler.refuse", take_refusal, &compiling},
  };
  const struct mvmjs_services services = {.output = output, .now = now, .arguments = mvmjs_list_value(arguments, sizeof arguments / sizeof *arguments)};
  struct mvmjs_door door = {.program = &program, .services = &services, .functions = functions, .function_count = sizeof functions / sizeof *functions};
  load(&program);
  mvmjs_program_use(&program);
  mvmjs_door_begin(&door, MVMJS_UNCHANGED);
  run(&door, path);
  double code = 0;
  const bool ended = mvmjs_read_number(mvmjs_word(REG_RESULT), &code) && code == 0;
  mvmjs_program_clear(&program);
  mvmjs_output_flush();
  if (compiling.refusal != NULL) mvmjs_give_up(MVMJS_EXIT_FILE, "%s", compiling.refusal);
  if (!ended || compiling.image.length == 0) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the compiler failed");
  free(real);
  return compiling.image;
}

#else

struct mvmjs_compiled mvmjs_compile(const char *path, uint64_t memory_bytes) {
  (void)memory_bytes;
  mvmjs_give_up(MVMJS_EXIT_USAGE, "%s is source, and this mvm-c has no compiler; build it with mvm build, and run the image", path);
}

#endif
