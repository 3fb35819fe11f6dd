// Stellaris LM3S6965 evaluation board (QEMU: lm3s6965evb): Cortex-M3 at 12.5 MHz after reset, UART0 as the link, UART1 as the console.

#include "cortex-m.h"
#include "noise.h"
#include "port.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define CLOCK_GATES_1 REGISTER(0x400FE104u)
#define UART_DATA(uart) REGISTER(0x4000C000u + (uart) * 0x1000u)
#define UART_FLAGS(uart) REGISTER(0x4000C018u + (uart) * 0x1000u)
#define UART_LINE(uart) REGISTER(0x4000C02Cu + (uart) * 0x1000u)
#define UART_CONTROL(uart) REGISTER(0x4000C030u + (uart) * 0x1000u)
enum { LINK, CONSOLE };
enum { RECEIVE_EMPTY = 1 << 4, TRANSMIT_FULL = 1 << 5 };
enum { HERTZ = 12500000 };

void mvmjs_port_start(void) {
  CLOCK_GATES_1 |= 3;
  for (unsigned uart = LINK; uart <= CONSOLE; uart++) {
    // Eight bits, with the FIFO; then the UART, its transmitter and its receiver.
    UART_LINE(uart) = 0x70;
    UART_CONTROL(uart) = 0x301;
  }
  mvmjs_cortex_m_clock(HERTZ);
}
int mvmjs_port_read(void) {
  return (UART_FLAGS(LINK) & RECEIVE_EMPTY) != 0 ? -1 : (int)(UART_DATA(LINK) & 0xff);
}
static void put(unsigned uart, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    while ((UART_FLAGS(uart) & TRANSMIT_FULL) != 0) {}
    UART_DATA(uart) = bytes[i];
  }
}
void mvmjs_port_write(const uint8_t *bytes, size_t length) {
  put(LINK, bytes, length);
}
void mvmjs_port_print(const uint8_t *bytes, size_t length) {
  put(CONSOLE, bytes, length);
}
void mvmjs_port_random(uint8_t *bytes, size_t length) {
  mvmjs_noise(bytes, length);
}
