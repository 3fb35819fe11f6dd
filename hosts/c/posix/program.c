// Buffers and the loop around the kernel's `execute`.

#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "machine.h"
#include "memory.h"
#include "trouble.h"

/** Words that a restored program's buffer has beyond what is in the image, at least. */
enum { FIRST_WORDS = 16384 };
/** The most steps that the kernel is given at once. */
enum { MOST_FUEL = 0x3fffffff };

#ifdef MVMJS_SPLIT
/** The first word in `memory`: the core's are read where they are (prelude.h). */
enum { FIRST_WORD = REGISTERS };
#else
enum { FIRST_WORD = 0 };
#endif
static uint8_t *memory;
/** Words of the address space: `memory` has those from FIRST_WORD on. */
static uint32_t memory_words;
static int32_t *marks;
#ifdef MVMJS_CACHE
enum { CACHE_WORDS = MVMJS_CACHE };
#else
enum { CACHE_WORDS = MVMJS_CACHE_WORDS };
#endif
/** Mostly untouched, and then it costs nothing. */
static int32_t cache[CACHE_WORDS == 0 ? 1 : CACHE_WORDS];

/** Where a word of the program's is in its buffer. */
static uint8_t *in(uint8_t *buffer, uint32_t address) {
  return buffer + ((size_t)address - FIRST_WORD) * 4;
}
int32_t mvmjs_word(int32_t address) {
  uint32_t word;
  const uint8_t *at = mvmjs_bytes((uint32_t)address * 4, 4);
  if ((uint32_t)address > INT32_MAX / 4 || at == NULL) return 0;
  word = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
  int32_t result;
  memcpy(&result, &word, sizeof result);
  return result;
}
static void put_word(uint8_t *at, uint32_t word) {
  at[0] = (uint8_t)word;
  at[1] = (uint8_t)(word >> 8);
  at[2] = (uint8_t)(word >> 16);
  at[3] = (uint8_t)(word >> 24);
}
void mvmjs_set_word(int32_t address, int32_t word) {
  if (address >= FIRST_WORD && (uint32_t)address < memory_words) put_word(in(memory, (uint32_t)address), (uint32_t)word);
}
const uint8_t *mvmjs_bytes(uint32_t at, size_t length) {
  const size_t size = (size_t)memory_words * 4;
  const size_t first = (size_t)FIRST_WORD * 4;
  if (at < first) {
    const size_t core = (size_t)MVMJS_CORE_LENGTH * 4;
    return at <= core && length <= core - at ? (const uint8_t *)mvmjs_core + at : NULL;
  }
  return at <= size && length <= size - at ? memory + (at - first) : NULL;
}

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void no_memory(void) {
  mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left for the program; end others, or start it with a smaller --memory");
}
static uint8_t *allocate_memory(uint32_t words) {
  uint8_t *bytes = mvmjs_memory_allocate(words - FIRST_WORD);
  if (bytes == NULL) no_memory();
  return bytes;
}
/** A memory is a whole number of doubles. */
static uint32_t even(uint32_t words) {
  return words + (words & 1);
}

/** Makes `words` words the machine's memory. */
static void attach(uint8_t *buffer, uint32_t words) {
  const int32_t marks_words = mvmjs_marksWords((int32_t)words);
  free(marks);
  marks = calloc((size_t)marks_words, sizeof *marks);
  if (marks == NULL) no_memory();
  memory = buffer;
  memory_words = words;
  mvmjs_attach(memory, memory_words, cache, CACHE_WORDS, marks, (uint32_t)marks_words);
}

/** Puts the core below the program, where it is to be there. */
static void place_core(uint8_t *buffer) {
#ifdef MVMJS_SPLIT
  (void)buffer;
  mvmjs_attach_core((const uint8_t *)mvmjs_core, MVMJS_CORE_LENGTH);
#else
  memcpy(buffer, mvmjs_core, sizeof mvmjs_core);
#endif
}

/** Moves the program into a larger buffer; the stack keeps its distance from the end. */
static void grow(uint32_t words) {
  uint8_t *old = memory;
  const uint32_t old_words = memory_words;
  const uint32_t top = (uint32_t)mvmjs_word(REG_HEAP_TOP);
  const uint32_t stack = (uint32_t)mvmjs_word(REG_SP);
  // The kernel asks for more than there is, and keeps both in the memory.
  if (words < old_words || top < HEAP || top > old_words || stack < HEAP || stack > old_words) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the program's memory is broken");
  uint8_t *buffer = allocate_memory(words);
  memcpy(buffer, old, ((size_t)top - FIRST_WORD) * 4);
  memcpy(in(buffer, words - (old_words - stack)), in(old, stack), (size_t)(old_words - stack) * 4);
  attach(buffer, words);
  mvmjs_memory_free(old);
  mvmjs_set_word(REG_REQUEST, 0);
  mvmjs_rebase((int32_t)(words - old_words));
}

bool mvmjs_program_load(struct mvmjs_image_reader *reader, const struct mvmjs_image_head *head) {
  const uint32_t low_words = (uint32_t)REGISTER_WORDS + head->heap_words;
  const uint32_t used = (uint32_t)REGISTERS + low_words + head->stack_words;
  const uint32_t limit = (uint32_t)REGISTERS + head->memory_limit;
  uint32_t words = used + (low_words >> 2 > FIRST_WORDS ? low_words >> 2 : FIRST_WORDS);
  // Room that its limit does not let the program use would make it out of memory later than elsewhere.
  if (words > limit) words = limit > used ? limit : used;
  words = even(words);
  const uint32_t spare = words - used;
  const uint32_t stack = words - head->stack_words;
  uint8_t *buffer = allocate_memory(words);
  memcpy(in(buffer, REGISTERS), head->registers, MVMJS_REGISTER_COUNT * 4);
  if (!mvmjs_image_read_pages(reader, head, in(buffer, HEAP), in(buffer, stack))) {
    mvmjs_memory_free(buffer);
    return false;
  }
  place_core(buffer);
  attach(buffer, words);
  mvmjs_set_word(REG_SP, (int32_t)stack);
  mvmjs_set_word(REG_FP, (int32_t)words - mvmjs_word(REG_FP));
  mvmjs_set_word(REG_STACK_FLOOR, (int32_t)(stack - (spare >> 3)));
  // The floor is put where the running frame allows it. If there is none, which sets the flag, the verifier finds that.
  mvmjs_rebase(0);
  mvmjs_memory_fault = false;
  const int32_t rule = mvmjs_verifyMemory(MVMJS_CORE_LENGTH, MVMJS_CORE_NEXT_SERIAL);
  if (rule == 0 && !mvmjs_memory_fault) {
    // The running function may want more stack than there is to spare.
    const int32_t lacking = mvmjs_word(REG_HEAP_TOP) - mvmjs_frameBottom();
    if (lacking > 0) grow(even(words + (uint32_t)lacking));
    return true;
  }
  reader->fault.reason = MVMJS_IMAGE_INVALID;
  reader->fault.detail = rule > 0 && rule < MVMJS_RULE_COUNT ? mvmjs_rule_sentences[rule] : "the verifier left the memory";
  reader->fault.number = (uint32_t)mvmjs_refusedAddress();
  return false;
}

int32_t mvmjs_program_run(uint64_t fuel) {
  int32_t status = mvmjs_execute(fuel < MOST_FUEL ? (int32_t)fuel : MOST_FUEL);
  while (status == STATUS_GROW && !mvmjs_memory_fault) {
    grow(even((uint32_t)mvmjs_word(REG_REQUEST)));
    status = mvmjs_executeAgain();
  }
  return mvmjs_memory_fault ? STATUS_FAULT : status;
}

bool mvmjs_program_room(uint64_t words) {
  // No memory is that large.
  if (words > INT32_MAX / 8) return false;
  while (!mvmjs_reserve((int32_t)words)) {
    const int32_t status = mvmjs_makeRoom();
    if (status == STATUS_GROW) {
      const uint32_t wanted = even((uint32_t)mvmjs_word(REG_REQUEST));
      mvmjs_set_word(REG_REQUEST, (int32_t)words);
      grow(wanted);
    } else if (status != STATUS_RUNNING || mvmjs_memory_fault) {
      return false;
    }
  }
  return true;
}

uint64_t mvmjs_program_counter(int32_t low) {
  return (uint64_t)(uint32_t)mvmjs_word(low + 1) << 32 | (uint32_t)mvmjs_word(low);
}
void mvmjs_program_set_counter(int32_t low, uint64_t value) {
  mvmjs_set_word(low, (int32_t)(uint32_t)value);
  mvmjs_set_word(low + 1, (int32_t)(uint32_t)(value >> 32));
}
uint64_t mvmjs_program_steps(void) {
  return mvmjs_program_counter(REG_STEPS_LOW);
}

uint64_t mvmjs_program_hash(void) {
  mvmjs_hashState();
  return (uint64_t)(uint32_t)mvmjs_stateHashHigh() << 32 | (uint32_t)mvmjs_stateHashLow();
}
void mvmjs_program_collect(void) {
  mvmjs_collect();
}

void mvmjs_program_save(struct mvmjs_image_head *head, mvmjs_image_sink *sink, void *context) {
  uint8_t registers[MVMJS_REGISTER_COUNT * 4];
  const uint32_t peak = (uint32_t)mvmjs_word(REG_STACK_PEAK);
  mvmjs_collect();
  for (int32_t i = 0; i < MVMJS_REGISTER_COUNT; i++) {
    uint32_t word = (uint32_t)mvmjs_word(REGISTERS + i);
    if (mvmjs_register_kinds[i] == 's') word = memory_words - word;
    else if (mvmjs_register_kinds[i] == 'h') word = 0;
    put_word(registers + (size_t)i * 4, word);
  }
  const uint32_t top = (uint32_t)mvmjs_word(REG_HEAP_TOP);
  const uint32_t stack = (uint32_t)mvmjs_word(REG_SP);
  if (top < HEAP || top > memory_words || stack < HEAP || stack > memory_words) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the program's memory is broken");
  head->heap_words = top - HEAP;
  head->stack_words = memory_words - stack;
  head->memory_limit = (uint32_t)mvmjs_word(REG_MEMORY_LIMIT);
  head->stack_peak = peak > head->stack_words ? peak : head->stack_words;
  head->registers = registers;
  mvmjs_image_write(head, in(memory, HEAP), in(memory, stack), sink, context);
}
