// What image.c and image-write.c share of the format (vm/image.ts).

#ifndef MVMJS_IMAGE_FORMAT_H
#define MVMJS_IMAGE_FORMAT_H

#include "image.h"

enum { IMAGE_FORMAT = 1, IMAGE_PROGRAM_KIND = 0, IMAGE_PAGE_BYTES = 4096, IMAGE_COUNTERS = 6 };
/** HEAD is never longer. */
enum { IMAGE_HEAD_BYTES_MAX = 65536 };
/** Keys of HEAD. */
enum {
  IMAGE_MAGIC_KEY, IMAGE_FORMAT_KEY, IMAGE_ABI_KEY, IMAGE_KIND_KEY, IMAGE_PROGRAM_KEY, IMAGE_EPOCH_KEY, IMAGE_SEQUENCE_KEY,
  IMAGE_PARENT_KEY, IMAGE_CORE_KEY, IMAGE_HEAP_KEY, IMAGE_STACK_KEY, IMAGE_LIMIT_KEY, IMAGE_PEAK_KEY, IMAGE_REGISTERS_KEY,
  IMAGE_COUNTERS_KEY, IMAGE_CAPABILITIES_KEY, IMAGE_CODE_HASH_KEY, IMAGE_ENCRYPTION_KEY, IMAGE_DEBUG_KEY, IMAGE_HEAD_KEYS,
};

/** The name under which an image lists the core; one core has all modules so far. */
static const char image_core_name[] = "core";
/** The registers that HEAD repeats. */
static const uint32_t image_counters[IMAGE_COUNTERS] = {REG_STEPS_LOW, REG_STEPS_HIGH, REG_INPUTS_LOW, REG_INPUTS_HIGH, REG_OUTPUTS_LOW, REG_OUTPUTS_HIGH};

/** A register by its address in a program's memory. */
uint32_t mvmjs_image_register(const struct mvmjs_image_head *head, uint32_t address);
/** Bytes of heap and stack together. */
uint64_t mvmjs_image_content(const struct mvmjs_image_head *head);

#endif
