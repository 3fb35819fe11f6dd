// Runs a program in 8 KB of memory and answers what it asks. app.h is made by
//   mvm build app.js --memory 8K --no-debug --c -o app.h
#include <mvmjs.h>
#include "app.h"

static void output(void *, int, const char *bytes, size_t length) {
  Serial.write((const uint8_t *)bytes, length);
}
// micros() begins again every 71 minutes; time does not.
static uint64_t now(void *) {
  static uint32_t last;
  static uint64_t begun;
  const uint32_t time = (uint32_t)micros();
  if (time < last) begun += (uint64_t)1 << 32;
  last = time;
  return begun + time;
}
static void temperature(struct mvmjs_call *call) {
  const double second = mvmjs_ref_number(call->machine, mvmjs_ref_item(call->machine, call->arguments, 0));
  mvmjs_call_answer(call, mvmjs_number_value(20 + second / 4));
}
static const struct mvmjs_function functions[] = {{"temperature", temperature, NULL}};
static struct mvmjs_services services;
static uint64_t memory[MVMJS_BYTES_FOR(8192) / 8];
static struct mvmjs_machine *machine;
static enum mvmjs_stop last_stop;

void setup() {
  Serial.begin(115200);
  services.output = output;
  services.now = now;
  machine = mvmjs_machine_init(memory, sizeof memory, &services);
  mvmjs_machine_register(machine, functions, 1);
  const enum mvmjs_result result = mvmjs_machine_load(machine, MVMJS_COPY, app, sizeof app);
  if (result != MVMJS_OK) Serial.println(mvmjs_result_text(result));
}

void loop() {
  const enum mvmjs_stop stop = mvmjs_machine_run(machine, 2000);
  if (stop != last_stop && stop > MVMJS_STOP_WAITING) Serial.println(mvmjs_stop_text(stop));
  last_stop = stop;
}
