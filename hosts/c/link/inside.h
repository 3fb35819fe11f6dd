// What the files of residents.h share among themselves: residents.c (links, commands, slots), arrive.c (the target's side of a
// move) and depart.c (the source's).

#ifndef MVMJS_INSIDE_H
#define MVMJS_INSIDE_H

#include "broken.h"
#include "residents.h"

typedef struct mvmjs_residents Residents;
typedef struct mvmjs_resident Resident;
typedef struct mvmjs_conversation Conversation;
typedef struct mvmjs_frame Frame;
typedef struct mvmjs_frame_writer Writer;

extern const uint8_t mvmjs_no_transaction[MVMJS_TRANSACTION_BYTES];

// Frames to a peer: begin, put the fields, send.

void mvmjs_begin_frame(Residents *residents, Writer *writer, enum mvmjs_message_name name);
void mvmjs_send_frame(Writer *writer, Conversation to, const uint8_t *transaction);
void mvmjs_put_line(Writer *writer, uint8_t key, const char *text);
bool mvmjs_is_open(Conversation conversation);
/** Begins a conversation on a link. */
Conversation mvmjs_converse(struct mvmjs_link *link);
/** REFUSE, FAIL or DONE with a sentence. */
void mvmjs_say(Residents *residents, Conversation to, const uint8_t *transaction, enum mvmjs_message_name name, const char *reason, const char *text);
void mvmjs_send_state(Residents *residents, Conversation to, const uint8_t *transaction, enum mvmjs_phase phase, uint64_t epoch);
void mvmjs_send_abort(Residents *residents, Conversation to, const uint8_t *transaction, const char *reason, const uint64_t *epoch);

// Slots

bool mvmjs_is_free(const Resident *resident);
/** It was received and may yet run here. */
bool mvmjs_is_arriving(const Resident *resident);
/** It is this host's. */
bool mvmjs_is_owned(const Resident *resident);
/** Tells the host's clock when the program may run, or may no longer. */
void mvmjs_update_clock(Residents *residents, Resident *resident);
/** The slot is empty again. */
void mvmjs_free_slot(Residents *residents, Resident *resident);
/** Waits for the other side of its move from now on, if there is something to wait for. */
void mvmjs_arm(Residents *residents, Resident *resident);
/** Takes its image: the writer stands at its beginning. False: a fault, which was noted. */
bool mvmjs_take_image(Residents *residents, Resident *resident, uint64_t epoch);

// Memory of what is over

void mvmjs_remember_move(Residents *residents, const uint8_t *transaction, enum mvmjs_phase phase, uint64_t epoch, const char *name);
void mvmjs_hear(Residents *residents, const uint8_t *program, uint64_t epoch);
struct mvmjs_seen *mvmjs_find_seen(Residents *residents, const uint8_t *program);

/** Answers a command: false if the frame is none. */
bool mvmjs_serve_command(Residents *residents, Conversation from, const Frame *frame);

// Moves

void mvmjs_receive_offer(Residents *residents, Conversation from, const Frame *frame);
void mvmjs_feed_target(Residents *residents, Resident *resident, const struct mvmjs_event *event);
/** A frame about the move by which it comes. */
void mvmjs_arrival_take(Residents *residents, Resident *resident, Conversation from, const Frame *frame);
/** The record of a move that is over, asked by its source. */
void mvmjs_answer_past(Residents *residents, Conversation to, const Frame *frame, const struct mvmjs_past *past);

// What stays here for programs that left (grant.c). Without MVMJS_GRANTS all of this is nothing.

#ifdef MVMJS_GRANTS
/** Puts what it has open into an offer, as what stays here. */
void mvmjs_put_proxied(Residents *residents, Resident *resident, Writer *writer);
/** What would become of each: `proxied`, or as `becomes` says by kind. */
void mvmjs_put_resources(Residents *residents, Resident *resident, Writer *writer, const char *word);
/** The program may run at its target from now on. False: there is no place for a grant. */
bool mvmjs_grant_begin(Residents *residents, Resident *resident);
/** Is there a place for one more? */
bool mvmjs_grant_room(const Residents *residents);
/** It has left by that link: true if that is kept. */
bool mvmjs_grant_left(Residents *residents, Resident *resident);
/** It runs here, again or after all: what was kept for it is its own. */
void mvmjs_grant_return(Residents *residents, Resident *resident);
/** Takes a frame about a grant: false if it is none. */
bool mvmjs_grant_take(Residents *residents, Conversation from, const Frame *frame);
void mvmjs_grants_lose(Residents *residents, const struct mvmjs_link *link);
void mvmjs_grants_tick(Residents *residents);
uint64_t mvmjs_grants_due(const Residents *residents);
#else
static inline bool mvmjs_grant_take(Residents *residents, Conversation from, const Frame *frame) {
  (void)residents;
  (void)from;
  (void)frame;
  return false;
}
static inline void mvmjs_grant_return(Residents *residents, Resident *resident) {
  (void)residents;
  (void)resident;
}
static inline void mvmjs_grants_lose(Residents *residents, const struct mvmjs_link *link) {
  (void)residents;
  (void)link;
}
static inline void mvmjs_grants_tick(Residents *residents) {
  (void)residents;
}
static inline uint64_t mvmjs_grants_due(const Residents *residents) {
  (void)residents;
  return UINT64_MAX;
}
static inline bool mvmjs_grant_room(const Residents *residents) {
  (void)residents;
  return false;
}
static inline bool mvmjs_grant_begin(Residents *residents, Resident *resident) {
  (void)residents;
  (void)resident;
  return false;
}
static inline bool mvmjs_grant_left(Residents *residents, Resident *resident) {
  (void)residents;
  (void)resident;
  return false;
}
static inline void mvmjs_put_proxied(Residents *residents, Resident *resident, Writer *writer) {
  (void)residents;
  (void)resident;
  (void)writer;
}
static inline void mvmjs_put_resources(Residents *residents, Resident *resident, Writer *writer, const char *word) {
  (void)residents;
  (void)resident;
  (void)writer;
  (void)word;
}
#endif

// What other hosts keep for programs that are here (proxy.c). Without MVMJS_PROXIES all of this is nothing.

#ifdef MVMJS_PROXIES
/** Bits of the kinds of what stays at the source. */
uint32_t mvmjs_proxied_kinds(const Frame *offer);
/** Notes what stays at the source: false if nothing does. */
bool mvmjs_proxy_offered(Resident *resident, const Frame *offer);
/** It runs here now. */
void mvmjs_proxy_begin(Residents *residents, Resident *resident);
/** It is no more, or elsewhere. */
void mvmjs_proxy_end(Residents *residents, Resident *resident);
/** Has it asked for something that must not be asked twice? It does not freeze before it has its answer. */
bool mvmjs_proxy_asks(Residents *residents, Resident *resident);
/** Takes a frame of a source: false if it is none. */
bool mvmjs_proxy_take(Residents *residents, Conversation from, const Frame *frame);
void mvmjs_proxies_meet(Residents *residents, struct mvmjs_link *link);
void mvmjs_proxies_lose(Residents *residents, const struct mvmjs_link *link);
void mvmjs_proxies_tick(Residents *residents);
uint64_t mvmjs_proxies_due(const Residents *residents);
static inline bool mvmjs_uses_proxy(const Resident *resident) {
  return resident->proxy.used;
}
#else
static inline uint32_t mvmjs_proxied_kinds(const Frame *offer) {
  (void)offer;
  return 0;
}
static inline bool mvmjs_proxy_offered(Resident *resident, const Frame *offer) {
  (void)resident;
  (void)offer;
  return false;
}
static inline void mvmjs_proxy_begin(Residents *residents, Resident *resident) {
  (void)residents;
  (void)resident;
}
static inline void mvmjs_proxy_end(Residents *residents, Resident *resident) {
  (void)residents;
  (void)resident;
}
static inline bool mvmjs_proxy_asks(Residents *residents, Resident *resident) {
  (void)residents;
  (void)resident;
  return false;
}
static inline bool mvmjs_proxy_take(Residents *residents, Conversation from, const Frame *frame) {
  (void)residents;
  (void)from;
  (void)frame;
  return false;
}
static inline void mvmjs_proxies_meet(Residents *residents, struct mvmjs_link *link) {
  (void)residents;
  (void)link;
}
static inline void mvmjs_proxies_lose(Residents *residents, const struct mvmjs_link *link) {
  (void)residents;
  (void)link;
}
static inline void mvmjs_proxies_tick(Residents *residents) {
  (void)residents;
}
static inline uint64_t mvmjs_proxies_due(const Residents *residents) {
  (void)residents;
  return UINT64_MAX;
}
static inline bool mvmjs_uses_proxy(const Resident *resident) {
  (void)resident;
  return false;
}
#endif

/** Writes the OFFER of a program. */
void mvmjs_put_offer(Residents *residents, Resident *resident, Writer *writer, bool dry);
/** Has the port what an offer says that its program needs? False with a sentence. */
bool mvmjs_meets_needs(const struct mvmjs_io_port *port, const struct mvmjs_wire_value *needs, struct mvmjs_line *why);
/** Moves it, or (dry) only asks whether it would be taken. */
void mvmjs_depart(Residents *residents, Resident *resident, Conversation asker, const struct mvmjs_wire_value *place, bool dry);
void mvmjs_feed_source(Residents *residents, Resident *resident, const struct mvmjs_event *event);
void mvmjs_departure_take(Residents *residents, Resident *resident, Conversation from, const Frame *frame);
/** Its target has accepted, and it can be frozen. */
void mvmjs_departure_accepted(Residents *residents, Resident *resident);
/** The link that it waited for has said HELLO. */
void mvmjs_departure_connected(Residents *residents, Resident *resident);
/** It ended before that. */
void mvmjs_departure_unreached(Residents *residents, Resident *resident, const char *why);
/** Connects again. */
void mvmjs_departure_reconnect(Residents *residents, Resident *resident);
/** The program is no more; `how` says so behind its name. */
void mvmjs_departure_give_up(Residents *residents, Resident *resident, const char *how);
/** Tells who asked for the move how far it is. */
void mvmjs_send_progress(Residents *residents, Resident *resident, const char *phase);
/** Sends as much of its bytes as can go out now. */
void mvmjs_pump(Residents *residents, Resident *resident);

#endif
