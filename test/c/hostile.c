// Programs that are not to be believed, loaded and run: hosts/c/embed as a host has it, but for what is around it. A
// program's memory lies between two pages that nobody may touch; what it asks its host is answered with undefined. The
// image comes in pieces of random sizes, each in memory of exactly its size, so that sanitizers see what is read beyond.
//
//   | no access | (front page) slack | memory | slack (back page) | no access |
//
// The slack is MVMJS_SLACK bytes wide on one side, turn and turn about; pages make the other wider.

#define _DEFAULT_SOURCE
#include "hostile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format.h"
#include "machine.h"
#include "value.h"

/** A collection comes before each slice of so many steps; so many slices are run. */
enum { SLICE = 100, SLICES = 100 };

struct block {
  uint8_t *pages;
  size_t length;
  uint8_t *memory;
};
/** While a memory grows there are two. */
static struct block blocks[2];
static bool tight_behind;
static uint32_t chance = 1;

/** A number from 0 to `below` - 1. Source: Marsaglia, xorshift32. */
static uint32_t next_random(uint32_t below) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return chance % below;
}

static size_t whole_pages(size_t bytes, size_t page) {
  return (bytes + page - 1) / page * page;
}
static bool give(void *context, uint32_t words, struct mvmjs_room *room) {
  (void)context;
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t used = whole_pages((size_t)words * 4 + 2 * MVMJS_SLACK, page);
  struct block *block = blocks[0].pages == NULL ? &blocks[0] : &blocks[1];
  block->length = used + 2 * page;
  block->pages = mmap(NULL, block->length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block->pages == MAP_FAILED || mprotect(block->pages + page, used, PROT_READ | PROT_WRITE) != 0) abort();
  block->memory = tight_behind ? block->pages + page + used - MVMJS_SLACK - (size_t)words * 4 : block->pages + page + MVMJS_SLACK;
  *room = (struct mvmjs_room){.memory = block->memory, .words = words, .marks = calloc(mvmjs_room_marks(words), 4)};
  if (room->marks == NULL) abort();
  return true;
}
static void take_back(void *context, struct mvmjs_room *room) {
  (void)context;
  for (int i = 0; i < 2; i++) {
    if (blocks[i].pages == NULL || blocks[i].memory != room->memory) continue;
    munmap(blocks[i].pages, blocks[i].length);
    blocks[i].pages = NULL;
  }
  free(room->marks);
}
static const struct mvmjs_rooms rooms = {.give = give, .take_back = take_back, .context = NULL};
struct mvmjs_program hostile_program;

/** The host's part between two slices: false if the program cannot go on, for `ending`. */
static bool attend(int32_t status, const char **ending) {
  if (status == STATUS_HOST_CALL) {
    mvmjs_set_word(mvmjs_word(REG_SP), IMMEDIATE_UNDEFINED);
    mvmjs_set_word(REG_HOST_CALL, IMMEDIATE_UNDEFINED);
    mvmjs_set_word(REG_STATUS, STATUS_RUNNING);
    mvmjs_set_counter(REG_OUTPUTS_LOW, mvmjs_counter(REG_OUTPUTS_LOW) + 1);
  } else if (status == STATUS_WAITING) {
    if (mvmjs_word(REG_WAKE_HIGH) < 0) {
      *ending = "waiting";
      return false;
    }
    mvmjs_set_word(REG_STATUS, STATUS_WAITING);
  }
  return true;
}

const char *hostile_run(void) {
  const char *ending = "fuel";
  int32_t status = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL ? STATUS_HOST_CALL : STATUS_FUEL;
  for (int i = 0; i < SLICES; i++) {
    mvmjs_program_collect(&hostile_program);
    if (!attend(status, &ending)) return ending;
    status = mvmjs_program_run(&hostile_program, SLICE);
    if (mvmjs_memory_fault) return "left-memory";
    switch (status) {
      case STATUS_ENDED: return "ended";
      case STATUS_OUT_OF_MEMORY: return "out-of-memory";
      case STATUS_FAULT: return "fault";
      default: break;
    }
  }
  return ending;
}

bool hostile_load(struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length, uint64_t most_words) {
  mvmjs_program_init(&hostile_program, &rooms);
  mvmjs_program_begin_loading(&hostile_program, reader, most_words);
  const uint32_t largest = next_random(4) == 0 ? 20 : 20000;
  for (size_t at = 0; at < length;) {
    const size_t wanted = 1 + next_random(largest);
    const size_t size = wanted < length - at ? wanted : length - at;
    uint8_t *piece = malloc(size);
    if (piece == NULL) abort();
    memcpy(piece, bytes + at, size);
    const enum mvmjs_image_step step = mvmjs_program_load(&hostile_program, reader, piece, size);
    free(piece);
    if (step == MVMJS_IMAGE_REFUSED) return false;
    at += size;
  }
  return mvmjs_program_end_loading(&hostile_program, reader);
}

bool hostile_is_clear(void) {
  return hostile_program.state == MVMJS_EMPTY && blocks[0].pages == NULL && blocks[1].pages == NULL;
}
void hostile_clear(void) {
  mvmjs_program_clear(&hostile_program);
  mvmjs_memory_fault = false;
  tight_behind = !tight_behind;
}
void hostile_seed(uint32_t seed) {
  chance = seed | 1;
  tight_behind = (seed & 2) != 0;
}
