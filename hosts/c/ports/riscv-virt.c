// QEMU's RISC-V board, virt, with 32 bits: a 16550 as the link, the machine timer as the clock. The board has one UART; the
// console is another 16550 on its PCI bus, `-device pci-serial`, and nothing where that is absent.

#include <string.h>

#include "noise.h"
#include "port.h"
#include "stack.h"

#define HALF(address) (*(volatile uint16_t *)(address))
#define BYTE(address) (*(volatile uint8_t *)(address))
#define WORD(address) (*(volatile uint32_t *)(address))
#define LINK 0x10000000u
#define UART_DATA(uart) BYTE(uart)
#define UART_FIFO(uart) BYTE((uart) + 2)
#define UART_LINE(uart) BYTE((uart) + 3)
#define UART_STATUS(uart) BYTE((uart) + 5)
/** Configuration space, a device every 32 KB, and where the ports of the PCI bus are in memory. */
#define PCI_DEVICE(number) (0x30000000u + (number) * 0x8000u)
#define PCI_PORTS 0x03000000u
#define TIME_LOW WORD(0x0200BFF8u)
#define TIME_HIGH WORD(0x0200BFFCu)
#define WAKE_LOW WORD(0x02004000u)
#define WAKE_HIGH WORD(0x02004004u)
enum { PCI_DEVICES = 32, PCI_SERIAL = 0x00021b36, PCI_COMMAND = 4, PCI_IO = 1, PCI_BAR0 = 16, CONSOLE_PORT = 0x1000 };
enum { RECEIVED = 1, TRANSMIT_EMPTY = 1 << 5 };
enum { TICKS_PER_MICROSECOND = 10, IDLE_MICROSECONDS = 10000 };

static uint64_t started;
/** Where the console's registers are; 0: there is none. */
static uintptr_t console;

static void find_console(void) {
  for (unsigned i = 0; i < PCI_DEVICES; i++) {
    const uintptr_t device = PCI_DEVICE(i);
    if (WORD(device) != PCI_SERIAL) continue;
    WORD(device + PCI_BAR0) = CONSOLE_PORT;
    HALF(device + PCI_COMMAND) |= PCI_IO;
    console = PCI_PORTS + CONSOLE_PORT;
    UART_LINE(console) = 3;
    UART_FIFO(console) = 1;
    return;
  }
}

static uint64_t ticks(void) {
  uint32_t high, low;
  do {
    high = TIME_HIGH;
    low = TIME_LOW;
  } while (high != TIME_HIGH);
  return (uint64_t)high << 32 | low;
}

void mvmjs_port_start(void) {
  UART_LINE(LINK) = 3;
  UART_FIFO(LINK) = 1;
  find_console();
  started = ticks();
}
uint64_t mvmjs_port_now(void) {
  return (ticks() - started) / TICKS_PER_MICROSECOND;
}
void mvmjs_port_idle(void) {
  const uint64_t wake = ticks() + (uint64_t)IDLE_MICROSECONDS * TICKS_PER_MICROSECOND;
  // In an order that never lets the time compared with be earlier than both.
  WAKE_HIGH = UINT32_MAX;
  WAKE_LOW = (uint32_t)wake;
  WAKE_HIGH = (uint32_t)(wake >> 32);
  // The timer's interrupt ends the sleep and is not taken: interrupts as a whole are off.
  __asm__ volatile("wfi");
}
int mvmjs_port_read(void) {
  return (UART_STATUS(LINK) & RECEIVED) == 0 ? -1 : UART_DATA(LINK);
}
static void put(uintptr_t uart, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    while ((UART_STATUS(uart) & TRANSMIT_EMPTY) == 0) {}
    UART_DATA(uart) = bytes[i];
  }
}
void mvmjs_port_write(const uint8_t *bytes, size_t length) {
  put(LINK, bytes, length);
}
void mvmjs_port_print(const uint8_t *bytes, size_t length) {
  if (console != 0) put(console, bytes, length);
}
void mvmjs_port_random(uint8_t *bytes, size_t length) {
  mvmjs_noise(bytes, length);
}
MVMJS_NO_RETURN void mvmjs_port_fatal(const char *text) {
  static const uint8_t end[] = "\r\n";
  mvmjs_port_write((const uint8_t *)text, strlen(text));
  mvmjs_port_write(end, 2);
  for (;;) mvmjs_port_idle();
}

// Named by the linker script.
extern uint32_t mvmjs_data_source[], mvmjs_data_start[], mvmjs_data_end[], mvmjs_bss_start[], mvmjs_bss_end[];

/** What riscv-start.S calls. */
MVMJS_NO_RETURN void mvmjs_riscv_begin(void);
MVMJS_NO_RETURN void mvmjs_riscv_begin(void) {
  mvmjs_stack_paint();
  memcpy(mvmjs_data_start, mvmjs_data_source, (size_t)((uint8_t *)mvmjs_data_end - (uint8_t *)mvmjs_data_start));
  memset(mvmjs_bss_start, 0, (size_t)((uint8_t *)mvmjs_bss_end - (uint8_t *)mvmjs_bss_start));
  mvmjs_firmware();
}
/** What riscv-start.S calls for any exception. */
MVMJS_NO_RETURN void mvmjs_riscv_trap(void);
MVMJS_NO_RETURN void mvmjs_riscv_trap(void) {
  mvmjs_port_fatal("mvm: the processor met a fault");
}
