// Writing images: a sequence of small parts, each made when the one before has gone. A page's checksum stands before its
// words, so they are read twice; they are never copied here but into the caller's bytes.

#include <string.h>

#include "bytes.h"
#include "format.h"
#include "image-format.h"

typedef struct mvmjs_image_writer Writer;

enum { IN_HEAD, IN_PAGES, IN_TAIL, AT_END };

/** A byte, and a big-endian number of `size` bytes behind it, at the end of the small part. */
static void big(Writer *writer, uint8_t head, uint32_t value, uint32_t size) {
  writer->small[writer->left++] = head;
  for (uint32_t i = 0; i < size; i++) writer->small[writer->left++] = (uint8_t)(value >> (size - 1 - i) * 8);
}
static void integer(Writer *writer, uint32_t value) {
  if (value < 0x80) big(writer, (uint8_t)value, 0, 0);
  else if (value < 0x100) big(writer, 0xcc, value, 1);
  else if (value < 0x10000) big(writer, 0xcd, value, 2);
  else big(writer, 0xce, value, 4);
}
static void list(Writer *writer, uint32_t length) {
  if (length < 16) big(writer, (uint8_t)(0x90 | length), 0, 0);
  else if (length < 0x10000) big(writer, 0xdc, length, 2);
  else big(writer, 0xdd, length, 4);
}
static void bytes_head(Writer *writer, uint32_t length) {
  if (length < 0x100) big(writer, 0xc4, length, 1);
  else big(writer, 0xc5, length, 2);
}
/** A name of at most 31 bytes. */
static void name(Writer *writer, const char *text) {
  const uint32_t length = (uint32_t)strlen(text);
  big(writer, (uint8_t)(0xa0 | length), 0, 0);
  memcpy(writer->small + writer->left, text, length);
  writer->left += length;
}
static void nil(Writer *writer) {
  big(writer, 0xc0, 0, 0);
}
/** The part behind the small one is at `bytes`; after it comes what `inside` says. */
static void then(Writer *writer, const uint8_t *bytes, uint32_t length) {
  writer->next = bytes;
  writer->left = length;
}

/** A field of HEAD: its key and value; content that is elsewhere is a part of its own. */
static void head_part(Writer *writer) {
  const struct mvmjs_image_head *head = writer->head;
  if (writer->inside == 1) {
    writer->inside = 0;
    switch (writer->field++) {
      case IMAGE_PROGRAM_KEY: then(writer, head->program_id, MVMJS_PROGRAM_ID_BYTES); break;
      case IMAGE_CORE_KEY: then(writer, mvmjs_core_hash, MVMJS_SHA256_BYTES); break;
      case IMAGE_REGISTERS_KEY: then(writer, head->registers, MVMJS_REGISTER_COUNT * 4); break;
      case IMAGE_CAPABILITIES_KEY: then(writer, head->capabilities, head->capabilities_length); break;
      default: then(writer, head->code_hash, MVMJS_SHA256_BYTES);
    }
    return;
  }
  if (writer->field == IMAGE_MAGIC_KEY) big(writer, 0xde, IMAGE_HEAD_KEYS, 2);
  integer(writer, writer->field);
  switch (writer->field) {
    case IMAGE_MAGIC_KEY: name(writer, "mvm"); break;
    case IMAGE_FORMAT_KEY: integer(writer, IMAGE_FORMAT); break;
    case IMAGE_ABI_KEY: integer(writer, MVMJS_ABI); break;
    case IMAGE_KIND_KEY: integer(writer, IMAGE_PROGRAM_KIND); break;
    case IMAGE_PROGRAM_KEY:
      bytes_head(writer, MVMJS_PROGRAM_ID_BYTES);
      writer->inside = 1;
      return;
    case IMAGE_EPOCH_KEY: integer(writer, head->epoch); break;
    case IMAGE_SEQUENCE_KEY: integer(writer, head->sequence); break;
    case IMAGE_CORE_KEY:
      list(writer, 1);
      list(writer, 2);
      name(writer, image_core_name);
      bytes_head(writer, MVMJS_SHA256_BYTES);
      writer->inside = 1;
      return;
    case IMAGE_HEAP_KEY: integer(writer, head->heap_words); break;
    case IMAGE_STACK_KEY: integer(writer, head->stack_words); break;
    case IMAGE_LIMIT_KEY: integer(writer, head->memory_limit); break;
    case IMAGE_PEAK_KEY: integer(writer, head->stack_peak); break;
    case IMAGE_REGISTERS_KEY:
      bytes_head(writer, MVMJS_REGISTER_COUNT * 4);
      writer->inside = 1;
      return;
    case IMAGE_COUNTERS_KEY:
      list(writer, IMAGE_COUNTERS);
      for (int i = 0; i < IMAGE_COUNTERS; i++) integer(writer, mvmjs_image_register(head, image_counters[i]));
      break;
    case IMAGE_CAPABILITIES_KEY:
      writer->inside = 1;
      return;
    case IMAGE_CODE_HASH_KEY:
      if (!head->has_code_hash) {
        nil(writer);
        break;
      }
      bytes_head(writer, MVMJS_SHA256_BYTES);
      writer->inside = 1;
      return;
    case IMAGE_DEBUG_KEY: integer(writer, 0); break;
    // Parent and encryption have no user yet.
    default: nil(writer);
  }
  if (++writer->field < IMAGE_HEAD_KEYS) return;
  const uint32_t pages = (uint32_t)((mvmjs_image_content(head) + IMAGE_PAGE_BYTES - 1) / IMAGE_PAGE_BYTES);
  list(writer, pages);
  writer->place = pages > 0 ? IN_PAGES : IN_TAIL;
}

/** A page: its framing, then its words in the heap, then those in the stack. */
static void page_part(Writer *writer) {
  const uint64_t size = mvmjs_image_content(writer->head);
  const uint64_t heap_bytes = (uint64_t)writer->head->heap_words * 4;
  const uint64_t from = (uint64_t)writer->page * IMAGE_PAGE_BYTES;
  const uint32_t length = size - from < IMAGE_PAGE_BYTES ? (uint32_t)(size - from) : IMAGE_PAGE_BYTES;
  const uint32_t in_heap = from >= heap_bytes ? 0 : heap_bytes - from < length ? (uint32_t)(heap_bytes - from) : length;
  const uint8_t *first = in_heap > 0 ? writer->heap + from : writer->heap;
  const uint8_t *second = in_heap < length ? writer->stack + (from + in_heap - heap_bytes) : writer->stack;
  switch (writer->inside) {
    case 0:
      list(writer, 3);
      integer(writer, writer->page);
      integer(writer, mvmjs_crc32(mvmjs_crc32(0, first, in_heap), second, length - in_heap));
      bytes_head(writer, length);
      writer->inside = 1;
      return;
    case 1:
      then(writer, first, in_heap);
      writer->inside = 2;
      return;
    default:
      then(writer, second, length - in_heap);
      writer->inside = 0;
      if (++writer->page >= (size + IMAGE_PAGE_BYTES - 1) / IMAGE_PAGE_BYTES) writer->place = IN_TAIL;
  }
}

static void tail_part(Writer *writer) {
  struct mvmjs_sha256 before = writer->hash;
  big(writer, 0x82, 0, 0);
  integer(writer, 0);
  bytes_head(writer, MVMJS_SHA256_BYTES);
  mvmjs_sha256_end(&before, writer->small + writer->left);
  writer->left += MVMJS_SHA256_BYTES;
  integer(writer, 1);
  list(writer, 0);
  writer->place = AT_END;
}

void mvmjs_image_write_begin(Writer *writer, const struct mvmjs_image_head *head, const uint8_t *heap, const uint8_t *stack) {
  memset(writer, 0, sizeof *writer);
  writer->head = head;
  writer->heap = heap;
  writer->stack = stack;
  mvmjs_sha256_begin(&writer->hash);
}

size_t mvmjs_image_write(Writer *writer, uint8_t *bytes, size_t room) {
  size_t at = 0;
  while (at < room) {
    if (writer->left == 0) {
      writer->next = writer->small;
      if (writer->place == AT_END) break;
      if (writer->place == IN_HEAD) head_part(writer);
      else if (writer->place == IN_PAGES) page_part(writer);
      else tail_part(writer);
      continue;
    }
    const uint32_t count = writer->left < room - at ? writer->left : (uint32_t)(room - at);
    memcpy(bytes + at, writer->next, count);
    // What TAIL says is of the bytes before it.
    if (writer->place != AT_END) mvmjs_sha256_add(&writer->hash, writer->next, count);
    writer->next += count;
    writer->left -= count;
    at += count;
  }
  return at;
}
