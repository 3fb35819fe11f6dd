// Stellaris LM3S6965 evaluation board (QEMU: lm3s6965evb): Cortex-M3 at 12.5 MHz after reset, UART0 as the link.

#include "cortex-m.h"
#include "noise.h"
#include "port.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define CLOCK_GATES_1 REGISTER(0x400FE104u)
#define UART_DATA REGISTER(0x4000C000u)
#define UART_FLAGS REGISTER(0x4000C018u)
#define UART_LINE REGISTER(0x4000C02Cu)
#define UART_CONTROL REGISTER(0x4000C030u)
enum { RECEIVE_EMPTY = 1 << 4, TRANSMIT_FULL = 1 << 5 };
enum { HERTZ = 12500000 };

void mvmjs_port_start(void) {
  CLOCK_GATES_1 |= 1;
  // Eight bits, with the FIFO; then the UART, its transmitter and its receiver.
  UART_LINE = 0x70;
  UART_CONTROL = 0x301;
  mvmjs_cortex_m_clock(HERTZ);
}
int mvmjs_port_read(void) {
  return (UART_FLAGS & RECEIVE_EMPTY) != 0 ? -1 : (int)(UART_DATA & 0xff);
}
void mvmjs_port_write(const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    while ((UART_FLAGS & TRANSMIT_FULL) != 0) {}
    UART_DATA = bytes[i];
  }
}
void mvmjs_port_random(uint8_t *bytes, size_t length) {
  mvmjs_noise(bytes, length);
}
