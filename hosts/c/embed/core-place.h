// Where the core's words are, of which a profile may lack some (hosts/c/profiles.ts, core-holes.ts). The core is a row of
// runs, words that are here and behind them absent ones, in the order of their addresses; the words that are here lie
// behind each other in mvmjs_core.

#ifndef MVMJS_CORE_PLACE_H
#define MVMJS_CORE_PLACE_H

#include <stdint.h>

/**
 * Where the core's word `address` is, and how many words from it on lie there; NULL if it is absent or the core has no such
 * word.
 */
const uint8_t *mvmjs_core_at(uint32_t address, uint32_t *words);
/** The part that the core's word `address` belongs to, if that is absent, else NULL. */
const char *mvmjs_core_absent_part(uint32_t address);
/** The name of the absent part of that number, from 1 on. */
const char *mvmjs_core_part_name(unsigned number);
/** The header of the cell at `address`: of an absent region, of a cell of no kind that is as long as it. NULL within one. */
const uint8_t *mvmjs_core_header(uint32_t address);

#endif
