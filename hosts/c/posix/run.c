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

static void print_hash(void) {
  char line[64];
  const int length = snprintf(line, sizeof line, "%" PRIu64 " %016" PRIx64 "\n", mvmjs_program_steps(), mvmjs_program_hash());
  mvmjs_output_bytes(2, line, (size_t)length);
}

static void write_part(void *context, const uint8_t *bytes, size_t length) {
  mvmjs_file_write(context, bytes, length);
}
/** Writes the image of a program that stands still. */
static int save(struct mvmjs_run *run) {
  struct mvmjs_file file;
  uint8_t id[MVMJS_PROGRAM_ID_BYTES];
  mvmjs_output_flush();
  mvmjs_program_set_counter(REG_TIME_LOW, mvmjs_host_now(&run->host));
  if (!run->host.virtual_time) {
    // It is a copy of the program that was loaded: another program from now on.
    mvmjs_clock_random(id, sizeof id);
    run->head.program_id = id;
    run->head.epoch = 1;
    run->head.sequence = 0;
  }
  run->head.sequence++;
  mvmjs_file_create(&file, run->stop_path);
  mvmjs_program_save(&run->head, write_part, &file);
  mvmjs_file_finish(&file);
  return MVMJS_EXIT_OK;
}

/** The end of a program that ended by itself: its exit code. */
static int ended(const struct mvmjs_run *run) {
  double code = 0;
  mvmjs_output_flush();
  if (run->stop_path != NULL) {
    fprintf(stderr, "mvm-c: %s ended at step %" PRIu64 ", before step %" PRIu64 ": no image was written; stop it earlier\n", run->name, mvmjs_program_steps(), run->stop_after);
  }
  return mvmjs_read_number(mvmjs_word(REG_RESULT), &code) && fabs(code) < 2147483648.0 ? (int)code & 255 : 0;
}

static int fault(const struct mvmjs_run *run) {
  mvmjs_give_up(run->host.failed ? MVMJS_EXIT_PROGRAM : MVMJS_EXIT_INTERNAL,
    "%s stopped at step %" PRIu64 " at an instruction that no compiler makes; build it again", run->name, mvmjs_program_steps());
}
static int out_of_memory(const struct mvmjs_run *run) {
  mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s needs more than its %" PRIu64 " bytes of memory; start it with a larger --memory", run->name, (uint64_t)(uint32_t)mvmjs_word(REG_MEMORY_LIMIT) * 4);
}

int mvmjs_run_image(struct mvmjs_run *run) {
  bool asks = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
  bool waits = false;
  mvmjs_host_begin(&run->host);
  const uint64_t first = mvmjs_program_steps();
  uint64_t hash_at = next_stop(first, run->hash_every, UINT64_MAX);
  uint64_t collect_at = next_stop(first, run->collect_every, UINT64_MAX);
  uint64_t flush_at = first + SLICE;
  for (;;) {
    const uint64_t steps = mvmjs_program_steps();
    if (steps >= hash_at) {
      print_hash();
      hash_at = next_stop(steps, run->hash_every, UINT64_MAX);
    }
    if (steps >= collect_at) {
      mvmjs_program_collect();
      collect_at = next_stop(steps, run->collect_every, UINT64_MAX);
    }
    if (steps >= flush_at) {
      mvmjs_output_flush();
      flush_at = steps + SLICE;
    }
    if (run->stop_path != NULL && steps >= run->stop_after) return save(run);
    if (steps >= run->fuel) mvmjs_give_up(MVMJS_EXIT_LIMIT, "%s has used its %" PRIu64 " steps; give it more with --fuel", run->name, run->fuel);

    if (asks) {
      switch (mvmjs_host_answer(&run->host)) {
        case MVMJS_ANSWERED: break;
        case MVMJS_NO_ROOM: return out_of_memory(run);
        case MVMJS_NOT_ASKED: return fault(run);
      }
      asks = false;
    }
    if (waits) {
      if (!mvmjs_host_wait(&run->host)) {
        mvmjs_give_up(MVMJS_EXIT_PROGRAM, "%s waits for a message, and none can come to it here; run it with mvm run", run->name);
      }
      waits = false;
    }

    uint64_t target = flush_at;
    if (hash_at < target) target = hash_at;
    if (collect_at < target) target = collect_at;
    if (run->fuel < target) target = run->fuel;
    if (run->stop_path != NULL && run->stop_after < target) target = run->stop_after;
    switch (mvmjs_program_run(target - steps)) {
      case STATUS_FUEL: break;
      case STATUS_HOST_CALL: asks = true; break;
      case STATUS_WAITING: waits = true; break;
      case STATUS_ENDED:
        if (run->hash_every != 0) print_hash();
        return ended(run);
      case STATUS_OUT_OF_MEMORY: return out_of_memory(run);
      default: return fault(run);
    }
  }
}
