// Frames as records want them, and the device that hears them. Contents come from short lists of what the device may know
// (names, transactions, epochs) more often than from chance, since what a host knows nothing about it answers in one line.

#include "peer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "core.h"
#include "image-format.h"
#include "inside.h"

enum { FRAME_ROOM = 8192, CHUNK_MOST = 300 };

// What serialdevice.c leaves to the program

const bool device_virtual_time = true;
struct device fuzz_device;
uint64_t fuzz_now_ms;
static uint32_t chance;
/** The program that the device offered last: whoever it was offered to may use its pins by another connection. */
static uint8_t offered_program[MVMJS_PROGRAM_BYTES];
static uint64_t offered_epoch;

void wrong(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vfprintf(stderr, format, list);
  va_end(list);
  fuzz_found(" (a fault of ours)");
}
void device_random(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)fuzz_draw(&chance, 256);
}
void device_print(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  (void)bytes;
  (void)length;
}
void device_left(struct device *device, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  (void)device;
  (void)resident;
  if (leaving == MVMJS_LEAVING_MOVED) fuzz_counts.left++;
}
void device_note(struct device *device, const char *text) {
  (void)device;
  (void)text;
}
/** What a forged program comes to is no fault of the link's. */
void device_stopped(struct device *device, struct mvmjs_resident *resident) {
  mvmjs_resident_ended(&device->residents, resident, fuzz_now_ms);
}

void fuzz_device_begin(void) {
  static bool first = true;
  for (int i = 0; i < SLOTS && !first; i++) mvmjs_program_clear(&fuzz_device.slots[i].program);
  // The mock's pins are one for all inputs.
  for (int i = 0; i < SLOTS && !first; i++) if (fuzz_device.doors[i].program != NULL) mvmjs_io_close(&fuzz_device.doors[i].io);
  for (int i = 0; i < GRANTS && !first; i++) if (fuzz_device.grants[i].used) mvmjs_io_close(&fuzz_device.grants[i].session);
  memset(offered_program, 0, sizeof offered_program);
  offered_epoch = 0;
  chance = 1;
  fuzz_now_ms = 1000;
  device_begin(&fuzz_device, 1, first);
  first = false;
}
void fuzz_device_run(uint32_t ms) {
  fuzz_now_ms += ms;
  mvmjs_residents_tick(&fuzz_device.residents, fuzz_now_ms);
  for (int i = 0; i < SLOTS; i++) fuzz_counts.ran += device_run(&fuzz_device, i) ? 1 : 0;
}

// Listening

void peer_begin(struct peer *peer, bool began) {
  memset(peer, 0, sizeof *peer);
  peer->began = began;
  peer->image = fuzz_image(0);
  peer->stream = peer->their_stream = began ? 1 : 2;
  mvmjs_frame_begin_reading(&peer->reader, peer->body, sizeof peer->body);
}
static void hear_frame(struct peer *peer, const struct mvmjs_frame *frame) {
  peer->reader.open = true;
  if (frame->name == MVMJS_MSG_OFFER) {
    peer->their_stream = frame->stream;
    memcpy(peer->their_transaction, frame->transaction, sizeof peer->their_transaction);
    memcpy(offered_program, frame->fields[MVMJS_FIELD_OFFER_PROGRAM].bytes, sizeof offered_program);
    offered_epoch = frame->fields[MVMJS_FIELD_OFFER_EPOCH].number;
    mvmjs_sha256_begin(&peer->hash);
  } else if (frame->name == MVMJS_MSG_CHUNK) {
    const struct mvmjs_wire_value *bytes = &frame->fields[MVMJS_FIELD_CHUNK_BYTES];
    mvmjs_sha256_add(&peer->hash, bytes->bytes, bytes->length);
  } else if (frame->name == MVMJS_MSG_USE) {
    peer->asking_stream = frame->stream;
  } else if (frame->name == MVMJS_MSG_CALL) {
    peer->asked = frame->fields[MVMJS_FIELD_CALL_CALL].number;
    fuzz_counts.called++;
  } else if (frame->name == MVMJS_MSG_RESULT) {
    fuzz_counts.answered++;
  }
}
void peer_hear(struct peer *peer, const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    struct mvmjs_frame frame;
    size_t taken;
    const enum mvmjs_frame_step step = mvmjs_frame_take(&peer->reader, bytes + at, length - at, &taken, &frame);
    at += taken;
    if (step == MVMJS_FRAME_BROKEN) fuzz_found(peer->reader.problem);
    if (step == MVMJS_FRAME_HERE) hear_frame(peer, &frame);
  }
}

// Speaking

/** The head of an image that was built. */
static const struct mvmjs_image_head *head_of(struct fuzz_image image) {
  static struct mvmjs_image_reader reader;
  static struct mvmjs_image_head head;
  size_t taken;
  mvmjs_image_begin(&reader, &head, UINT32_MAX);
  if (mvmjs_image_take(&reader, image.bytes, image.length, &taken) != MVMJS_IMAGE_HEAD_READ) fuzz_found("an image that was built is refused");
  return &head;
}
/** A move has the transaction of its image. */
static void transaction_of(const struct peer *peer, uint8_t transaction[MVMJS_TRANSACTION_BYTES]) {
  memset(transaction, (int)(peer->image.length & 255) | 1, MVMJS_TRANSACTION_BYTES);
}

static uint64_t some_number(uint32_t *state) {
  static const uint64_t numbers[] = {0, 1, 2, 3, 4, 100, 127, 128, 255, 256, 1000, 65535, 65536, UINT32_MAX, UINT64_C(0x100000000), UINT64_C(0x1fffffffffffff)};
  return numbers[fuzz_draw(state, sizeof numbers / sizeof *numbers)];
}
static const char *some_text(uint32_t *state) {
  static char lengthy[1500];
  static const char *const texts[] = {
    "program", "p", "program-2", "0", "1", "", "07070707", "owner", "ready", "receiving", "discarded", "unknown", "frozen", "granted", "left", "\xc3\xb6\xc3\x9f", "\xf0\x9f\x98\x80", "io.digital 1", "\x1b[2J",
  };
  const uint32_t which = fuzz_draw(state, sizeof texts / sizeof *texts + 1);
  if (which < sizeof texts / sizeof *texts) return texts[which];
  memset(lengthy, 'x', sizeof lengthy - 1);
  lengthy[fuzz_draw(state, 1020)] = '\0';
  return lengthy;
}
static void some_bytes(uint32_t *state, uint8_t *bytes, size_t length) {
  memset(bytes, 7, length);
  for (size_t i = 0; fuzz_draw(state, 4) == 0 && i < length; i++) bytes[i] = (uint8_t)fuzz_draw(state, 256);
}
static void put_field(struct mvmjs_frame_writer *writer, const struct mvmjs_field *spec, uint8_t key, uint32_t *state) {
  static uint8_t bytes[1000];
  const uint32_t count = fuzz_draw(state, 4);
  switch ((enum mvmjs_kind)spec->kind) {
    case MVMJS_KIND_U32: mvmjs_put_number(writer, key, (uint32_t)some_number(state)); break;
    case MVMJS_KIND_U53: mvmjs_put_number(writer, key, some_number(state)); break;
    case MVMJS_KIND_BOOL: mvmjs_put_bool(writer, key, fuzz_draw(state, 2) == 0); break;
    case MVMJS_KIND_ID8: case MVMJS_KIND_ID16: case MVMJS_KIND_HASH: {
      const size_t length = spec->kind == MVMJS_KIND_ID8 ? 8 : spec->kind == MVMJS_KIND_ID16 ? 16 : 32;
      some_bytes(state, bytes, length);
      mvmjs_put_bytes(writer, key, bytes, length);
      break;
    }
    case MVMJS_KIND_BYTES: {
      const uint32_t length = fuzz_draw(state, sizeof bytes);
      some_bytes(state, bytes, length);
      mvmjs_put_bytes(writer, key, bytes, length);
      break;
    }
    case MVMJS_KIND_TEXT: {
      const char *text = some_text(state);
      mvmjs_put_text(writer, key, text, strlen(text));
      break;
    }
    case MVMJS_KIND_TEXTS:
      mvmjs_put_list(writer, key, count);
      for (uint32_t i = 0; i < count; i++) {
        const char *text = some_text(state);
        mvmjs_put_item(writer, text, strlen(text));
      }
      break;
    case MVMJS_KIND_PROGRAMS:
      mvmjs_put_list(writer, key, count);
      for (uint32_t i = 0; i < count; i++) {
        mvmjs_begin_program(writer);
        for (uint8_t k = 0; k < MVMJS_PROGRAM_FIELD_COUNT; k++) {
          if (mvmjs_program_fields[k].required || fuzz_draw(state, 2) == 0) put_field(writer, &mvmjs_program_fields[k], k, state);
        }
        mvmjs_end_program(writer);
      }
      break;
  }
}

static uint8_t frame_bytes[FRAME_ROOM];
static void begin(struct mvmjs_frame_writer *writer, enum mvmjs_message_name name) {
  mvmjs_frame_begin(writer, frame_bytes, sizeof frame_bytes, name);
}
typedef void Send(void *context, const uint8_t *bytes, size_t length);
/** Ends the frame, changes what was to be changed, and sends it. */
static void end(struct peer *peer, struct mvmjs_frame_writer *writer, uint32_t stream, const uint8_t *transaction, Send *send, void *context) {
  size_t length = mvmjs_frame_end(writer, stream, peer->sequence++, transaction);
  if (length == 0) return;
  for (int i = 0; i < peer->patch_count; i++) {
    const struct fuzz_record *patch = &peer->patches[i];
    // Either the header is looked at, or the body.
    const size_t at = (patch->a & 1) == 0 ? patch->b % length : MVMJS_FRAME_HEADER + ((size_t)patch->b | (size_t)patch->c << 8) % (length - MVMJS_FRAME_HEADER);
    if (patch->op == PEER_PATCH) {
      frame_bytes[at] = (uint8_t)patch->value;
    } else {
      // Longer or shorter by some bytes, which the header says too.
      const size_t less = patch->value % (length - MVMJS_FRAME_HEADER + 1);
      if ((patch->a & 2) == 0) length -= less;
      else if (length + less < sizeof frame_bytes) memset(frame_bytes + length, patch->c, less), length += less;
      mvmjs_put32(frame_bytes, (uint32_t)(length - MVMJS_FRAME_HEADER));
      if (length == MVMJS_FRAME_HEADER) break;
    }
  }
  peer->patch_count = 0;
  send(context, frame_bytes, length);
}

static void offer(struct peer *peer, const struct fuzz_record *record, Send *send, void *context) {
  struct mvmjs_frame_writer writer;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES], core[MVMJS_SHA256_BYTES];
  peer->image = record->b == 9 || record->b == 12 ? fuzz_pins_image() : fuzz_image(record->a);
  peer->sent = 0;
  peer->stream += 2;
  const struct mvmjs_image_head *head = head_of(peer->image);
  transaction_of(peer, transaction);
  memcpy(core, mvmjs_core_hash, sizeof core);
  if (record->b == 1) core[0] ^= 1;
  begin(&writer, MVMJS_MSG_OFFER);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_OFFER_PROGRAM, head->program_id, MVMJS_PROGRAM_BYTES);
  mvmjs_put_number(&writer, MVMJS_FIELD_OFFER_EPOCH, record->b == 2 ? head->epoch + record->value : head->epoch);
  mvmjs_put_text(&writer, MVMJS_FIELD_OFFER_NAME, "program", 7);
  mvmjs_put_number(&writer, MVMJS_FIELD_OFFER_ABI, record->b == 3 ? record->value : (uint32_t)MVMJS_ABI);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_OFFER_CORE, core, sizeof core);
  mvmjs_put_number(&writer, MVMJS_FIELD_OFFER_BYTES, record->b == 4 ? record->value : (uint32_t)peer->image.length);
  mvmjs_put_number(&writer, MVMJS_FIELD_OFFER_LIMIT, record->b == 5 ? record->value : head->memory_limit * 4);
  if (record->b == 6) mvmjs_put_bool(&writer, MVMJS_FIELD_OFFER_PAUSED, true);
  if (record->b == 7) {
    mvmjs_put_list(&writer, MVMJS_FIELD_OFFER_NEEDS, 1);
    mvmjs_put_item(&writer, "io.digital 1", 12);
  }
  if (record->b == 8) mvmjs_put_bool(&writer, MVMJS_FIELD_OFFER_DRY, true);
  if (record->b >= 9 && record->b <= 11) {
    // What the program of images.ts uses; or texts that say less than they should.
    static const char *const pins[] = {"1 digital", "2 digital", "3 serial", "4 spi", "5 i2c", "6 pwm", "7 analog", "1", " ", "x digital", "2147483648 spi", "99999999999 i2c", "3 ", "4  serial", ""};
    uint32_t state = record->value;
    const uint32_t count = record->b == 9 ? 7 : 1 + fuzz_draw(&state, MVMJS_TEXTS_MAX);
    if (record->b != 11) mvmjs_put_text(&writer, MVMJS_FIELD_OFFER_ADDRESS, "1", 1);
    mvmjs_put_list(&writer, MVMJS_FIELD_OFFER_PROXIED, count);
    for (uint32_t i = 0; i < count; i++) {
      const char *text = pins[record->b == 9 ? i : fuzz_draw(&state, sizeof pins / sizeof *pins)];
      mvmjs_put_item(&writer, text, strlen(text));
    }
  }
  end(peer, &writer, peer->stream, transaction, send, context);
}
static void chunk(struct peer *peer, size_t length, bool is_flipped, Send *send, void *context) {
  struct mvmjs_frame_writer writer;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  transaction_of(peer, transaction);
  if (length > peer->image.length - peer->sent) length = peer->image.length - peer->sent;
  begin(&writer, MVMJS_MSG_CHUNK);
  mvmjs_put_number(&writer, MVMJS_FIELD_CHUNK_OFFSET, peer->sent);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_CHUNK_BYTES, peer->image.bytes + peer->sent, length);
  if (is_flipped && length > 0) writer.bytes[writer.length - 1] ^= 1;
  peer->sent += length;
  end(peer, &writer, peer->stream, transaction, send, context);
}

void peer_do(struct peer *peer, const struct fuzz_record *record, Send *send, void *context) {
  struct mvmjs_frame_writer writer;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES], bytes[MVMJS_SHA256_BYTES];
  uint32_t state = record->value;
  transaction_of(peer, transaction);
  switch ((enum peer_operation)(record->op)) {
    case PEER_FRAME: {
      const enum mvmjs_message_name name = (enum mvmjs_message_name)(record->a % MVMJS_MESSAGE_COUNT);
      const struct mvmjs_message *message = &mvmjs_messages[name];
      begin(&writer, name);
      for (uint8_t key = 0; key < message->field_count; key++) {
        if (message->fields[key].required || (((uint32_t)record->b | (uint32_t)record->c << 8) >> key & 1) != 0) put_field(&writer, &message->fields[key], key, &state);
      }
      if ((record->b & 0x80) != 0) memcpy(transaction, peer->their_transaction, sizeof transaction);
      end(peer, &writer, (record->c & 0x40) != 0 ? peer->their_stream : (record->c & 0x20) != 0 ? record->c & 7 : peer->stream, transaction, send, context);
      return;
    }
    case PEER_HELLO:
      begin(&writer, MVMJS_MSG_HELLO);
      mvmjs_put_number(&writer, MVMJS_FIELD_HELLO_LOWEST, record->a);
      mvmjs_put_number(&writer, MVMJS_FIELD_HELLO_HIGHEST, record->a + 1u);
      memset(bytes, record->b, sizeof bytes);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_HELLO_HOST, bytes, MVMJS_HOST_ID_BYTES);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_HELLO_BOOT, bytes, MVMJS_BOOT_BYTES);
      mvmjs_put_text(&writer, MVMJS_FIELD_HELLO_NAME, "peer", 4);
      mvmjs_put_number(&writer, MVMJS_FIELD_HELLO_ABI, MVMJS_ABI);
      mvmjs_put_text(&writer, MVMJS_FIELD_HELLO_SOFTWARE, "fuzz", 4);
      end(peer, &writer, 0, mvmjs_no_transaction, send, context);
      return;
    case PEER_OFFER: offer(peer, record, send, context); return;
    case PEER_CHUNK: chunk(peer, record->value % CHUNK_MOST, (record->c & 1) != 0, send, context); return;
    case PEER_CHUNKS:
      while (peer->sent < peer->image.length) chunk(peer, 1 + (record->value + 149) % CHUNK_MOST, false, send, context);
      return;
    case PEER_CUT: {
      struct mvmjs_sha256 hash;
      mvmjs_sha256_begin(&hash);
      mvmjs_sha256_add(&hash, peer->image.bytes, peer->image.length);
      mvmjs_sha256_end(&hash, bytes);
      if (record->a == 1) bytes[record->b % sizeof bytes] ^= 1;
      begin(&writer, MVMJS_MSG_CUT);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_CUT_IMAGE, bytes, sizeof bytes);
      mvmjs_put_number(&writer, MVMJS_FIELD_CUT_STEPS, 0);
      mvmjs_put_number(&writer, MVMJS_FIELD_CUT_OUTPUTS, 0);
      end(peer, &writer, peer->stream, transaction, send, context);
      return;
    }
    case PEER_COMMIT:
      begin(&writer, MVMJS_MSG_COMMIT);
      mvmjs_put_number(&writer, MVMJS_FIELD_COMMIT_EPOCH, head_of(peer->image)->epoch + record->b);
      end(peer, &writer, peer->stream, transaction, send, context);
      return;
    case PEER_ACCEPT:
      begin(&writer, MVMJS_MSG_ACCEPT);
      mvmjs_put_number(&writer, MVMJS_FIELD_ACCEPT_CREDIT, record->b == 1 ? record->value : 100000);
      mvmjs_put_text(&writer, MVMJS_FIELD_ACCEPT_NAME, "there", 5);
      if (record->c != 0) mvmjs_put_number(&writer, MVMJS_FIELD_ACCEPT_CHUNK, record->c - 1u);
    if ((record->a & 1) != 0) mvmjs_put_bool(&writer, MVMJS_FIELD_ACCEPT_PROXIED, true);
      end(peer, &writer, peer->their_stream, peer->their_transaction, send, context);
      return;
    case PEER_READY: {
      struct mvmjs_sha256 hash = peer->hash;
      mvmjs_sha256_end(&hash, bytes);
      if (record->a == 1) bytes[record->b % sizeof bytes] ^= 1;
      begin(&writer, MVMJS_MSG_READY);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_READY_IMAGE, bytes, sizeof bytes);
      end(peer, &writer, peer->their_stream, peer->their_transaction, send, context);
      return;
    }
    case PEER_COMMITTED:
      begin(&writer, MVMJS_MSG_COMMITTED);
      mvmjs_put_text(&writer, MVMJS_FIELD_COMMITTED_NAME, "there", 5);
      end(peer, &writer, peer->their_stream, peer->their_transaction, send, context);
      return;
    case PEER_PATCH: case PEER_STRETCH:
      if (peer->patch_count < 4) peer->patches[peer->patch_count++] = *record;
      return;
    case PEER_RAW: {
      const uint8_t raw[7] = {record->a, record->b, record->c, (uint8_t)record->value, (uint8_t)(record->value >> 8), (uint8_t)(record->value >> 16), (uint8_t)(record->value >> 24)};
      send(context, raw, sizeof raw);
      return;
    }
    case PEER_OPERATIONS: return;
  }
}

void peer_pins(struct peer *peer, const struct fuzz_record *record, Send *send, void *context) {
  static const char *const operations[] = {"read", "write", "transfer", "facts", "close", "open", ""};
  static const char *const codes[] = {"done", "range", "type", "busy", "absent", "failed", "epoch", "resource", "operation", "repeated", "lost", "", "nothing"};
  static const char *const events[] = {"readable", "writable", "error", ""};
  static uint8_t bytes[BODY_BYTES - 200];
  struct mvmjs_frame_writer writer;
  uint32_t state = record->value;
  const uint64_t epoch = offered_epoch + (record->b == 1 ? record->value : 0);
  const bool is_wrong = record->b == 2;
  uint8_t program[MVMJS_PROGRAM_BYTES];
  memcpy(program, offered_program, sizeof program);
  if (record->b == 3) program[0] ^= 1;
  some_bytes(&state, bytes, sizeof bytes);
  switch ((enum peer_pins)(record->a % PINS_OPERATIONS)) {
    case PINS_MIGRATE:
      begin(&writer, MVMJS_MSG_MIGRATE);
      mvmjs_put_text(&writer, MVMJS_FIELD_MIGRATE_WHICH, "", 0);
      mvmjs_put_text(&writer, MVMJS_FIELD_MIGRATE_TO, "1", 1);
      if (is_wrong) mvmjs_put_bool(&writer, MVMJS_FIELD_MIGRATE_DRY, true);
      mvmjs_put_text(&writer, MVMJS_FIELD_MIGRATE_IO, "proxy", 5);
      if (record->c != 0) mvmjs_put_text(&writer, MVMJS_FIELD_MIGRATE_HERE, "1", 1);
      end(peer, &writer, peer->stream += 2, mvmjs_no_transaction, send, context);
      return;
    case PINS_USE:
      if (record->c == 0) peer->use_stream = peer->stream += 2;
      peer->calls = 0;
      begin(&writer, MVMJS_MSG_USE);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_USE_PROGRAM, program, sizeof program);
      mvmjs_put_number(&writer, MVMJS_FIELD_USE_EPOCH, epoch);
      break;
    case PINS_CALL: {
      const char *operation = operations[state >> 8 & 7 ? fuzz_draw(&state, 5) : fuzz_draw(&state, sizeof operations / sizeof *operations)];
      begin(&writer, MVMJS_MSG_CALL);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_CALL_PROGRAM, program, sizeof program);
      mvmjs_put_number(&writer, MVMJS_FIELD_CALL_EPOCH, epoch);
      mvmjs_put_number(&writer, MVMJS_FIELD_CALL_CALL, is_wrong ? some_number(&state) : ++peer->calls);
      mvmjs_put_number(&writer, MVMJS_FIELD_CALL_RESOURCE, record->c);
      mvmjs_put_text(&writer, MVMJS_FIELD_CALL_OPERATION, operation, strlen(operation));
      if (fuzz_draw(&state, 2) == 0) mvmjs_put_number(&writer, MVMJS_FIELD_CALL_NUMBER, some_number(&state));
      if (fuzz_draw(&state, 2) == 0) mvmjs_put_bytes(&writer, MVMJS_FIELD_CALL_BYTES, bytes, fuzz_draw(&state, fuzz_draw(&state, 4) == 0 ? sizeof bytes : 40));
      break;
    }
    case PINS_HEARD:
      begin(&writer, MVMJS_MSG_HEARD);
      mvmjs_put_number(&writer, MVMJS_FIELD_HEARD_NUMBER, some_number(&state));
      break;
    case PINS_LET_GO:
      begin(&writer, MVMJS_MSG_LET_GO);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_LET_GO_PROGRAM, program, sizeof program);
      mvmjs_put_number(&writer, MVMJS_FIELD_LET_GO_EPOCH, epoch);
      break;
    case PINS_RESULT: {
      const char *code = codes[record->c == 0 ? 0 : fuzz_draw(&state, sizeof codes / sizeof *codes)];
      begin(&writer, MVMJS_MSG_RESULT);
      mvmjs_put_number(&writer, MVMJS_FIELD_RESULT_CALL, is_wrong ? some_number(&state) : peer->asked);
      mvmjs_put_text(&writer, MVMJS_FIELD_RESULT_CODE, code, strlen(code));
      if (fuzz_draw(&state, 3) == 0) {
        const char *text = some_text(&state);
        mvmjs_put_text(&writer, MVMJS_FIELD_RESULT_TEXT, text, strlen(text));
      }
      if (fuzz_draw(&state, 2) == 0) mvmjs_put_number(&writer, MVMJS_FIELD_RESULT_NUMBER, some_number(&state));
      if (fuzz_draw(&state, 2) == 0) mvmjs_put_bytes(&writer, MVMJS_FIELD_RESULT_BYTES, bytes, fuzz_draw(&state, fuzz_draw(&state, 4) == 0 ? sizeof bytes : 40));
      if (fuzz_draw(&state, 3) == 0) {
        const uint32_t count = fuzz_draw(&state, 12);
        mvmjs_put_list(&writer, MVMJS_FIELD_RESULT_FACTS, count);
        for (uint32_t i = 0; i < count; i++) {
          const char *text = some_text(&state);
          mvmjs_put_item(&writer, text, strlen(text));
        }
      }
      end(peer, &writer, peer->asking_stream, mvmjs_no_transaction, send, context);
      return;
    }
    case PINS_EVENT: {
      const char *event = events[fuzz_draw(&state, sizeof events / sizeof *events)];
      begin(&writer, MVMJS_MSG_EVENT);
      mvmjs_put_number(&writer, MVMJS_FIELD_EVENT_RESOURCE, record->c);
      mvmjs_put_text(&writer, MVMJS_FIELD_EVENT_EVENT, event, strlen(event));
      mvmjs_put_number(&writer, MVMJS_FIELD_EVENT_COUNT, some_number(&state));
      mvmjs_put_number(&writer, MVMJS_FIELD_EVENT_NUMBER, is_wrong ? some_number(&state) : ++peer->events);
      end(peer, &writer, peer->asking_stream, mvmjs_no_transaction, send, context);
      return;
    }
    case PINS_FAIL:
      begin(&writer, MVMJS_MSG_FAIL);
      mvmjs_put_text(&writer, MVMJS_FIELD_FAIL_REASON, "unknown", 7);
      mvmjs_put_text(&writer, MVMJS_FIELD_FAIL_TEXT, "it is not kept", 14);
      end(peer, &writer, peer->asking_stream, mvmjs_no_transaction, send, context);
      return;
    case PINS_OPERATIONS: return;
  }
  end(peer, &writer, peer->use_stream, mvmjs_no_transaction, send, context);
}
