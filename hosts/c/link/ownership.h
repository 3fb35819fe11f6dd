// Who owns a program while it moves: vm/ownership.ts, line by line; the reasons are there. Two state machines over plain data:
// a state and an event give the next state and what to do. No connections, clocks or files: a host feeds them what
// happened and carries out the actions.

#ifndef MVMJS_OWNERSHIP_H
#define MVMJS_OWNERSHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

enum { MVMJS_IMAGE_HASH_BYTES = 32, MVMJS_PROGRAM_BYTES = 16 };

/** Phases of both sides, and what a host tells about a transaction when asked: UNKNOWN is one that it knows nothing of. */
enum mvmjs_phase {
  MVMJS_PHASE_UNKNOWN, MVMJS_PHASE_OFFERED, MVMJS_PHASE_FROZEN, MVMJS_PHASE_GRANTED, MVMJS_PHASE_LEFT,
  MVMJS_PHASE_RECEIVING, MVMJS_PHASE_READY, MVMJS_PHASE_OWNER, MVMJS_PHASE_DISCARDED, MVMJS_PHASE_COUNT,
};
/** As STATE says them. */
extern const char *const mvmjs_phase_names[MVMJS_PHASE_COUNT];
/** The phase of that name; UNKNOWN if there is none. */
enum mvmjs_phase mvmjs_phase_of(const struct mvmjs_wire_value *name);

/** A host and one start of it: what a host remembers is only as old as its boot. */
struct mvmjs_peer {
  uint8_t host[MVMJS_HOST_ID_BYTES];
  uint8_t boot[MVMJS_BOOT_BYTES];
};

struct mvmjs_source {
  /** OWNER, OFFERED, FROZEN, GRANTED, LEFT. */
  enum mvmjs_phase phase;
  /** The epoch at which this host owns the program; each offer takes the next. */
  uint64_t epoch;
  /** The offer that is under way (OFFERED to LEFT). */
  bool has_transaction;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  /** Who accepted it. */
  bool has_target;
  struct mvmjs_peer target;
  /** Hash of the sealed image, which is kept from FROZEN to LEFT. */
  bool has_image;
  uint8_t image[MVMJS_IMAGE_HASH_BYTES];
  /** In GRANTED: the target was lost or did not answer. */
  bool doubt;
};
struct mvmjs_target {
  /** RECEIVING, READY, OWNER, DISCARDED. */
  enum mvmjs_phase phase;
  uint64_t epoch;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  struct mvmjs_peer source;
  /** Hash of the verified image, in READY and OWNER. */
  bool has_image;
  uint8_t image[MVMJS_IMAGE_HASH_BYTES];
  /** The source knows that the program is here, and will not ask again. */
  bool released;
};

enum mvmjs_event_type {
  // To the source
  MVMJS_EVENT_MIGRATE, MVMJS_EVENT_ACCEPT, MVMJS_EVENT_REFUSE, MVMJS_EVENT_READY, MVMJS_EVENT_COMMITTED, MVMJS_EVENT_SEALED, MVMJS_EVENT_CANCEL,
  // To the target
  MVMJS_EVENT_VERIFIED, MVMJS_EVENT_UNFIT, MVMJS_EVENT_COMMIT, MVMJS_EVENT_RELEASE, MVMJS_EVENT_SUPERSEDED, MVMJS_EVENT_DISCARD,
  // To both
  MVMJS_EVENT_ABORT, MVMJS_EVENT_QUERY, MVMJS_EVENT_STATE, MVMJS_EVENT_LOST, MVMJS_EVENT_CONNECTED, MVMJS_EVENT_TIMEOUT, MVMJS_EVENT_RECOVER,
  MVMJS_EVENT_COUNT,
};
struct mvmjs_event {
  enum mvmjs_event_type type;
  /** Of the source's messages and MIGRATE. */
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  /** ACCEPT: who. STATE: its boot. */
  struct mvmjs_peer peer;
  /** READY, SEALED, VERIFIED. */
  uint8_t image[MVMJS_IMAGE_HASH_BYTES];
  /** STATE. */
  enum mvmjs_phase phase;
  /** STATE, ABORT, SUPERSEDED. */
  uint64_t epoch;
  /** REFUSE, ABORT, UNFIT: it goes into the actions. */
  const char *reason;
};

enum mvmjs_outcome { MVMJS_OUTCOME_MOVED, MVMJS_OUTCOME_ABORTED, MVMJS_OUTCOME_DOUBT, MVMJS_OUTCOME_RECOVERED, MVMJS_OUTCOME_SUPERSEDED, MVMJS_OUTCOME_LATE };
enum mvmjs_action_type {
  /** `message`, with what belongs to it. */
  MVMJS_ACTION_SEND,
  // The source's: see SourceAction in vm/ownership.ts.
  MVMJS_ACTION_FREEZE, MVMJS_ACTION_TRANSFER, MVMJS_ACTION_RESUME, MVMJS_ACTION_RECONNECT, MVMJS_ACTION_REPORT,
  // The target's
  MVMJS_ACTION_RUN, MVMJS_ACTION_STOP,
  // Both
  MVMJS_ACTION_DROP,
};
struct mvmjs_action {
  enum mvmjs_action_type type;
  enum mvmjs_message_name message;
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  enum mvmjs_phase phase;
  enum mvmjs_outcome outcome;
  uint64_t epoch;
  const char *reason;
};
struct mvmjs_actions {
  int count;
  struct mvmjs_action list[3];
};

/** A program that this host owns and runs. */
void mvmjs_source_begin(struct mvmjs_source *source, uint64_t epoch);
/** Does the program run here? */
bool mvmjs_source_runs(const struct mvmjs_source *source);
/** The epoch of the offer that is under way. */
uint64_t mvmjs_offered_epoch(const struct mvmjs_source *source);
void mvmjs_step_source(struct mvmjs_source *source, const struct mvmjs_event *event, struct mvmjs_actions *actions);

/** Takes an offer that the host is willing to take, unless its epoch has been used: `seen` is the highest epoch of the program that this host knows of (0: none). */
bool mvmjs_take_offer(struct mvmjs_target *target, uint64_t seen, uint64_t epoch, const uint8_t transaction[MVMJS_TRANSACTION_BYTES], const struct mvmjs_peer *source);
void mvmjs_step_target(struct mvmjs_target *target, const struct mvmjs_event *event, struct mvmjs_actions *actions);

#endif
