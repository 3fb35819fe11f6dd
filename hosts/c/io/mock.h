// Pins and buses that exist only in memory: the mock of vm/hosting/io-mock.ts in C, and what there is of each kind is
// described there. Programs cannot tell the two apart.

#ifndef MVMJS_IO_MOCK_H
#define MVMJS_IO_MOCK_H

#include "io.h"

/** One for all programs of the process. */
const struct mvmjs_io_port *mvmjs_io_mock(void);

#endif
