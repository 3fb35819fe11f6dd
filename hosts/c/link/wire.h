// Frames on any byte stream: what vm/wire.ts and vm/wire-pack.ts are on Node, and the definition is there. A frame is read as
// its bytes come, into a body of the host's whose size bounds what a peer can claim; its fields are views into that body.
// A frame is written straight into the caller's bytes. Messages, keys, kinds and limits come from the generated table.
// Nothing is allocated, no clock or connection is known here.

#ifndef MVMJS_WIRE_H
#define MVMJS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages.h"

enum { MVMJS_TRANSACTION_BYTES = 8, MVMJS_BOOT_BYTES = 8, MVMJS_HOST_ID_BYTES = 16 };

/** A field as it was read. Of texts and programs, `bytes` is where the first of `number` items is encoded. */
struct mvmjs_wire_value {
  bool present;
  uint64_t number;
  const uint8_t *bytes;
  uint32_t length;
};
struct mvmjs_frame {
  enum mvmjs_message_name name;
  uint32_t stream;
  uint32_t sequence;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  /** By key. */
  struct mvmjs_wire_value fields[MVMJS_FIELDS_MAX];
};

// Reading

enum mvmjs_frame_step { /** All bytes were taken. */ MVMJS_FRAME_NONE, MVMJS_FRAME_HERE, /** `problem` says why; the connection ends. */ MVMJS_FRAME_BROKEN };

struct mvmjs_frame_reader {
  /** The host's, for bodies. */
  uint8_t *body;
  uint32_t room;
  /** HELLO has been taken: other messages may come. */
  bool open;
  const char *problem;
  uint32_t sequence;
  uint8_t header[MVMJS_FRAME_HEADER];
  uint32_t have;
  bool in_body;
  /** The body is of an unknown type that may be ignored. */
  bool skipped;
  uint32_t length;
  enum mvmjs_message_name name;
};

void mvmjs_frame_begin_reading(struct mvmjs_frame_reader *reader, uint8_t *body, uint32_t room);
/** Takes bytes up to the end of a frame, which is valid until the next call; `taken` says how many. */
enum mvmjs_frame_step mvmjs_frame_take(struct mvmjs_frame_reader *reader, const uint8_t *bytes, size_t length, size_t *taken, struct mvmjs_frame *frame);

/** The next text of a list: `list` is what is left of it. False: there is none. */
bool mvmjs_wire_next_text(struct mvmjs_wire_value *list, struct mvmjs_wire_value *text);
/** The fields of the next record of a list of programs, by key. */
bool mvmjs_wire_next_program(struct mvmjs_wire_value *list, struct mvmjs_wire_value fields[MVMJS_FIELDS_MAX]);
/** Is the text this one? */
bool mvmjs_wire_is(const struct mvmjs_wire_value *text, const char *what);

// Writing

/** A frame that is being written. Fields are put in the order of their keys. */
struct mvmjs_frame_writer {
  uint8_t *bytes;
  size_t room;
  size_t length;
  bool fits;
  enum mvmjs_message_name name;
  /** Of the map that is being written: its fields, where its head is, which key comes next at least. */
  const struct mvmjs_field *fields;
  uint8_t field_count;
  size_t map_at;
  uint8_t next_key;
  /** The body's, while a program's map is written. */
  size_t body_at;
  uint8_t body_next_key;
};

void mvmjs_frame_begin(struct mvmjs_frame_writer *writer, uint8_t *bytes, size_t room, enum mvmjs_message_name name);
void mvmjs_put_number(struct mvmjs_frame_writer *writer, uint8_t key, uint64_t value);
void mvmjs_put_bool(struct mvmjs_frame_writer *writer, uint8_t key, bool value);
/** Bytes, an id or a hash. */
void mvmjs_put_bytes(struct mvmjs_frame_writer *writer, uint8_t key, const uint8_t *bytes, size_t length);
/** Only the head of so many bytes: where they go; NULL if they do not fit. */
uint8_t *mvmjs_put_space(struct mvmjs_frame_writer *writer, uint8_t key, size_t length);
/** UTF-8; cut between two characters where it is longer than the field's limit. */
void mvmjs_put_text(struct mvmjs_frame_writer *writer, uint8_t key, const char *text, size_t length);
/** The head of a list of texts or programs, which follow. */
void mvmjs_put_list(struct mvmjs_frame_writer *writer, uint8_t key, uint32_t length);
void mvmjs_put_item(struct mvmjs_frame_writer *writer, const char *text, size_t length);
void mvmjs_begin_program(struct mvmjs_frame_writer *writer);
void mvmjs_end_program(struct mvmjs_frame_writer *writer);
/** The frame's length, or 0: it does not fit. */
size_t mvmjs_frame_end(struct mvmjs_frame_writer *writer, uint32_t stream, uint32_t sequence, const uint8_t transaction[MVMJS_TRANSACTION_BYTES]);

#endif
