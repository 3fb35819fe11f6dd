// Clocks and randomness by POSIX.

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "trouble.h"

uint64_t mvmjs_clock_now(void) {
  struct timespec time;
  if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "this system has no monotonic clock");
  return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

int64_t mvmjs_clock_date(void) {
  struct timespec time;
  if (clock_gettime(CLOCK_REALTIME, &time) != 0) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "this system has no clock");
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar. Source: Hinnant, chrono-compatible low-level date algorithms. */
static int64_t days_until(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int mvmjs_clock_timezone(double ms) {
  struct tm local;
  // JavaScript's dates reach 8.64e15 ms from 1970 on either side, which no clock exceeds.
  if (!(fabs(ms) <= 8.65e15)) return 0;
  const int64_t seconds = (int64_t)floor(ms / 1000);
  const time_t time = (time_t)seconds;
  if (localtime_r(&time, &local) == NULL) return 0;
  const int64_t days = days_until((int64_t)local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
  return (int)((days * 86400 + local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec - seconds) / 60);
}

void mvmjs_clock_sleep(uint64_t microseconds) {
  // A time_t may have 32 bits.
  const uint64_t most = UINT64_C(1000000) * 86400;
  if (microseconds > most) microseconds = most;
  const struct timespec time = {.tv_sec = (time_t)(microseconds / 1000000), .tv_nsec = (long)(microseconds % 1000000 * 1000)};
  nanosleep(&time, NULL);
}

void mvmjs_clock_random(uint8_t *bytes, size_t length) {
  const int file = open("/dev/urandom", O_RDONLY);
  size_t at = 0;
  while (file >= 0 && at < length) {
    const ssize_t got = read(file, bytes + at, length - at);
    if (got > 0) at += (size_t)got;
    else if (got == 0 || errno != EINTR) break;
  }
  if (at < length) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "cannot read /dev/urandom: %s; make it readable", strerror(errno));
  close(file);
}
