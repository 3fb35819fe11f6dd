// Pins and buses in C: what a port offers to the IO classes of vm/io (`mvmjs_io_port`), and what one program has open of
// it (`mvmjs_io_session`). It is what vm/hosting/io.ts is on Node, and the operations are described there. A port fills
// one table for all its kinds; what it gets is checked: kinds that it has, whole parameters, places that it gave and has
// not closed. Nothing is allocated.
//
// A port whose pins change on their own is asked for that by `mvmjs_io_next`: its host calls it between two slices of a
// program, and when it has been woken by an interrupt.

#ifndef MVMJS_IO_H
#define MVMJS_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"
#include "value.h"

/** Bytes of one operation, and pins and buses that a program may have open. */
#ifndef MVMJS_IO_BYTES
#define MVMJS_IO_BYTES 256
#endif
#ifndef MVMJS_IO_OPEN_MAX
#define MVMJS_IO_OPEN_MAX 16
#endif

/** The version of the operations, as programs name it (vm/io/modules.ts). */
enum { MVMJS_IO_VERSION = 1 };
enum mvmjs_io_kind { MVMJS_IO_DIGITAL, MVMJS_IO_ANALOG, MVMJS_IO_PWM, MVMJS_IO_I2C, MVMJS_IO_SPI, MVMJS_IO_SERIAL, MVMJS_IO_KINDS };
enum { MVMJS_IO_PARAMETERS_MAX = 8 };

/** Parameters of `open`, by kind: -1 where a pin is not wired, 0 where the host chooses hz or resolution. */
enum { MVMJS_DIGITAL_PIN, MVMJS_DIGITAL_MODE, /** Bits: 1 rising, 2 falling. */ MVMJS_DIGITAL_EDGES };
enum { MVMJS_ANALOG_PIN, MVMJS_ANALOG_RESOLUTION };
enum { MVMJS_PWM_PIN, MVMJS_PWM_HZ, MVMJS_PWM_RESOLUTION };
enum { MVMJS_I2C_DATA, MVMJS_I2C_CLOCK, MVMJS_I2C_HZ, MVMJS_I2C_ADDRESS, MVMJS_I2C_PORT };
enum { MVMJS_SPI_OUT, MVMJS_SPI_IN, MVMJS_SPI_CLOCK, MVMJS_SPI_SELECT, MVMJS_SPI_ACTIVE, MVMJS_SPI_HZ, MVMJS_SPI_MODE, MVMJS_SPI_PORT };
enum { MVMJS_SERIAL_RECEIVE, MVMJS_SERIAL_TRANSMIT, MVMJS_SERIAL_BAUD, MVMJS_SERIAL_PORT };
/** Modes of a digital pin. */
enum { MVMJS_DIGITAL_INPUT = 0, MVMJS_DIGITAL_PULL_UP = 1, MVMJS_DIGITAL_PULL_DOWN = 2, MVMJS_DIGITAL_PULL_BOTH = 3, MVMJS_DIGITAL_OUTPUT = 8, MVMJS_DIGITAL_OPEN_DRAIN = 9 };

/** How an operation went. TYPE: this kind, as it is open, has no such operation. */
enum mvmjs_io_code { MVMJS_IO_DONE, MVMJS_IO_RANGE, MVMJS_IO_TYPE, MVMJS_IO_BUSY, MVMJS_IO_UNKNOWN, MVMJS_IO_ABSENT, MVMJS_IO_FAILED };

/** What is written or was read: a number, bytes, or nothing (a serial port that has received nothing). */
struct mvmjs_io_data {
  enum { MVMJS_IO_NOTHING, MVMJS_IO_NUMBER, MVMJS_IO_BYTES_DATA } form;
  int32_t number;
  uint8_t *bytes;
  uint32_t length;
};

enum mvmjs_io_event { MVMJS_IO_READABLE, MVMJS_IO_WRITABLE, MVMJS_IO_ERROR };

/** Of what is open, `place` is the port's own number. Where an operation fails, `why` says so in a sentence. */
struct mvmjs_io_port {
  /** Bits of the kinds that there are. */
  uint32_t kinds;
  /** Opens; where parameters left a choice, what was chosen is put in their place. */
  enum mvmjs_io_code (*open)(void *context, enum mvmjs_io_kind kind, int32_t *parameters, int32_t *place, struct mvmjs_line *why);
  /** Reads; `data` has the room for `data->length` bytes, which are asked for. */
  enum mvmjs_io_code (*read)(void *context, enum mvmjs_io_kind kind, int32_t place, struct mvmjs_io_data *data, struct mvmjs_line *why);
  enum mvmjs_io_code (*write)(void *context, enum mvmjs_io_kind kind, int32_t place, const struct mvmjs_io_data *data, struct mvmjs_line *why);
  /** Writes the bytes and puts those that come in meanwhile in their place. */
  enum mvmjs_io_code (*transfer)(void *context, enum mvmjs_io_kind kind, int32_t place, struct mvmjs_io_data *data, struct mvmjs_line *why);
  void (*close)(void *context, enum mvmjs_io_kind kind, int32_t place);
  /** Takes the next thing that happened to it: false if nothing has. */
  bool (*poll)(void *context, enum mvmjs_io_kind kind, int32_t place, enum mvmjs_io_event *event, uint32_t *count);
  void *context;
};

#ifdef MVMJS_PROXIES
/** What the program asks of something that another host keeps, and the answer: the host carries it (link/proxy.c). */
struct mvmjs_io_mail {
  enum { MVMJS_MAIL_EMPTY, MVMJS_MAIL_ASKED, MVMJS_MAIL_SENT, MVMJS_MAIL_ANSWERED } state;
  int32_t number;
  /** facts, read, write, transfer or close. */
  const char *operation;
  /** What is written, or was read. */
  struct mvmjs_io_data data;
  uint8_t bytes[MVMJS_IO_BYTES];
  /** Of the answer: "done", or as programs are told of failures. */
  const char *code;
  struct mvmjs_line why;
  bool has_facts;
  int fact_count;
  double facts[MVMJS_IO_PARAMETERS_MAX];
};
#endif

/** What one program has open: all zero at first. */
struct mvmjs_io_session {
  /** NULL: there are no pins and buses here. */
  const struct mvmjs_io_port *port;
  struct mvmjs_io_entry {
    bool used;
    /** It stays here when the program leaves, as was offered to its target. */
    bool offered;
    /** Another host keeps it (link/proxy.c): it has neither place nor parameters here. */
    bool afar;
    enum mvmjs_io_kind kind;
    /** The program's number for it. */
    int32_t number;
    int32_t place;
    int32_t parameters[MVMJS_IO_PARAMETERS_MAX];
  } open[MVMJS_IO_OPEN_MAX];
#ifdef MVMJS_PROXIES
  struct mvmjs_io_mail mail;
#endif
};

/** The answer to an operation, to be written before anything else is asked. */
struct mvmjs_io_answer {
  struct mvmjs_value value;
  struct mvmjs_value items[3];
  struct mvmjs_value facts[MVMJS_IO_PARAMETERS_MAX];
  /** What was read. */
  struct mvmjs_io_data data;
  struct mvmjs_line why;
  /** There is none yet: another host was asked, and the program is to ask again. */
  bool waits;
};

/** Answers `mvm.ask(name, list)`, the name being that of a kind. */
void mvmjs_io_ask(struct mvmjs_io_session *session, enum mvmjs_io_kind kind, int32_t list, struct mvmjs_io_answer *answer);
/** What the program has open under a number; NULL: nothing. */
struct mvmjs_io_entry *mvmjs_io_find(struct mvmjs_io_session *session, uint32_t number);
/**
 * An operation asked for by a host that has the program now (link/grant.c), not by the program: `name` is facts, read, write,
 * transfer or close. The answer is in `data`, or (facts) in `items[1]`, or in `why`.
 */
enum mvmjs_io_code mvmjs_io_call(struct mvmjs_io_session *session, struct mvmjs_io_entry *entry, const uint8_t *name, size_t length, const struct mvmjs_io_data *given, struct mvmjs_io_answer *answer);
#ifdef MVMJS_PROXIES
/** Another host keeps it. False: there is no room. */
bool mvmjs_io_keep_afar(struct mvmjs_io_session *session, enum mvmjs_io_kind kind, int32_t number);
#endif
/** May such a host ask for that of one of this kind? */
bool mvmjs_io_grants(enum mvmjs_io_kind kind, const uint8_t *name, size_t length);
/** As programs are told of failures. */
const char *mvmjs_io_code_name(enum mvmjs_io_code code);
/** Which one it is, for people: the kind and the pins or the port. */
void mvmjs_io_describe(const struct mvmjs_io_entry *entry, struct mvmjs_line *line);
/** As programs and images name it ("io.digital"). */
const char *mvmjs_io_name(enum mvmjs_io_kind kind);
/** The next thing that has happened to what is open, and the program's number for that: false if nothing has. */
bool mvmjs_io_next(struct mvmjs_io_session *session, int32_t *number, enum mvmjs_io_event *event, uint32_t *count);
/** As programs are told of it. */
const char *mvmjs_io_event_name(enum mvmjs_io_event event);
/** The program has ended or is another host's: its pins are free. */
void mvmjs_io_close(struct mvmjs_io_session *session);

/** Does the port have what a program needs? `name` as images say it ("io.digital"). */
bool mvmjs_io_offers(const struct mvmjs_io_port *port, const uint8_t *name, size_t length, uint64_t version);

#endif
