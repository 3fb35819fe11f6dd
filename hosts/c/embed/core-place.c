// The search for a region. The machine comes here for every word that it reads of the core, mostly of the same region.

#include "core-place.h"

#include <stddef.h>

#include "bytes.h"
#include "core.h"

static uint32_t last;

static uint32_t start_of(uint32_t region) {
  return region < MVMJS_CORE_REGIONS ? (uint32_t)mvmjs_core_starts[region] * 2 : MVMJS_CORE_END;
}
/** The region of a word of the core. */
static uint32_t find(uint32_t address) {
  if (address >= start_of(last) && address < start_of(last + 1)) return last;
  uint32_t low = 0, high = MVMJS_CORE_REGIONS;
  while (high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    if (start_of(middle) <= address) low = middle;
    else high = middle;
  }
  last = low;
  return low;
}

const uint8_t *mvmjs_core_at(uint32_t address, uint32_t *words) {
  if (address >= MVMJS_CORE_END) return NULL;
  const uint32_t region = find(address);
  if (region >= MVMJS_CORE_REGIONS) return NULL;
  const uint32_t end = start_of(region + 1);
  if (mvmjs_core_parts[region] != 0) return NULL;
  *words = end - address;
  return (const uint8_t *)mvmjs_core + ((size_t)address - (size_t)mvmjs_core_absent[region] * 2) * 4;
}
const uint8_t *mvmjs_core_header(uint32_t address) {
  static uint32_t header;
  uint32_t words;
  if (mvmjs_core_absent_part(address) == NULL) return mvmjs_core_at(address, &words);
  const uint32_t region = find(address);
  if (address != start_of(region)) return NULL;
  // Sizes are in units of two words.
  mvmjs_put32((uint8_t *)&header, (start_of(region + 1) - address) / 2 << 8);
  return (const uint8_t *)&header;
}
const char *mvmjs_core_absent_part(uint32_t address) {
  if (address >= MVMJS_CORE_LENGTH) return NULL;
  const uint32_t region = find(address);
  const uint8_t part = region < MVMJS_CORE_REGIONS ? mvmjs_core_parts[region] : 0;
  return part == 0 ? NULL : mvmjs_core_part_names[part];
}
