// One array of what is open, and the state of the things that are wired to it.

#include "mock.h"

#include <string.h>

typedef enum mvmjs_io_code Code;
typedef enum mvmjs_io_kind Kind;
typedef struct mvmjs_line Line;
typedef struct mvmjs_io_data Data;

enum { DIGITAL_PINS = 32, ANALOG_PINS = 16, BUSES = 2, OPEN_MAX = 128 };
enum { RESOLUTION_MOST = 16, ANALOG_RESOLUTION = 12, PWM_RESOLUTION = 10, PWM_HZ = 1000, HZ_MOST = 40000000, I2C_HZ_MOST = 1000000, BAUD_MOST = 8000000 };
enum { THERMOMETER = 0x48, MEMORY = 0x50, DEGREES = 21 };
/** Bytes that a serial port keeps for a program that does not read them. */
enum { SERIAL_BYTES = 1024 };

static struct {
  bool used;
  Kind kind;
  int32_t parameters[MVMJS_IO_PARAMETERS_MAX];
  /** Of the memory at I2C: where it is read next. */
  uint8_t place;
  /** Serial: these have not been told. */
  bool is_readable;
  bool is_writable;
} open_ones[OPEN_MAX];

static struct { bool set; int32_t value; } levels[DIGITAL_PINS];
static uint8_t memory[256];
static struct { uint8_t bytes[SERIAL_BYTES]; uint32_t length; } received[BUSES];

static Code within(const char *name, int32_t value, int32_t least, int32_t most, Line *why) {
  if (value >= least && value <= most) return MVMJS_IO_DONE;
  mvmjs_line_set(why, name, value < 0 ? " -" : " ", (const char *)NULL);
  mvmjs_line_add_number(why, value < 0 ? (uint64_t)-(int64_t)value : (uint64_t)value);
  mvmjs_line_add(why, " does not exist here: there are ");
  mvmjs_line_add_number(why, (uint64_t)least);
  mvmjs_line_add(why, " to ");
  mvmjs_line_add_number(why, (uint64_t)most);
  return MVMJS_IO_RANGE;
}

/** What of two resources cannot be open at once: the number of pin, bus or address. */
static int32_t claim_of(Kind kind, const int32_t *parameters) {
  switch (kind) {
    case MVMJS_IO_I2C: return parameters[MVMJS_I2C_PORT] * 128 + parameters[MVMJS_I2C_ADDRESS];
    case MVMJS_IO_SPI: return parameters[MVMJS_SPI_PORT];
    case MVMJS_IO_SERIAL: return parameters[MVMJS_SERIAL_PORT];
    default: return parameters[0];
  }
}
/** Pins of pwm are digital ones. */
static Kind family(Kind kind) {
  return kind == MVMJS_IO_PWM ? MVMJS_IO_DIGITAL : kind;
}
static Code busy(Kind kind, const int32_t *parameters, Line *why) {
  static const char *const names[] = {"digital ", "analog ", "digital ", "i2c ", "spi ", "serial "};
  const bool is_i2c = kind == MVMJS_IO_I2C;
  mvmjs_line_set(why, names[kind], (const char *)NULL);
  mvmjs_line_add_number(why, (uint64_t)(is_i2c ? parameters[MVMJS_I2C_PORT] : claim_of(kind, parameters)));
  if (is_i2c) {
    mvmjs_line_add(why, " address ");
    mvmjs_line_add_number(why, (uint64_t)parameters[MVMJS_I2C_ADDRESS]);
  }
  mvmjs_line_add(why, " is in use");
  return MVMJS_IO_BUSY;
}

/** Checks parameters and chooses those that are left to the host. */
static Code check(Kind kind, int32_t *parameters, Line *why) {
  Code code;
  switch (kind) {
    case MVMJS_IO_DIGITAL: {
      const int32_t mode = parameters[MVMJS_DIGITAL_MODE];
      if ((code = within("digital pin", parameters[0], 0, DIGITAL_PINS - 1, why)) != MVMJS_IO_DONE) return code;
      if ((mode >= MVMJS_DIGITAL_INPUT && mode <= MVMJS_DIGITAL_PULL_BOTH) || mode == MVMJS_DIGITAL_OUTPUT || mode == MVMJS_DIGITAL_OPEN_DRAIN) return MVMJS_IO_DONE;
      mvmjs_line_set(why, "that mode does not exist", (const char *)NULL);
      return MVMJS_IO_RANGE;
    }
    case MVMJS_IO_ANALOG:
      if ((code = within("analog pin", parameters[0], 0, ANALOG_PINS - 1, why)) != MVMJS_IO_DONE) return code;
      if (parameters[MVMJS_ANALOG_RESOLUTION] == 0) parameters[MVMJS_ANALOG_RESOLUTION] = ANALOG_RESOLUTION;
      return within("resolution", parameters[MVMJS_ANALOG_RESOLUTION], 1, RESOLUTION_MOST, why);
    case MVMJS_IO_PWM:
      if ((code = within("pwm pin", parameters[0], 0, DIGITAL_PINS - 1, why)) != MVMJS_IO_DONE) return code;
      if (parameters[MVMJS_PWM_HZ] == 0) parameters[MVMJS_PWM_HZ] = PWM_HZ;
      if (parameters[MVMJS_PWM_RESOLUTION] == 0) parameters[MVMJS_PWM_RESOLUTION] = PWM_RESOLUTION;
      if ((code = within("hz", parameters[MVMJS_PWM_HZ], 1, HZ_MOST, why)) != MVMJS_IO_DONE) return code;
      return within("resolution", parameters[MVMJS_PWM_RESOLUTION], 1, RESOLUTION_MOST, why);
    case MVMJS_IO_I2C:
      if ((code = within("i2c bus", parameters[MVMJS_I2C_PORT], 0, BUSES - 1, why)) != MVMJS_IO_DONE) return code;
      if ((code = within("hz", parameters[MVMJS_I2C_HZ], 1, I2C_HZ_MOST, why)) != MVMJS_IO_DONE) return code;
      return within("address", parameters[MVMJS_I2C_ADDRESS], 0, 127, why);
    case MVMJS_IO_SPI:
      if ((code = within("spi bus", parameters[MVMJS_SPI_PORT], 0, BUSES - 1, why)) != MVMJS_IO_DONE) return code;
      if ((code = within("hz", parameters[MVMJS_SPI_HZ], 1, HZ_MOST, why)) != MVMJS_IO_DONE) return code;
      return within("mode", parameters[MVMJS_SPI_MODE], 0, 3, why);
    case MVMJS_IO_SERIAL:
      if ((code = within("serial port", parameters[MVMJS_SERIAL_PORT], 0, BUSES - 1, why)) != MVMJS_IO_DONE) return code;
      return within("baud", parameters[MVMJS_SERIAL_BAUD], 1, BAUD_MOST, why);
    case MVMJS_IO_KINDS: break;
  }
  return MVMJS_IO_ABSENT;
}

static Code open_it(void *context, Kind kind, int32_t *parameters, int32_t *place, Line *why) {
  (void)context;
  const Code code = check(kind, parameters, why);
  int32_t at = -1;
  if (code != MVMJS_IO_DONE) return code;
  for (int32_t i = 0; i < OPEN_MAX; i++) {
    if (!open_ones[i].used) {
      if (at < 0) at = i;
    } else if (family(open_ones[i].kind) == family(kind) && claim_of(open_ones[i].kind, open_ones[i].parameters) == claim_of(kind, parameters)) {
      return busy(kind, parameters, why);
    }
  }
  if (at < 0) return MVMJS_IO_BUSY;
  memset(&open_ones[at], 0, sizeof open_ones[at]);
  open_ones[at].used = true;
  open_ones[at].kind = kind;
  memcpy(open_ones[at].parameters, parameters, sizeof open_ones[at].parameters);
  if (kind == MVMJS_IO_DIGITAL && parameters[MVMJS_DIGITAL_MODE] < MVMJS_DIGITAL_OUTPUT && !levels[parameters[0]].set) {
    levels[parameters[0]].set = true;
    levels[parameters[0]].value = parameters[MVMJS_DIGITAL_MODE] == MVMJS_DIGITAL_PULL_UP;
  }
  if (kind == MVMJS_IO_SERIAL) {
    received[parameters[MVMJS_SERIAL_PORT]].length = 0;
    open_ones[at].is_writable = true;
  }
  *place = at;
  return MVMJS_IO_DONE;
}

static Code present(int32_t address, Line *why) {
  if (address == THERMOMETER || address == MEMORY) return MVMJS_IO_DONE;
  mvmjs_line_set(why, "nothing answers at address ", (const char *)NULL);
  mvmjs_line_add_number(why, (uint64_t)address);
  return MVMJS_IO_FAILED;
}

static Code read_it(void *context, Kind kind, int32_t place, Data *data, Line *why) {
  (void)context;
  const int32_t *parameters = open_ones[place].parameters;
  switch (kind) {
    case MVMJS_IO_DIGITAL:
      data->form = MVMJS_IO_NUMBER;
      data->number = levels[parameters[0]].value;
      return MVMJS_IO_DONE;
    case MVMJS_IO_ANALOG:
      data->form = MVMJS_IO_NUMBER;
      data->number = (int32_t)1 << (parameters[MVMJS_ANALOG_RESOLUTION] - 1);
      return MVMJS_IO_DONE;
    case MVMJS_IO_PWM: return MVMJS_IO_TYPE;
    case MVMJS_IO_I2C: {
      const Code code = present(parameters[MVMJS_I2C_ADDRESS], why);
      if (code != MVMJS_IO_DONE) return code;
      data->form = MVMJS_IO_BYTES_DATA;
      for (uint32_t i = 0; i < data->length; i++) {
        data->bytes[i] = parameters[MVMJS_I2C_ADDRESS] == MEMORY ? memory[open_ones[place].place++] : i == 0 ? DEGREES : 0;
      }
      return MVMJS_IO_DONE;
    }
    case MVMJS_IO_SPI:
      data->form = MVMJS_IO_BYTES_DATA;
      memset(data->bytes, 0, data->length);
      return MVMJS_IO_DONE;
    case MVMJS_IO_SERIAL: {
      const int32_t port = parameters[MVMJS_SERIAL_PORT];
      if (received[port].length == 0) return MVMJS_IO_DONE;
      if (data->length > received[port].length) data->length = received[port].length;
      data->form = MVMJS_IO_BYTES_DATA;
      memcpy(data->bytes, received[port].bytes, data->length);
      received[port].length -= data->length;
      memmove(received[port].bytes, received[port].bytes + data->length, received[port].length);
      return MVMJS_IO_DONE;
    }
    case MVMJS_IO_KINDS: break;
  }
  return MVMJS_IO_TYPE;
}

static Code write_serial(int32_t place, const Data *data, Line *why) {
  const int32_t port = open_ones[place].parameters[MVMJS_SERIAL_PORT];
  const uint8_t one = (uint8_t)data->number;
  const uint32_t length = data->form == MVMJS_IO_NUMBER ? 1 : data->length;
  if (received[port].length + length > SERIAL_BYTES) {
    mvmjs_line_set(why, "the port has no room for ", (const char *)NULL);
    mvmjs_line_add_number(why, length);
    mvmjs_line_add(why, " bytes more");
    return MVMJS_IO_FAILED;
  }
  memcpy(received[port].bytes + received[port].length, data->form == MVMJS_IO_NUMBER ? &one : data->bytes, length);
  received[port].length += length;
  open_ones[place].is_readable = open_ones[place].is_writable = true;
  return MVMJS_IO_DONE;
}
static Code write_it(void *context, Kind kind, int32_t place, const Data *data, Line *why) {
  (void)context;
  const int32_t *parameters = open_ones[place].parameters;
  Code code;
  switch (kind) {
    case MVMJS_IO_DIGITAL:
      if (parameters[MVMJS_DIGITAL_MODE] < MVMJS_DIGITAL_OUTPUT || data->form != MVMJS_IO_NUMBER) return MVMJS_IO_TYPE;
      levels[parameters[0]].set = true;
      levels[parameters[0]].value = data->number != 0;
      return MVMJS_IO_DONE;
    case MVMJS_IO_PWM:
      if (data->form != MVMJS_IO_NUMBER) return MVMJS_IO_TYPE;
      return within("a duty cycle of", data->number, 0, ((int32_t)1 << parameters[MVMJS_PWM_RESOLUTION]) - 1, why);
    case MVMJS_IO_I2C:
      if ((code = present(parameters[MVMJS_I2C_ADDRESS], why)) != MVMJS_IO_DONE) return code;
      if (data->form != MVMJS_IO_BYTES_DATA) return MVMJS_IO_TYPE;
      if (parameters[MVMJS_I2C_ADDRESS] != MEMORY || data->length == 0) return MVMJS_IO_DONE;
      open_ones[place].place = data->bytes[0];
      for (uint32_t i = 1; i < data->length; i++) memory[open_ones[place].place++] = data->bytes[i];
      return MVMJS_IO_DONE;
    case MVMJS_IO_SPI: return data->form == MVMJS_IO_BYTES_DATA ? MVMJS_IO_DONE : MVMJS_IO_TYPE;
    case MVMJS_IO_SERIAL: return write_serial(place, data, why);
    case MVMJS_IO_ANALOG:
    case MVMJS_IO_KINDS: break;
  }
  return MVMJS_IO_TYPE;
}
/** What goes out comes in. */
static Code transfer_it(void *context, Kind kind, int32_t place, Data *data, Line *why) {
  (void)context;
  (void)place;
  (void)data;
  (void)why;
  return kind == MVMJS_IO_SPI ? MVMJS_IO_DONE : MVMJS_IO_TYPE;
}
static void close_it(void *context, Kind kind, int32_t place) {
  (void)context;
  (void)kind;
  open_ones[place].used = false;
}
static bool poll_it(void *context, Kind kind, int32_t place, enum mvmjs_io_event *event, uint32_t *count) {
  (void)context;
  if (kind != MVMJS_IO_SERIAL) return false;
  const uint32_t length = received[open_ones[place].parameters[MVMJS_SERIAL_PORT]].length;
  if (open_ones[place].is_readable) {
    open_ones[place].is_readable = false;
    *event = MVMJS_IO_READABLE;
    *count = length;
    return true;
  }
  if (!open_ones[place].is_writable) return false;
  open_ones[place].is_writable = false;
  *event = MVMJS_IO_WRITABLE;
  *count = SERIAL_BYTES - length;
  return true;
}

const struct mvmjs_io_port *mvmjs_io_mock(void) {
  static const struct mvmjs_io_port port = {
    .kinds = (1u << MVMJS_IO_KINDS) - 1, .open = open_it, .read = read_it, .write = write_it, .transfer = transfer_it, .close = close_it, .poll = poll_it,
  };
  return &port;
}
