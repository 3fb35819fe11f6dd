// mvm build app.js --memory 8K --no-debug --c -o app.h && cc embed.c mvmjs.c mvmjs_core.c -lm
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "mvmjs.h"
#include "app.h" // static const uint8_t app[]

static void output(void *context, int stream, const char *bytes, size_t length) {
  (void)context, (void)fwrite(bytes, 1, length, stream == 1 ? stdout : stderr);
}
static uint64_t now(void *context) { // microseconds, of whatever clock there is
  return (void)context, (uint64_t)clock() * (1000000 / CLOCKS_PER_SEC);
}
static const struct mvmjs_services services = {.output = output, .now = now};

static void temperature(struct mvmjs_call *call) { // mvm.ask("temperature", second)
  double second = mvmjs_ref_number(call->machine, mvmjs_ref_item(call->machine, call->arguments, 0));
  mvmjs_call_answer(call, mvmjs_number_value(20 + second / 4));
}
static const struct mvmjs_function functions[] = {{"temperature", temperature, NULL}};

static uint64_t memory[MVMJS_BYTES_FOR(8192) / 8];
static struct { uint8_t bytes[8192]; size_t length; } frozen; // or flash, or a file, or another device
static bool keep(void *context, const uint8_t *bytes, size_t length) {
  (void)context;
  if (length > sizeof frozen.bytes - frozen.length) return false;
  memcpy(frozen.bytes + frozen.length, bytes, length);
  return frozen.length += length, true;
}

int main(void) {
  struct mvmjs_machine *machine = mvmjs_machine_init(memory, sizeof memory, &services);
  mvmjs_machine_register(machine, functions, 1);
  enum mvmjs_result result = mvmjs_machine_load(machine, MVMJS_COPY, app, sizeof app);
  while (result == MVMJS_OK && mvmjs_machine_steps(machine) < 3000) mvmjs_machine_run(machine, 100); // then your other work
  if (result == MVMJS_OK) result = mvmjs_machine_snapshot(machine, keep, NULL); // in the middle of whatever it does
  if (result == MVMJS_OK) result = mvmjs_machine_load(machine, MVMJS_ARRIVED, frozen.bytes, frozen.length); // and on, here or elsewhere
  enum mvmjs_stop stop = MVMJS_STOP_FUEL;
  while (result == MVMJS_OK && stop <= MVMJS_STOP_WAITING) stop = mvmjs_machine_run(machine, 100);
  printf("%s: %s\n", mvmjs_result_text(result), mvmjs_stop_text(stop));
  return mvmjs_machine_exit_code(machine);
}
