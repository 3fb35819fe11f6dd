// The image that the firmware runs when it starts (build.sh makes it of a program).

#ifndef MVMJS_BOOT_H
#define MVMJS_BOOT_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t mvmjs_boot_image[];
extern const size_t mvmjs_boot_image_length;

#endif
