// hosts/c/link/serial.c behind a line protocol, for the tests (test/serial-c.test.ts), which say the same to the TypeScript
// and compare every packet. Times are milliseconds, bytes hexadecimal ("-" for none). Each line is answered by one.
//
//   N END ROLE SEED PATIENCE KEY NOW   begins an end (a number below 1024): client or device, with its random bytes from a seed
//   F END NOW BYTES     bytes from the line        P END NOW   the next packet for the line
//   W END FLAGS BYTES   writes: how many it took   R END       reads
//   G END               the flags of what is read next
//   T END NOW           the next time, or "never"  C END       closes
//   S END               phase, problem, number of links, room

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "serial.h"

enum { ENDS = 1024 };

struct end {
  struct mvmjs_serial serial;
  struct mvmjs_serial_key key;
  uint32_t random;
};
static struct end ends[ENDS];

void mvmjs_broken(const char *sentence) {
  fprintf(stderr, "broken: %s\n", sentence);
  abort();
}
/** test/support/random.ts. */
static void random_bytes(void *context, uint8_t *bytes, size_t length) {
  struct end *end = context;
  for (size_t i = 0; i < length; i++) {
    uint32_t x = end->random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    end->random = x;
    bytes[i] = (uint8_t)x;
  }
}

static const char *word(void) {
  const char *text = strtok(NULL, " \n");
  if (text == NULL) abort();
  return text;
}
static uint64_t number(void) {
  return strtoull(word(), NULL, 10);
}
static size_t from_hex(const char *text, uint8_t *bytes, size_t room) {
  size_t length = 0;
  if (strcmp(text, "-") == 0) return 0;
  for (; text[0] != '\0' && text[1] != '\0'; text += 2) {
    unsigned value;
    if (length == room || sscanf(text, "%2x", &value) != 1) abort();
    bytes[length++] = (uint8_t)value;
  }
  return length;
}
static void print_hex(const uint8_t *bytes, size_t length) {
  if (length == 0) putchar('-');
  for (size_t i = 0; i < length; i++) printf("%02x", bytes[i]);
  putchar('\n');
}
/** In memory of exactly that size, so that nothing is read beyond it. */
static uint8_t *exact(const char *text, size_t *length) {
  uint8_t *bytes = malloc(strlen(text) / 2 + 1);
  if (bytes == NULL) abort();
  *length = from_hex(text, bytes, strlen(text) / 2);
  uint8_t *shorter = realloc(bytes, *length > 0 ? *length : 1);
  if (shorter == NULL) abort();
  return shorter;
}

static void begin(struct end *end) {
  uint8_t key[MVMJS_SERIAL_KEY_BYTES];
  memset(end, 0, sizeof *end);
  end->serial.is_client = strcmp(word(), "client") == 0;
  end->random = ((uint32_t)number() * 0x9e3779b1u ^ 0x5bd1e995u) | 1;
  end->serial.patience_ms = (uint32_t)number();
  if (from_hex(word(), key, sizeof key) != sizeof key) abort();
  mvmjs_serial_key(&end->key, key);
  end->serial.keys = &end->key;
  end->serial.key_count = 1;
  end->serial.random = random_bytes;
  end->serial.context = end;
  mvmjs_serial_begin(&end->serial, number());
  puts("begun");
}

int main(void) {
  static char line[1 << 16];
  static const char *const phases[] = {"idle", "greeting", "proving", "open", "ending", "over"};
  static const char *const problems[] = {"fine", "closed", "lost", "silent", "unproved", "key", "version"};
  uint8_t packet[MVMJS_LINE_MAX], payload[MVMJS_PAYLOAD_MAX];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const char *what = strtok(line, " \n");
    if (what == NULL) abort();
    struct end *end = &ends[number() % ENDS];
    struct mvmjs_serial *serial = &end->serial;
    switch (what[0]) {
      case 'N': begin(end); break;
      case 'F': {
        const uint64_t now_ms = number();
        size_t length;
        uint8_t *bytes = exact(word(), &length);
        mvmjs_serial_feed(serial, bytes, length, now_ms);
        free(bytes);
        puts("fed");
        break;
      }
      case 'P': print_hex(packet, mvmjs_serial_pull(serial, packet, number())); break;
      case 'W': {
        const uint8_t flags = (uint8_t)number();
        size_t length;
        uint8_t *bytes = exact(word(), &length);
        printf("%zu\n", mvmjs_serial_write_as(serial, flags, bytes, length));
        free(bytes);
        break;
      }
      case 'G': printf("%u\n", (unsigned)mvmjs_serial_front_flags(serial)); break;
      case 'R': print_hex(payload, mvmjs_serial_read(serial, payload)); break;
      case 'T': {
        const uint64_t next = mvmjs_serial_next_time(serial, number());
        if (next == MVMJS_SERIAL_NEVER) puts("never");
        else printf("%" PRIu64 "\n", next);
        break;
      }
      case 'C':
        mvmjs_serial_close(serial);
        puts("closing");
        break;
      case 'S': printf("%s %s %" PRIu32 " %zu\n", phases[serial->phase], problems[serial->problem], serial->links, mvmjs_serial_room(serial)); break;
      default: abort();
    }
    fflush(stdout);
  }
  return 0;
}
