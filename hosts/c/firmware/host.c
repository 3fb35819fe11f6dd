// The port as services.

#include "host.h"

#include "port.h"

static void output(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  mvmjs_host_print((const uint8_t *)bytes, length);
}
static uint64_t now(void *context) {
  (void)context;
  return mvmjs_port_now();
}
static void random_bytes(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  mvmjs_port_random(bytes, length);
}

const struct mvmjs_services mvmjs_host_services = {.output = output, .now = now, .random = random_bytes};
