/* The allocator of the harness and its exact counts.

   With EPHEMERAL_COUNT_ALLOCATIONS the executable's malloc family is a thin layer over jemalloc's mallocx family that
   counts calls and bytes in a slot of the calling thread. Without it every function here answers "unavailable". */
#ifndef C_JEMALLOC_H
#define C_JEMALLOC_H

#include <stdint.h>

typedef struct {
    uint64_t allocations;
    uint64_t bytes;
} harness_allocation_counts;

/* Whether allocations are counted; probed by one allocation, because a sanitizer replaces malloc behind our back. */
int harness_allocations_available(void);

/* Sum over all threads, ended ones included, since the process began. Exact once the threads of interest are quiet. */
harness_allocation_counts harness_allocations(void);

/* Allocations of the calling thread so far. */
harness_allocation_counts harness_thread_allocations(void);

#endif
