// Images (vm/image.ts): a program that stands still, as bytes. Reading believes nothing: every length is compared with
// what is there and with the host's limit before it is used, values have their one shortest form, checksums are computed
// again. Nothing is allocated here and nothing printed: what is read goes where the caller has room for it, what is
// written goes to a function of the caller's.

#ifndef MVMJS_IMAGE_H
#define MVMJS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core.h"

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
};

struct mvmjs_image_fault {
  enum mvmjs_image_reason reason;
  const char *detail;
  uint64_t number;
};

enum { MVMJS_PROGRAM_ID_BYTES = 16 };

/** What an image says before its pages. Pointers are into its bytes. */
struct mvmjs_image_head {
  const uint8_t *program_id;
  uint32_t epoch;
  uint32_t sequence;
  uint32_t heap_words;
  uint32_t stack_words;
  uint32_t memory_limit;
  uint32_t stack_peak;
  /** Little-endian words, one a register. */
  const uint8_t *registers;
  /** The list of capabilities as it is encoded. */
  const uint8_t *capabilities;
  size_t capabilities_length;
  /** SHA-256 of the source, or NULL. */
  const uint8_t *code_hash;
};

/** Where reading is. */
struct mvmjs_image_reader {
  const uint8_t *bytes;
  size_t length;
  size_t at;
  struct mvmjs_image_fault fault;
};

/** Reads HEAD. `most_words` is the largest memory that this host gives to a program. False: `fault` says why. */
bool mvmjs_image_read_head(struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length, uint64_t most_words, struct mvmjs_image_head *head);

/** Reads all that follows, the words of heap and stack to where they belong. */
bool mvmjs_image_read_pages(struct mvmjs_image_reader *reader, const struct mvmjs_image_head *head, uint8_t *heap, uint8_t *stack);

/** Takes the image's bytes, in order. */
typedef void mvmjs_image_sink(void *context, const uint8_t *bytes, size_t length);

/** Writes the image of a program: `head` and the words it counts. */
void mvmjs_image_write(const struct mvmjs_image_head *head, const uint8_t *heap, const uint8_t *stack, mvmjs_image_sink *sink, void *context);

#endif
