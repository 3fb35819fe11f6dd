// Netduino Plus 2 (QEMU: netduinoplus2): STM32F405, Cortex-M4F at 168 MHz, USART1 as the link, USART2 as the console.

#include "cortex-m.h"
#include "noise.h"
#include "port.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define CLOCK_GATES_1 REGISTER(0x40023840u)
#define CLOCK_GATES_2 REGISTER(0x40023844u)
#define LINK 0x40011000u
#define CONSOLE 0x40004400u
#define USART_STATUS(usart) REGISTER(usart)
#define USART_DATA(usart) REGISTER((usart) + 4)
#define USART_CONTROL(usart) REGISTER((usart) + 12)
enum { RECEIVED = 1 << 5, TRANSMIT_EMPTY = 1 << 7 };
enum { HERTZ = 168000000 };

void mvmjs_port_start(void) {
  CLOCK_GATES_1 |= 1 << 17;
  CLOCK_GATES_2 |= 1 << 4;
  // The USARTs, their transmitters and receivers.
  USART_CONTROL(LINK) = 1 << 13 | 1 << 3 | 1 << 2;
  USART_CONTROL(CONSOLE) = 1 << 13 | 1 << 3 | 1 << 2;
  mvmjs_cortex_m_clock(HERTZ);
}
int mvmjs_port_read(void) {
  return (USART_STATUS(LINK) & RECEIVED) == 0 ? -1 : (int)(USART_DATA(LINK) & 0xff);
}
static void put(uintptr_t usart, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    while ((USART_STATUS(usart) & TRANSMIT_EMPTY) == 0) {}
    USART_DATA(usart) = bytes[i];
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
