// Where mvm keeps what outlives a process ($MVM_HOME, or ~/.mvm), and the keys that hosts know each other by: the same files
// as Node's (hosts/node/home.ts, keys.ts), so that a host in C and one on Node of the same user know each other.

#ifndef MVMJS_KEYS_H
#define MVMJS_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "line.h"

enum { MVMJS_KEY_BYTES = 32, MVMJS_KEY_ID_DIGITS = 16, MVMJS_KEYS_MAX = 256 };

struct mvmjs_key {
  uint8_t key[MVMJS_KEY_BYTES];
  /** The beginning of its hash, in hexadecimal. */
  char id[MVMJS_KEY_ID_DIGITS + 1];
  /** What its holder may do here (link.h). */
  uint8_t scopes;
};

/** All keys of this user, the own one first: how many. Read anew each time: a person may have imported one. 0: `why` the file is not fit. */
int mvmjs_keys_read(struct mvmjs_key keys[MVMJS_KEYS_MAX], struct mvmjs_line *why);

/** This host's id, the same at every start. Ends the process if that cannot be had. */
void mvmjs_host_id(uint8_t id[16]);

/** The path of this process's control socket: no longer than `room`. */
void mvmjs_socket_path(char *path, size_t room);

#endif
