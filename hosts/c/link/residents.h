// The programs of one host and what others may do with them: what hosts/node/host.ts, receive.ts and migrate.ts are on Node.
// It answers commands, takes programs in, sends them away, and keeps the protocol of vm/ownership.ts while it does so.
// It owns slots and links, whose memory is the host's, and knows no sockets, clocks, files or output: those come in by
// `mvmjs_residents_port`, time as milliseconds with every call. Nothing is allocated; what is remembered of moves that are
// over lies in rings of the host's.
//
// The host's loop: hand in what connections brought (`mvmjs_residents_take`), call `mvmjs_residents_tick` when
// `mvmjs_residents_due` says so or a connection can take bytes again, and run the residents of which `mvmjs_resident_runs`
// says that they may run. Everything happens between two slices of the programs, so no state is ever seen half changed.

#ifndef MVMJS_RESIDENTS_H
#define MVMJS_RESIDENTS_H

#include "image.h"
#include "io.h"
#include "line.h"
#include "link.h"
#include "ownership.h"
#include "program.h"

/** How a program left its slot. */
enum mvmjs_leaving { MVMJS_LEAVING_MOVED, MVMJS_LEAVING_STOPPED, MVMJS_LEAVING_SUPERSEDED };

/** A slot, and the program in it. */
struct mvmjs_resident {
  struct mvmjs_program program;
  char name[MVMJS_NAME_BYTES];
  /** A person paused it. */
  bool paused;
  /** It waits for a timer or a message: the host says so. */
  bool waits;
  /** What the host keeps with it. */
  void *user;

  // Its own
  /** The clock runs: the host was told so. */
  bool runs;
  /** How it came: the record of its move, until the source needs no answer any more. */
  bool has_target;
  struct mvmjs_target target;
  uint8_t offered_program[MVMJS_PROGRAM_BYTES];
  struct mvmjs_image_reader reader;
  bool whole;
  char from[MVMJS_NAME_BYTES];
  uint64_t received;
  uint64_t granted;
  uint64_t memory_limit;
  /** With its source. */
  struct mvmjs_conversation origin;
  /** When the other side of its move it is waited for no longer, in milliseconds; 0: it is not waited for. */
  uint64_t deadline_ms;

  // How it goes
  struct mvmjs_source source;
  bool departs;
  /** What it has open of pins and buses stays here, and where the target can connect to this host. */
  bool proxies;
  char here[MVMJS_PLACE_BYTES];
#ifdef MVMJS_PROXIES
  /** What it has open elsewhere (vm/hosting/io-proxy.ts): at which host, since which epoch, what was offered. */
  struct mvmjs_proxy {
    bool used;
    bool refused;
    /** A connection is worth waiting for. */
    bool expected;
    /** There has been none yet. */
    bool is_first;
    /** Events came while it could not be told. */
    bool missed;
    struct mvmjs_peer peer;
    uint64_t epoch;
    uint64_t last_call;
    uint64_t last_event;
    struct mvmjs_conversation source;
    /** When what is being asked is over. */
    uint64_t deadline_ms;
    /** Where the source can be connected to, the link that was made to it, when that is tried again and until when. */
    char address[MVMJS_PLACE_BYTES];
    struct mvmjs_link *link;
    uint64_t connect_at_ms;
    uint64_t until_ms;
    uint8_t attempts;
    int count;
    struct {
      int32_t number;
      enum mvmjs_io_kind kind;
    } offered[MVMJS_IO_OPEN_MAX];
  } proxy;
#endif
  /** It is only asked whether it would be taken: neither side's record of moves hears of it. */
  bool dry;
  /** With its target. */
  struct mvmjs_conversation goal;
  /** The link is there, its HELLO has not come. */
  bool connecting;
  char place[MVMJS_PLACE_BYTES];
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  /** Who asked for it. */
  struct mvmjs_conversation asker;
  bool refused;
  /** Its target has accepted, and it has yet to get an answer from the host that keeps its pins. */
  bool accepted;
  uint64_t frozen_at_ms;
  uint64_t progress_at_ms;
  uint64_t credit;
  uint32_t chunk;
  char target_name[MVMJS_NAME_BYTES];
  uint64_t connect_at_ms;
  uint8_t attempts;
  /** The move came to nothing, and its target has yet to hear of that. */
  bool tells;
  uint64_t told_epoch;

  // Bytes that are being sent: its image, or a snapshot
  bool sends;
  bool sends_snapshot;
  struct mvmjs_conversation to;
  struct mvmjs_image_writer writer;
  uint64_t sent;
  uint64_t image_bytes;
};

/** What stays open here for a program that has left (vm/hosting/io-grant.ts): who may use it, and who does. */
struct mvmjs_grant {
  bool used;
  /** The program has left: until then it may yet go on here. */
  bool gone;
  uint8_t program[MVMJS_PROGRAM_BYTES];
  char name[MVMJS_NAME_BYTES];
  uint64_t epoch;
  struct mvmjs_peer target;
  struct mvmjs_io_session session;
  /** With whoever has the program; the highest numbers of calls that came and of events that were told. */
  struct mvmjs_conversation user;
  uint64_t last_call;
  uint64_t last_event;
  /** Events that were told and of which it was not said that they were heard: the last of each kind. */
  struct mvmjs_told {
    uint64_t number;
    uint32_t count;
  } told[MVMJS_IO_OPEN_MAX][3];
  /** The link that the program left by, kept where this host keeps such links, and when it is connected to again. */
  struct mvmjs_link *link;
  char place[MVMJS_PLACE_BYTES];
  uint64_t connect_at_ms;
  uint8_t attempts;
  /** When it ends, unless somebody uses it. */
  uint64_t until_ms;
};

/** A move that is over, remembered in case the other side asks. */
struct mvmjs_past {
  uint8_t transaction[MVMJS_TRANSACTION_BYTES];
  /** OWNER or DISCARDED where it came here; LEFT for one that was to go from here and did not. UNKNOWN: none. */
  enum mvmjs_phase phase;
  uint64_t epoch;
  char name[MVMJS_NAME_BYTES];
};
/** A program that has been heard of: its highest epoch, and where it went. */
struct mvmjs_seen {
  uint8_t program[MVMJS_PROGRAM_BYTES];
  uint64_t epoch;
  char name[MVMJS_NAME_BYTES];
  char moved_to[MVMJS_PLACE_BYTES];
};

struct mvmjs_residents_port {
  /** The program has come and is this host's now; the port prepares what it needs before it runs. */
  void (*adopt)(void *context, struct mvmjs_resident *resident);
  /** Its clock starts, or stands. */
  void (*clock)(void *context, struct mvmjs_resident *resident, bool runs);
  /** Before an image is taken: what it printed goes out, and its time into its registers. */
  void (*settle)(void *context, struct mvmjs_resident *resident);
  /** It leaves by other means than its own end; its memory is still there. */
  void (*leave)(void *context, struct mvmjs_resident *resident, enum mvmjs_leaving leaving);
  /** Microseconds of its own time. */
  uint64_t (*time)(void *context, struct mvmjs_resident *resident);
  /** What it has open of pins and buses; NULL: it cannot have any here. */
  struct mvmjs_io_session *(*session)(void *context, struct mvmjs_resident *resident);
  /** Something has happened to a pin of its that another host keeps: it is told. Only with MVMJS_PROXIES. */
  void (*happened)(void *context, struct mvmjs_resident *resident, int32_t number, enum mvmjs_io_event event, uint64_t count);
  /** Its last lines of output, as far as they are kept. */
  const char *(*logs)(void *context, struct mvmjs_resident *resident, uint32_t lines, size_t *length);
  /** Connects to another host: a link that was opened, or NULL with a sentence that says why not. */
  struct mvmjs_link *(*connect)(void *context, const char *place, struct mvmjs_line *why);
  void (*random)(void *context, uint8_t *bytes, size_t length);
  /** Something that people should know. */
  void (*note)(void *context, const char *line);
};

struct mvmjs_residents {
  // The host's
  const struct mvmjs_residents_port *port;
  void *context;
  struct mvmjs_resident *slots;
  int slot_count;
  /** Links that are open; places that are free are NULL. */
  struct mvmjs_link **links;
  int link_count;
  struct mvmjs_past *past;
  int past_count;
  struct mvmjs_seen *seen;
  int seen_count;
  /** For frames that are being written: one of the longest that this host sends. */
  uint8_t *scratch;
  size_t scratch_bytes;
  /** Bytes of an image in one CHUNK that this host takes and sends, and how many may be under way. */
  uint32_t chunk_bytes;
  uint32_t window_bytes;
  /** Bytes of memory that one program may have. */
  uint64_t memory_max;
  uint64_t patience_ms;
  /** Pins and buses that programs find here; NULL: none. */
  const struct mvmjs_io_port *io;
  /** Places for what stays open here for programs that left; with none, such moves are refused. */
  struct mvmjs_grant *grants;
  int grant_count;
  /** A program's pins are used over the link that it left by, and this host connects again; else the target connects. */
  bool keeps_links;
  struct mvmjs_peer self;
  const char *name;
  const char *software;
  /** The process that the programs run in, for people. */
  uint32_t pid;

  // Its own
  uint64_t now_ms;
  int next_past;
  int next_seen;
};

/** A link stands: says HELLO on it. The host has set its own fields, and `reader` has a body. */
void mvmjs_residents_open(struct mvmjs_residents *residents, struct mvmjs_link *link, uint8_t *body, uint32_t body_bytes, uint64_t now_ms);
/** Bytes have come on it. */
void mvmjs_residents_take(struct mvmjs_residents *residents, struct mvmjs_link *link, const uint8_t *bytes, size_t length, uint64_t now_ms);
/** It has ended: the host lets go of it. */
void mvmjs_residents_close(struct mvmjs_residents *residents, struct mvmjs_link *link, uint64_t now_ms);
/** Does what is due, and sends what can be sent. */
void mvmjs_residents_tick(struct mvmjs_residents *residents, uint64_t now_ms);
/** When something is due next, in milliseconds; UINT64_MAX: nothing is. */
uint64_t mvmjs_residents_due(const struct mvmjs_residents *residents);

/** The host has paused it, or lets it go on. */
void mvmjs_resident_changed(struct mvmjs_residents *residents, struct mvmjs_resident *resident);
/** Has the port what a program with that image needs? False with a sentence. For hosts that run images. */
bool mvmjs_has_needs_of(const struct mvmjs_io_port *port, const struct mvmjs_image_head *head, struct mvmjs_line *why);

/** May the program in this slot run? */
bool mvmjs_resident_runs(const struct mvmjs_resident *resident);
/** It has ended by itself, or cannot go on: its slot is free after this. */
void mvmjs_resident_ended(struct mvmjs_residents *residents, struct mvmjs_resident *resident, uint64_t now_ms);

#endif
