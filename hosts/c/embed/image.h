// Images (vm/image.ts): a program that stands still, as bytes. They are read as they come, in pieces of any size, and
// written in pieces of any size, so that a device needs room for the program and nothing else: pages go straight to
// where they belong, only framing and checksums are looked at. Reading believes nothing: every length is compared with
// what is allowed before it is used, values have their one shortest form, checksums are computed again. What the words
// mean is the verifier's business (program.h). Nothing is allocated here and nothing printed.

#ifndef MVMJS_IMAGE_H
#define MVMJS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core.h"
#include "mvmjs.h"
#include "sha256.h"

enum mvmjs_image_reason {
  MVMJS_IMAGE_SOUND,
  MVMJS_IMAGE_NOT_AN_IMAGE,
  /** The bytes end too early; `detail` says in what. */
  MVMJS_IMAGE_CUT_SHORT,
  /** `number` is the format it has. */
  MVMJS_IMAGE_FORMAT,
  /** `number` is the abi it was made for. */
  MVMJS_IMAGE_ABI,
  MVMJS_IMAGE_KIND,
  MVMJS_IMAGE_ENCRYPTED,
  /** `number` is how many bytes of memory it needs. */
  MVMJS_IMAGE_TOO_LARGE,
  /** Its list of capabilities is longer than `number` bytes, which is all that this host keeps of one. */
  MVMJS_IMAGE_CAPABILITIES,
  MVMJS_IMAGE_OTHER_CORE,
  /** `detail` says how. */
  MVMJS_IMAGE_MALFORMED,
  /** `number` is the damaged page. */
  MVMJS_IMAGE_PAGE_DAMAGED,
  MVMJS_IMAGE_OTHER_HASH,
  /** `number` bytes follow its end. */
  MVMJS_IMAGE_TRAILING,
  /** The container is sound, its words are not a program's: `detail` says why, `number` is the address if it is not 0. */
  MVMJS_IMAGE_INVALID,
  /** The host has no memory for it now: nothing is wrong with the image. */
  MVMJS_IMAGE_NO_ROOM,
  /** It needs a part of the core that this host lacks: `detail` is its name. */
  MVMJS_IMAGE_ABSENT_PART,
};

struct mvmjs_image_fault {
  enum mvmjs_image_reason reason;
  const char *detail;
  uint64_t number;
};

enum { MVMJS_PROGRAM_ID_BYTES = 16 };

/** What an image says before its pages. */
struct mvmjs_image_head {
  uint8_t program_id[MVMJS_PROGRAM_ID_BYTES];
  uint32_t epoch;
  uint32_t sequence;
  uint32_t heap_words;
  uint32_t stack_words;
  uint32_t memory_limit;
  uint32_t stack_peak;
  /** Little-endian words, one a register. */
  uint8_t registers[MVMJS_REGISTER_COUNT * 4];
  /** The list of capabilities as it is encoded. */
  uint8_t capabilities[MVMJS_CAPABILITIES_BYTES];
  uint32_t capabilities_length;
  /** SHA-256 of the source, if there is one. */
  bool has_code_hash;
  uint8_t code_hash[MVMJS_SHA256_BYTES];
};

// Reading

enum mvmjs_image_step {
  /** All bytes were taken; more have to come. */
  MVMJS_IMAGE_MORE,
  /** HEAD is complete: say where the words go (`mvmjs_image_place`), then go on with the bytes that were not taken. */
  MVMJS_IMAGE_HEAD_READ,
  /** The image is complete and has the checksums that it says. */
  MVMJS_IMAGE_WHOLE,
  /** `fault` says why. */
  MVMJS_IMAGE_REFUSED,
};

/** Where reading is: all of it is image.c's own but `fault`, and `digest` of an image that is whole. */
struct mvmjs_image_reader {
  struct mvmjs_image_fault fault;
  struct mvmjs_image_head *head;
  uint64_t most_words;
  /** Of all bytes so far; `digest` is the image's SHA-256, all of its bytes counted, when it is whole. */
  struct mvmjs_sha256 hash;
  uint8_t digest[MVMJS_SHA256_BYTES];
  uint64_t taken;
  uint8_t place;
  /** The field of HEAD; where in a field, a page or TAIL; tokens of a list that are left, and which is next. */
  uint8_t field;
  uint8_t inside;
  uint32_t items;
  uint32_t item;
  /** The token that is being read, and how many bytes of its number are missing. */
  uint8_t kind;
  uint8_t missing;
  uint32_t value;
  uint32_t least;
  /** Bytes of its content that are missing, and how many came; where they go, or NULL. */
  uint32_t left;
  uint32_t seen;
  uint8_t *to;
  bool is_core;
  uint8_t content[MVMJS_SHA256_BYTES];
  uint8_t *heap;
  uint8_t *stack;
  uint32_t pages;
  uint32_t page;
  uint32_t page_crc;
  uint32_t crc;
};

/** Begins to read an image into `head`. `most_words` is the largest memory that this host gives to a program. */
void mvmjs_image_begin(struct mvmjs_image_reader *reader, struct mvmjs_image_head *head, uint64_t most_words);
/** Takes bytes; `taken` is how many of these. */
enum mvmjs_image_step mvmjs_image_take(struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length, size_t *taken);
/** Where the words of heap and stack go, of which HEAD says how many there are. */
void mvmjs_image_place(struct mvmjs_image_reader *reader, uint8_t *heap, uint8_t *stack);
/** No more bytes come: false with a fault if the image is not whole. */
bool mvmjs_image_end(struct mvmjs_image_reader *reader);
/** Refuses the image for what the reader itself does not look at. */
enum mvmjs_image_step mvmjs_image_refuse(struct mvmjs_image_reader *reader, enum mvmjs_image_reason reason, const char *detail, uint64_t number);

// Writing

/** Where writing is: all of it is image.c's own. */
struct mvmjs_image_writer {
  const struct mvmjs_image_head *head;
  const uint8_t *heap;
  const uint8_t *stack;
  struct mvmjs_sha256 hash;
  uint8_t place;
  uint8_t field;
  uint8_t inside;
  uint32_t page;
  /** What is next: bytes of `small`, of HEAD or of the memory. */
  const uint8_t *next;
  uint32_t left;
  uint8_t small[MVMJS_SHA256_BYTES + 16];
};

/** Begins to write the image of a program: `head` and the words it counts, which all stay as they are meanwhile. */
void mvmjs_image_write_begin(struct mvmjs_image_writer *writer, const struct mvmjs_image_head *head, const uint8_t *heap, const uint8_t *stack);
/** The next bytes, as many as fit; 0: that was all. */
size_t mvmjs_image_write(struct mvmjs_image_writer *writer, uint8_t *bytes, size_t room);

#endif
