// Reading images. The format is described in vm/image.ts, the strictness in vm/msgpack-strict.ts. An image is a sequence of
// tokens: a head byte with a number behind it, for bytes and names followed by their content. The reader takes byte after
// byte of a token, then asks what the place in the image wants of it, and lets content go where that says.

#include "image.h"

#include <string.h>

#include "bytes.h"
#include "format.h"
#include "image-format.h"

typedef struct mvmjs_image_reader Reader;

enum { IN_BEGIN, IN_HEAD, BEHIND_HEAD, IN_PAGES, IN_TAIL, AT_END };
enum { NUMBER, LIST, MAP, BYTES, NAME, NIL, OTHER };

static const char middle[] = "the bytes end in the middle of a value";

enum mvmjs_image_step mvmjs_image_refuse(Reader *reader, enum mvmjs_image_reason reason, const char *detail, uint64_t number) {
  reader->fault.reason = reason;
  reader->fault.detail = detail;
  reader->fault.number = number;
  return MVMJS_IMAGE_REFUSED;
}
static void malformed(Reader *reader, const char *detail) {
  mvmjs_image_refuse(reader, MVMJS_IMAGE_MALFORMED, detail, 0);
}
static bool is_refused(const Reader *reader) {
  return reader->fault.reason != MVMJS_IMAGE_SOUND;
}

uint32_t mvmjs_image_register(const struct mvmjs_image_head *head, uint32_t address) {
  return mvmjs_get32(head->registers + (address - (uint32_t)REGISTERS) * 4);
}
uint64_t mvmjs_image_content(const struct mvmjs_image_head *head) {
  return ((uint64_t)head->heap_words + head->stack_words) * 4;
}

// Tokens

/** The head of a token that has a number of `size` bytes behind it; `least` is the smallest that needs so many. */
static bool begins(Reader *reader, uint8_t kind, uint8_t size, uint32_t least) {
  reader->kind = kind;
  reader->missing = size;
  reader->least = least;
  return size == 0;
}
/** Takes a token's next byte: true when the token is complete but for its content. */
static bool token_byte(Reader *reader, uint8_t byte) {
  if (reader->missing > 0) {
    reader->value = reader->value << 8 | byte;
    if (--reader->missing > 0) return false;
    if (reader->value < reader->least) malformed(reader, "a number is not in its shortest form");
    return true;
  }
  reader->value = byte & (byte < 0x80 ? 0x7f : byte < 0xa0 ? 15 : 31);
  if (byte < 0x80) return begins(reader, NUMBER, 0, 0);
  if (byte < 0x90) return begins(reader, MAP, 0, 0);
  if (byte < 0xa0) return begins(reader, LIST, 0, 0);
  if (byte < 0xc0) return begins(reader, NAME, 0, 0);
  reader->value = 0;
  switch (byte) {
    case 0xc0: return begins(reader, NIL, 0, 0);
    case 0xc4: return begins(reader, BYTES, 1, 0);
    case 0xc5: return begins(reader, BYTES, 2, 0x100);
    case 0xc6: return begins(reader, BYTES, 4, 0x10000);
    case 0xcc: return begins(reader, NUMBER, 1, 0x80);
    case 0xcd: return begins(reader, NUMBER, 2, 0x100);
    case 0xce: return begins(reader, NUMBER, 4, 0x10000);
    case 0xd9: return begins(reader, NAME, 1, 32);
    case 0xda: return begins(reader, NAME, 2, 0x100);
    case 0xdc: return begins(reader, LIST, 2, 16);
    case 0xdd: return begins(reader, LIST, 4, 0x10000);
    case 0xde: return begins(reader, MAP, 2, 16);
    default: return begins(reader, OTHER, 0, 0);
  }
}

// What a place wants. Each is true if the token is it; else the reader has its fault.

static bool number(Reader *reader) {
  if (reader->kind != NUMBER) malformed(reader, "something else stands where a number belongs");
  return reader->kind == NUMBER;
}
static bool number_for(Reader *reader, uint32_t *to) {
  if (!number(reader)) return false;
  *to = reader->value;
  return true;
}
static bool key(Reader *reader, uint32_t wanted) {
  if (!number(reader)) return false;
  if (reader->value != wanted) malformed(reader, "keys are not in ascending order, or one is missing");
  return reader->value == wanted;
}
static bool list(Reader *reader) {
  if (reader->kind != LIST) malformed(reader, "something else stands where a list belongs");
  return reader->kind == LIST;
}
static bool list_of(Reader *reader, uint32_t wanted, const char *otherwise) {
  if (!list(reader)) return false;
  if (reader->value != wanted) malformed(reader, otherwise);
  return reader->value == wanted;
}
/** So many bytes, for `to`. */
static bool bytes_for(Reader *reader, uint32_t wanted, uint8_t *to, const char *otherwise) {
  if (reader->kind != BYTES) {
    malformed(reader, "something else stands where bytes belong");
    return false;
  }
  reader->to = to;
  if (reader->value != wanted) malformed(reader, otherwise);
  return reader->value == wanted;
}
static bool name(Reader *reader) {
  if (reader->kind != NAME) malformed(reader, "something else stands where a name belongs");
  return reader->kind == NAME;
}
/** The head of a list of `per_item` tokens each, which follow. */
static void items(Reader *reader, uint32_t per_item) {
  if (!list(reader)) return;
  if (reader->value > IMAGE_HEAD_BYTES_MAX) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_CUT_SHORT, "the bytes end in the middle of a list", 0);
    return;
  }
  reader->items = reader->value * per_item;
  reader->item = 0;
}

// HEAD

/** Magic and format, before anything that a later format may have changed. */
static void begin_byte(Reader *reader, uint8_t byte) {
  static const uint8_t begin[] = {0, 0xa3, 'm', 'v', 'm', IMAGE_FORMAT_KEY};
  const uint32_t at = reader->item++;
  if (at == 0) {
    if ((byte & 0xf0) == 0x80) {
      reader->items = byte & 15;
      reader->item = 3;
    } else if (byte != 0xde) {
      mvmjs_image_refuse(reader, MVMJS_IMAGE_NOT_AN_IMAGE, "", 0);
    }
  } else if (at < 3) {
    reader->items = reader->items << 8 | byte;
  } else if (at < 3 + sizeof begin) {
    if (byte != begin[at - 3]) mvmjs_image_refuse(reader, MVMJS_IMAGE_NOT_AN_IMAGE, "", 0);
  } else if (byte != IMAGE_FORMAT) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_FORMAT, "", byte);
  } else {
    reader->place = IN_HEAD;
    reader->field = IMAGE_ABI_KEY;
    // A map of fewer than 16 in the long form would be caught here too: HEAD has more.
    if (reader->items != IMAGE_HEAD_KEYS) malformed(reader, "HEAD has fields that it should not have, or lacks some");
    reader->items = 0;
  }
}

static void check_sizes(Reader *reader) {
  const struct mvmjs_image_head *head = reader->head;
  uint64_t needed = (uint64_t)REGISTER_WORDS + head->heap_words + head->stack_words;
  if (needed < head->memory_limit) needed = head->memory_limit;
  if (needed > reader->most_words) mvmjs_image_refuse(reader, MVMJS_IMAGE_TOO_LARGE, "", needed * 4);
}
/** The modules of the core, of three tokens each: there is one module so far. */
static void core_token(Reader *reader) {
  switch (reader->item % 3) {
    case 0: list_of(reader, 2, "a module of the core is not a pair"); break;
    case 1:
      reader->is_core = name(reader) && reader->value == sizeof image_core_name - 1;
      break;
    default: bytes_for(reader, MVMJS_SHA256_BYTES, reader->content, "a hash of the core is not 32 bytes");
  }
}
static void capability_token(Reader *reader) {
  switch (reader->item % 3) {
    case 0: list_of(reader, 2, "a capability is not a pair"); break;
    case 1: name(reader); break;
    default: number(reader);
  }
}
/** A list's head, or the `item`th token in it. */
static bool at_list(const Reader *reader) {
  return reader->inside == 1;
}

/** Looks at the token in a field of HEAD. */
static void head_token(Reader *reader) {
  struct mvmjs_image_head *head = reader->head;
  if (reader->inside == 0) {
    key(reader, reader->field);
    return;
  }
  switch (reader->field) {
    case IMAGE_ABI_KEY:
      if (number(reader) && reader->value != MVMJS_ABI) mvmjs_image_refuse(reader, MVMJS_IMAGE_ABI, "", reader->value);
      break;
    case IMAGE_KIND_KEY:
      if (number(reader) && reader->value != IMAGE_PROGRAM_KIND) mvmjs_image_refuse(reader, MVMJS_IMAGE_KIND, "", 0);
      break;
    case IMAGE_PROGRAM_KEY: bytes_for(reader, MVMJS_PROGRAM_ID_BYTES, head->program_id, "the program's id is not 16 bytes"); break;
    case IMAGE_EPOCH_KEY: number_for(reader, &head->epoch); break;
    case IMAGE_SEQUENCE_KEY: number_for(reader, &head->sequence); break;
    case IMAGE_PARENT_KEY:
      if (reader->kind != NIL) bytes_for(reader, MVMJS_SHA256_BYTES, NULL, "the parent's hash is not 32 bytes");
      break;
    case IMAGE_CORE_KEY:
      if (at_list(reader)) {
        items(reader, 3);
        if (!is_refused(reader) && reader->value != 1) mvmjs_image_refuse(reader, MVMJS_IMAGE_OTHER_CORE, "", 0);
      } else {
        core_token(reader);
      }
      break;
    case IMAGE_HEAP_KEY: number_for(reader, &head->heap_words); break;
    case IMAGE_STACK_KEY: number_for(reader, &head->stack_words); break;
    case IMAGE_LIMIT_KEY: if (number_for(reader, &head->memory_limit)) check_sizes(reader); break;
    case IMAGE_PEAK_KEY: number_for(reader, &head->stack_peak); break;
    case IMAGE_REGISTERS_KEY: bytes_for(reader, MVMJS_REGISTER_COUNT * 4, head->registers, "the registers are too many or too few"); break;
    case IMAGE_COUNTERS_KEY:
      if (at_list(reader)) {
        if (list_of(reader, IMAGE_COUNTERS, "HEAD and registers differ about the counters")) items(reader, 1);
      } else if (number(reader) && reader->value != mvmjs_image_register(head, image_counters[reader->item])) {
        malformed(reader, "HEAD and registers differ about the counters");
      }
      break;
    case IMAGE_CAPABILITIES_KEY:
      if (at_list(reader)) items(reader, 3);
      else capability_token(reader);
      break;
    case IMAGE_CODE_HASH_KEY:
      head->has_code_hash = reader->kind != NIL;
      if (head->has_code_hash) bytes_for(reader, MVMJS_SHA256_BYTES, head->code_hash, "the code's hash is not 32 bytes");
      break;
    case IMAGE_ENCRYPTION_KEY: if (reader->kind != NIL) mvmjs_image_refuse(reader, MVMJS_IMAGE_ENCRYPTED, "", 0); break;
    default: if (number(reader) && reader->value != 0) malformed(reader, "debug information behind the pages");
  }
}

/**
 * VI1. The registers of an image are canonical: sizes agree with HEAD, distances lie in the stack, what belongs to a host
 * is zero.
 */
static void check_registers(Reader *reader) {
  const struct mvmjs_image_head *head = reader->head;
  const char *wrong = NULL;
  if (mvmjs_image_register(head, REG_FP) > head->stack_words) wrong = "VI1: the running frame is not in the stack";
  if (mvmjs_image_register(head, REG_SP) != head->stack_words) wrong = "VI1: the stack is not as long as the pages say";
  if (mvmjs_image_register(head, REG_HEAP_TOP) != (uint32_t)HEAP + head->heap_words) wrong = "VI1: the heap does not end where the pages say";
  for (uint32_t i = 0; i < MVMJS_REGISTER_COUNT; i++) {
    if (mvmjs_register_kinds[i] == 'h' && mvmjs_get32(head->registers + (size_t)i * 4) != 0) wrong = "VI1: a register of the host's is not zero";
  }
  if (wrong != NULL) mvmjs_image_refuse(reader, MVMJS_IMAGE_INVALID, wrong, 0);
}

/** The token in HEAD is complete, its content too. */
static void head_done(Reader *reader) {
  if (reader->field == IMAGE_CORE_KEY && reader->inside == 2 && reader->item % 3 == 2
    && (!reader->is_core || memcmp(reader->content, mvmjs_core_hash, MVMJS_SHA256_BYTES) != 0)) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_OTHER_CORE, "", 0);
    return;
  }
  // Names that follow are compared with nothing.
  if (reader->field != IMAGE_CORE_KEY) reader->is_core = false;
  if (reader->inside == 0) {
    reader->inside = 1;
    return;
  }
  if (reader->inside == 2) {
    reader->item++;
    reader->items--;
  }
  reader->inside = 2;
  if (reader->items > 0) return;
  if (reader->field == IMAGE_REGISTERS_KEY && mvmjs_image_register(reader->head, REG_MEMORY_LIMIT) != reader->head->memory_limit) {
    malformed(reader, "HEAD and registers differ about the memory limit");
    return;
  }
  reader->inside = 0;
  if (++reader->field < IMAGE_HEAD_KEYS) return;
  reader->place = BEHIND_HEAD;
  check_registers(reader);
}

// Pages and TAIL

/** Bytes of page `page`. */
static uint32_t page_length(const struct mvmjs_image_head *head, uint32_t page) {
  const uint64_t left = mvmjs_image_content(head) - (uint64_t)page * IMAGE_PAGE_BYTES;
  return left < IMAGE_PAGE_BYTES ? (uint32_t)left : IMAGE_PAGE_BYTES;
}

static void pages_token(Reader *reader) {
  switch (reader->inside) {
    case 0:
      reader->pages = (uint32_t)((mvmjs_image_content(reader->head) + IMAGE_PAGE_BYTES - 1) / IMAGE_PAGE_BYTES);
      list_of(reader, reader->pages, "the number of pages is not what HEAD says");
      break;
    case 1: list_of(reader, 3, "a page is not of three parts"); break;
    case 2: if (number(reader) && reader->value != reader->page) malformed(reader, "a page is not where it should be"); break;
    case 3: number_for(reader, &reader->page_crc); break;
    default:
      reader->crc = 0;
      bytes_for(reader, page_length(reader->head, reader->page), NULL, "a page has the wrong length");
  }
}
static void pages_done(Reader *reader) {
  if (reader->inside == 4) {
    if (reader->crc != reader->page_crc) {
      mvmjs_image_refuse(reader, MVMJS_IMAGE_PAGE_DAMAGED, "", reader->page);
      return;
    }
    reader->page++;
    reader->inside = 0;
  }
  if (reader->page == reader->pages) {
    reader->place = IN_TAIL;
    reader->inside = 0;
    return;
  }
  reader->inside++;
}
/** Bytes of a page, to where they belong. */
static void page_bytes(Reader *reader, const uint8_t *bytes, uint32_t length) {
  const uint64_t heap_bytes = (uint64_t)reader->head->heap_words * 4;
  const uint64_t from = (uint64_t)reader->page * IMAGE_PAGE_BYTES + reader->seen;
  const uint32_t in_heap = from >= heap_bytes ? 0 : heap_bytes - from < length ? (uint32_t)(heap_bytes - from) : length;
  reader->crc = mvmjs_crc32(reader->crc, bytes, length);
  if (in_heap > 0) memcpy(reader->heap + from, bytes, in_heap);
  if (in_heap < length) memcpy(reader->stack + (from + in_heap - heap_bytes), bytes + in_heap, length - in_heap);
}

static void tail_token(Reader *reader) {
  static const char wrong[] = "TAIL is not what it should be";
  switch (reader->inside) {
    case 0: if (reader->kind != MAP || reader->value != 2) malformed(reader, wrong); break;
    case 1: key(reader, 0); break;
    case 2: bytes_for(reader, MVMJS_SHA256_BYTES, reader->content, wrong); break;
    case 3: key(reader, 1); break;
    default: list_of(reader, 0, wrong);
  }
}
static void tail_done(Reader *reader) {
  if (reader->inside == 2 && memcmp(reader->content, reader->digest, MVMJS_SHA256_BYTES) != 0) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_OTHER_HASH, "", 0);
  }
  if (++reader->inside == 5) reader->place = AT_END;
}

// Bytes

static void token(Reader *reader) {
  reader->left = reader->kind == BYTES || reader->kind == NAME ? reader->value : 0;
  reader->seen = 0;
  reader->to = NULL;
  switch (reader->place) {
    case IN_HEAD: head_token(reader); break;
    case IN_PAGES: pages_token(reader); break;
    default: tail_token(reader);
  }
}
/** Bytes of a token's content. */
static void content(Reader *reader, const uint8_t *bytes, uint32_t length) {
  if (reader->place == IN_PAGES) page_bytes(reader, bytes, length);
  else if (reader->to != NULL) memcpy(reader->to + reader->seen, bytes, length);
  for (uint32_t i = 0; reader->kind == NAME && i < length; i++) {
    if (bytes[i] < 32 || bytes[i] > 126) malformed(reader, "a name has a character outside ASCII");
    if (reader->is_core && bytes[i] != (uint8_t)image_core_name[reader->seen + i]) reader->is_core = false;
  }
  reader->seen += length;
  reader->left -= length;
}
static void token_done(Reader *reader) {
  switch (reader->place) {
    case IN_HEAD: head_done(reader); break;
    case IN_PAGES: pages_done(reader); break;
    default: tail_done(reader);
  }
}
/** Keeps what the list of capabilities is encoded as. */
static void keep(Reader *reader, const uint8_t *bytes, uint32_t length) {
  struct mvmjs_image_head *head = reader->head;
  if (length > sizeof head->capabilities - head->capabilities_length) {
    mvmjs_image_refuse(reader, MVMJS_IMAGE_CAPABILITIES, "", sizeof head->capabilities);
    return;
  }
  memcpy(head->capabilities + head->capabilities_length, bytes, length);
  head->capabilities_length += length;
}

/** Takes some of these bytes, at least one: how many. */
static uint32_t take_some(Reader *reader, const uint8_t *bytes, size_t length) {
  const bool kept = reader->place == IN_HEAD && reader->field == IMAGE_CAPABILITIES_KEY && reader->inside > 0;
  uint32_t count = 1;
  if (reader->place == IN_BEGIN) {
    begin_byte(reader, *bytes);
    return count;
  }
  if (reader->left > 0) {
    count = length < reader->left ? (uint32_t)length : reader->left;
    content(reader, bytes, count);
  } else if (token_byte(reader, *bytes) && !is_refused(reader)) {
    token(reader);
  } else {
    if (kept) keep(reader, bytes, count);
    return count;
  }
  if (kept) keep(reader, bytes, count);
  if (reader->left == 0 && !is_refused(reader)) token_done(reader);
  return count;
}

void mvmjs_image_begin(Reader *reader, struct mvmjs_image_head *head, uint64_t most_words) {
  memset(reader, 0, sizeof *reader);
  memset(head, 0, sizeof *head);
  reader->head = head;
  reader->most_words = most_words;
  mvmjs_sha256_begin(&reader->hash);
}
void mvmjs_image_place(Reader *reader, uint8_t *heap, uint8_t *stack) {
  reader->heap = heap;
  reader->stack = stack;
  reader->place = IN_PAGES;
}

enum mvmjs_image_step mvmjs_image_take(Reader *reader, const uint8_t *bytes, size_t length, size_t *taken) {
  size_t at = 0;
  size_t hashed = 0;
  while (!is_refused(reader) && at < length && reader->place != BEHIND_HEAD) {
    if (reader->place == AT_END) {
      *taken = at;
      return mvmjs_image_refuse(reader, MVMJS_IMAGE_TRAILING, "", length - at);
    }
    const uint8_t place = reader->place;
    const uint32_t count = take_some(reader, bytes + at, length - at);
    at += count;
    reader->taken += count;
    if (place == IN_HEAD && reader->taken > IMAGE_HEAD_BYTES_MAX) mvmjs_image_refuse(reader, MVMJS_IMAGE_CUT_SHORT, middle, 0);
    if (place == IN_PAGES && reader->place == IN_TAIL) {
      mvmjs_sha256_add(&reader->hash, bytes, at);
      hashed = at;
      struct mvmjs_sha256 before = reader->hash;
      mvmjs_sha256_end(&before, reader->digest);
    }
  }
  mvmjs_sha256_add(&reader->hash, bytes + hashed, at - hashed);
  *taken = at;
  if (is_refused(reader)) return MVMJS_IMAGE_REFUSED;
  if (reader->place == BEHIND_HEAD) return MVMJS_IMAGE_HEAD_READ;
  if (reader->place != AT_END) return MVMJS_IMAGE_MORE;
  struct mvmjs_sha256 whole = reader->hash;
  mvmjs_sha256_end(&whole, reader->digest);
  return MVMJS_IMAGE_WHOLE;
}

bool mvmjs_image_end(Reader *reader) {
  if (is_refused(reader)) return false;
  if (reader->place == AT_END) return true;
  if (reader->taken == 0) mvmjs_image_refuse(reader, MVMJS_IMAGE_NOT_AN_IMAGE, "", 0);
  else mvmjs_image_refuse(reader, MVMJS_IMAGE_CUT_SHORT, reader->place == IN_BEGIN ? "it ends in its first bytes" : reader->place == IN_PAGES ? "there are fewer pages than HEAD says" : middle, 0);
  return false;
}
