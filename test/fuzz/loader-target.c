// Fuzzing of the loader: an image, changed as the records say, goes through reader and verifier (hosts/c/embed), and what
// they let pass is run with a collection every 100 steps (test/c/hostile.c). Changes are made to the words that the pages
// hold and to HEAD, then all is written as an image again, so that sizes, CRCs and the hash are right; changes to bytes of
// the image come after that, with the hash made right or left wrong.
//
// A finding is what a sanitizer or a guard page says, and: memory or a slot that was not given back after a refusal, a
// checked access that met the memory's end, a memory that the verifier refuses after it has run, a program that was loaded
// and cannot be written and loaded again.

#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "fuzz.h"
#include "hostile.h"
#include "image-format.h"
#include "machine.h"

enum { WORDS_MAX = 1 << 16, IMAGE_MAX = WORDS_MAX * 4 * 2 + 70000, CELLS_MAX = 1 << 15 };
/** Words that a program may ask for. */
enum { MEMORY_WORDS = 1 << 20 };
/** Behind the pages: a map of the hash of all before, and of no signatures. */
enum { TAIL_BYTES = 38, TAIL_HASH_AT = 4 };

enum operation {
  /** A word of heap or stack: set, made a reference to a cell, one bit flipped, copied from another. */
  SET_HEAP, REFER_HEAP, FLIP_HEAP, COPY_HEAP, SET_STACK, REFER_STACK,
  SET_REGISTER, REFER_REGISTER,
  /** A cell by its number: its kind, its size, a word, a byte. */
  CELL_KIND, CELL_SIZE, CELL_WORD, CELL_REFER, CELL_BYTE,
  /** Of a cell of code, which are few among all. */
  CODE_WORD, CODE_BYTE,
  HEAP_WORDS, STACK_WORDS, MEMORY_LIMIT, NEEDS,
  /** Bytes of the image that was written. */
  BYTE, BYTE_HASHED, CUT_SHORT, TRAIL,
  /** How it comes: sizes of pieces, which side is tight. */
  PIECES,
  OPERATIONS,
};

static struct mvmjs_image_head head;
static uint8_t heap[WORDS_MAX * 4], stack[WORDS_MAX * 4];
static uint8_t image[IMAGE_MAX], again[IMAGE_MAX];
static uint32_t cells[CELLS_MAX], codes[CELLS_MAX];
static uint32_t cell_count, code_count;

/** What words are often: the immediates, bounds of small integers and of signed words. */
static const uint32_t usual[] = {
  IMMEDIATE_UNDEFINED, IMMEDIATE_NULL, IMMEDIATE_FALSE, IMMEDIATE_TRUE, IMMEDIATE_HOLE, IMMEDIATE_DONE, IMMEDIATE_DELETED, IMMEDIATE_NONE,
  0, 1, 2, 0x7ffffffe, 0x80000000, 0xffffffff, 0x7fffffff, 0xfffffffe, (uint32_t)HEAP << 2 | 1, 0x10000, 0x3ffffff, 5,
};

static uint32_t get(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}
static void put(uint8_t *bytes, uint32_t word) {
  for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(word >> 8 * i);
}
static uint32_t number_of(const struct fuzz_record *record) {
  return (uint32_t)record->a | (uint32_t)record->b << 8;
}
static uint32_t word_of(const struct fuzz_record *record) {
  return (record->c & 0x80) != 0 ? usual[record->value % (sizeof usual / sizeof *usual)] : record->value;
}
static uint32_t reference_to(uint32_t number) {
  return cell_count == 0 ? (uint32_t)IMMEDIATE_UNDEFINED : ((uint32_t)HEAP + cells[number % cell_count]) << 2 | 1;
}

/** Reads an image that was built into `head`, `heap` and `stack`. */
static void take_apart(struct fuzz_image from) {
  static struct mvmjs_image_reader reader;
  size_t taken, more;
  memset(heap, 0, sizeof heap);
  memset(stack, 0, sizeof stack);
  mvmjs_image_begin(&reader, &head, WORDS_MAX);
  if (mvmjs_image_take(&reader, from.bytes, from.length, &taken) != MVMJS_IMAGE_HEAD_READ) fuzz_found("an image that was built is refused");
  mvmjs_image_place(&reader, heap, stack);
  if (mvmjs_image_take(&reader, from.bytes + taken, from.length - taken, &more) != MVMJS_IMAGE_WHOLE) fuzz_found("an image that was built is not whole");
  cell_count = code_count = 0;
  for (uint32_t at = 0; at < head.heap_words && cell_count < CELLS_MAX;) {
    const uint32_t header = get(heap + (size_t)at * 4);
    if ((header & 255) == CELL_CODE) codes[code_count++] = at;
    cells[cell_count++] = at;
    at += header >> 8 << 1;
  }
}

static void set_register(uint32_t address, uint32_t word) {
  put(head.registers + (address - (uint32_t)REGISTERS) * 4, word);
}
/** A length that is not much longer, and that both say that know it. */
static void resize(uint32_t *words, uint32_t change) {
  const int32_t by = (int32_t)(change % 128) - 64;
  if ((int64_t)*words + by >= 0 && *words + (uint32_t)by <= WORDS_MAX) *words += (uint32_t)by;
  set_register(REG_SP, head.stack_words);
  set_register(REG_HEAP_TOP, (uint32_t)HEAP + head.heap_words);
}
/** The word of a cell, its header being 0. */
static uint8_t *word_in(uint32_t at, uint32_t word) {
  const uint32_t size = get(heap + (size_t)at * 4) >> 8 << 1;
  const uint32_t place = at + (size == 0 ? 0 : word % size);
  return heap + (size_t)(place < WORDS_MAX ? place : at) * 4;
}
static void change_words(const struct fuzz_record *record) {
  const uint32_t number = number_of(record);
  uint8_t *in_heap = heap + (size_t)(head.heap_words == 0 ? 0 : number % head.heap_words) * 4;
  uint8_t *in_stack = stack + (size_t)(head.stack_words == 0 ? 0 : number % head.stack_words) * 4;
  const uint32_t cell = cell_count == 0 ? 0 : cells[number % cell_count];
  const uint32_t code = code_count == 0 ? cell : codes[number % code_count];
  uint8_t *header = heap + (size_t)cell * 4;
  switch ((enum operation)(record->op % OPERATIONS)) {
    case SET_HEAP: put(in_heap, word_of(record)); break;
    case REFER_HEAP: put(in_heap, reference_to(record->value)); break;
    case FLIP_HEAP: put(in_heap, get(in_heap) ^ 1u << (record->value & 31)); break;
    case COPY_HEAP: put(in_heap, get(heap + (size_t)(record->value % WORDS_MAX) * 4)); break;
    case SET_STACK: put(in_stack, word_of(record)); break;
    case REFER_STACK: put(in_stack, reference_to(record->value)); break;
    case SET_REGISTER: put(head.registers + (size_t)(number % MVMJS_REGISTER_COUNT) * 4, word_of(record)); break;
    case REFER_REGISTER: put(head.registers + (size_t)(number % MVMJS_REGISTER_COUNT) * 4, reference_to(record->value)); break;
    case CELL_KIND: put(header, (get(header) & ~(uint32_t)255) | (record->value & 255)); break;
    case CELL_SIZE: put(header, (get(header) & 255) | record->value << 8); break;
    case CELL_WORD: put(word_in(cell, record->c & 0x7f), word_of(record)); break;
    case CELL_REFER: put(word_in(cell, record->c), reference_to(record->value)); break;
    case CELL_BYTE: word_in(cell, record->c)[record->value & 3] = (uint8_t)(record->value >> 8); break;
    case CODE_WORD: put(word_in(code, record->c & 0x7f), word_of(record)); break;
    case CODE_BYTE: word_in(code, (uint32_t)record->c | record->value >> 24 << 8)[record->value & 3] = (uint8_t)(record->value >> 8); break;
    case HEAP_WORDS: resize(&head.heap_words, record->value); break;
    case STACK_WORDS: resize(&head.stack_words, record->value); break;
    case MEMORY_LIMIT:
      head.memory_limit = record->value;
      set_register(REG_MEMORY_LIMIT, record->value);
      break;
    case NEEDS:
      // A list of one capability, of any name and version.
      head.capabilities_length = 0;
      if (number > 200) break;
      head.capabilities[head.capabilities_length++] = 0x91;
      head.capabilities[head.capabilities_length++] = 0x92;
      head.capabilities[head.capabilities_length++] = 0xd9;
      head.capabilities[head.capabilities_length++] = (uint8_t)number;
      memset(head.capabilities + head.capabilities_length, (uint8_t)record->value, number);
      head.capabilities_length += number;
      head.capabilities[head.capabilities_length++] = record->c;
      break;
    default: break;
  }
}

static size_t write_image(uint8_t *to, const uint8_t *from_heap, const uint8_t *from_stack, const struct mvmjs_image_head *of) {
  static struct mvmjs_image_writer writer;
  size_t length = 0;
  mvmjs_image_write_begin(&writer, of, from_heap, from_stack);
  for (size_t count; (count = mvmjs_image_write(&writer, to + length, IMAGE_MAX - length)) > 0;) length += count;
  return length;
}
static void make_hash_right(size_t length) {
  struct mvmjs_sha256 hash;
  if (length < TAIL_BYTES) return;
  mvmjs_sha256_begin(&hash);
  mvmjs_sha256_add(&hash, image, length - TAIL_BYTES);
  mvmjs_sha256_end(&hash, image + length - TAIL_BYTES + TAIL_HASH_AT);
}
/** Changes bytes of the image: its new length. */
static size_t change_bytes(const struct fuzz_record *record, size_t length) {
  // HEAD is looked at most.
  const size_t range = (record->c & 1) != 0 && length > 600 ? 600 : length;
  const size_t at = range == 0 ? 0 : number_of(record) % range;
  switch ((enum operation)(record->op % OPERATIONS)) {
    case BYTE: image[at] = (uint8_t)record->value; break;
    case BYTE_HASHED:
      image[at] = (uint8_t)record->value;
      make_hash_right(length);
      break;
    case CUT_SHORT: return record->value % (length + 1);
    case TRAIL:
      if (length < IMAGE_MAX) image[length++] = (uint8_t)record->value;
      break;
    default: break;
  }
  return length;
}

/** Runs what was loaded; what it leaves has to be a program still, which goes into an image and out again. */
static void run(void) {
  static struct mvmjs_image_reader reader;
  static struct mvmjs_image_writer writer;
  const char *ending = hostile_run();
  fuzz_counts.ran++;
  if (strcmp(ending, "left-memory") == 0) fuzz_found("a program that was verified reached beyond its memory");
  if (strcmp(ending, "fault") == 0) return;
  if (mvmjs_verifyMemory(MVMJS_CORE_LENGTH, MVMJS_CORE_NEXT_SERIAL) != 0) fuzz_found("the verifier refuses a memory that has run");
  if (!mvmjs_program_save(&hostile_program, &writer)) fuzz_found("a program that has run cannot be written");
  if (mvmjs_image_content(&hostile_program.head) > WORDS_MAX * 4) return;
  size_t length = 0;
  for (size_t count; (count = mvmjs_image_write(&writer, again + length, IMAGE_MAX - length)) > 0;) length += count;
  hostile_clear();
  if (!hostile_load(&reader, again, length, MEMORY_WORDS)) fuzz_found("a program that was written is refused");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static struct mvmjs_image_reader reader;
  struct fuzz_record record;
  if (!fuzz_next(&bytes, &length, &record)) return 0;
  take_apart(fuzz_image(record.a));
  hostile_seed(record.value);
  const uint8_t *rest = bytes;
  size_t left = length;
  while (fuzz_next(&rest, &left, &record)) change_words(&record);
  size_t size = write_image(image, heap, stack, &head);
  while (fuzz_next(&bytes, &length, &record)) {
    size = change_bytes(&record, size);
    if (record.op % OPERATIONS == PIECES) hostile_seed(record.value);
  }
  if (hostile_load(&reader, image, size, MEMORY_WORDS)) run();
  else if (!hostile_is_clear()) fuzz_found("something was left in the slot");
  hostile_clear();
  return 0;
}
