// mvm in a program of yours: machines that run JavaScript in memory that you give them. A machine holds one program. It runs
// only inside mvmjs_machine_run, by fuel, and stands still between two calls: then it can be called, told something, looked
// at, written out as an image in the middle of whatever it does, or dropped. Nothing here allocates, prints, or keeps time
// by itself: what the machine needs of its surroundings are the functions of struct mvmjs_services.
//
//   init → load → run, run, run …                       see examples/embed.c, which is whole
//
// Not thread-safe: all machines share one processor (and its scratch), so at any time one thread at most may be in any
// function of this header, whatever machine it is about; another thread may be the one next time. From an interrupt call
// none; set a flag, and call when you are back. Any number of machines take turns: each call changes over to its own.
//
// Three kinds of failure are kept apart. The program threw and nobody caught it: it has ended, mvmjs_machine_threw says so,
// its text went out as output. A limit was met: memory, fuel, a part or a service that is not here: the stop reason says
// which, and the program is sound. A fault (MVMJS_STOP_FAULT): a forged image or a bug of mvm's; nothing outside of the
// machine's own memory was read or written, and nothing of its program is worth keeping.

#ifndef MVMJS_H
#define MVMJS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mvmjs_machine;

// Memory

/** Bytes of the list of needs that a program may bring along: names and versions of host functions. */
#ifndef MVMJS_CAPABILITIES_BYTES
#define MVMJS_CAPABILITIES_BYTES 64
#endif
/** Bytes of a machine beside its program's memory, at most; mvmjs.c compares. */
#define MVMJS_MACHINE_BYTES (768 + MVMJS_CAPABILITIES_BYTES)
/** A build for speed has the core in each program's address space (mvmjs.c says how to build). */
#ifdef MVMJS_FAST
#define MVMJS_CORE_BYTES 524288
#else
#define MVMJS_CORE_BYTES 0
#endif
/**
 * How large the memory must be for programs that were built with `mvm build --memory N`: N, 1/32 of it for the collector's
 * marks, and the machine itself. static uint64_t memory[MVMJS_BYTES_FOR(8192) / 8];
 */
#define MVMJS_BYTES_FOR(n) ((((size_t)(n) + (size_t)(n) / 32 + 16 + MVMJS_MACHINE_BYTES + MVMJS_CORE_BYTES) | 7) + 1)

// Results

enum mvmjs_result {
  MVMJS_OK,
  /** The bytes are no image, or not as they were written. */
  MVMJS_ERROR_DAMAGED,
  /** The image is for another version of mvm: another format, abi or core. */
  MVMJS_ERROR_VERSION,
  /** The image needs more memory than this machine has. */
  MVMJS_ERROR_TOO_LARGE,
  /** The image needs a part of the core that this build lacks. */
  MVMJS_ERROR_ABSENT,
  /** The bytes are as they were written, and no program: the image was forged. */
  MVMJS_ERROR_FORGED,
  /** No room within the program's memory limit: nothing was changed. */
  MVMJS_ERROR_NO_ROOM,
  /** There is no program, or it has ended or cannot go on. */
  MVMJS_ERROR_NO_PROGRAM,
  /** Your `write` said no. */
  MVMJS_ERROR_WRITE,
  /** Called where that makes no sense: a call that has its answer, bytes of an image that is not being loaded. */
  MVMJS_ERROR_MISUSE,
};
/** What a result means, as a sentence. */
const char *mvmjs_result_text(enum mvmjs_result result);

/** Why a machine stands still. */
enum mvmjs_stop {
  /** The fuel is used up. */
  MVMJS_STOP_FUEL,
  /** It waits: mvmjs_machine_wait_us says how long. */
  MVMJS_STOP_WAITING,
  /** A function that it asked has not answered; it is called again by the next run. */
  MVMJS_STOP_ASKING,
  /** The program has ended: mvmjs_machine_exit_code, mvmjs_machine_threw. */
  MVMJS_STOP_ENDED,
  /** A limit: the program needs more than its memory. */
  MVMJS_STOP_OUT_OF_MEMORY,
  /** A limit: this build lacks a part, or the services one, that the program has reached: mvmjs_machine_lacks. */
  MVMJS_STOP_ABSENT,
  /** A limit: the kernel's scratch is too small (MVMJS_SCRATCH). */
  MVMJS_STOP_SCRATCH,
  /** A fault. */
  MVMJS_STOP_FAULT,
  /** There is no program here. */
  MVMJS_STOP_EMPTY,
};
/** What a stop means, as a sentence. */
const char *mvmjs_stop_text(enum mvmjs_stop stop);

// Values. What a machine holds is read through references, which are good until the next call that runs it, answers it or
// sends it something. What it is given is plain data of yours, read before the call returns.

/** The word of a value in a machine's memory. */
struct mvmjs_ref {
  int32_t word;
};

enum mvmjs_value_kind {
  MVMJS_UNDEFINED,
  MVMJS_BOOLEAN,
  MVMJS_NUMBER,
  /** UTF-8. */
  MVMJS_TEXT,
  MVMJS_LIST,
  /** Read only: null, a function, an object that is no array, and whatever else. */
  MVMJS_OTHER,
  /** Given only: a text as UTF-16. */
  MVMJS_UNITS,
};

/** Plain data of yours; made by the functions below. */
struct mvmjs_value {
  enum mvmjs_value_kind kind;
  /** Used while it is written. */
  int32_t word;
  /** Of a boolean, 0 or 1. */
  double number;
  const char *bytes;
  const uint16_t *units;
  struct mvmjs_value *items;
  /** Bytes, units or items. */
  size_t length;
};
struct mvmjs_value mvmjs_undefined_value(void);
struct mvmjs_value mvmjs_boolean_value(bool boolean);
struct mvmjs_value mvmjs_number_value(double number);
/** A text that ends with a zero byte; one of so many bytes. */
struct mvmjs_value mvmjs_text_value(const char *text);
struct mvmjs_value mvmjs_bytes_value(const char *bytes, size_t length);
/** An array of the items, which may be lists. */
struct mvmjs_value mvmjs_list_value(struct mvmjs_value *items, size_t length);

enum mvmjs_value_kind mvmjs_ref_kind(struct mvmjs_machine *machine, struct mvmjs_ref ref);
/** The number; NaN, if it is none. */
double mvmjs_ref_number(struct mvmjs_machine *machine, struct mvmjs_ref ref);
/** Is it `true`? */
bool mvmjs_ref_boolean(struct mvmjs_machine *machine, struct mvmjs_ref ref);
/**
 * Writes the text, as UTF-8 with a zero byte behind it, as far as whole characters fit. The bytes that all of it takes, without the
 * zero byte; 0 if it is no text.
 */
size_t mvmjs_ref_text(struct mvmjs_machine *machine, struct mvmjs_ref ref, char *text, size_t size);
/** Items of a list; 0, if it is none. */
size_t mvmjs_ref_length(struct mvmjs_machine *machine, struct mvmjs_ref ref);
/** An item of a list; undefined, if there is none. */
struct mvmjs_ref mvmjs_ref_item(struct mvmjs_machine *machine, struct mvmjs_ref list, size_t index);

// Surroundings

/** What a machine needs of the place where it runs. What may be NULL says so. None of these may call a function of a machine. */
struct mvmjs_services {
  /** Given to each function. */
  void *context;
  /** Takes what the program prints, in pieces: UTF-8, to stream 1 (out) or 2 (err). */
  void (*output)(void *context, int stream, const char *bytes, size_t length);
  /** Microseconds since some moment; never goes back. */
  uint64_t (*now)(void *context);
  /** Milliseconds since 1970. NULL: the wall clock begins when `now` does. */
  int64_t (*date)(void *context);
  /** Minutes that local time is ahead of UTC at that time. NULL: it is not. */
  int (*timezone)(void *context, double ms);
  /**
   * Fills in random bytes, as good as there are. NULL: Math.random goes on where the image has it, copies of a program have the
   * same identity, and one that asks for random bytes is stopped (MVMJS_STOP_ABSENT).
   */
  void (*random)(void *context, uint8_t *bytes, size_t length);
  /** What a function of the program has answered to mvmjs_machine_call; not `ok`: what it threw. NULL: nobody wants to know. */
  void (*result)(void *context, struct mvmjs_machine *machine, uint64_t id, bool ok, struct mvmjs_ref value);
  /** Memory for so many units of a text that lies in pieces, until the next call; it may be none (NULL). NULL: each piece is looked for from the top, which takes long where there are thousands. */
  uint16_t *(*units)(void *context, size_t count);
  /** process.argv, and process.env as name, value, name, value …: lists of texts, or all zero. */
  struct mvmjs_value arguments;
  struct mvmjs_value environment;
};

/** A call of a function of yours. */
struct mvmjs_call {
  struct mvmjs_machine *machine;
  /** The function's. */
  void *context;
  /** A list. */
  struct mvmjs_ref arguments;
  /** Of mvm.call: the number to answer it by later. 0: mvm.ask, for whose answer the program stands still. */
  uint64_t id;
  /** Not yours. */
  struct mvmjs_door *door;
  int state;
};
/**
 * A function that programs call by name: `mvm.ask("name", …)` or `await mvm.call("name", …)`. The body answers by mvmjs_call_answer
 * or mvmjs_call_throw, or not yet: of mvm.call the answer can come later (mvmjs_machine_answer), for mvm.ask the body is called again.
 * It may call what is in this header, but not run, load or clear the machine that called it.
 */
struct mvmjs_function {
  /** ASCII. */
  const char *name;
  void (*body)(struct mvmjs_call *call);
  void *context;
};
/** Answers the call. Its arguments are gone then. */
enum mvmjs_result mvmjs_call_answer(struct mvmjs_call *call, struct mvmjs_value value);
/** Answers it with an Error that has this message, and, for mvm.ask, this code. */
enum mvmjs_result mvmjs_call_throw(struct mvmjs_call *call, const char *message, const char *code);

// Machines

/** A machine without a program, in your memory, which it has for as long as you use it; NULL if that is too small. */
struct mvmjs_machine *mvmjs_machine_init(void *memory, size_t bytes, const struct mvmjs_services *services);
/** Functions for its programs: a table that stays where it is, in flash if you like. To be given before a program runs. */
void mvmjs_machine_register(struct mvmjs_machine *machine, const struct mvmjs_function *functions, size_t count);

/** How a program comes to run here. */
enum mvmjs_beginning {
  /** As a copy of the one in the image, with an identity and random numbers of its own. One that ran before hears "restored" and "cloned". */
  MVMJS_COPY,
  /** The program itself, which runs nowhere else any more: after a reset, or from another host. It hears "moved". */
  MVMJS_ARRIVED,
  /** As if nothing had happened: for comparisons. */
  MVMJS_UNCHANGED,
};
/** Loads an image, in place of whatever program there was. What fails leaves the machine empty. */
enum mvmjs_result mvmjs_machine_load(struct mvmjs_machine *machine, enum mvmjs_beginning beginning, const uint8_t *bytes, size_t length);
/** The same in pieces of any size, as they come: begin, bytes …, end. The pages go where they belong at once, so nothing is kept twice. */
void mvmjs_machine_load_begin(struct mvmjs_machine *machine);
enum mvmjs_result mvmjs_machine_load_bytes(struct mvmjs_machine *machine, const uint8_t *bytes, size_t length);
enum mvmjs_result mvmjs_machine_load_end(struct mvmjs_machine *machine, enum mvmjs_beginning beginning);
/** Why the last image was refused, as a sentence with its particulars. */
void mvmjs_machine_why(const struct mvmjs_machine *machine, char *text, size_t size);
/** Drops the program: its memory is zeroed. */
void mvmjs_machine_clear(struct mvmjs_machine *machine);

/** Runs so many steps at most (a bulk operation may take a few more), with your functions called as the program asks for them. */
enum mvmjs_stop mvmjs_machine_run(struct mvmjs_machine *machine, uint64_t fuel);
/** Microseconds that a program that waits wants to wait for yet; UINT64_MAX: only an answer, a call or a message wakes it. */
uint64_t mvmjs_machine_wait_us(struct mvmjs_machine *machine);
/** Stops its time while you do not run it for long, and lets it go on: timers are late by as much. */
void mvmjs_machine_stop_clock(struct mvmjs_machine *machine);
void mvmjs_machine_start_clock(struct mvmjs_machine *machine);

/** Calls a function that the program gave to mvm.expose. It runs in the next runs; `result` of the services gets what it answers, with `id`. */
enum mvmjs_result mvmjs_machine_call(struct mvmjs_machine *machine, const char *name, struct mvmjs_value *arguments, size_t count, uint64_t *id);
/** Answers a call of mvm.call that is pending; not `ok`: with an error, whose message is a text. */
enum mvmjs_result mvmjs_machine_answer(struct mvmjs_machine *machine, uint64_t id, bool ok, struct mvmjs_value value);
/** Leaves a message for the listeners of mvm.on(name). */
enum mvmjs_result mvmjs_machine_send(struct mvmjs_machine *machine, const char *name, struct mvmjs_value data);

/**
 * Writes the program out as an image, in pieces of at most 256 bytes; it goes on then as if nothing had happened. `write` says whether
 * it took them, and may not call a function of a machine. Take the last bytes for proof that it is whole: their hash is over all the rest.
 */
enum mvmjs_result mvmjs_machine_snapshot(struct mvmjs_machine *machine, bool (*write)(void *context, const uint8_t *bytes, size_t length), void *context);

/** What the program ended with, 0 to 255; did it end by an error that nobody caught? */
int mvmjs_machine_exit_code(struct mvmjs_machine *machine);
bool mvmjs_machine_threw(const struct mvmjs_machine *machine);
/** What was missing, after MVMJS_STOP_ABSENT; else NULL. */
const char *mvmjs_machine_lacks(const struct mvmjs_machine *machine);
/** Steps that it has run since it began, on whatever hosts. */
uint64_t mvmjs_machine_steps(struct mvmjs_machine *machine);
/** Bytes that heap and stack take now, garbage included, and that live data and stack may take. */
uint64_t mvmjs_machine_memory_used(struct mvmjs_machine *machine);
uint64_t mvmjs_machine_memory_limit(struct mvmjs_machine *machine);
/** 64 bits that are equal for equal programs at equal steps on every host. */
uint64_t mvmjs_machine_state_hash(struct mvmjs_machine *machine);

#ifdef __cplusplus
}
#endif

#endif
