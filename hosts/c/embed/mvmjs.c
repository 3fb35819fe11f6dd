// Machines in the memory of those who embed them (mvmjs.h): a program, its door and what is known about why it stands still,
// followed by the collector's marks and by the program's own memory.

#include "mvmjs.h"

#include <math.h>
#include <string.h>

#include "door.h"
#include "format.h"
#include "image-fault.h"
#include "machine.h"
#include "program.h"
#include "utf8.h"
#include "value.h"

typedef struct mvmjs_machine Machine;
typedef enum mvmjs_result Result;
typedef enum mvmjs_stop Stop;

/** Bytes of an image in one piece. */
enum { PIECE_BYTES = 256 };

struct mvmjs_machine {
  struct mvmjs_door door;
  struct mvmjs_program program;
  /** Of the image that is or was loaded. */
  struct mvmjs_image_reader reader;
  /** Bytes of memory that a program may have here. */
  uint64_t most_bytes;
  bool loads;
  bool asks;
  bool waits;
  /** The program cannot go on: for this reason, else FUEL. */
  Stop over;
};
/** The header promises that a machine is no larger. */
typedef char machine_fits[sizeof(struct mvmjs_machine) <= MVMJS_MACHINE_BYTES ? 1 : -1];

const char *mvmjs_result_text(Result result) {
  switch (result) {
    case MVMJS_OK: return "done";
    case MVMJS_ERROR_DAMAGED: return "these bytes are no image, or not as they were written";
    case MVMJS_ERROR_VERSION: return "the image is for another version of mvm";
    case MVMJS_ERROR_TOO_LARGE: return "the image needs more memory than this machine has";
    case MVMJS_ERROR_ABSENT: return "the image needs a part of the core that this build lacks";
    case MVMJS_ERROR_FORGED: return "the image was forged";
    case MVMJS_ERROR_NO_ROOM: return "there is no room within the program's memory limit";
    case MVMJS_ERROR_NO_PROGRAM: return "there is no program, or it has ended";
    case MVMJS_ERROR_WRITE: return "the image could not be written";
    case MVMJS_ERROR_MISUSE: return "called where that makes no sense";
  }
  return "no result of mvm's";
}
const char *mvmjs_stop_text(Stop stop) {
  switch (stop) {
    case MVMJS_STOP_FUEL: return "the fuel is used up";
    case MVMJS_STOP_WAITING: return "the program waits";
    case MVMJS_STOP_ASKING: return "the program stands still until a function answers";
    case MVMJS_STOP_ENDED: return "the program has ended";
    case MVMJS_STOP_OUT_OF_MEMORY: return "the program needs more than its memory";
    case MVMJS_STOP_ABSENT: return "the program has reached what is absent here";
    case MVMJS_STOP_SCRATCH: return "the kernel's scratch is too small for it (MVMJS_SCRATCH)";
    case MVMJS_STOP_FAULT: return "the program did what no compiler makes programs do";
    case MVMJS_STOP_EMPTY: return "there is no program";
  }
  return "no stop of mvm's";
}

// Beginning

/** Words of marks for so many words of the program's memory. */
static size_t marks_words(size_t words) {
  return mvmjs_room_marks((uint32_t)(MVMJS_FIRST_WORD + words)) + 1;
}
Machine *mvmjs_machine_init(void *memory, size_t bytes, const struct mvmjs_services *services) {
  const size_t skip = (8 - (uintptr_t)memory % 8) % 8, machine_bytes = (sizeof(Machine) + 7) / 8 * 8;
  if (memory == NULL || bytes < skip + machine_bytes) return NULL;
  uint8_t *const rest = (uint8_t *)memory + skip + machine_bytes;
  const size_t rest_words = (bytes - skip - machine_bytes) / 4;
  // As many words as leave room for their marks; whole doubles, and no more than addresses reach.
  size_t words = (rest_words < (size_t)INT32_MAX / 8 ? rest_words : (size_t)INT32_MAX / 8) & ~(size_t)1;
  while (words > 0 && words + marks_words(words) / 2 * 2 > rest_words) {
    const size_t excess = words + marks_words(words) / 2 * 2 - rest_words;
    words -= excess > 64 ? excess / 2 / 2 * 2 : 2;
  }
  // A program's registers and a word of its own are the least, and before them, in a build for speed, the core.
  if (words < (size_t)HEAP + 2 - MVMJS_FIRST_WORD) return NULL;
  Machine *const machine = (Machine *)(void *)((uint8_t *)memory + skip);
  memset(machine, 0, sizeof *machine);
  memset(rest, 0, words * 4);
  mvmjs_program_init_fixed(&machine->program, (struct mvmjs_room){rest, (uint32_t)(MVMJS_FIRST_WORD + words), (int32_t *)(void *)(rest + words * 4)});
  machine->door = (struct mvmjs_door){.program = &machine->program, .services = services, .machine = machine, .put_rope = services->units != NULL ? mvmjs_door_put_copied : NULL};
  machine->most_bytes = ((uint64_t)MVMJS_FIRST_WORD + words - (uint64_t)REGISTERS) * 4;
  machine->over = MVMJS_STOP_EMPTY;
  return machine;
}
void mvmjs_machine_register(Machine *machine, const struct mvmjs_function *functions, size_t count) {
  machine->door.functions = functions;
  machine->door.function_count = count;
}

// Loading

static Result refusal(const Machine *machine) {
  switch (machine->reader.fault.reason) {
    case MVMJS_IMAGE_FORMAT:
    case MVMJS_IMAGE_ABI:
    case MVMJS_IMAGE_OTHER_CORE: return MVMJS_ERROR_VERSION;
    case MVMJS_IMAGE_TOO_LARGE:
    case MVMJS_IMAGE_CAPABILITIES:
    case MVMJS_IMAGE_NO_ROOM: return MVMJS_ERROR_TOO_LARGE;
    case MVMJS_IMAGE_ABSENT_PART: return MVMJS_ERROR_ABSENT;
    case MVMJS_IMAGE_INVALID: return MVMJS_ERROR_FORGED;
    default: return MVMJS_ERROR_DAMAGED;
  }
}
void mvmjs_machine_clear(Machine *machine) {
  mvmjs_program_clear(&machine->program);
  machine->loads = false;
  machine->over = MVMJS_STOP_EMPTY;
}
void mvmjs_machine_load_begin(Machine *machine) {
  mvmjs_machine_clear(machine);
  mvmjs_program_begin_loading(&machine->program, &machine->reader, machine->most_bytes / 4);
  machine->loads = true;
}
Result mvmjs_machine_load_bytes(Machine *machine, const uint8_t *bytes, size_t length) {
  if (!machine->loads) return MVMJS_ERROR_MISUSE;
  if (mvmjs_program_load(&machine->program, &machine->reader, bytes, length) != MVMJS_IMAGE_REFUSED) return MVMJS_OK;
  machine->loads = false;
  return refusal(machine);
}
Result mvmjs_machine_load_end(Machine *machine, enum mvmjs_beginning beginning) {
  struct mvmjs_door *const door = &machine->door;
  struct mvmjs_image_head *const head = &machine->program.head;
  if (!machine->loads) return MVMJS_ERROR_MISUSE;
  machine->loads = false;
  if (!mvmjs_program_end_loading(&machine->program, &machine->reader)) return refusal(machine);
  mvmjs_program_use(&machine->program);
  machine->asks = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
  machine->waits = false;
  machine->over = MVMJS_STOP_FUEL;
  mvmjs_door_begin(door, beginning);
  mvmjs_door_start_clock(door);
  if (beginning == MVMJS_COPY && door->services->random != NULL) {
    // Another program from now on.
    door->services->random(door->services->context, head->program_id, sizeof head->program_id);
    head->epoch = 1;
    head->sequence = 0;
  }
  return MVMJS_OK;
}
Result mvmjs_machine_load(Machine *machine, enum mvmjs_beginning beginning, const uint8_t *bytes, size_t length) {
  mvmjs_machine_load_begin(machine);
  const Result result = mvmjs_machine_load_bytes(machine, bytes, length);
  return result == MVMJS_OK ? mvmjs_machine_load_end(machine, beginning) : result;
}
void mvmjs_machine_why(const Machine *machine, char *text, size_t size) {
  struct mvmjs_line line;
  if (size == 0) return;
  mvmjs_line_clear(&line);
  if (machine->reader.fault.reason != MVMJS_IMAGE_SOUND) mvmjs_describe_fault(&line, &machine->reader.fault, machine->most_bytes);
  const size_t length = mvmjs_utf8_fit((const uint8_t *)line.text, line.length, size - 1);
  memcpy(text, line.text, length);
  text[length] = '\0';
}

// Running

/** The program cannot go on. */
static Stop end(Machine *machine, Stop stop) {
  machine->over = stop;
  return stop;
}
/** It stopped at a fault: whether that is one, or the scratch was too small. */
static Stop fault(Machine *machine) {
#ifdef MVMJS_SCRATCH
  const bool is_short = mvmjs_scratch_short;
  mvmjs_scratch_short = false;
  if (is_short) return end(machine, MVMJS_STOP_SCRATCH);
#endif
  return end(machine, MVMJS_STOP_FAULT);
}

Stop mvmjs_machine_run(Machine *machine, uint64_t fuel) {
  struct mvmjs_door *const door = &machine->door;
  if (machine->over != MVMJS_STOP_FUEL) return machine->over;
  if (machine->waits) {
    if (mvmjs_door_until_wake(door) > 0) return MVMJS_STOP_WAITING;
    machine->waits = false;
    mvmjs_door_wake(door);
  }
  const uint64_t begin = mvmjs_program_steps(&machine->program);
  for (uint64_t steps = begin; steps - begin < fuel; steps = mvmjs_program_steps(&machine->program)) {
    if (machine->asks) {
      switch (mvmjs_door_answer(door)) {
        case MVMJS_ANSWERED: break;
        case MVMJS_NO_ROOM: return MVMJS_STOP_OUT_OF_MEMORY;
        case MVMJS_NOT_YET: return MVMJS_STOP_ASKING;
        case MVMJS_LACKING: return MVMJS_STOP_ABSENT;
        case MVMJS_NOT_ASKED: return fault(machine);
      }
      machine->asks = false;
    }
    switch (mvmjs_program_run(&machine->program, fuel - (steps - begin))) {
      case STATUS_FUEL: break;
      case STATUS_HOST_CALL: machine->asks = true; break;
      case STATUS_WAITING:
        machine->waits = true;
        return MVMJS_STOP_WAITING;
      case STATUS_ENDED: return end(machine, MVMJS_STOP_ENDED);
      case STATUS_OUT_OF_MEMORY: return MVMJS_STOP_OUT_OF_MEMORY;
      case MVMJS_ABSENT:
        door->lacks = machine->program.absent_part;
        return end(machine, MVMJS_STOP_ABSENT);
      default: return fault(machine);
    }
  }
  return MVMJS_STOP_FUEL;
}
/** Is there a program that can go on? */
static bool lives(const Machine *machine) {
  return machine->over == MVMJS_STOP_FUEL;
}
/** Is there one that can be looked at? */
static bool exists(const Machine *machine) {
  return machine->program.state == MVMJS_READY || machine->program.state == MVMJS_RUNNING;
}

uint64_t mvmjs_machine_wait_us(Machine *machine) {
  return lives(machine) && machine->waits ? mvmjs_door_until_wake(&machine->door) : 0;
}
void mvmjs_machine_stop_clock(Machine *machine) {
  if (lives(machine) && !machine->door.stands) mvmjs_door_stop_clock(&machine->door);
}
void mvmjs_machine_start_clock(Machine *machine) {
  if (lives(machine)) mvmjs_door_start_clock(&machine->door);
}

// Messages

static Result post(Machine *machine, struct mvmjs_value *items, size_t length) {
  if (!lives(machine)) return MVMJS_ERROR_NO_PROGRAM;
  return mvmjs_door_post(&machine->door, items, length) ? MVMJS_OK : MVMJS_ERROR_NO_ROOM;
}
Result mvmjs_machine_call(Machine *machine, const char *name, struct mvmjs_value *arguments, size_t count, uint64_t *id) {
  if (!lives(machine)) return MVMJS_ERROR_NO_PROGRAM;
  mvmjs_program_use(&machine->program);
  // The program counts what it was told, wherever it was: so no two calls of its life have the same number.
  const uint64_t number = mvmjs_counter(REG_INPUTS_LOW) + 1;
  struct mvmjs_value message[] = {mvmjs_text_value("call"), mvmjs_number_value((double)number), mvmjs_text_value(name), mvmjs_list_value(arguments, count)};
  if (id != NULL) *id = number;
  return post(machine, message, 4);
}
Result mvmjs_machine_answer(Machine *machine, uint64_t id, bool ok, struct mvmjs_value value) {
  if (!lives(machine)) return MVMJS_ERROR_NO_PROGRAM;
  return mvmjs_door_settle(&machine->door, id, ok, value) ? MVMJS_OK : MVMJS_ERROR_NO_ROOM;
}
Result mvmjs_machine_send(Machine *machine, const char *name, struct mvmjs_value data) {
  struct mvmjs_value message[] = {mvmjs_text_value("message"), mvmjs_text_value(name), data};
  return post(machine, message, 3);
}

// Images

Result mvmjs_machine_snapshot(Machine *machine, bool (*write)(void *context, const uint8_t *bytes, size_t length), void *context) {
  struct mvmjs_image_writer writer;
  uint8_t bytes[PIECE_BYTES];
  if (!lives(machine)) return MVMJS_ERROR_NO_PROGRAM;
  mvmjs_door_keep_time(&machine->door);
  machine->program.head.sequence++;
  if (!mvmjs_program_save(&machine->program, &writer)) {
    fault(machine);
    return MVMJS_ERROR_NO_PROGRAM;
  }
  for (size_t length; (length = mvmjs_image_write(&writer, bytes, sizeof bytes)) > 0;) if (!write(context, bytes, length)) return MVMJS_ERROR_WRITE;
  return MVMJS_OK;
}

// Facts

int mvmjs_machine_exit_code(Machine *machine) {
  double code = 0;
  if (machine->over != MVMJS_STOP_ENDED) return 0;
  mvmjs_program_use(&machine->program);
  return mvmjs_read_number(mvmjs_word(REG_RESULT), &code) && fabs(code) < 2147483648.0 ? (int)code & 255 : 0;
}
bool mvmjs_machine_threw(const Machine *machine) {
  return machine->door.failed;
}
const char *mvmjs_machine_lacks(const Machine *machine) {
  return machine->door.lacks;
}
uint64_t mvmjs_machine_steps(Machine *machine) {
  return exists(machine) ? mvmjs_program_steps(&machine->program) : 0;
}
uint64_t mvmjs_machine_memory_used(Machine *machine) {
  return exists(machine) ? mvmjs_program_bytes(&machine->program) : 0;
}
uint64_t mvmjs_machine_memory_limit(Machine *machine) {
  return exists(machine) ? mvmjs_program_limit(&machine->program) : 0;
}
uint64_t mvmjs_machine_state_hash(Machine *machine) {
  return exists(machine) ? mvmjs_program_hash(&machine->program) : 0;
}

// Values

enum mvmjs_value_kind mvmjs_ref_kind(Machine *machine, struct mvmjs_ref ref) {
  double number;
  uint32_t length;
  mvmjs_program_use(&machine->program);
  if (ref.word == IMMEDIATE_UNDEFINED) return MVMJS_UNDEFINED;
  if (ref.word == IMMEDIATE_TRUE || ref.word == IMMEDIATE_FALSE) return MVMJS_BOOLEAN;
  if (mvmjs_read_number(ref.word, &number)) return MVMJS_NUMBER;
  if (mvmjs_isText(ref.word)) return MVMJS_TEXT;
  return mvmjs_read_array(ref.word, &length) ? MVMJS_LIST : MVMJS_OTHER;
}
double mvmjs_ref_number(Machine *machine, struct mvmjs_ref ref) {
  double number;
  mvmjs_program_use(&machine->program);
  return mvmjs_read_number(ref.word, &number) ? number : (double)NAN;
}
bool mvmjs_ref_boolean(Machine *machine, struct mvmjs_ref ref) {
  (void)machine;
  return ref.word == IMMEDIATE_TRUE;
}
/** Where a text is copied to. */
struct copy {
  char *to;
  size_t room;
  size_t length;
  bool full;
};
static void copy(void *context, const char *bytes, size_t length) {
  struct copy *const copy = context;
  copy->length += length;
  if (copy->full || copy->room == 0) return;
  const size_t fitting = mvmjs_utf8_fit((const uint8_t *)bytes, length, copy->room - 1);
  copy->full = fitting < length;
  memcpy(copy->to, bytes, fitting);
  copy->to += fitting;
  copy->room -= fitting;
  copy->to[0] = '\0';
}
size_t mvmjs_ref_text(Machine *machine, struct mvmjs_ref ref, char *text, size_t size) {
  struct mvmjs_text from;
  struct copy state = {.to = text, .room = size};
  mvmjs_program_use(&machine->program);
  if (size > 0) text[0] = '\0';
  return mvmjs_read_text(ref.word, &from) && mvmjs_text_put(&from, copy, &state) ? state.length : 0;
}
size_t mvmjs_ref_length(Machine *machine, struct mvmjs_ref ref) {
  uint32_t length;
  mvmjs_program_use(&machine->program);
  return mvmjs_read_array(ref.word, &length) ? length : 0;
}
struct mvmjs_ref mvmjs_ref_item(Machine *machine, struct mvmjs_ref list, size_t index) {
  const size_t length = mvmjs_ref_length(machine, list);
  return (struct mvmjs_ref){index < length ? mvmjs_read_element(list.word, (uint32_t)index) : IMMEDIATE_UNDEFINED};
}
