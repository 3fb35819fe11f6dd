// The digital pins of the LM3S6965: ports A to G of eight pins each, of which pin 8 * port + bit of a program is one (the
// status LED is F0, pin 40). Those that the UARTs and the debugger are wired to are not offered. There is nothing analogue
// here, no PWM and no bus: what the board has of those QEMU does not show, so it could not be tried.
//
// A port's data register is 256 words: the address says which pins a write changes and a read shows, so no pin is ever
// touched by what is done to another. Edges are remembered by the port itself, in its raw interrupt status, which is asked
// between slices; the processor is not interrupted.

#include <stdint.h>

#include "io.h"
#include "pins.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define CLOCK_GATES_2 REGISTER(0x400FE108u)
#define REGISTER_OF(pin, offset) REGISTER(bases[(pin) / 8] + (offset))
#define LEVEL(pin) REGISTER_OF(pin, bit_of(pin) << 2)
enum {
  DIRECTION = 0x400, EDGE_SENSE = 0x404, BOTH_EDGES = 0x408, RISING = 0x40C, HAPPENED = 0x414, FORGET = 0x41C, ALTERNATE = 0x420,
  OPEN_DRAIN = 0x50C, PULL_UP = 0x510, PULL_DOWN = 0x514, DIGITAL = 0x51C,
};
enum { PORTS = 7, PINS = PORTS * 8, RISING_EDGE = 1, FALLING_EDGE = 2 };

static const uint32_t bases[PORTS] = {0x40004000u, 0x40005000u, 0x40006000u, 0x40007000u, 0x40024000u, 0x40025000u, 0x40026000u};
/** Pins that there are and that are free: not A0, A1, D2, D3 (UARTs), B7, C0 to C3 (debugger). */
static const uint8_t offered[PORTS] = {0xfc, 0x7f, 0xf0, 0xf3, 0x0f, 0x0f, 0x03};
static uint8_t open_pins[PORTS];

static uint32_t bit_of(int32_t pin) {
  return UINT32_C(1) << (pin & 7);
}
static void set(int32_t pin, uint32_t offset, bool on) {
  if (on) REGISTER_OF(pin, offset) |= bit_of(pin);
  else REGISTER_OF(pin, offset) &= ~bit_of(pin);
}

static enum mvmjs_io_code open_pin(void *context, enum mvmjs_io_kind kind, int32_t *parameters, int32_t *place, struct mvmjs_line *why) {
  const int32_t pin = parameters[MVMJS_DIGITAL_PIN], mode = parameters[MVMJS_DIGITAL_MODE], edges = parameters[MVMJS_DIGITAL_EDGES];
  (void)context;
  (void)kind;
  if (pin < 0 || pin >= PINS || (offered[pin / 8] & bit_of(pin)) == 0) {
    mvmjs_line_set(why, "digital pin ", (const char *)NULL);
    mvmjs_line_add_number(why, (uint64_t)(pin < 0 ? 0 : pin));
    mvmjs_line_add(why, " is not free on this board");
    return MVMJS_IO_RANGE;
  }
  const bool is_output = mode == MVMJS_DIGITAL_OUTPUT || mode == MVMJS_DIGITAL_OPEN_DRAIN;
  if (!is_output && mode != MVMJS_DIGITAL_INPUT && mode != MVMJS_DIGITAL_PULL_UP && mode != MVMJS_DIGITAL_PULL_DOWN) {
    mvmjs_line_set(why, "this board's pins have no such mode", (const char *)NULL);
    return MVMJS_IO_RANGE;
  }
  if ((open_pins[pin / 8] & bit_of(pin)) != 0) {
    mvmjs_line_set(why, "digital ", (const char *)NULL);
    mvmjs_line_add_number(why, (uint64_t)pin);
    mvmjs_line_add(why, " is in use");
    return MVMJS_IO_BUSY;
  }
  open_pins[pin / 8] = (uint8_t)(open_pins[pin / 8] | bit_of(pin));
  // A port answers some cycles after its clock was let in.
  CLOCK_GATES_2 |= UINT32_C(1) << (pin / 8);
  (void)CLOCK_GATES_2;
  set(pin, ALTERNATE, false);
  set(pin, OPEN_DRAIN, mode == MVMJS_DIGITAL_OPEN_DRAIN);
  set(pin, PULL_UP, mode == MVMJS_DIGITAL_PULL_UP);
  set(pin, PULL_DOWN, mode == MVMJS_DIGITAL_PULL_DOWN);
  set(pin, EDGE_SENSE, false);
  set(pin, BOTH_EDGES, edges == (RISING_EDGE | FALLING_EDGE));
  set(pin, RISING, edges == RISING_EDGE);
  set(pin, DIRECTION, is_output);
  set(pin, DIGITAL, true);
  REGISTER_OF(pin, FORGET) = bit_of(pin);
  *place = pin | edges << 8;
  return MVMJS_IO_DONE;
}
/** Of what `open_pin` gave. */
static int32_t pin_of(int32_t place) {
  return place & 0xff;
}
static enum mvmjs_io_code read_pin(void *context, enum mvmjs_io_kind kind, int32_t place, struct mvmjs_io_data *data, struct mvmjs_line *why) {
  (void)context;
  (void)kind;
  (void)why;
  data->form = MVMJS_IO_NUMBER;
  data->number = LEVEL(pin_of(place)) != 0;
  return MVMJS_IO_DONE;
}
static enum mvmjs_io_code write_pin(void *context, enum mvmjs_io_kind kind, int32_t place, const struct mvmjs_io_data *data, struct mvmjs_line *why) {
  const int32_t pin = pin_of(place);
  (void)context;
  (void)kind;
  (void)why;
  if (data->form != MVMJS_IO_NUMBER || (REGISTER_OF(pin, DIRECTION) & bit_of(pin)) == 0) return MVMJS_IO_TYPE;
  LEVEL(pin) = data->number != 0 ? bit_of(pin) : 0;
  return MVMJS_IO_DONE;
}
static enum mvmjs_io_code transfer(void *context, enum mvmjs_io_kind kind, int32_t place, struct mvmjs_io_data *data, struct mvmjs_line *why) {
  (void)context;
  (void)kind;
  (void)place;
  (void)data;
  (void)why;
  return MVMJS_IO_TYPE;
}
/** A pin that nobody has drives nothing. */
static void close_pin(void *context, enum mvmjs_io_kind kind, int32_t place) {
  const int32_t pin = pin_of(place);
  (void)context;
  (void)kind;
  set(pin, DIRECTION, false);
  set(pin, PULL_UP, false);
  set(pin, PULL_DOWN, false);
  open_pins[pin / 8] = (uint8_t)(open_pins[pin / 8] & ~bit_of(pin));
}
static bool poll(void *context, enum mvmjs_io_kind kind, int32_t place, enum mvmjs_io_event *event, uint32_t *count) {
  const int32_t pin = pin_of(place);
  (void)context;
  (void)kind;
  if (place >> 8 == 0 || (REGISTER_OF(pin, HAPPENED) & bit_of(pin)) == 0) return false;
  REGISTER_OF(pin, FORGET) = bit_of(pin);
  *event = MVMJS_IO_READABLE;
  // Two edges between two looks are one to the port.
  *count = 1;
  return true;
}

const struct mvmjs_io_port *mvmjs_pins(void) {
  static const struct mvmjs_io_port port = {
    .kinds = 1 << MVMJS_IO_DIGITAL, .open = open_pin, .read = read_pin, .write = write_pin, .transfer = transfer, .close = close_pin, .poll = poll,
  };
  return &port;
}
