// Programs and the machine over them: what vm/machine.ts is on Node. A program is a struct in its host's memory, whose state
// is outside of the program's own memory; several stand side by side, and the machine, of which there is one, is pointed
// at the one that is to do something (`mvmjs_program_use`). A program's memory is lent by the host: one that never grows,
// as on a device, or one that is exchanged for a larger one when the kernel asks.
//
//   EMPTY → LOADING → READY → RUNNING        begin_loading, load, begin
//      ↖───────┴─────────┴───────┘           clear: the memory is zeroed
//
// Loading puts the pages of an image where they belong as they come (image.h), then verifies them in place: there is
// never a second copy. Whatever fails then leaves an empty slot.

#ifndef MVMJS_PROGRAM_H
#define MVMJS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "image.h"

/** The address of the first word in a program's memory: with MVMJS_SPLIT the core's words are read where they are. */
#ifdef MVMJS_SPLIT
#define MVMJS_FIRST_WORD REGISTERS
#else
#define MVMJS_FIRST_WORD 0
#endif

/** Memory for a program: MVMJS_SLACK bytes on each side of it are the host's to spare. */
struct mvmjs_room {
  uint8_t *memory;
  /** The address behind its last word. An even number: memories are whole doubles. */
  uint32_t words;
  /** What the collector and the verifier note beside it: mvmjs_room_marks words. */
  int32_t *marks;
};
/** Words of marks for a memory. */
uint32_t mvmjs_room_marks(uint32_t words);

/** Where a host takes memories from. */
struct mvmjs_rooms {
  /** Memory of so many words, all zero: false if there is none. */
  bool (*give)(void *context, uint32_t words, struct mvmjs_room *room);
  void (*take_back)(void *context, struct mvmjs_room *room);
  void *context;
};

enum mvmjs_program_state { MVMJS_EMPTY, MVMJS_LOADING, MVMJS_READY, MVMJS_RUNNING };

struct mvmjs_program {
  enum mvmjs_program_state state;
  /** NULL: `room` is all that there is. */
  const struct mvmjs_rooms *rooms;
  struct mvmjs_room room;
  /** Words of the room that the program has. */
  uint32_t words;
  /** Who it is: what its image says. Sizes and registers are those of the last image. */
  struct mvmjs_image_head head;
  /** It was out of memory because its host is, within its own limit. */
  bool host_is_full;
  /** The part of kernel or core that this host lacks and the program has reached, else NULL: it stays as it is (MVMJS_ABSENT). */
  const char *absent_part;
  /** The host vouches for the image that it loads next, which is not verified. */
  bool is_trusted;
};

/** An empty slot with memory of its own, which stays; or one whose memory comes from `rooms`. */
void mvmjs_program_init_fixed(struct mvmjs_program *program, struct mvmjs_room room);
void mvmjs_program_init(struct mvmjs_program *program, const struct mvmjs_rooms *rooms);

// Loading

/** EMPTY → LOADING. `most_words` bounds what the program's limit may be; a slot with memory of its own bounds it too. */
void mvmjs_program_begin_loading(struct mvmjs_program *program, struct mvmjs_image_reader *reader, uint64_t most_words);
/**
 * Takes bytes of the image: MORE, WHOLE or REFUSED. LOADING → READY when it is whole and verified; refused, the slot is
 * EMPTY and `reader->fault` says why.
 */
enum mvmjs_image_step mvmjs_program_load(struct mvmjs_program *program, struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length);
/** No more bytes come: false, with a fault and the slot EMPTY, if the image is not whole. */
bool mvmjs_program_end_loading(struct mvmjs_program *program, struct mvmjs_image_reader *reader);
/** → EMPTY. The memory is zeroed, and given back where it was lent. */
void mvmjs_program_clear(struct mvmjs_program *program);

// The program's memory. These look at the program that the machine is pointed at.

/** Points the machine at a program that is READY or RUNNING. */
void mvmjs_program_use(struct mvmjs_program *program);
/** A word of the memory; 0 outside of it. */
int32_t mvmjs_word(int32_t address);
void mvmjs_set_word(int32_t address, int32_t word);
/** `length` bytes of the memory from byte `at` on, or NULL if they are not all in it. */
const uint8_t *mvmjs_bytes(uint32_t at, size_t length);
/** The same to be written: NULL if they are not all the program's own. */
uint8_t *mvmjs_own_bytes(uint32_t at, size_t length);
/** A register of 64 bits, by its low word. */
uint64_t mvmjs_counter(int32_t low);
void mvmjs_set_counter(int32_t low, uint64_t value);

// Running. Each points the machine at the program first.

/** What running answers, beside a Status: the program has reached a part of kernel or core that this host lacks. */
enum { MVMJS_ABSENT = -1 };
/** Runs `fuel` steps at most (a bulk instruction may take a few more): a Status, never GROW, or MVMJS_ABSENT. READY → RUNNING. */
int32_t mvmjs_program_run(struct mvmjs_program *program, uint64_t fuel);
/** Makes room for `words` more, collecting or growing: for the host's own allocations. Addresses change. */
bool mvmjs_program_room(struct mvmjs_program *program, uint64_t words);
/** Steps run since the program began. */
uint64_t mvmjs_program_steps(struct mvmjs_program *program);
/** 64 bits that are equal for equal programs at equal steps on every host. */
uint64_t mvmjs_program_hash(struct mvmjs_program *program);
/** Collects now. */
void mvmjs_program_collect(struct mvmjs_program *program);
/** Bytes that live data and stack take, nearly. */
uint64_t mvmjs_program_bytes(struct mvmjs_program *program);
/** Bytes that it may take. */
uint64_t mvmjs_program_limit(struct mvmjs_program *program);

/**
 * Begins to write the program's image, with the identity in `program->head`. The program stands still until the last part
 * was taken; another program may run meanwhile. False: the memory is broken, which is a fault, or something that it needs
 * is absent here.
 */
bool mvmjs_program_save(struct mvmjs_program *program, struct mvmjs_image_writer *writer);

#endif
