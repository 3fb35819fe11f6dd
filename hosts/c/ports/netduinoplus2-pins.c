// Analogue inputs and PWM of the Netduino Plus 2 (STM32F405). Pins are 16 * port + bit: A0 is 0, B0 is 16, C0 is 32. Inputs
// are the channels of ADC1, outputs the channels of the timers 2 to 4; a timer has one frequency and resolution for all its
// channels. The pins of the console (A2, A3) and of the link (A9, A10) are not offered.
//
// There is nothing digital here: QEMU does not show the ports' registers (what is written is gone), so it could not be
// tried. Of the converter it makes numbers up, of the timers it keeps the registers.

#include <stdint.h>

#include "io.h"
#include "pins.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define PORT_CLOCKS REGISTER(0x40023830u)
#define TIMER_CLOCKS REGISTER(0x40023840u)
#define CONVERTER_CLOCKS REGISTER(0x40023844u)
#define PORT_MODE(pin) REGISTER(0x40020000u + (uint32_t)((pin) / 16) * 0x400)
#define PORT_FUNCTION(pin) REGISTER(0x40020020u + (uint32_t)((pin) / 16) * 0x400 + (uint32_t)((pin) / 8 % 2) * 4)
#define CONVERTER(offset) REGISTER(0x40012000u + (offset))
enum { STATUS = 0x00, CONTROL_1 = 0x04, CONTROL_2 = 0x08, SEQUENCE_3 = 0x34, DATA = 0x4C };
enum { CONVERTED = 1 << 1, CONVERTER_ON = 1 << 0, START = 1 << 30, RESOLUTION_SHIFT = 24 };
#define TIMER(timer, offset) REGISTER(0x40000000u + (uint32_t)(timer) * 0x400 + (offset))
enum { TIMER_CONTROL = 0x00, COMPARE_MODE = 0x18, COMPARE_ENABLE = 0x20, PRESCALER = 0x28, RELOAD = 0x2C, COMPARE = 0x34 };
enum { PWM_MODE = 0x68, ENABLED = 1 };

enum { PORTS = 3, CHANNELS = 16, TIMERS = 3, TIMER_PINS = 10 };
/** What the timers count by, and what a program gets that leaves the choice. */
enum { TIMER_HERTZ = 84000000, HERTZ_USUAL = 1000, RESOLUTION_USUAL = 10, RESOLUTION_MOST = 16, ANALOG_USUAL = 12, ANALOG_LEAST = 6 };
/** So many looks take longer than a conversion (15 cycles of the converter's clock, a fourth of the processor's at least): QEMU never says that one is over. */
enum { LOOKS = 1000 };

/** The pin of each channel of the converter; 255: not offered. */
static const uint8_t channels[CHANNELS] = {0, 1, 255, 255, 4, 5, 6, 7, 16, 17, 32, 33, 34, 35, 36, 37};
static const struct {
  uint8_t pin;
  uint8_t timer;
  uint8_t channel;
} outputs[TIMER_PINS] = {{0, 0, 0}, {1, 0, 1}, {6, 1, 0}, {7, 1, 1}, {16, 1, 2}, {17, 1, 3}, {22, 2, 0}, {23, 2, 1}, {24, 2, 2}, {25, 2, 3}};
static struct {
  int users;
  int32_t hz;
  int32_t resolution;
} timers[TIMERS];
static uint16_t open_pins[PORTS];

/** 3: analogue, 2: what a function says, 0: nothing is driven. */
static void set_mode(int32_t pin, uint32_t mode) {
  const uint32_t shift = (uint32_t)(pin % 16) * 2;
  PORT_MODE(pin) = (PORT_MODE(pin) & ~(UINT32_C(3) << shift)) | mode << shift;
}
static enum mvmjs_io_code out_of_range(struct mvmjs_line *why, const char *what, int32_t value, int32_t least, int32_t most) {
  mvmjs_line_set(why, what, " ", (const char *)NULL);
  mvmjs_line_add_number(why, (uint64_t)(value < 0 ? 0 : value));
  mvmjs_line_add(why, " does not exist here");
  if (least > most) return MVMJS_IO_RANGE;
  mvmjs_line_add(why, ": there are ");
  mvmjs_line_add_number(why, (uint64_t)least);
  mvmjs_line_add(why, " to ");
  mvmjs_line_add_number(why, (uint64_t)most);
  return MVMJS_IO_RANGE;
}
static enum mvmjs_io_code take(int32_t pin, struct mvmjs_line *why) {
  const uint16_t bit = (uint16_t)(1u << (pin % 16));
  if ((open_pins[pin / 16] & bit) != 0) {
    mvmjs_line_set(why, "pin ", (const char *)NULL);
    mvmjs_line_add_number(why, (uint64_t)pin);
    mvmjs_line_add(why, " is in use");
    return MVMJS_IO_BUSY;
  }
  open_pins[pin / 16] = (uint16_t)(open_pins[pin / 16] | bit);
  PORT_CLOCKS |= UINT32_C(1) << (pin / 16);
  return MVMJS_IO_DONE;
}
static void let_go(int32_t pin) {
  open_pins[pin / 16] = (uint16_t)(open_pins[pin / 16] & ~(1u << (pin % 16)));
}

/** `place` is the channel, and the resolution above it. */
static enum mvmjs_io_code open_input(int32_t *parameters, int32_t *place, struct mvmjs_line *why) {
  const int32_t pin = parameters[MVMJS_ANALOG_PIN];
  int32_t *resolution = &parameters[MVMJS_ANALOG_RESOLUTION];
  int channel = 0;
  while (channel < CHANNELS && channels[channel] != pin) channel++;
  if (channel == CHANNELS) return out_of_range(why, "analog pin", pin, 1, 0);
  if (*resolution == 0) *resolution = ANALOG_USUAL;
  // The converter has 6, 8, 10 and 12 bits.
  if (*resolution < ANALOG_LEAST || *resolution > ANALOG_USUAL || *resolution % 2 != 0) return out_of_range(why, "resolution", *resolution, ANALOG_LEAST, ANALOG_USUAL);
  const enum mvmjs_io_code code = take(pin, why);
  if (code != MVMJS_IO_DONE) return code;
  set_mode(pin, 3);
  CONVERTER_CLOCKS |= UINT32_C(1) << 8;
  CONVERTER(CONTROL_2) = CONVERTER_ON;
  *place = channel | *resolution << 8;
  return MVMJS_IO_DONE;
}
/** `place` is the index of the output. */
static enum mvmjs_io_code open_output(int32_t *parameters, int32_t *place, struct mvmjs_line *why) {
  const int32_t pin = parameters[MVMJS_PWM_PIN];
  int32_t *hz = &parameters[MVMJS_PWM_HZ], *resolution = &parameters[MVMJS_PWM_RESOLUTION];
  int at = 0;
  while (at < TIMER_PINS && outputs[at].pin != pin) at++;
  if (at == TIMER_PINS) return out_of_range(why, "pwm pin", pin, 1, 0);
  const int timer = outputs[at].timer, channel = outputs[at].channel;
  if (*resolution == 0) *resolution = timers[timer].users > 0 ? timers[timer].resolution : RESOLUTION_USUAL;
  if (*hz == 0) *hz = timers[timer].users > 0 ? timers[timer].hz : HERTZ_USUAL;
  if (*resolution < 1 || *resolution > RESOLUTION_MOST) return out_of_range(why, "resolution", *resolution, 1, RESOLUTION_MOST);
  const int32_t most = (int32_t)(TIMER_HERTZ >> *resolution);
  const int32_t least = most / 65536 + 1;
  if (*hz < least || *hz > most) return out_of_range(why, "hz", *hz, least, most);
  if (timers[timer].users > 0 && (timers[timer].hz != *hz || timers[timer].resolution != *resolution)) {
    mvmjs_line_set(why, "that pin's timer has another frequency or resolution", (const char *)NULL);
    return MVMJS_IO_BUSY;
  }
  const enum mvmjs_io_code code = take(pin, why);
  if (code != MVMJS_IO_DONE) return code;
  TIMER_CLOCKS |= UINT32_C(1) << timer;
  if (timers[timer].users++ == 0) {
    timers[timer].hz = *hz;
    timers[timer].resolution = *resolution;
    TIMER(timer, PRESCALER) = (uint32_t)(most / *hz) - 1;
    TIMER(timer, RELOAD) = (UINT32_C(1) << *resolution) - 1;
  }
  const uint32_t mode_at = COMPARE_MODE + (uint32_t)(channel / 2) * 4, mode_shift = (uint32_t)(channel % 2) * 8;
  TIMER(timer, COMPARE + (uint32_t)channel * 4) = 0;
  TIMER(timer, mode_at) = (TIMER(timer, mode_at) & ~(UINT32_C(0xff) << mode_shift)) | (uint32_t)PWM_MODE << mode_shift;
  TIMER(timer, COMPARE_ENABLE) |= UINT32_C(1) << (channel * 4);
  TIMER(timer, TIMER_CONTROL) |= ENABLED;
  // Timer 2 is the pins' function 1, timers 3 and 4 are function 2.
  const uint32_t shift = (uint32_t)(pin % 8) * 4;
  PORT_FUNCTION(pin) = (PORT_FUNCTION(pin) & ~(UINT32_C(15) << shift)) | (timer == 0 ? UINT32_C(1) : UINT32_C(2)) << shift;
  set_mode(pin, 2);
  *place = at;
  return MVMJS_IO_DONE;
}

static enum mvmjs_io_code open_pin(void *context, enum mvmjs_io_kind kind, int32_t *parameters, int32_t *place, struct mvmjs_line *why) {
  (void)context;
  return kind == MVMJS_IO_ANALOG ? open_input(parameters, place, why) : open_output(parameters, place, why);
}
static enum mvmjs_io_code read_pin(void *context, enum mvmjs_io_kind kind, int32_t place, struct mvmjs_io_data *data, struct mvmjs_line *why) {
  const uint32_t channel = (uint32_t)place & 0xff, resolution = (uint32_t)place >> 8;
  (void)context;
  (void)why;
  if (kind != MVMJS_IO_ANALOG) return MVMJS_IO_TYPE;
  CONVERTER(CONTROL_1) = (ANALOG_USUAL - resolution) / 2 << RESOLUTION_SHIFT;
  CONVERTER(SEQUENCE_3) = channel;
  CONVERTER(STATUS) = 0;
  CONVERTER(CONTROL_2) = CONVERTER_ON | (uint32_t)START;
  for (int looks = 0; looks < LOOKS && (CONVERTER(STATUS) & CONVERTED) == 0; looks++) {}
  data->form = MVMJS_IO_NUMBER;
  data->number = (int32_t)(CONVERTER(DATA) & ((UINT32_C(1) << resolution) - 1));
  return MVMJS_IO_DONE;
}
static enum mvmjs_io_code write_pin(void *context, enum mvmjs_io_kind kind, int32_t place, const struct mvmjs_io_data *data, struct mvmjs_line *why) {
  (void)context;
  if (kind != MVMJS_IO_PWM || data->form != MVMJS_IO_NUMBER) return MVMJS_IO_TYPE;
  const int timer = outputs[place].timer;
  const int32_t most = (int32_t)(UINT32_C(1) << timers[timer].resolution) - 1;
  if (data->number < 0 || data->number > most) return out_of_range(why, "duty cycle", data->number, 0, most);
  TIMER(timer, COMPARE + (uint32_t)outputs[place].channel * 4) = (uint32_t)data->number;
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
  (void)context;
  const int32_t pin = kind == MVMJS_IO_ANALOG ? channels[place & 0xff] : outputs[place].pin;
  set_mode(pin, 0);
  let_go(pin);
  if (kind == MVMJS_IO_ANALOG) return;
  const int timer = outputs[place].timer, channel = outputs[place].channel;
  TIMER(timer, COMPARE + (uint32_t)channel * 4) = 0;
  TIMER(timer, COMPARE_ENABLE) &= ~(UINT32_C(1) << (channel * 4));
  if (--timers[timer].users == 0) TIMER(timer, TIMER_CONTROL) &= ~(uint32_t)ENABLED;
}
/** Nothing happens by itself: inputs are read when they are asked for. */
static bool poll(void *context, enum mvmjs_io_kind kind, int32_t place, enum mvmjs_io_event *event, uint32_t *count) {
  (void)context;
  (void)kind;
  (void)place;
  (void)event;
  (void)count;
  return false;
}

const struct mvmjs_io_port *mvmjs_pins(void) {
  static const struct mvmjs_io_port port = {
    .kinds = 1 << MVMJS_IO_ANALOG | 1 << MVMJS_IO_PWM, .open = open_pin, .read = read_pin, .write = write_pin, .transfer = transfer, .close = close_pin, .poll = poll,
  };
  return &port;
}
