// Sockets and TLS. A connection goes through these: CONNECTING (TCP, from here), SNIFFING (from elsewhere, not a byte yet),
// SHAKING (the TLS handshake), OPEN (it has a link), ENDING (what was sent goes out), and is then freed.

#define _DEFAULT_SOURCE
#include "connections.h"

#include <errno.h>
#include <fcntl.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "keys.h"
#include "trouble.h"

enum { HANDSHAKE_PATIENCE = 5000, CONNECT_PATIENCE = 10000, END_PATIENCE = 1000, DEFAULT_PORT = 7070 };
/** Bytes that wait for a connection before images wait for it; and before it is given up, because its peer asks and does not listen. */
enum { QUEUE_BYTES = 1 << 20, QUEUE_MAX = 16 << 20 };
enum { READ_BYTES = 65536, PLACE_ROOM = 256 };
/** The first byte of a TLS connection. */
enum { TLS_HANDSHAKE = 0x16 };

enum state { FREE, CONNECTING, SNIFFING, SHAKING, OPEN, ENDING };
struct connection {
  enum state state;
  int socket;
  /** A command of this user's: no TLS. */
  bool is_local;
  /** Where it is among what is polled for; 0: it is not, being new. A socket's number may be another's by then. */
  int poll_index;
  bool began;
  /** It ends as soon as it is open and what was to be said is out. */
  bool ends;
  uint64_t deadline_ms;
  mbedtls_ssl_context tls;
  bool has_tls;
  /** From here: which of the keys is tried. */
  int key;
  char address[PLACE_ROOM];
  struct mvmjs_link link;
  bool has_link;
  uint8_t *body;
  /** What has to go out. */
  uint8_t *out;
  size_t out_length;
  size_t out_room;
  /** TLS wants to be asked again with the same bytes. */
  size_t retry;
  bool wants_write;
};

static struct connection connections[MVMJS_CONNECTIONS_MAX];
static struct mvmjs_residents *residents;
static uint32_t body_bytes;
static int hosts_socket = -1, commands_socket = -1;
static char listens_at[PLACE_ROOM];
static char commands_path[sizeof((struct sockaddr_un *)0)->sun_path];
static struct mvmjs_key keys[MVMJS_KEYS_MAX];
static int key_count;

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context chance;
static mbedtls_ssl_config server_config;
static mbedtls_ssl_config client_configs[MVMJS_KEYS_MAX];
static bool has_client_config[MVMJS_KEYS_MAX];
static const int suites[] = {MBEDTLS_TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256, 0};

static void note(const char *place, const char *what) {
  struct mvmjs_line line;
  mvmjs_line_set(&line, place, " ", what, (const char *)NULL);
  residents->port->note(residents->context, line.text);
}
static uint64_t now(void) {
  return mvmjs_clock_now() / 1000;
}

// TLS

static int tls_send(void *context, const unsigned char *bytes, size_t length) {
  struct connection *one = context;
  const ssize_t sent = send(one->socket, bytes, length, MSG_NOSIGNAL);
  if (sent >= 0) return (int)sent;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_CONN_EOF;
}
static int tls_receive(void *context, unsigned char *bytes, size_t length) {
  struct connection *one = context;
  const ssize_t got = recv(one->socket, bytes, length, 0);
  if (got >= 0) return (int)got;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_CONN_EOF;
}
/** The server's side: finds the key that a peer says it has. */
static int find_key(void *context, mbedtls_ssl_context *tls, const unsigned char *identity, size_t length) {
  (void)context;
  struct mvmjs_line why;
  key_count = mvmjs_keys_read(keys, &why);
  if (key_count == 0) note("the key file", why.text);
  for (int i = 0; i < key_count; i++) {
    if (length != MVMJS_KEY_ID_DIGITS || memcmp(identity, keys[i].id, length) != 0) continue;
    for (int k = 0; k < MVMJS_CONNECTIONS_MAX; k++) if (&connections[k].tls == tls) connections[k].link.scopes = keys[i].scopes;
    return mbedtls_ssl_set_hs_psk(tls, keys[i].key, MVMJS_KEY_BYTES);
  }
  return -1;
}
static void must(int result, const char *what) {
  if (result != 0) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "Mbed TLS cannot %s (%d)", what, result);
}
static void configure(mbedtls_ssl_config *config, int endpoint) {
  mbedtls_ssl_config_init(config);
  must(mbedtls_ssl_config_defaults(config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT), "be configured");
  mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_max_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_ciphersuites(config, suites);
  mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &chance);
}
static void begin_tls(struct connection *one, const mbedtls_ssl_config *config) {
  mbedtls_ssl_init(&one->tls);
  must(mbedtls_ssl_setup(&one->tls, config), "begin a connection");
  mbedtls_ssl_set_bio(&one->tls, one, tls_send, tls_receive, NULL);
  one->has_tls = true;
  one->state = SHAKING;
}
/** A configuration for a connection from here with one of the keys. */
static const mbedtls_ssl_config *client_config(int key) {
  mbedtls_ssl_config *config = &client_configs[key];
  if (has_client_config[key]) mbedtls_ssl_config_free(config);
  configure(config, MBEDTLS_SSL_IS_CLIENT);
  must(mbedtls_ssl_conf_psk(config, keys[key].key, MVMJS_KEY_BYTES, (const unsigned char *)keys[key].id, MVMJS_KEY_ID_DIGITS), "take a key");
  has_client_config[key] = true;
  return config;
}

// Connections

static struct connection *new_connection(int socket) {
  for (int i = 0; i < MVMJS_CONNECTIONS_MAX; i++) {
    struct connection *one = &connections[i];
    if (one->state != FREE) continue;
    memset(one, 0, sizeof *one);
    one->socket = socket;
    return one;
  }
  return NULL;
}
static int count_of(enum state least, enum state most) {
  int count = 0;
  for (int i = 0; i < MVMJS_CONNECTIONS_MAX; i++) if (connections[i].state >= least && connections[i].state <= most) count++;
  return count;
}
static void unblock(int socket) {
  const int one = 1;
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
  fcntl(socket, F_SETFD, FD_CLOEXEC);
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}
/** It is over, whatever was to go out. */
static void drop(struct connection *one, const char *problem) {
  if (one->state == FREE) return;
  if (one->has_link) {
    if (one->link.problem == NULL || one->link.problem[0] == '\0') one->link.problem = problem;
    one->has_link = false;
    mvmjs_residents_close(residents, &one->link, now());
  }
  if (one->has_tls) mbedtls_ssl_free(&one->tls);
  if (one->socket >= 0) close(one->socket);
  free(one->body);
  free(one->out);
  one->body = one->out = NULL;
  one->has_tls = false;
  one->state = FREE;
}

static void flush(struct connection *one);

// What a link asks of its connection

static void link_send(void *stream, const uint8_t *bytes, size_t length) {
  struct connection *one = stream;
  if (one->state == FREE) return;
  if (one->out_length + length > one->out_room) {
    const size_t room = (one->out_length + length) * 2;
    uint8_t *larger = realloc(one->out, room);
    if (larger == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
    one->out = larger;
    one->out_room = room;
  }
  memcpy(one->out + one->out_length, bytes, length);
  one->out_length += length;
  // It ends at the next look at its deadline, not in the middle of what is being done for it.
  if (one->out_length > QUEUE_MAX) one->deadline_ms = 1;
}
static size_t link_room(void *stream) {
  const struct connection *one = stream;
  return one->out_length < QUEUE_BYTES ? QUEUE_BYTES - one->out_length : 0;
}
static void link_end(void *stream) {
  struct connection *one = stream;
  if (one->state == FREE || one->state == ENDING) return;
  one->ends = true;
  one->deadline_ms = now() + END_PATIENCE;
  if (one->state == OPEN) one->state = ENDING;
}

static void open_link(struct connection *one) {
  struct mvmjs_link *link = &one->link;
  if (one->body == NULL) one->body = malloc(body_bytes);
  if (one->body == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  link->began = one->began;
  link->send = link_send;
  link->room = link_room;
  link->end = link_end;
  link->stream = one;
  mvmjs_copy_name(link->place, sizeof link->place, (const uint8_t *)one->address, strlen(one->address));
  one->has_link = true;
  mvmjs_residents_open(residents, link, one->body, body_bytes, now());
}

// From here

static bool split(const char *place, char *host, size_t room, char port[8]) {
  const char *colon = strrchr(place, ':');
  size_t length = colon == NULL ? strlen(place) : (size_t)(colon - place);
  const char *from = place;
  if (place[0] == '[') {
    const char *end = strchr(place, ']');
    if (end == NULL || (end[1] != '\0' && end[1] != ':')) return false;
    from = place + 1;
    length = (size_t)(end - from);
    colon = end[1] == ':' ? end + 1 : NULL;
  } else if (memchr(place, ':', length) != NULL) {
    return false;
  }
  if (length + 1 > room) return false;
  memcpy(host, from, length);
  host[length] = '\0';
  if (length == 0) snprintf(host, room, "127.0.0.1");
  const char *digits = colon == NULL ? "" : colon + 1;
  const size_t count = strlen(digits);
  if (count > 5 || strspn(digits, "0123456789") != count || (colon != NULL && count == 0) || atoi(digits) > 65535) return false;
  // The bound is known; a compiler for size does not see it.
  snprintf(port, 8, "%u", colon == NULL ? (unsigned)DEFAULT_PORT : (unsigned)atoi(digits) & 0xffffu);
  return true;
}

/** Connects the socket of a connection to its address. False: `why`. */
static bool dial(struct connection *one, struct mvmjs_line *why) {
  char host[PLACE_ROOM], port[8];
  struct addrinfo hints, *found = NULL;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  if (!split(one->address, host, sizeof host, port)) {
    mvmjs_line_set(why, "that is no address; give host:port, for instance 127.0.0.1:7070", (const char *)NULL);
    return false;
  }
  if (getaddrinfo(host, port, &hints, &found) != 0 || found == NULL) {
    mvmjs_line_set(why, "there is no such host; check the name", (const char *)NULL);
    return false;
  }
  one->socket = socket(found->ai_family, SOCK_STREAM, 0);
  if (one->socket >= 0) unblock(one->socket);
  const bool under_way = one->socket >= 0 && (connect(one->socket, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS);
  freeaddrinfo(found);
  if (!under_way) {
    mvmjs_line_set(why, "it cannot be reached; check the address and the network", (const char *)NULL);
    if (one->socket >= 0) close(one->socket);
    one->socket = -1;
    return false;
  }
  one->state = CONNECTING;
  one->deadline_ms = now() + CONNECT_PATIENCE;
  return true;
}

struct mvmjs_link *mvmjs_connections_connect(void *context, const char *place, struct mvmjs_line *why) {
  (void)context;
  key_count = mvmjs_keys_read(keys, why);
  if (key_count == 0) return NULL;
  struct connection *one = count_of(OPEN, OPEN) < MVMJS_OPEN_MAX ? new_connection(-1) : NULL;
  if (one == NULL) {
    mvmjs_line_set(why, "this host has too many connections already; try again", (const char *)NULL);
    return NULL;
  }
  one->began = true;
  one->link.scopes = MVMJS_SCOPE_ALL;
  snprintf(one->address, sizeof one->address, "%s", place);
  if (!dial(one, why)) return NULL;
  open_link(one);
  // HELLO has to come after TCP and TLS have had their time.
  one->link.hello_by_ms = now() + CONNECT_PATIENCE;
  return &one->link;
}

/** The handshake failed: another of this user's keys may be the one that is known there. Servers in C cannot say which they mean. */
static bool try_next_key(struct connection *one) {
  struct mvmjs_line why;
  if (!one->began || one->key + 1 >= key_count) return false;
  mbedtls_ssl_free(&one->tls);
  one->has_tls = false;
  close(one->socket);
  one->socket = -1;
  one->key++;
  return dial(one, &why);
}

// The course of a connection

static const char *connect_problem(int error) {
  switch (error) {
    case ECONNREFUSED: return "nobody listens there; start `mvm serve --listen` there";
    case ETIMEDOUT: case EHOSTUNREACH: case ENETUNREACH: return "it cannot be reached; check the address and the network";
    default: return "connecting failed; check the address";
  }
}
static void shake(struct connection *one);
static void connected(struct connection *one) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(one->socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0) {
    drop(one, connect_problem(error));
    return;
  }
  // A person may have taken keys away meanwhile.
  if (one->key >= key_count) {
    drop(one, "this user has no key that is known there");
    return;
  }
  begin_tls(one, client_config(one->key));
  // Whoever connects speaks first.
  shake(one);
}

/** The first bytes of a peer: TLS, or something that is told what this is. */
static void sniff(struct connection *one) {
  static const char text[] = "This port speaks mvm's protocol, not HTTP: use `mvm migrate --to`.\n";
  char bytes[10] = "";
  const ssize_t got = recv(one->socket, bytes, sizeof bytes - 1, MSG_PEEK);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (got <= 0) {
    drop(one, "");
    return;
  }
  if (bytes[0] == TLS_HANDSHAKE) {
    begin_tls(one, &server_config);
    return;
  }
  const size_t capitals = strspn(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (capitals >= 3 && capitals <= 8 && bytes[capitals] == ' ') {
    char answer[256], rest[4096];
    // What has come is read, so that closing does not take the answer back.
    while (recv(one->socket, rest, sizeof rest, 0) > 0) {}
    const int length = snprintf(answer, sizeof answer, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", sizeof text - 1, text);
    if (send(one->socket, answer, (size_t)length, MSG_NOSIGNAL) == length) shutdown(one->socket, SHUT_WR);
    note(one->address, "speaks HTTP; it was turned away: this port is for `mvm migrate --to`");
  } else {
    note(one->address, "does not speak mvm's protocol; it was turned away");
  }
  drop(one, "");
}

static void shake(struct connection *one) {
  char why[160];
  const int result = mbedtls_ssl_handshake(&one->tls);
  one->wants_write = result == MBEDTLS_ERR_SSL_WANT_WRITE;
  if (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) return;
  if (result == 0) {
    one->state = one->ends ? ENDING : OPEN;
    one->wants_write = false;
    if (!one->ends) one->deadline_ms = 0;
    if (!one->has_link) {
      if (count_of(OPEN, OPEN) > MVMJS_OPEN_MAX) {
        drop(one, "");
        return;
      }
      open_link(one);
    }
    flush(one);
    return;
  }
  if (one->began) {
    if (result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && try_next_key(one)) return;
    drop(one, result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
      ? "wrong key: that host does not know this user's keys; print its key there with `mvm key show` and give it to `mvm key import` here"
      : "what listens there does not speak mvm's protocol; check the port: it should be that of `mvm serve`");
    return;
  }
  if (result == MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY || result == MBEDTLS_ERR_SSL_INVALID_MAC || result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
    note(one->address, "has a wrong key; it was turned away");
  } else {
    char detail[100];
    mbedtls_strerror(result, detail, sizeof detail);
    snprintf(why, sizeof why, "did not finish the handshake (%.100s); it was turned away", detail);
    note(one->address, why);
  }
  drop(one, "");
}

/** Takes what has come. */
static void receive(struct connection *one) {
  static uint8_t bytes[READ_BYTES];
  // Not for ever: others want their turn.
  for (int turn = 0; turn < 16 && one->state == OPEN; turn++) {
    ssize_t got;
    if (one->is_local) {
      got = recv(one->socket, bytes, sizeof bytes, 0);
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    } else {
      got = mbedtls_ssl_read(&one->tls, bytes, sizeof bytes);
      if (got == MBEDTLS_ERR_SSL_WANT_READ || got == MBEDTLS_ERR_SSL_WANT_WRITE) return;
    }
    if (got <= 0) {
      drop(one, "the connection ended");
      return;
    }
    mvmjs_residents_take(residents, &one->link, bytes, (size_t)got, now());
  }
}

/** Sends what can go out. */
static void flush(struct connection *one) {
  size_t at = 0;
  if (one->state != OPEN && one->state != ENDING) return;
  one->wants_write = false;
  while (at < one->out_length) {
    ssize_t sent;
    if (one->is_local) {
      sent = send(one->socket, one->out + at, one->out_length - at, MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) break;
    } else {
      sent = mbedtls_ssl_write(&one->tls, one->out + at, one->retry > 0 ? one->retry : one->out_length - at);
      if (sent == MBEDTLS_ERR_SSL_WANT_READ || sent == MBEDTLS_ERR_SSL_WANT_WRITE) {
        // It has to be asked again for as many bytes.
        if (one->retry == 0) one->retry = one->out_length - at;
        break;
      }
      one->retry = 0;
    }
    if (sent <= 0) {
      drop(one, "the connection ended");
      return;
    }
    at += (size_t)sent;
  }
  memmove(one->out, one->out + at, one->out_length - at);
  one->out_length -= at;
  one->wants_write = one->out_length > 0;
  if (one->state == ENDING && one->out_length == 0) {
    if (one->has_tls) mbedtls_ssl_close_notify(&one->tls);
    drop(one, "");
  }
}

static void name_peer(struct connection *one, const struct sockaddr_storage *peer, socklen_t length) {
  char host[128] = "?", port[16] = "0";
  getnameinfo((const struct sockaddr *)peer, length, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
  snprintf(one->address, sizeof one->address, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
}
static void accept_one(int listener, bool is_local) {
  struct sockaddr_storage peer;
  socklen_t length = sizeof peer;
  const int socket = accept(listener, (struct sockaddr *)&peer, &length);
  if (socket < 0) return;
  struct connection *one = !is_local && count_of(SNIFFING, SHAKING) >= MVMJS_WAITING_MAX ? NULL : new_connection(socket);
  // The last places are for peers that have yet to prove who they are.
  if (one == NULL || (is_local && count_of(OPEN, ENDING) >= MVMJS_OPEN_MAX)) {
    close(socket);
    return;
  }
  unblock(socket);
  one->is_local = is_local;
  if (is_local) {
    snprintf(one->address, sizeof one->address, "a command");
    one->link.scopes = MVMJS_SCOPE_ALL;
    one->state = OPEN;
    open_link(one);
    return;
  }
  name_peer(one, &peer, length);
  one->state = SNIFFING;
  one->deadline_ms = now() + HANDSHAKE_PATIENCE;
}

// Listening

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void cannot_listen(const char *place, int error) {
  const char *what = strerror(error);
  switch (error) {
    case EADDRINUSE: what = "it is in use; choose another port with --listen"; break;
    case EACCES: what = "permission is denied; choose a port above 1023 with --listen"; break;
    case EADDRNOTAVAIL: what = "this machine has no such address; choose one that it has with --listen"; break;
  }
  mvmjs_give_up(MVMJS_EXIT_PEER, "cannot listen at %s: %s", place, what);
}
static void listen_hosts(const char *address) {
  char host[PLACE_ROOM], port[8];
  struct addrinfo hints, *found = NULL;
  struct sockaddr_storage bound;
  socklen_t length = sizeof bound;
  const int yes = 1;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  if (!split(address, host, sizeof host, port)) mvmjs_give_up(MVMJS_EXIT_USAGE, "'%s' is no address; give host:port, for instance 127.0.0.1:7070", address);
  if (getaddrinfo(host, port, &hints, &found) != 0 || found == NULL) mvmjs_give_up(MVMJS_EXIT_PEER, "cannot listen at %s: there is no such host; check the name", address);
  hosts_socket = socket(found->ai_family, SOCK_STREAM, 0);
  if (hosts_socket < 0) cannot_listen(address, errno);
  setsockopt(hosts_socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(hosts_socket, found->ai_addr, found->ai_addrlen) != 0 || listen(hosts_socket, 64) != 0) cannot_listen(address, errno);
  freeaddrinfo(found);
  unblock(hosts_socket);
  if (getsockname(hosts_socket, (struct sockaddr *)&bound, &length) != 0) cannot_listen(address, errno);
  getnameinfo((struct sockaddr *)&bound, length, NULL, 0, port, sizeof port, NI_NUMERICSERV);
  snprintf(listens_at, sizeof listens_at, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
}
static void listen_commands(void) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  mvmjs_socket_path(commands_path, sizeof commands_path);
  memcpy(address.sun_path, commands_path, sizeof address.sun_path);
  // Whoever had this process id before is gone.
  unlink(commands_path);
  const mode_t mask = umask(0177);
  commands_socket = socket(AF_UNIX, SOCK_STREAM, 0);
  if (commands_socket < 0 || bind(commands_socket, (struct sockaddr *)&address, sizeof address) != 0 || listen(commands_socket, 16) != 0) cannot_listen(commands_path, errno);
  umask(mask);
  chmod(commands_path, 0600);
  unblock(commands_socket);
}

void mvmjs_connections_begin(struct mvmjs_residents *of, const char *address, uint32_t bytes) {
  residents = of;
  struct mvmjs_line why;
  body_bytes = bytes;
  key_count = mvmjs_keys_read(keys, &why);
  if (key_count == 0) mvmjs_give_up(MVMJS_EXIT_FILE, "%s", why.text);
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&chance);
  must(mbedtls_ctr_drbg_seed(&chance, mbedtls_entropy_func, &entropy, (const unsigned char *)"mvm-c", 5), "find randomness");
  configure(&server_config, MBEDTLS_SSL_IS_SERVER);
  mbedtls_ssl_conf_psk_cb(&server_config, find_key, NULL);
  listen_hosts(address);
  listen_commands();
}
const char *mvmjs_connections_address(void) {
  return listens_at;
}
const char *mvmjs_connections_key(void) {
  return keys[0].id;
}
void mvmjs_connections_finish(void) {
  if (commands_path[0] != '\0') unlink(commands_path);
}

// Polling

int mvmjs_connections_poll(struct pollfd *polls, uint64_t *due_ms) {
  int count = 2;
  polls[0] = (struct pollfd){.fd = hosts_socket, .events = POLLIN, .revents = 0};
  polls[1] = (struct pollfd){.fd = commands_socket, .events = POLLIN, .revents = 0};
  for (int i = 0; i < MVMJS_CONNECTIONS_MAX; i++) {
    struct connection *one = &connections[i];
    one->poll_index = 0;
    if (one->state == FREE) continue;
    const size_t waiting = one->out_length;
    flush(one);
    if (one->state == FREE) continue;
    // Who has more to send may go on: nothing else would wake this host for that.
    if (one->out_length < waiting) *due_ms = 0;
    short events = one->state == CONNECTING || one->wants_write ? POLLOUT : 0;
    if (one->state != CONNECTING && one->state != ENDING) events = (short)(events | POLLIN);
    // What TLS has read ahead is not seen by polling.
    if (one->state == OPEN && one->has_tls && mbedtls_ssl_get_bytes_avail(&one->tls) > 0) *due_ms = 0;
    if (one->deadline_ms != 0 && one->deadline_ms < *due_ms) *due_ms = one->deadline_ms;
    one->poll_index = count;
    polls[count++] = (struct pollfd){.fd = one->socket, .events = events, .revents = 0};
  }
  return count;
}

void mvmjs_connections_attend(const struct pollfd *polls, uint64_t now_ms) {
  for (int i = 0; i < MVMJS_CONNECTIONS_MAX; i++) {
    struct connection *one = &connections[i];
    if (one->state == FREE || one->poll_index == 0) continue;
    const struct pollfd *found = &polls[one->poll_index];
    const bool ready = found->revents != 0;
    switch (one->state) {
      case CONNECTING: if (ready) connected(one); break;
      case SNIFFING: if (ready) sniff(one); break;
      case SHAKING: if (ready) shake(one); break;
      case OPEN: if (ready || (one->has_tls && mbedtls_ssl_get_bytes_avail(&one->tls) > 0)) receive(one); break;
      case ENDING: if ((found->revents & (POLLERR | POLLHUP)) != 0 && (found->revents & POLLOUT) == 0) drop(one, ""); break;
      case FREE: break;
    }
    if (one->state == OPEN || one->state == ENDING) flush(one);
    if (one->state != FREE && one->deadline_ms != 0 && one->deadline_ms <= now_ms) {
      if (one->state == SNIFFING || (one->state == SHAKING && !one->began)) note(one->address, "did not finish the handshake; it was turned away");
      drop(one, one->began && one->state != ENDING ? "it cannot be reached; check the address and the network" : "");
    }
  }
  if ((polls[0].revents & POLLIN) != 0) accept_one(hosts_socket, false);
  if ((polls[1].revents & POLLIN) != 0) accept_one(commands_socket, true);
}
