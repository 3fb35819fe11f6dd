// Why an image is refused, as a sentence for people: the same as Node's (vm/image.ts).

#ifndef MVMJS_IMAGE_FAULT_H
#define MVMJS_IMAGE_FAULT_H

#include "image.h"
#include "line.h"

/** `most_bytes` is what this host gives to a program. */
void mvmjs_describe_fault(struct mvmjs_line *line, const struct mvmjs_image_fault *fault, uint64_t most_bytes);

#endif
