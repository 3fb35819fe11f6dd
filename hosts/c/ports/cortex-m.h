// What ports for Cortex-M share (cortex-m.c).

#ifndef MVMJS_CORTEX_M_H
#define MVMJS_CORTEX_M_H

#include <stdint.h>

/** Starts the clock, which counts at this frequency: at most 1.6 GHz, a multiple of half a megahertz. */
void mvmjs_cortex_m_clock(uint32_t hertz);

#endif
