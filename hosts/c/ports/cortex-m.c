// The start of Cortex-M processors and what their ports share: vectors, data and bss, the painted stack, the clock of
// SysTick, sleep. A port gives the frequency and may count on nothing else running.

#include "cortex-m.h"

#include <math.h>
#include <string.h>

#include "port.h"
#include "stack.h"

// Named by the linker script.
extern uint32_t mvmjs_data_source[], mvmjs_data_start[], mvmjs_data_end[], mvmjs_bss_start[], mvmjs_bss_end[];

// newlib's sqrt keeps errno, for which it keeps a hundred bytes of RAM; what it rests on does not.
double __ieee754_sqrt(double x);
double sqrt(double x) { return __ieee754_sqrt(x); }

enum { TICKS_PER_SECOND = 100 };

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CONTROL REGISTER(0xE000E010u)
#define SYSTICK_RELOAD REGISTER(0xE000E014u)
#define SYSTICK_VALUE REGISTER(0xE000E018u)
#define COPROCESSORS REGISTER(0xE000ED88u)

static volatile uint32_t ticks;
static uint32_t reload;
static uint32_t cycles_per_microsecond_times_2;

void mvmjs_cortex_m_clock(uint32_t hertz) {
  reload = hertz / TICKS_PER_SECOND;
  cycles_per_microsecond_times_2 = hertz / 500000;
  SYSTICK_RELOAD = reload - 1;
  SYSTICK_VALUE = 0;
  SYSTICK_CONTROL = 7;
  // Until it is loaded it reads 0, as at the end of a tick.
  while (SYSTICK_VALUE == 0) {}
}
uint64_t mvmjs_port_now(void) {
  static uint64_t latest;
  uint32_t whole, left;
  // A tick between the two readings would be counted with the counter of the next.
  do {
    whole = ticks;
    left = SYSTICK_VALUE;
  } while (whole != ticks);
  // One whose interrupt is yet to come would take the time back.
  const uint64_t now = (uint64_t)whole * (1000000 / TICKS_PER_SECOND) + (uint64_t)(reload - 1 - left) * 2 / cycles_per_microsecond_times_2;
  if (now > latest) latest = now;
  return latest;
}
void mvmjs_port_idle(void) {
  __asm__ volatile("wfi");
}
MVMJS_NO_RETURN void mvmjs_port_fatal(const char *text) {
  static const uint8_t end[] = "\r\n";
  mvmjs_port_write((const uint8_t *)text, strlen(text));
  mvmjs_port_write(end, 2);
  for (;;) mvmjs_port_idle();
}

static void tick(void) {
  ticks++;
}
static void broken(void) {
  mvmjs_port_fatal("mvm: the processor met a fault");
}
static void start(void) {
#if defined(__ARM_FP)
  COPROCESSORS |= 0xfu << 20;
  __asm__ volatile("dsb\n isb");
#endif
  mvmjs_stack_paint();
  memcpy(mvmjs_data_start, mvmjs_data_source, (size_t)((uint8_t *)mvmjs_data_end - (uint8_t *)mvmjs_data_start));
  memset(mvmjs_bss_start, 0, (size_t)((uint8_t *)mvmjs_bss_end - (uint8_t *)mvmjs_bss_start));
  mvmjs_firmware();
}

typedef void (*Handler)(void);
/** The initial stack pointer, reset, and the exceptions; no interrupts of devices are used. */
__attribute__((section(".vectors"), used)) static const Handler vectors[] = {
  (Handler)(void *)mvmjs_stack_top, start, broken, broken, broken, broken, broken, 0, 0, 0, 0, broken, broken, 0, broken, tick,
};
