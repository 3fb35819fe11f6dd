// The services of a device (embed/door.h): the port's clock, its random bytes, and a place where programs print.

#ifndef MVMJS_HOST_H
#define MVMJS_HOST_H

#include "door.h"

/** What programs have here; `output` goes to mvmjs_host_print. A device has no calendar: its wall clock began when it did. */
extern const struct mvmjs_services mvmjs_host_services;

/** What a program prints: UTF-8, in pieces. The firmware has this. */
void mvmjs_host_print(const uint8_t *bytes, size_t length);

#endif
