// What can go wrong for a person, as one line that says what happened and what to do about it, and the exit codes, which
// are those of mvm on Node.

#ifndef MVMJS_TROUBLE_H
#define MVMJS_TROUBLE_H

enum mvmjs_exit {
  MVMJS_EXIT_OK = 0,
  /** The program failed: an error that nobody caught. */
  MVMJS_EXIT_PROGRAM = 1,
  /** The command was not understood. */
  MVMJS_EXIT_USAGE = 2,
  /** A file or an image cannot be read, taken or written. */
  MVMJS_EXIT_FILE = 3,
  /** Nobody can listen there, or be reached. */
  MVMJS_EXIT_PEER = 4,
  /** A limit was met: fuel, memory. */
  MVMJS_EXIT_LIMIT = 5,
  /** mvm itself failed. */
  MVMJS_EXIT_INTERNAL = 70,
};

/** Prints "mvm-c: " and the line to stderr, after what the program has printed, and ends the process. */
#if defined(__GNUC__)
__attribute__((noreturn, format(printf, 2, 3)))
#endif
void mvmjs_give_up(enum mvmjs_exit code, const char *format, ...);

#endif
