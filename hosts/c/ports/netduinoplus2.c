// Netduino Plus 2 (QEMU: netduinoplus2): STM32F405, Cortex-M4F at 168 MHz, USART1 as the link.

#include "cortex-m.h"
#include "noise.h"
#include "port.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define CLOCK_GATES_2 REGISTER(0x40023844u)
#define USART_STATUS REGISTER(0x40011000u)
#define USART_DATA REGISTER(0x40011004u)
#define USART_CONTROL REGISTER(0x4001100Cu)
enum { RECEIVED = 1 << 5, TRANSMIT_EMPTY = 1 << 7 };
enum { HERTZ = 168000000 };

void mvmjs_port_start(void) {
  CLOCK_GATES_2 |= 1 << 4;
  // The USART, its transmitter and its receiver.
  USART_CONTROL = 1 << 13 | 1 << 3 | 1 << 2;
  mvmjs_cortex_m_clock(HERTZ);
}
int mvmjs_port_read(void) {
  return (USART_STATUS & RECEIVED) == 0 ? -1 : (int)(USART_DATA & 0xff);
}
void mvmjs_port_write(const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    while ((USART_STATUS & TRANSMIT_EMPTY) == 0) {}
    USART_DATA = bytes[i];
  }
}
void mvmjs_port_random(uint8_t *bytes, size_t length) {
  mvmjs_noise(bytes, length);
}
