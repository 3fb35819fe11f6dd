// The search for the run in which a word of the core lies. The machine comes here for every word that it reads of the core,
// mostly of the same run; else it goes on from the mark before it.

#include "core-place.h"

#include <stddef.h>
#include <string.h>

#include "bytes.h"
#include "core.h"

/** The run found last: addresses of its first word, of the first absent one and of its end; words that are here below it; its part. */
static struct { uint32_t start, absent, end, below; uint8_t part; } run;

/** Finds the run of a word of the core. Runs that nothing is absent behind go on in the next. */
static void find(uint32_t address) {
  if (address >= run.start && address < run.end) return;
  uint32_t low = 0, high = MVMJS_CORE_MARKS;
  while (high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    if ((uint32_t)mvmjs_core_marks[middle][0] * 2 <= address) low = middle;
    else high = middle;
  }
  run.end = (uint32_t)mvmjs_core_marks[low][0] * 2;
  uint32_t below = (uint32_t)mvmjs_core_marks[low][1] * 2;
  for (uint32_t i = low * MVMJS_CORE_MARK_RUNS; i < MVMJS_CORE_RUNS && address >= run.end; i++) {
    run.start = run.absent = run.end;
    run.below = below;
    while (i + 1 < MVMJS_CORE_RUNS && mvmjs_core_runs[i][1] == 0) {
      run.absent += (uint32_t)mvmjs_core_runs[i][0] * 2;
      i++;
    }
    run.absent += (uint32_t)mvmjs_core_runs[i][0] * 2;
    below += run.absent - run.start;
    run.end = run.absent + (uint32_t)mvmjs_core_runs[i][1] * (mvmjs_core_runs[i][2] < 128 ? 2U : 512U);
    run.part = mvmjs_core_runs[i][2] & 127;
  }
}

const uint8_t *mvmjs_core_at(uint32_t address, uint32_t *words) {
  if (address >= MVMJS_CORE_END) return NULL;
  find(address);
  if (address >= run.absent) return NULL;
  *words = run.absent - address;
  return (const uint8_t *)mvmjs_core + ((size_t)run.below + address - run.start) * 4;
}
const uint8_t *mvmjs_core_header(uint32_t address) {
  static uint32_t header;
  uint32_t words;
  if (mvmjs_core_absent_part(address) == NULL) return mvmjs_core_at(address, &words);
  if (address != run.absent) return NULL;
  // Sizes are in units of two words.
  mvmjs_put32((uint8_t *)&header, (run.end - run.absent) / 2 << 8);
  return (const uint8_t *)&header;
}
const char *mvmjs_core_absent_part(uint32_t address) {
  if (address >= MVMJS_CORE_LENGTH) return NULL;
  find(address);
  return address < run.absent ? NULL : mvmjs_core_part_name(run.part);
}
const char *mvmjs_core_part_name(unsigned number) {
  const char *name = mvmjs_core_part_names;
  for (unsigned i = 1; i < number; i++) name += strlen(name) + 1;
  return name;
}
