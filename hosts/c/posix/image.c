// Reading and writing images. The format is described in vm/image.ts, the strictness in vm/msgpack-strict.ts.

#include "image.h"

#include <string.h>

#include "format.h"
#include "sha256.h"

enum { FORMAT = 1, PROGRAM_KIND = 0, PAGE_BYTES = 4096, HASH_BYTES = MVMJS_SHA256_BYTES, HEAD_KEYS = 19, COUNTERS = 6 };
/** HEAD is never longer. */
enum { HEAD_BYTES_MAX = 65536 };

/** The registers that HEAD repeats. */
static const uint32_t counters[COUNTERS] = {REG_STEPS_LOW, REG_STEPS_HIGH, REG_INPUTS_LOW, REG_INPUTS_HIGH, REG_OUTPUTS_LOW, REG_OUTPUTS_HIGH};

static uint32_t little(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}
static uint32_t register_of(const struct mvmjs_image_head *head, uint32_t address) {
  return little(head->registers + (size_t)(address - REGISTERS) * 4);
}

// Values, strictly. Each function is false if the value is not there; then the reader has its fault.

typedef struct mvmjs_image_reader Reader;

static bool refuse(Reader *reader, enum mvmjs_image_reason reason, const char *detail, uint64_t number) {
  reader->fault.reason = reason;
  reader->fault.detail = detail;
  reader->fault.number = number;
  return false;
}
static bool malformed(Reader *reader, const char *detail) {
  return refuse(reader, MVMJS_IMAGE_MALFORMED, detail, 0);
}
static bool cut_short(Reader *reader, const char *detail) {
  return refuse(reader, MVMJS_IMAGE_CUT_SHORT, detail, 0);
}

static bool take(Reader *reader, size_t count, const uint8_t **bytes) {
  if (count > reader->length - reader->at) return cut_short(reader, "the bytes end in the middle of a value");
  *bytes = reader->bytes + reader->at;
  reader->at += count;
  return true;
}
static bool byte(Reader *reader, uint8_t *value) {
  const uint8_t *bytes;
  if (reader->at >= reader->length) return cut_short(reader, "the bytes end where a value should begin");
  if (!take(reader, 1, &bytes)) return false;
  *value = *bytes;
  return true;
}
/** A big-endian number of `size` bytes; `least` is the smallest one that needs so many. */
static bool big(Reader *reader, size_t size, uint32_t least, uint32_t *value) {
  const uint8_t *bytes;
  if (!take(reader, size, &bytes)) return false;
  *value = 0;
  for (size_t i = 0; i < size; i++) *value = *value << 8 | bytes[i];
  return *value >= least ? true : malformed(reader, "a number is not in its shortest form");
}
static bool integer(Reader *reader, uint32_t *value) {
  uint8_t head;
  if (!byte(reader, &head)) return false;
  if (head < 0x80) {
    *value = head;
    return true;
  }
  switch (head) {
    case 0xcc: return big(reader, 1, 0x80, value);
    case 0xcd: return big(reader, 2, 0x100, value);
    case 0xce: return big(reader, 4, 0x10000, value);
  }
  return malformed(reader, "something else stands where a number belongs");
}
static bool array(Reader *reader, uint32_t *length) {
  uint8_t head;
  if (!byte(reader, &head)) return false;
  if ((head & 0xf0) == 0x90) {
    *length = head & 15;
    return true;
  }
  if (head == 0xdc) return big(reader, 2, 16, length);
  if (head == 0xdd) return big(reader, 4, 0x10000, length);
  return malformed(reader, "something else stands where a list belongs");
}
static bool array_of(Reader *reader, uint32_t wanted, const char *otherwise) {
  uint32_t length;
  if (!array(reader, &length)) return false;
  return length == wanted ? true : malformed(reader, otherwise);
}
static bool bin(Reader *reader, const uint8_t **bytes, uint32_t *length) {
  uint8_t head;
  if (!byte(reader, &head)) return false;
  switch (head) {
    case 0xc4: return big(reader, 1, 0, length) && take(reader, *length, bytes);
    case 0xc5: return big(reader, 2, 0x100, length) && take(reader, *length, bytes);
    case 0xc6: return big(reader, 4, 0x10000, length) && take(reader, *length, bytes);
  }
  return malformed(reader, "something else stands where bytes belong");
}
static bool bin_of(Reader *reader, uint32_t wanted, const uint8_t **bytes, const char *otherwise) {
  uint32_t length;
  if (!bin(reader, bytes, &length)) return false;
  return length == wanted ? true : malformed(reader, otherwise);
}
/** A name: ASCII without control characters. */
static bool name(Reader *reader, const uint8_t **bytes, uint32_t *length) {
  uint8_t head;
  if (!byte(reader, &head)) return false;
  if ((head & 0xe0) == 0xa0) {
    *length = head & 31;
  } else if (head == 0xd9) {
    if (!big(reader, 1, 32, length)) return false;
  } else if (head == 0xda) {
    if (!big(reader, 2, 0x100, length)) return false;
  } else {
    return malformed(reader, "something else stands where a name belongs");
  }
  if (!take(reader, *length, bytes)) return false;
  for (uint32_t i = 0; i < *length; i++) {
    if ((*bytes)[i] < 32 || (*bytes)[i] > 126) return malformed(reader, "a name has a character outside ASCII");
  }
  return true;
}
/** Takes a nil if one is next. */
static bool nil(Reader *reader) {
  if (reader->at >= reader->length || reader->bytes[reader->at] != 0xc0) return false;
  reader->at++;
  return true;
}
static bool key(Reader *reader, uint32_t wanted) {
  uint32_t found;
  if (!integer(reader, &found)) return false;
  return found == wanted ? true : malformed(reader, "keys are not in ascending order, or one is missing");
}

// HEAD

/** Magic and format, before anything that a later format may have changed. */
static bool read_begin(Reader *reader) {
  static const uint8_t begin[] = {0, 0xa3, 'm', 'v', 'm', 1};
  const uint8_t first = reader->length > 0 ? reader->bytes[0] : 0;
  const size_t at = (first & 0xf0) == 0x80 ? 1 : 3;
  if ((first & 0xf0) != 0x80 && first != 0xde) return refuse(reader, MVMJS_IMAGE_NOT_AN_IMAGE, "", 0);
  for (size_t i = 0; i < sizeof begin && at + i < reader->length; i++) {
    if (reader->bytes[at + i] != begin[i]) return refuse(reader, MVMJS_IMAGE_NOT_AN_IMAGE, "", 0);
  }
  if (at + sizeof begin >= reader->length) return cut_short(reader, "it ends in its first bytes");
  const uint8_t format = reader->bytes[at + sizeof begin];
  return format == FORMAT ? true : refuse(reader, MVMJS_IMAGE_FORMAT, "", format);
}

static bool read_abi(Reader *reader) {
  uint32_t abi;
  if (!integer(reader, &abi)) return false;
  return abi == MVMJS_ABI ? true : refuse(reader, MVMJS_IMAGE_ABI, "", abi);
}
static bool read_kind(Reader *reader) {
  uint32_t kind;
  if (!integer(reader, &kind)) return false;
  return kind == PROGRAM_KIND ? true : refuse(reader, MVMJS_IMAGE_KIND, "", 0);
}
/** The modules of the core: there is one so far. */
static bool read_core(Reader *reader) {
  static const char core_name[] = "core";
  uint32_t count, length;
  const uint8_t *text, *hash;
  bool same = true;
  if (!array(reader, &count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!array_of(reader, 2, "a module of the core is not a pair") || !name(reader, &text, &length)) return false;
    if (!bin_of(reader, HASH_BYTES, &hash, "a hash of the core is not 32 bytes")) return false;
    if (length != sizeof core_name - 1 || memcmp(text, core_name, length) != 0 || memcmp(hash, mvmjs_core_hash, HASH_BYTES) != 0) same = false;
  }
  return same && count == 1 ? true : refuse(reader, MVMJS_IMAGE_OTHER_CORE, "", 0);
}
static bool read_sizes(Reader *reader, uint64_t most_words, struct mvmjs_image_head *head) {
  if (!key(reader, 9) || !integer(reader, &head->heap_words) || !key(reader, 10) || !integer(reader, &head->stack_words)) return false;
  if (!key(reader, 11) || !integer(reader, &head->memory_limit)) return false;
  uint64_t needed = (uint64_t)REGISTER_WORDS + head->heap_words + head->stack_words;
  if (needed < head->memory_limit) needed = head->memory_limit;
  return needed <= most_words ? true : refuse(reader, MVMJS_IMAGE_TOO_LARGE, "", needed * 4);
}
static bool read_counters(Reader *reader, const struct mvmjs_image_head *head) {
  uint32_t count;
  if (!array_of(reader, COUNTERS, "HEAD and registers differ about the counters")) return false;
  for (int i = 0; i < COUNTERS; i++) {
    if (!integer(reader, &count)) return false;
    if (count != register_of(head, counters[i])) return malformed(reader, "HEAD and registers differ about the counters");
  }
  return true;
}
static bool read_capabilities(Reader *reader, struct mvmjs_image_head *head) {
  const size_t start = reader->at;
  uint32_t count, length, version;
  const uint8_t *text;
  if (!array(reader, &count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!array_of(reader, 2, "a capability is not a pair") || !name(reader, &text, &length) || !integer(reader, &version)) return false;
  }
  head->capabilities = reader->bytes + start;
  head->capabilities_length = reader->at - start;
  return true;
}

static bool read_fields(Reader *reader, uint64_t most_words, struct mvmjs_image_head *head) {
  const uint8_t *bytes;
  uint32_t number, length;
  if (!take(reader, 3, &bytes)) return false;
  if (bytes[0] != 0xde || bytes[1] != 0 || bytes[2] != HEAD_KEYS) return malformed(reader, "HEAD has fields that it should not have, or lacks some");
  if (!key(reader, 0) || !name(reader, &bytes, &length) || !key(reader, 1) || !integer(reader, &number)) return false;
  if (!key(reader, 2) || !read_abi(reader) || !key(reader, 3) || !read_kind(reader)) return false;
  if (!key(reader, 4) || !bin_of(reader, MVMJS_PROGRAM_ID_BYTES, &head->program_id, "the program's id is not 16 bytes")) return false;
  if (!key(reader, 5) || !integer(reader, &head->epoch) || !key(reader, 6) || !integer(reader, &head->sequence)) return false;
  if (!key(reader, 7) || (!nil(reader) && !bin_of(reader, HASH_BYTES, &bytes, "the parent's hash is not 32 bytes"))) return false;
  if (!key(reader, 8) || !read_core(reader) || !read_sizes(reader, most_words, head)) return false;
  if (!key(reader, 12) || !integer(reader, &head->stack_peak)) return false;
  if (!key(reader, 13) || !bin_of(reader, MVMJS_REGISTER_COUNT * 4, &head->registers, "the registers are too many or too few")) return false;
  if (register_of(head, REG_MEMORY_LIMIT) != head->memory_limit) return malformed(reader, "HEAD and registers differ about the memory limit");
  if (!key(reader, 14) || !read_counters(reader, head) || !key(reader, 15) || !read_capabilities(reader, head)) return false;
  head->code_hash = NULL;
  if (!key(reader, 16) || (!nil(reader) && !bin_of(reader, HASH_BYTES, &head->code_hash, "the code's hash is not 32 bytes"))) return false;
  if (!key(reader, 17)) return false;
  if (!nil(reader)) return refuse(reader, MVMJS_IMAGE_ENCRYPTED, "", 0);
  if (!key(reader, 18) || !integer(reader, &number)) return false;
  return number == 0 ? true : malformed(reader, "debug information behind the pages");
}

/**
 * VI1. The registers of an image are canonical: sizes agree with HEAD, distances lie in the stack, what belongs to a host
 * is zero.
 */
static bool check_registers(Reader *reader, const struct mvmjs_image_head *head) {
  if (register_of(head, REG_HEAP_TOP) != (uint32_t)HEAP + head->heap_words) return refuse(reader, MVMJS_IMAGE_INVALID, "VI1: the heap does not end where the pages say", 0);
  if (register_of(head, REG_SP) != head->stack_words) return refuse(reader, MVMJS_IMAGE_INVALID, "VI1: the stack is not as long as the pages say", 0);
  if (register_of(head, REG_FP) > head->stack_words) return refuse(reader, MVMJS_IMAGE_INVALID, "VI1: the running frame is not in the stack", 0);
  for (uint32_t i = 0; i < MVMJS_REGISTER_COUNT; i++) {
    if (mvmjs_register_kinds[i] == 'h' && little(head->registers + (size_t)i * 4) != 0) return refuse(reader, MVMJS_IMAGE_INVALID, "VI1: a register of the host's is not zero", 0);
  }
  return true;
}

bool mvmjs_image_read_head(struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length, uint64_t most_words, struct mvmjs_image_head *head) {
  reader->bytes = bytes;
  reader->length = length;
  reader->at = 0;
  refuse(reader, MVMJS_IMAGE_SOUND, "", 0);
  if (!read_begin(reader)) return false;
  if (length > HEAD_BYTES_MAX) reader->length = HEAD_BYTES_MAX;
  if (!read_fields(reader, most_words, head)) return false;
  reader->length = length;
  return check_registers(reader, head);
}

// Pages and TAIL

static uint64_t content_bytes(const struct mvmjs_image_head *head) {
  return ((uint64_t)head->heap_words + head->stack_words) * 4;
}

bool mvmjs_image_read_pages(struct mvmjs_image_reader *reader, const struct mvmjs_image_head *head, uint8_t *heap, uint8_t *stack) {
  const uint64_t size = content_bytes(head);
  const uint64_t heap_bytes = (uint64_t)head->heap_words * 4;
  const uint64_t count = (size + PAGE_BYTES - 1) / PAGE_BYTES;
  uint32_t number, crc, length;
  const uint8_t *page, *hash;
  if (size > reader->length - reader->at) return cut_short(reader, "there are fewer pages than HEAD says");
  if (!array(reader, &number)) return false;
  if (number != count) return malformed(reader, "the number of pages is not what HEAD says");
  for (uint64_t index = 0; index < count; index++) {
    const uint64_t from = index * PAGE_BYTES;
    if (!array_of(reader, 3, "a page is not of three parts") || !integer(reader, &number)) return false;
    if (number != index) return malformed(reader, "a page is not where it should be");
    if (!integer(reader, &crc) || !bin(reader, &page, &length)) return false;
    if (length != (size - from < PAGE_BYTES ? size - from : PAGE_BYTES)) return malformed(reader, "a page has the wrong length");
    if (mvmjs_crc32(0, page, length) != crc) return refuse(reader, MVMJS_IMAGE_PAGE_DAMAGED, "", index);
    const size_t in_heap = from >= heap_bytes ? 0 : heap_bytes - from < length ? (size_t)(heap_bytes - from) : length;
    if (in_heap > 0) memcpy(heap + from, page, in_heap);
    if (in_heap < length) memcpy(stack + (from + in_heap - heap_bytes), page + in_heap, length - in_heap);
  }
  const size_t content = reader->at;
  uint8_t map;
  if (!byte(reader, &map)) return false;
  if (map != 0x82) return malformed(reader, "TAIL is not what it should be");
  if (!key(reader, 0) || !bin_of(reader, HASH_BYTES, &hash, "TAIL is not what it should be")) return false;
  if (!key(reader, 1) || !array_of(reader, 0, "TAIL is not what it should be")) return false;
  struct mvmjs_sha256 digest;
  uint8_t actual[HASH_BYTES];
  mvmjs_sha256_begin(&digest);
  mvmjs_sha256_add(&digest, reader->bytes, content);
  mvmjs_sha256_end(&digest, actual);
  if (memcmp(actual, hash, HASH_BYTES) != 0) return refuse(reader, MVMJS_IMAGE_OTHER_HASH, "", 0);
  return reader->at == reader->length ? true : refuse(reader, MVMJS_IMAGE_TRAILING, "", reader->length - reader->at);
}

// Writing

struct writer {
  mvmjs_image_sink *sink;
  void *context;
  struct mvmjs_sha256 hash;
};

static void put(struct writer *writer, const uint8_t *bytes, size_t length) {
  mvmjs_sha256_add(&writer->hash, bytes, length);
  writer->sink(writer->context, bytes, length);
}
/** A head byte and a big-endian number of `size` bytes. */
static void put_big(struct writer *writer, uint8_t head, uint32_t value, uint32_t size) {
  uint8_t bytes[5];
  bytes[0] = head;
  for (uint32_t i = 0; i < size; i++) bytes[i + 1] = (uint8_t)(value >> (size - 1 - i) * 8);
  put(writer, bytes, size + 1);
}
static void put_integer(struct writer *writer, uint32_t value) {
  if (value < 0x80) put_big(writer, (uint8_t)value, 0, 0);
  else if (value < 0x100) put_big(writer, 0xcc, value, 1);
  else if (value < 0x10000) put_big(writer, 0xcd, value, 2);
  else put_big(writer, 0xce, value, 4);
}
static void put_array(struct writer *writer, uint32_t length) {
  if (length < 16) put_big(writer, (uint8_t)(0x90 | length), 0, 0);
  else if (length < 0x10000) put_big(writer, 0xdc, length, 2);
  else put_big(writer, 0xdd, length, 4);
}
static void put_bin_head(struct writer *writer, uint32_t length) {
  if (length < 0x100) put_big(writer, 0xc4, length, 1);
  else put_big(writer, 0xc5, length, 2);
}
static void put_bin(struct writer *writer, const uint8_t *bytes, uint32_t length) {
  put_bin_head(writer, length);
  put(writer, bytes, length);
}
/** A text of at most 31 bytes. */
static void put_name(struct writer *writer, const char *text) {
  const size_t length = strlen(text);
  put_big(writer, (uint8_t)(0xa0 | length), 0, 0);
  put(writer, (const uint8_t *)text, length);
}
static void put_field(struct writer *writer, uint32_t field, uint32_t value) {
  put_integer(writer, field);
  put_integer(writer, value);
}
static void put_nil(struct writer *writer, uint32_t field) {
  put_integer(writer, field);
  put_big(writer, 0xc0, 0, 0);
}

static void write_head(struct writer *writer, const struct mvmjs_image_head *head) {
  put_big(writer, 0xde, HEAD_KEYS, 2);
  put_integer(writer, 0);
  put_name(writer, "mvm");
  put_field(writer, 1, FORMAT);
  put_field(writer, 2, MVMJS_ABI);
  put_field(writer, 3, PROGRAM_KIND);
  put_integer(writer, 4);
  put_bin(writer, head->program_id, MVMJS_PROGRAM_ID_BYTES);
  put_field(writer, 5, head->epoch);
  put_field(writer, 6, head->sequence);
  put_nil(writer, 7);
  put_integer(writer, 8);
  put_array(writer, 1);
  put_array(writer, 2);
  put_name(writer, "core");
  put_bin(writer, mvmjs_core_hash, HASH_BYTES);
  put_field(writer, 9, head->heap_words);
  put_field(writer, 10, head->stack_words);
  put_field(writer, 11, head->memory_limit);
  put_field(writer, 12, head->stack_peak);
  put_integer(writer, 13);
  put_bin(writer, head->registers, MVMJS_REGISTER_COUNT * 4);
  put_integer(writer, 14);
  put_array(writer, COUNTERS);
  for (int i = 0; i < COUNTERS; i++) put_integer(writer, register_of(head, counters[i]));
  put_integer(writer, 15);
  put(writer, head->capabilities, head->capabilities_length);
  if (head->code_hash == NULL) {
    put_nil(writer, 16);
  } else {
    put_integer(writer, 16);
    put_bin(writer, head->code_hash, HASH_BYTES);
  }
  put_nil(writer, 17);
  put_field(writer, 18, 0);
}

void mvmjs_image_write(const struct mvmjs_image_head *head, const uint8_t *heap, const uint8_t *stack, mvmjs_image_sink *sink, void *context) {
  const uint64_t size = content_bytes(head);
  const uint64_t heap_bytes = (uint64_t)head->heap_words * 4;
  const uint32_t count = (uint32_t)((size + PAGE_BYTES - 1) / PAGE_BYTES);
  struct writer writer = {.sink = sink, .context = context};
  uint8_t hash[HASH_BYTES];
  mvmjs_sha256_begin(&writer.hash);
  write_head(&writer, head);
  put_array(&writer, count);
  for (uint32_t index = 0; index < count; index++) {
    const uint64_t from = (uint64_t)index * PAGE_BYTES;
    const size_t length = size - from < PAGE_BYTES ? (size_t)(size - from) : PAGE_BYTES;
    const size_t in_heap = from >= heap_bytes ? 0 : heap_bytes - from < length ? (size_t)(heap_bytes - from) : length;
    const uint8_t *first = in_heap > 0 ? heap + from : heap;
    const uint8_t *second = in_heap < length ? stack + (from + in_heap - heap_bytes) : stack;
    put_array(&writer, 3);
    put_integer(&writer, index);
    put_integer(&writer, mvmjs_crc32(mvmjs_crc32(0, first, in_heap), second, length - in_heap));
    put_bin_head(&writer, (uint32_t)length);
    put(&writer, first, in_heap);
    put(&writer, second, length - in_heap);
  }
  struct mvmjs_sha256 digest = writer.hash;
  mvmjs_sha256_end(&digest, hash);
  put_big(&writer, 0x82, 0, 0);
  put_integer(&writer, 0);
  put_bin(&writer, hash, HASH_BYTES);
  put_integer(&writer, 1);
  put_array(&writer, 0);
}
