// Runs a harness on files, for where there is no libFuzzer: each file named is one input. The sanitizers that it is built
// with, and the harness itself, end the process at the first input that shows a fault. What they brought about is counted.

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

enum { LENGTH_MAX = 1 << 20 };

int main(int argc, char **argv) {
  static uint8_t room[LENGTH_MAX];
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (file == NULL) return 2;
    const size_t length = fread(room, 1, sizeof room, file);
    fclose(file);
    // Memory of exactly its size, so that what is read behind it is seen.
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL) return 2;
    for (size_t k = 0; k < length; k++) bytes[k] = room[k];
    // Said before, so that the last line names the input that ended it.
    printf("%s\n", argv[i]);
    fflush(stdout);
    LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
  }
  printf("%d inputs: %u ran, %u left, %u called, %u answered\n", argc - 1, fuzz_counts.ran, fuzz_counts.left, fuzz_counts.called, fuzz_counts.answered);
  return 0;
}
