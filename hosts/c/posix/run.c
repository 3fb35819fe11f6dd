// The run loop. It stands still at every step that something is wanted at, with what the program asked for answered only
// when a further step is wanted: so hashes and images of a step are the same on every host.

#include "run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "clock.h"
#include "files.h"
#include "format.h"
#include "machine.h"
#include "output.h"
#include "program.h"
#include "trouble.h"
#include "value.h"

/** Steps after which output goes out although the program goes on: some milliseconds. */
enum { SLICE = 1000000 };

/** The first multiple of `every` above `steps`, at most `least`. */
static uint64_t next_stop(uint64_t steps, uint64_t every, uint64_t least) {
  if (every == 0) return least;
  const uint64_t next = (steps / every + 1) * every;
  return next < least ? next : least;
}

static void print_hash(struct mvmjs_program *program) {
  char line[64];
  const int length = snprintf(line, sizeof line, "%" PRIu64 " %016" PRIx64 "\n", mvmjs_program_steps(program), mvmjs_program_hash(program));
  mvmjs_output_bytes(2, line, (size_t)length);
}

/** Writes the image of a program that stands still. */
static int save(struct mvmjs_run *run) {
  struct mvmjs_file file;
  struct mvmjs_image_writer writer;
  struct mvmjs_image_head *head = &run->program.head;
  uint8_t bytes[4096];
  mvmjs_output_flush();
  mvmjs_program_use(&run->program);
  mvmjs_door_keep_time(&run->host.door);
  if (!run->host.virtual_time) {
    // It is a copy of the program that was loaded: another program from now on.
    mvmjs_clock_random(head->program_id, sizeof head->program_id);
    head->epoch = 1;
    head->sequence = 0;
  }
  head->sequence++;
  mvmjs_file_create(&file, run->stop_path);
  if (!mvmjs_program_save(&run->program, &writer)) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "the memory of %s is broken", run->name);
  for (size_t length; (length = mvmjs_image_write(&writer, bytes, sizeof bytes)) > 0;) mvmjs_file_write(&file, bytes, length);
  mvmjs_file_finish(&file);
  return MVMJS_EXIT_OK;
}

/** The end of a program that ended by itself: its exit code. */
static int ended(struct mvmjs_run *run) {
  struct mvmjs_program *program = &run->program;
  double code = 0;
  mvmjs_output_flush();
  if (run->stop_path != NULL) {
    fprintf(stderr, "mvm-c: %s ended at step %" PRIu64 ", before step %" PRIu64 ": no image was written; stop it earlier\n", run->name, mvmjs_program_steps(program), run->stop_after);
  }
  return mvmjs_read_number(mvmjs_word(REG_RESULT), &code) && fabs(code) < 2147483648.0 ? (int)code & 255 : 0;
}

static int fault(struct mvmjs_run *run) {
  struct mvmjs_program *program = &run->program;
  mvmjs_give_up(run->host.door.failed ? MVMJS_EXIT_PROGRAM : MVMJS_EXIT_INTERNAL,
    "%s stopped at step %" PRIu64 " at an instruction that no compiler makes; build it again", run->name, mvmjs_program_steps(program));
}
static int absent(struct mvmjs_run *run) {
  mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s uses %s at step %" PRIu64 ", which this mvm-c was built without; run it with one of another profile", run->name, run->program.absent_part, mvmjs_program_steps(&run->program));
}
static int out_of_memory(struct mvmjs_run *run) {
  if (run->program.host_is_full) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left for the program; end others, or start it with a smaller --memory");
  mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s needs more than its %" PRIu64 " bytes of memory; start it with a larger --memory", run->name, mvmjs_program_limit(&run->program));
}

/** Sleeps until the program wants to be woken. */
static void wait_for_it(struct mvmjs_run *run) {
  struct mvmjs_host *host = &run->host;
  uint64_t wait = mvmjs_door_until_wake(&host->door);
  if (wait == UINT64_MAX) mvmjs_give_up(MVMJS_EXIT_PROGRAM, "%s waits for a message, and none can come to it here; run it with mvm run", run->name);
  for (; !host->virtual_time && wait > 0; wait = mvmjs_door_until_wake(&host->door)) {
    mvmjs_output_flush();
    mvmjs_clock_sleep(wait);
  }
  mvmjs_host_wake(host);
}

int mvmjs_run_image(struct mvmjs_run *run) {
  struct mvmjs_program *program = &run->program;
  mvmjs_program_use(program);
  bool asks = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
  bool waits = false;
  mvmjs_host_begin(&run->host, MVMJS_COPY);
  const uint64_t first = mvmjs_program_steps(program);
  uint64_t hash_at = next_stop(first, run->hash_every, UINT64_MAX);
  uint64_t collect_at = next_stop(first, run->collect_every, UINT64_MAX);
  uint64_t flush_at = first + SLICE;
  for (;;) {
    const uint64_t steps = mvmjs_program_steps(program);
    if (steps >= hash_at) {
      print_hash(program);
      hash_at = next_stop(steps, run->hash_every, UINT64_MAX);
    }
    if (steps >= collect_at) {
      mvmjs_program_collect(program);
      collect_at = next_stop(steps, run->collect_every, UINT64_MAX);
    }
    if (steps >= flush_at) {
      mvmjs_output_flush();
      flush_at = steps + SLICE;
    }
    if (run->stop_path != NULL && steps >= run->stop_after) return save(run);
    if (steps >= run->fuel) mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s has used its %" PRIu64 " steps; give it more with --fuel", run->name, run->fuel);

    if (asks) {
      switch (mvmjs_door_answer(&run->host.door)) {
        case MVMJS_ANSWERED: break;
        case MVMJS_NO_ROOM: return out_of_memory(run);
        default: return fault(run);
      }
      asks = false;
    }
    if (waits) {
      wait_for_it(run);
      waits = false;
    }

    uint64_t target = flush_at;
    if (hash_at < target) target = hash_at;
    if (collect_at < target) target = collect_at;
    if (run->fuel < target) target = run->fuel;
    if (run->stop_path != NULL && run->stop_after < target) target = run->stop_after;
    switch (mvmjs_program_run(program, target - steps)) {
      case STATUS_FUEL: break;
      case STATUS_HOST_CALL: asks = true; break;
      case STATUS_WAITING: waits = true; break;
      case STATUS_ENDED:
        if (run->hash_every != 0) print_hash(program);
        return ended(run);
      case STATUS_OUT_OF_MEMORY: return out_of_memory(run);
      case MVMJS_ABSENT: return absent(run);
      default: return fault(run);
    }
  }
}
