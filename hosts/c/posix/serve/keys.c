// Files of this user's.

#define _DEFAULT_SOURCE
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "link.h"
#include "sha256.h"
#include "trouble.h"

enum { PATH_ROOM = 4096, FILE_ROOM = 65536 };

static void make_directory(const char *path) {
  struct stat facts;
  if (mkdir(path, 0700) != 0 && errno != EEXIST) mvmjs_give_up(MVMJS_EXIT_FILE, "cannot make %s: %s; set MVM_HOME to a directory that can be made", path, strerror(errno));
  if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode)) mvmjs_give_up(MVMJS_EXIT_FILE, "%s is not a directory; set MVM_HOME to one", path);
}
static const char *home(void) {
  static char path[PATH_ROOM];
  const char *set = getenv("MVM_HOME");
  const char *user = getenv("HOME");
  if (path[0] != '\0') return path;
  if (set != NULL && set[0] != '\0') {
    // Node's host resolves it, so that both mean the same directory.
    if (set[0] == '/') snprintf(path, sizeof path, "%s", set);
    else if (getcwd(path, sizeof path / 2) != NULL) snprintf(path + strlen(path), sizeof path - strlen(path), "/%s", set);
  } else {
    snprintf(path, sizeof path, "%s/.mvm", user == NULL ? "" : user);
  }
  for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--) path[length - 1] = '\0';
  make_directory(path);
  return path;
}

static void to_hex(char *digits, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) snprintf(digits + i * 2, 3, "%02x", bytes[i]);
}
/** False if these are not so many bytes in hexadecimal. */
static int from_hex(uint8_t *bytes, const char *digits, size_t count) {
  for (size_t i = 0; i < count; i++) {
    unsigned value;
    if (strspn(digits + i * 2, "0123456789abcdef") < 2 || sscanf(digits + i * 2, "%2x", &value) != 1) return 0;
    bytes[i] = (uint8_t)value;
  }
  return 1;
}

static int refuse(struct mvmjs_line *why, const char *verb, const char *path, const char *what) {
  mvmjs_line_set(why, verb, path, what, (const char *)NULL);
  return 0;
}
/** Reads a file of the home directory; makes it first if there is none. Two processes that make it at once agree on one. 0: `why` not. */
static int read_or_make(const char *path, const char *prefix, size_t random_bytes, char text[FILE_ROOM], struct mvmjs_line *why) {
  for (;;) {
    FILE *file = fopen(path, "r");
    if (file != NULL) {
      const size_t length = fread(text, 1, FILE_ROOM - 1, file);
      text[length] = '\0';
      fclose(file);
      return 1;
    }
    if (errno != ENOENT) return refuse(why, "cannot read ", path, ": change its permissions");
    char part[PATH_ROOM + 32], digits[2 * MVMJS_KEY_BYTES + 1];
    uint8_t bytes[MVMJS_KEY_BYTES];
    mvmjs_clock_random(bytes, random_bytes);
    to_hex(digits, bytes, random_bytes);
    snprintf(part, sizeof part, "%s.%ld.part", path, (long)getpid());
    const int made = open(part, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (made < 0 || dprintf(made, "%s%s\n", prefix, digits) < 0 || close(made) != 0) return refuse(why, "cannot write ", part, ": make room, or set MVM_HOME to another directory");
    const int linked = link(part, path);
    const int error = errno;
    unlink(part);
    if (linked != 0 && error != EEXIST) return refuse(why, "cannot write ", path, ": set MVM_HOME to another directory");
  }
}

static void make_id(struct mvmjs_key *key) {
  static const uint8_t salt[] = {'m', 'v', 'm', ' ', 'k', 'e', 'y'};
  struct mvmjs_sha256 hash;
  uint8_t digest[MVMJS_SHA256_BYTES];
  mvmjs_sha256_begin(&hash);
  mvmjs_sha256_add(&hash, salt, sizeof salt);
  mvmjs_sha256_add(&hash, key->key, MVMJS_KEY_BYTES);
  mvmjs_sha256_end(&hash, digest);
  to_hex(key->id, digest, MVMJS_KEY_ID_DIGITS / 2);
}

/** The bit of a scope; 0: there is none of that name. */
static uint8_t scope_of(const char *name, size_t length) {
  static const char *const names[] = {"receive", "control", "observe", "inspect"};
  static const uint8_t bits[] = {MVMJS_SCOPE_RECEIVE, MVMJS_SCOPE_CONTROL, MVMJS_SCOPE_OBSERVE, MVMJS_SCOPE_INSPECT};
  for (int i = 0; i < 4; i++) if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0) return bits[i];
  return 0;
}
/** `own KEY`, or `peer KEY SCOPES NAME`. */
static int read_line(struct mvmjs_key *key, const char *line, int *own) {
  const size_t digits = 2 * (size_t)MVMJS_KEY_BYTES;
  *own = strncmp(line, "own ", 4) == 0;
  if (!*own && strncmp(line, "peer ", 5) != 0) return 0;
  const char *at = line + (*own ? 4 : 5);
  if (!from_hex(key->key, at, MVMJS_KEY_BYTES)) return 0;
  at += digits;
  make_id(key);
  key->scopes = *own ? MVMJS_SCOPE_ALL : 0;
  if (*own) return *at == '\0' || *at == ' ';
  if (*at != ' ') return 0;
  do {
    at++;
    const size_t length = strcspn(at, ", ");
    const uint8_t scope = scope_of(at, length);
    if (scope == 0) return 0;
    key->scopes |= scope;
    at += length;
  } while (*at == ',');
  return 1;
}

int mvmjs_keys_read(struct mvmjs_key keys[MVMJS_KEYS_MAX], struct mvmjs_line *why) {
  static char text[FILE_ROOM];
  char path[PATH_ROOM + 8];
  struct stat facts;
  int count = 1, has_own = 0, own;
  snprintf(path, sizeof path, "%s/key", home());
  if (!read_or_make(path, "own ", MVMJS_KEY_BYTES, text, why)) return 0;
  if (stat(path, &facts) != 0 || (facts.st_mode & 077) != 0) return refuse(why, "", path, " can be read by others; chmod 600 it");
  for (char *line = strtok(text, "\r\n"); line != NULL && count < MVMJS_KEYS_MAX; line = strtok(NULL, "\r\n")) {
    struct mvmjs_key key;
    if (line[strspn(line, " ")] == '\0') continue;
    if (!read_line(&key, line, &own)) return refuse(why, "", path, " is damaged; remove it: a new key is made, and peers need it again");
    if (own) has_own = 1;
    keys[own ? 0 : count++] = key;
  }
  if (!has_own) return refuse(why, "", path, " has no own key; remove it: a new one is made");
  return count;
}

void mvmjs_host_id(uint8_t id[16]) {
  static char text[FILE_ROOM];
  char path[PATH_ROOM + 8];
  snprintf(path, sizeof path, "%s/host", home());
  struct mvmjs_line why;
  if (!read_or_make(path, "", 16, text, &why)) mvmjs_give_up(MVMJS_EXIT_FILE, "%s", why.text);
  if (!from_hex(id, text, 16) || text[32 + strspn(text + 32, " \r\n")] != '\0') mvmjs_give_up(MVMJS_EXIT_FILE, "%s is damaged; remove it: this host gets a new id", path);
}

void mvmjs_socket_path(char *path, size_t room) {
  /** Longest path of a Unix socket's directory, as Node's host has it. */
  enum { DIRECTORY_MAX = 84 };
  char directory[PATH_ROOM + 64];
  struct stat facts;
  snprintf(directory, sizeof directory, "%s/run", home());
  if (strlen(directory) > DIRECTORY_MAX) {
    struct mvmjs_sha256 hash;
    uint8_t digest[MVMJS_SHA256_BYTES];
    char digits[17];
    const char *temporary = getenv("TMPDIR");
    mvmjs_sha256_begin(&hash);
    mvmjs_sha256_add(&hash, (const uint8_t *)home(), strlen(home()));
    mvmjs_sha256_end(&hash, digest);
    to_hex(digits, digest, 8);
    snprintf(directory, sizeof directory, "%.60s/mvm-%ld-%s", temporary == NULL || temporary[0] == '\0' ? "/tmp" : temporary, (long)getuid(), digits);
  }
  make_directory(directory);
  if (lstat(directory, &facts) != 0 || facts.st_uid != getuid() || (facts.st_mode & 077) != 0) {
    mvmjs_give_up(MVMJS_EXIT_FILE, "%s is not this user's alone; remove it, or chmod 700 %s", directory, directory);
  }
  snprintf(path, room, "%.85s/%ld.sock", directory, (long)getpid());
}
