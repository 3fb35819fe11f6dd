// Loading, and the loop around the kernel's `execute`.

#include "program.h"

#include <string.h>

#include "bytes.h"
#include "core-place.h"
#include "core.h"
#include "machine.h"

typedef struct mvmjs_program Program;

/** Words that a restored program's memory has beyond what is in the image, at least, where memories can grow. */
enum { FIRST_WORDS = 16384 };
/** The most steps that the kernel is given at once. */
enum { MOST_FUEL = 0x3fffffff };

// The machine is one: which program it is pointed at, and its property cache. Mostly untouched, and then it costs nothing.
static Program *current;
#ifdef MVMJS_CACHE
enum { CACHE_WORDS = MVMJS_CACHE };
#else
enum { CACHE_WORDS = MVMJS_CACHE_WORDS };
#endif
#if !defined(MVMJS_CACHE) || MVMJS_CACHE > 0
static int32_t cache[CACHE_WORDS];
#else
static int32_t *const cache = NULL;
#endif

// The memory

/** Where a word of the program's is in its memory. */
static uint8_t *place_of(uint8_t *memory, uint32_t address) {
  return memory + ((size_t)address - MVMJS_FIRST_WORD) * 4;
}
/** The same if it is a word of the current program's, else NULL. */
static uint8_t *own_word(int32_t address) {
  return current != NULL && address >= MVMJS_FIRST_WORD && (uint32_t)address < current->words ? place_of(current->room.memory, (uint32_t)address) : NULL;
}
int32_t mvmjs_word(int32_t address) {
  const uint8_t *at = own_word(address);
#ifdef MVMJS_SPLIT
  uint32_t words;
  if (address >= 0 && address < MVMJS_CORE_LENGTH) at = mvmjs_core_at((uint32_t)address, &words);
#endif
  if (at == NULL) return 0;
  const uint32_t word = mvmjs_get32(at);
  int32_t result;
  memcpy(&result, &word, sizeof result);
  return result;
}
void mvmjs_set_word(int32_t address, int32_t word) {
  uint8_t *at = own_word(address);
  if (at != NULL) mvmjs_put32(at, (uint32_t)word);
}
uint8_t *mvmjs_own_bytes(uint32_t at, size_t length) {
  const size_t first = (size_t)MVMJS_FIRST_WORD * 4;
  const size_t size = current == NULL ? 0 : (size_t)current->words * 4;
  return at >= first && at <= size && length <= size - at ? current->room.memory + (at - first) : NULL;
}
const uint8_t *mvmjs_bytes(uint32_t at, size_t length) {
#ifdef MVMJS_SPLIT
  uint32_t words;
  const uint8_t *const core = mvmjs_core_at(at / 4, &words);
  if (core != NULL && length <= (size_t)words * 4 - at % 4) return core + at % 4;
#endif
  return mvmjs_own_bytes(at, length);
}
uint64_t mvmjs_counter(int32_t low) {
  return (uint64_t)(uint32_t)mvmjs_word(low + 1) << 32 | (uint32_t)mvmjs_word(low);
}
void mvmjs_set_counter(int32_t low, uint64_t value) {
  mvmjs_set_word(low, (int32_t)(uint32_t)value);
  mvmjs_set_word(low + 1, (int32_t)(uint32_t)(value >> 32));
}

/** A memory is a whole number of doubles. */
static uint32_t even(uint32_t words) {
  return words + (words & 1);
}
uint32_t mvmjs_room_marks(uint32_t words) {
  return (uint32_t)mvmjs_marksWords((int32_t)words);
}

/** Points the machine at the memory as it is now. */
static void attach(Program *program) {
  current = program;
  mvmjs_attach(program->room.memory, program->words, cache, CACHE_WORDS, program->room.marks, mvmjs_room_marks(program->words));
}
static void forget_faults(void) {
  mvmjs_memory_fault = false;
#ifdef MVMJS_PROFILE
  mvmjs_absent_part = NULL;
  (void)mvmjs_takeFault();
#endif
}
/** The part that the machine lacks and the program has reached since, else NULL. */
static const char *absent_part(void) {
#ifdef MVMJS_PROFILE
  return mvmjs_absent_part;
#else
  return NULL;
#endif
}
void mvmjs_program_use(Program *program) {
  if (current == program) return;
  attach(program);
  // What the cache remembers is of another program, and so is what that one did.
  mvmjs_flushCache();
  forget_faults();
}

/** Puts the core where the machine looks for it. */
static void place_core(uint8_t *memory) {
#ifdef MVMJS_SPLIT
  (void)memory;
#ifndef MVMJS_PROFILE
  mvmjs_attach_core((const uint8_t *)mvmjs_core, MVMJS_CORE_LENGTH);
#endif
#else
  memcpy(memory, mvmjs_core, sizeof mvmjs_core);
#endif
}

/** Moves the program into a larger memory; the stack keeps its distance from the end. False: there is none. */
static bool grow(Program *program, uint32_t words) {
  struct mvmjs_room larger;
  const struct mvmjs_room old = program->room;
  const uint32_t old_words = program->words;
  const uint32_t top = (uint32_t)mvmjs_word(REG_HEAP_TOP);
  const uint32_t stack = (uint32_t)mvmjs_word(REG_SP);
  // The kernel asks for more than there is, and keeps both in the memory; a broken memory stays where it is.
  if (words < old_words || top < (uint32_t)HEAP || top > old_words || stack < (uint32_t)HEAP || stack > old_words) return false;
  if (program->rooms == NULL || !program->rooms->give(program->rooms->context, words, &larger)) {
    program->host_is_full = true;
    return false;
  }
  memcpy(larger.memory, old.memory, ((size_t)top - MVMJS_FIRST_WORD) * 4);
  memcpy(place_of(larger.memory, words - (old_words - stack)), place_of(old.memory, stack), (size_t)(old_words - stack) * 4);
  program->room = larger;
  program->words = words;
  attach(program);
  program->rooms->take_back(program->rooms->context, &(struct mvmjs_room){old.memory, old.words, old.marks});
  mvmjs_set_word(REG_REQUEST, 0);
  mvmjs_rebase((int32_t)(words - old_words));
  return true;
}

// Loading

void mvmjs_program_init_fixed(Program *program, struct mvmjs_room room) {
  memset(program, 0, sizeof *program);
  program->room = room;
}
void mvmjs_program_init(Program *program, const struct mvmjs_rooms *rooms) {
  memset(program, 0, sizeof *program);
  program->rooms = rooms;
}

void mvmjs_program_clear(Program *program) {
  if (current == program) current = NULL;
  if (program->room.memory != NULL && program->state != MVMJS_EMPTY) memset(program->room.memory, 0, ((size_t)program->room.words - MVMJS_FIRST_WORD) * 4);
  if (program->rooms != NULL && program->room.memory != NULL) {
    program->rooms->take_back(program->rooms->context, &program->room);
    program->room.memory = NULL;
  }
  program->state = MVMJS_EMPTY;
  program->words = 0;
  program->host_is_full = false;
  program->absent_part = NULL;
}

void mvmjs_program_begin_loading(Program *program, struct mvmjs_image_reader *reader, uint64_t most_words) {
  if (program->rooms == NULL) {
    const uint64_t own = program->room.words > (uint32_t)REGISTERS ? program->room.words - (uint32_t)REGISTERS : 0;
    if (most_words > own) most_words = own;
  }
  mvmjs_image_begin(reader, &program->head, most_words);
  program->state = MVMJS_LOADING;
}

/** HEAD has come: takes the memory that it asks for, within the limits that it was checked against. */
static bool place(Program *program, struct mvmjs_image_reader *reader) {
  const struct mvmjs_image_head *head = &program->head;
  const uint32_t low_words = (uint32_t)REGISTER_WORDS + head->heap_words;
  const uint32_t used = (uint32_t)REGISTERS + low_words + head->stack_words;
  const uint32_t limit = (uint32_t)REGISTERS + head->memory_limit;
  uint32_t words = program->rooms == NULL ? program->room.words : used + (low_words >> 2 > FIRST_WORDS ? low_words >> 2 : FIRST_WORDS);
  // Room that its limit does not let the program use would make it out of memory later than elsewhere.
  if (words > limit) words = limit > used ? limit : used;
  words = even(words);
  if (program->rooms == NULL ? words > program->room.words : !program->rooms->give(program->rooms->context, words, &program->room)) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_NO_ROOM, "", (uint64_t)words * 4);
    return false;
  }
  program->words = words;
  uint8_t *memory = program->room.memory;
  memcpy(place_of(memory, REGISTERS), head->registers, sizeof head->registers);
  mvmjs_image_place(reader, place_of(memory, HEAP), place_of(memory, words - head->stack_words));
  return true;
}

/** All pages are where they belong: makes them a memory and verifies it. */
static bool verify(Program *program, struct mvmjs_image_reader *reader) {
  const uint32_t words = program->words;
  const uint32_t stack = words - program->head.stack_words;
  const uint32_t used = (uint32_t)HEAP + program->head.heap_words + program->head.stack_words;
  place_core(program->room.memory);
  attach(program);
  mvmjs_flushCache();
  mvmjs_set_word(REG_SP, (int32_t)stack);
  mvmjs_set_word(REG_FP, (int32_t)words - mvmjs_word(REG_FP));
  mvmjs_set_word(REG_STACK_FLOOR, (int32_t)(stack - ((words - used) >> 3)));
  // The floor is put where the running frame allows it. If there is none, which sets the flag, the verifier finds that.
  mvmjs_rebase(0);
  forget_faults();
  const int32_t rule = program->is_trusted ? 0 : mvmjs_verifyMemory(MVMJS_CORE_LENGTH, MVMJS_CORE_NEXT_SERIAL);
  // What it needs is not here, which is no fault of the image.
  if (absent_part() != NULL) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_ABSENT_PART, absent_part(), 0);
    forget_faults();
    return false;
  }
  if (rule != 0 || mvmjs_memory_fault) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_INVALID, rule > 0 && rule < MVMJS_RULE_COUNT ? mvmjs_rule_sentences[rule] : "the verifier left the memory", (uint32_t)mvmjs_refusedAddress());
    return false;
  }
  // The running function may want more stack than there is to spare.
  const int32_t lacking = mvmjs_word(REG_HEAP_TOP) - mvmjs_frameBottom();
  if (lacking > 0 && !grow(program, even(words + (uint32_t)lacking))) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_NO_ROOM, "", (uint64_t)(words + (uint32_t)lacking) * 4);
    return false;
  }
  program->state = MVMJS_READY;
  return true;
}

enum mvmjs_image_step mvmjs_program_load(Program *program, struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length) {
  size_t at = 0, taken;
  for (;;) {
    const enum mvmjs_image_step step = mvmjs_image_take(reader, bytes + at, length - at, &taken);
    at += taken;
    if (step == MVMJS_IMAGE_HEAD_READ && place(program, reader)) continue;
    if (step == MVMJS_IMAGE_MORE) return step;
    // Bytes that come behind the end are found before the words are looked at.
    if (step == MVMJS_IMAGE_WHOLE) return step;
    mvmjs_program_clear(program);
    return MVMJS_IMAGE_REFUSED;
  }
}
bool mvmjs_program_end_loading(Program *program, struct mvmjs_image_reader *reader) {
  if (mvmjs_image_end(reader) && verify(program, reader)) return true;
  mvmjs_program_clear(program);
  return false;
}

// Running

int32_t mvmjs_program_run(Program *program, uint64_t fuel) {
  mvmjs_program_use(program);
  program->state = MVMJS_RUNNING;
  // What it did behind that place was done with zeros.
  if (program->absent_part != NULL) return MVMJS_ABSENT;
  int32_t status = mvmjs_execute(fuel < MOST_FUEL ? (int32_t)fuel : MOST_FUEL);
  while (status == STATUS_GROW && !mvmjs_memory_fault && absent_part() == NULL) {
    if (!grow(program, even((uint32_t)mvmjs_word(REG_REQUEST)))) return program->host_is_full ? STATUS_OUT_OF_MEMORY : STATUS_FAULT;
    status = mvmjs_executeAgain();
  }
#ifdef MVMJS_PROFILE
  program->absent_part = mvmjs_absent_part;
  if (program->absent_part != NULL) {
    // The fuel that was taken away was not used.
    mvmjs_set_counter(REG_STEPS_LOW, mvmjs_counter(REG_STEPS_LOW) - (uint64_t)(int64_t)mvmjs_absent_fuel);
    return MVMJS_ABSENT;
  }
#endif
  return mvmjs_memory_fault ? STATUS_FAULT : status;
}

bool mvmjs_program_room(Program *program, uint64_t words) {
  mvmjs_program_use(program);
  // No memory is that large.
  if (words > INT32_MAX / 8) return false;
  while (!mvmjs_reserve((int32_t)words)) {
    const int32_t status = mvmjs_makeRoom();
    if (status == STATUS_GROW) {
      const uint32_t wanted = even((uint32_t)mvmjs_word(REG_REQUEST));
      mvmjs_set_word(REG_REQUEST, (int32_t)words);
      if (!grow(program, wanted)) return false;
    } else if (status != STATUS_RUNNING || mvmjs_memory_fault) {
      return false;
    }
  }
  return true;
}

uint64_t mvmjs_program_steps(Program *program) {
  mvmjs_program_use(program);
  return mvmjs_counter(REG_STEPS_LOW);
}
uint64_t mvmjs_program_hash(Program *program) {
  mvmjs_program_use(program);
  mvmjs_hashState();
  return (uint64_t)(uint32_t)mvmjs_stateHashHigh() << 32 | (uint32_t)mvmjs_stateHashLow();
}
void mvmjs_program_collect(Program *program) {
  mvmjs_program_use(program);
  mvmjs_collect();
}
uint64_t mvmjs_program_bytes(Program *program) {
  mvmjs_program_use(program);
  const uint32_t top = (uint32_t)mvmjs_word(REG_HEAP_TOP), stack = (uint32_t)mvmjs_word(REG_SP);
  if (top < (uint32_t)REGISTERS || stack > program->words) return 0;
  return ((uint64_t)(top - (uint32_t)REGISTERS) + (program->words - stack)) * 4;
}
uint64_t mvmjs_program_limit(Program *program) {
  mvmjs_program_use(program);
  return (uint64_t)(uint32_t)mvmjs_word(REG_MEMORY_LIMIT) * 4;
}

bool mvmjs_program_save(Program *program, struct mvmjs_image_writer *writer) {
  struct mvmjs_image_head *head = &program->head;
  if (program->absent_part != NULL) return false;
  mvmjs_program_collect(program);
  const uint32_t peak = (uint32_t)mvmjs_word(REG_STACK_PEAK);
  for (int32_t i = 0; i < MVMJS_REGISTER_COUNT; i++) {
    uint32_t word = (uint32_t)mvmjs_word(REGISTERS + i);
    if (mvmjs_register_kinds[i] == 's') word = program->words - word;
    else if (mvmjs_register_kinds[i] == 'h') word = 0;
    mvmjs_put32(head->registers + (size_t)i * 4, word);
  }
  const uint32_t top = (uint32_t)mvmjs_word(REG_HEAP_TOP);
  const uint32_t stack = (uint32_t)mvmjs_word(REG_SP);
  if (top < (uint32_t)HEAP || top > program->words || stack < (uint32_t)HEAP || stack > program->words) return false;
  head->heap_words = top - (uint32_t)HEAP;
  head->stack_words = program->words - stack;
  head->memory_limit = (uint32_t)mvmjs_word(REG_MEMORY_LIMIT);
  head->stack_peak = peak > head->stack_words ? peak : head->stack_words;
  mvmjs_image_write_begin(writer, head, place_of(program->room.memory, HEAP), place_of(program->room.memory, stack));
  return true;
}
