// A program asks by the name of a kind; the answer is what the session says, and events that the operation brought about
// follow it.

#include "ask.h"

/** What the functions are told, to know which of them was called. */
static const enum mvmjs_io_kind kinds[MVMJS_IO_KINDS] = {MVMJS_IO_DIGITAL, MVMJS_IO_ANALOG, MVMJS_IO_PWM, MVMJS_IO_I2C, MVMJS_IO_SPI, MVMJS_IO_SERIAL};

void mvmjs_io_tell(struct mvmjs_door *door) {
  enum mvmjs_io_event event;
  int32_t resource;
  uint32_t events;
  while (mvmjs_io_next(door->io, &resource, &event, &events)) {
    struct mvmjs_value what[] = {mvmjs_number_value(resource), mvmjs_text_value(mvmjs_io_event_name(event)), mvmjs_number_value(events)};
    struct mvmjs_value message[] = {mvmjs_text_value("message"), mvmjs_text_value("embedded:io"), mvmjs_list_value(what, 3)};
    if (!mvmjs_door_post(door, message, 3)) return;
  }
}

/** An operation on one kind of them. Only mvm.ask has them. */
static void operate(struct mvmjs_call *call) {
  static struct mvmjs_io_answer reply;
  if (call->id != 0) {
    mvmjs_call_throw(call, "pins and buses are asked by mvm.ask", "type");
    return;
  }
  mvmjs_io_ask(call->door->io, *(const enum mvmjs_io_kind *)call->context, call->arguments.word, &reply);
  if (reply.waits) return;
  const struct mvmjs_value *items = reply.items;
  const enum mvmjs_result result = items[0].number != 0 ? mvmjs_call_answer(call, items[1]) : mvmjs_call_throw(call, items[1].bytes, items[2].bytes);
  if (result == MVMJS_OK) mvmjs_io_tell(call->door);
}

const struct mvmjs_function mvmjs_io_functions[MVMJS_IO_KINDS] = {
  {"io.digital", operate, (void *)&kinds[0]}, {"io.analog", operate, (void *)&kinds[1]}, {"io.pwm", operate, (void *)&kinds[2]},
  {"io.i2c", operate, (void *)&kinds[3]}, {"io.spi", operate, (void *)&kinds[4]}, {"io.serial", operate, (void *)&kinds[5]},
};
